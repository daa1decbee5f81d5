"""versions of the treatment plan, and which one a session update followed."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STATES = ("proposed", "in_force", "replaced", "declined", "amended", "taken_back")


def upgrade() -> None:
    op.create_table(
        "plan_versions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("referral_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *_STATES, name="plan_state", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("plan_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by_id", sa.String(), nullable=False),
        sa.Column(
            "proposed_for",
            sa.Enum(
                "surgeon",
                "therapist",
                name="side",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("answered_by_id", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("amends_id", sa.String(), nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_plan_versions_counted_from_one")),
        sa.CheckConstraint(
            "(state = 'proposed') = (answered_at IS NULL)",
            name=op.f("ck_plan_versions_answered_once"),
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_plan_versions_answered_by_someone"),
        ),
        sa.CheckConstraint(
            "(state = 'replaced') = (replaced_at IS NOT NULL)",
            name=op.f("ck_plan_versions_replaced_once"),
        ),
        sa.ForeignKeyConstraint(
            ["amends_id"], ["plan_versions.id"], name=op.f("fk_plan_versions_amends_id")
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_plan_versions_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["people.id"], name=op.f("fk_plan_versions_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_plan_versions_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_versions")),
        sa.UniqueConstraint(
            "referral_id", "number", name=op.f("uq_plan_versions_referral_id_number")
        ),
    )
    for state in ("proposed", "in_force"):
        only = sa.text(f"state = '{state}'")
        op.create_index(
            f"uq_plan_versions_{state}",
            "plan_versions",
            ["referral_id"],
            unique=True,
            sqlite_where=only,
            postgresql_where=only,
        )
    # A column more is added in place: the tables keep all that they have.
    op.add_column(
        "referrals", sa.Column("plan_number", sa.Integer(), server_default="1", nullable=False)
    )
    op.add_column("entries", sa.Column("plan_number", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("entries", "plan_number")
    op.drop_column("referrals", "plan_number")
    op.drop_table("plan_versions")
