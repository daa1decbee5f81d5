"""sharing that was stopped is told from a wish that was declined; nobody removes strangers."""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_SHARES = ("asked", "agreed", "declined")
_ENDS = ("let_in", "left")


def _allow(table: str, name: str, column: str, values: tuple[str, ...]) -> None:
    """What a column may hold; Alembic compares the check by its name only."""
    allowed = ", ".join(f"'{value}'" for value in values)
    check = f"ck_{table}_{name}"
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(check), type_="check")
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f(check), f"{column} IN ({allowed})")


def upgrade() -> None:
    _allow("share_requests", "share_state", "state", (*_SHARES, "stopped"))
    # A value that nothing ever set: the pair removes people from a channel, and they have left.
    op.execute("UPDATE strangers SET settled_as = 'left' WHERE settled_as = 'removed'")
    _allow("strangers", "stranger_end", "settled_as", _ENDS)


def downgrade() -> None:
    _allow("strangers", "stranger_end", "settled_as", ("removed", *_ENDS))
    op.execute("UPDATE share_requests SET state = 'declined' WHERE state = 'stopped'")
    _allow("share_requests", "share_state", "state", _SHARES)
