"""access in an emergency has an end: given back, lapsed, or taken away; and a timer for that."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0018"
branch_labels = None
depends_on = None

_TIMERS = (
    *("step_due", "ladder_rung", "concern_unresolved", "digest", "licence_ends"),
    *("close_view", "ladder_hearing", "draft_ends"),
)
_ENDS = ("given_back", "lapsed", "taken_away")
_OPEN = sa.text("ended_at IS NULL")


def _among(column: str, values: tuple[str, ...]) -> str:
    allowed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({allowed})"


def _timer_kinds(kinds: tuple[str, ...]) -> None:
    """What a timer may be for; Alembic compares the check by its name only."""
    with op.batch_alter_table("timers", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_timers_timer_kind"), type_="check")
    with op.batch_alter_table("timers", schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f("ck_timers_timer_kind"), _among("kind", kinds))


def upgrade() -> None:
    with op.batch_alter_table("emergency_accesses", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("ended_as", sa.String(length=40), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_emergency_accesses_emergency_end"), _among("ended_as", _ENDS)
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_emergency_accesses_ended_for_a_reason"),
            "(ended_at IS NULL) = (ended_as IS NULL)",
        )
    op.create_index(
        "uq_emergency_accesses_open",
        "emergency_accesses",
        ["person_id", "referral_id"],
        unique=True,
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.drop_index("ix_emergency_accesses_of", "emergency_accesses")
    _timer_kinds((*_TIMERS, "emergency_ends"))


def downgrade() -> None:
    op.execute("DELETE FROM timers WHERE kind = 'emergency_ends'")
    _timer_kinds(_TIMERS)
    op.create_index(
        "ix_emergency_accesses_of", "emergency_accesses", ["person_id", "referral_id", "ends_at"]
    )
    op.drop_index("uq_emergency_accesses_open", "emergency_accesses")
    with op.batch_alter_table("emergency_accesses", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("ck_emergency_accesses_ended_for_a_reason"), type_="check"
        )
        batch_op.drop_constraint(batch_op.f("ck_emergency_accesses_emergency_end"), type_="check")
        batch_op.drop_column("ended_as")
        batch_op.drop_column("ended_at")
