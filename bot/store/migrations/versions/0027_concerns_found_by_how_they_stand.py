"""concerns are found by how they stand: what is not settled is looked for in every minute."""

from alembic import op

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_concerns_unsettled", "concerns", ["state", "raised_at"])


def downgrade() -> None:
    op.drop_index("ix_concerns_unsettled", "concerns")
