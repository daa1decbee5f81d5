"""Many timers due at once.

They are claimed by due time and then by id: with the id in the index, thousands that are due at the
same minute need no sorting for each batch.
"""

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_timers_due", "timers")
    op.create_index("ix_timers_due", "timers", ["state", "due_at", "id"])


def downgrade() -> None:
    op.drop_index("ix_timers_due", "timers")
    op.create_index("ix_timers_due", "timers", ["state", "due_at"])
