"""what a pair shares with a colleague; proposals and licences as lines of a digest."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TIMERS = (
    *("step_due", "ladder_rung", "concern_unresolved", "digest", "licence_ends"),
    *("close_view", "ladder_hearing", "draft_ends", "emergency_ends"),
)
_MORE_TIMERS = ("share_ends", "looks_end")
_CHECKINS = ("step", "weekly", "joint", "plan", "silent")
_PARTS = (
    *("surgeon", "therapist", "covering_surgeon", "coordinator", "emergency", "outsider"),
    *("covering_therapist", "invited"),
)
_SHOWN = ("shows_plan", "shows_progress")


def _allow(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    """What a column may hold; Alembic compares the check by its name only."""
    allowed = ", ".join(f"'{value}'" for value in values)
    check = f"ck_{table}_{name}"
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(check), type_="check")
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f(check), f"{column} IN ({allowed})")


def upgrade() -> None:
    for column in _SHOWN:
        op.add_column(
            "share_requests",
            sa.Column(column, sa.Boolean(), server_default=sa.false(), nullable=False),
        )
    op.create_table(
        "licence_warnings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("licence_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("days >= 0", name=op.f("ck_licence_warnings_days_ahead")),
        sa.ForeignKeyConstraint(
            ["licence_id"], ["licences.id"], name=op.f("fk_licence_warnings_licence_id")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_licence_warnings_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_licence_warnings")),
        sa.UniqueConstraint(
            "licence_id",
            "person_id",
            "days",
            name=op.f("uq_licence_warnings_licence_id_person_id_days"),
        ),
    )
    op.create_index("ix_licence_warnings_person", "licence_warnings", ["person_id", "settled_at"])
    op.create_table(
        "digest_warnings",
        sa.Column("digest_id", sa.String(), nullable=False),
        sa.Column("warning_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digests.id"], name=op.f("fk_digest_warnings_digest_id")
        ),
        sa.ForeignKeyConstraint(
            ["warning_id"], ["licence_warnings.id"], name=op.f("fk_digest_warnings_warning_id")
        ),
        sa.PrimaryKeyConstraint("digest_id", "warning_id", name=op.f("pk_digest_warnings")),
    )
    op.create_index("ix_digest_warnings_warning", "digest_warnings", ["warning_id"])
    _allow("timers", "timer_kind", "kind", (*_TIMERS, *_MORE_TIMERS))
    _allow("checkins", "check_in_kind", "kind", (*_CHECKINS, "proposal"))
    _allow("referrals", "part", "next_owner", (*_PARTS, "shared_with"))


def downgrade() -> None:
    _allow("referrals", "part", "next_owner", _PARTS)
    # The older schema has no words for these; what they ask for stands in the threads.
    op.execute(
        "DELETE FROM digest_lines WHERE checkin_id IN"
        " (SELECT id FROM checkins WHERE kind = 'proposal' OR about_id IN"
        " (SELECT id FROM checkins WHERE kind = 'proposal'))"
    )
    op.execute(
        "DELETE FROM checkins WHERE about_id IN (SELECT id FROM checkins WHERE kind = 'proposal')"
    )
    op.execute("DELETE FROM checkins WHERE kind = 'proposal'")
    _allow("checkins", "check_in_kind", "kind", _CHECKINS)
    op.execute("DELETE FROM timers WHERE kind IN ('share_ends', 'looks_end')")
    _allow("timers", "timer_kind", "kind", _TIMERS)
    op.drop_index("ix_digest_warnings_warning", "digest_warnings")
    op.drop_table("digest_warnings")
    op.drop_index("ix_licence_warnings_person", "licence_warnings")
    op.drop_table("licence_warnings")
    for column in reversed(_SHOWN):
        op.drop_column("share_requests", column)
