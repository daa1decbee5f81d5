"""by when treatment is to start is part of the plan that both sides sign."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("referrals", sa.Column("start_by", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("referrals", "start_by")
