"""timers of one kind are found by when they are due: an alarm waits for no other timer."""

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_timers_due_by_kind", "timers", ["state", "kind", "due_at"])


def downgrade() -> None:
    op.drop_index("ix_timers_due_by_kind", "timers")
