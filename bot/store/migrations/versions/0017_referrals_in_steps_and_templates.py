"""referrals in steps: drafts, templates, the screen's version, looks and wishes to share."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0015"
branch_labels = None
depends_on = None

_TIMERS = (
    *("step_due", "ladder_rung", "concern_unresolved", "digest", "licence_ends"),
    *("close_view", "ladder_hearing"),
)


def _timer_kinds(values: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{value}'" for value in values)
    check = "ck_timers_timer_kind"
    with op.batch_alter_table("timers", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(check), type_="check")
    with op.batch_alter_table("timers", schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f(check), f"kind IN ({allowed})")


def upgrade() -> None:
    op.create_table(
        "referral_drafts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("surgeon_id", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("draft_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("continues_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["continues_id"], ["referrals.id"], name=op.f("fk_referral_drafts_continues_id")
        ),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_keys.id"], name=op.f("fk_referral_drafts_key_id")
        ),
        sa.ForeignKeyConstraint(
            ["surgeon_id"], ["people.id"], name=op.f("fk_referral_drafts_surgeon_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_drafts")),
    )
    op.create_index("ix_referral_drafts_surgeon", "referral_drafts", ["surgeon_id", "changed_at"])
    op.create_table(
        "referral_templates",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("surgeon_id", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("name_index", sa.LargeBinary(), nullable=False),
        sa.Column("template_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["key_id"], ["data_keys.id"], name=op.f("fk_referral_templates_key_id")
        ),
        sa.ForeignKeyConstraint(
            ["surgeon_id"], ["people.id"], name=op.f("fk_referral_templates_surgeon_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral_templates")),
        sa.UniqueConstraint(
            "surgeon_id", "name_index", name=op.f("uq_referral_templates_surgeon_id_name_index")
        ),
    )
    op.create_table(
        "patient_looks",
        sa.Column("surgeon_id", sa.String(), nullable=False),
        sa.Column("identity_index", sa.LargeBinary(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["surgeon_id"], ["people.id"], name=op.f("fk_patient_looks_surgeon_id")
        ),
        sa.PrimaryKeyConstraint("surgeon_id", "identity_index", name=op.f("pk_patient_looks")),
    )
    op.create_table(
        "share_requests",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("referral_id", sa.String(), nullable=False),
        sa.Column("asked_by_id", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "asked",
                "agreed",
                "declined",
                name="share_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_by_id", sa.String(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (answered_at IS NULL)",
            name=op.f("ck_share_requests_answered_once"),
        ),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)",
            name=op.f("ck_share_requests_answered_by_someone"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["people.id"], name=op.f("fk_share_requests_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["people.id"], name=op.f("fk_share_requests_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_share_requests_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share_requests")),
        sa.UniqueConstraint(
            "referral_id", "asked_by_id", name=op.f("uq_share_requests_referral_id_asked_by_id")
        ),
    )
    op.create_index(op.f("ix_share_requests_asked_by_id"), "share_requests", ["asked_by_id"])
    op.add_column("referrals", sa.Column("screen_version", sa.String(length=40), nullable=True))
    _timer_kinds((*_TIMERS, "draft_ends"))


def downgrade() -> None:
    op.execute("DELETE FROM timers WHERE kind = 'draft_ends'")
    _timer_kinds(_TIMERS)
    op.drop_column("referrals", "screen_version")
    op.drop_table("share_requests")
    op.drop_table("patient_looks")
    op.drop_table("referral_templates")
    op.drop_table("referral_drafts")
