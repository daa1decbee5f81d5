"""identifiers that may be replaced, erasure and legal hold, signed requests that were seen."""

import sqlalchemy as sa
from alembic import op

from bot.store import append_only
from bot.store.append_only import Guard

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OPERATIONS = ("post", "redraw", "errand", "whisper")
_TIMERS = ("step_due", "ladder_rung", "concern_unresolved", "digest", "licence_ends", "still_due")
_FIXED = {
    "revisions": ("id", "entry_id", "revision", "said_ts", "recorded_at"),
    "readings": ("id", "entry_id", "step", "revision", "origin", "by_id", "rules_version", "at"),
    "moves": (
        "id",
        "referral_id",
        "number",
        "move",
        "came_from",
        "led_to",
        "by_id",
        "at",
        "reason",
    ),
}


def _sets(table: str, column: str, name: str, values: tuple[str, ...]) -> None:
    """What a column may hold."""
    allowed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(f"ck_{table}_{name}"), type_="check")
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f(f"ck_{table}_{name}"), f"{column} IN ({allowed})"
        )


def _guard_anew(table: str, refused: Guard) -> None:
    """Another guard on a table that has one."""
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        for deed in ("delete", "update"):
            op.execute(f"DROP TRIGGER {table}_no_{deed}")
    else:
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
        op.execute(f"DROP FUNCTION {table}_append_only()")
    for statement in append_only.guard(table, refused, dialect, _FIXED[table]):
        op.execute(statement)


def upgrade() -> None:
    op.create_table(
        "seen_requests",
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("forget_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_seen_requests")),
    )
    op.create_index(op.f("ix_seen_requests_forget_at"), "seen_requests", ["forget_at"])
    # Plain ALTER TABLE: a table that SQLite rebuilds loses its guard.
    for table in _FIXED:
        op.add_column(table, sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True))
        _guard_anew(table, Guard.ONLY_REPLACED)
    for column in ("legal_hold_at", "erased_at"):
        op.add_column("patients", sa.Column(column, sa.DateTime(timezone=True), nullable=True))
    _sets("outbox", "operation", "outbox_operation", (*_OPERATIONS, "take_down"))
    _sets("timers", "kind", "timer_kind", (*_TIMERS, "close_view"))


def downgrade() -> None:
    op.execute("DELETE FROM timers WHERE kind = 'close_view'")
    op.execute("DELETE FROM outbox WHERE operation = 'take_down'")
    _sets("timers", "kind", "timer_kind", _TIMERS)
    _sets("outbox", "operation", "outbox_operation", _OPERATIONS)
    for column in ("erased_at", "legal_hold_at"):
        op.drop_column("patients", column)
    for table in _FIXED:
        _guard_anew(table, Guard.NO_CHANGE)
        op.drop_column(table, "replaced_at")
    op.drop_index(op.f("ix_seen_requests_forget_at"), table_name="seen_requests")
    op.drop_table("seen_requests")
