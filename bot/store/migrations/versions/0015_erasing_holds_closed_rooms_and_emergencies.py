"""erasing and legal holds, channels that nothing is said in, access in an emergency."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_PARTS = ("surgeon", "therapist", "covering_surgeon", "coordinator", "outsider")
_TIMERS = (
    *("step_due", "ladder_rung", "concern_unresolved", "digest", "licence_ends"),
    *("close_view", "ladder_hearing"),
)
_TROUBLES = ("public", "shared_outside", "shared_in_organisation", "somebody_added")
_REASONS = (
    *("patient_asked", "retention", "wrong_patient", "duplicate"),
    *("test_record", "court_order"),
)


def _among(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _sets(table: str, column: str, name: str, values: tuple[str, ...]) -> None:
    """What a column may hold; Alembic compares the check by its name only."""
    check = f"ck_{table}_{name}"
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(check), type_="check")
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.create_check_constraint(batch_op.f(check), _among(column, values))


def upgrade() -> None:
    op.create_table(
        "room_suspensions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("room_id", sa.String(), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.String(), nullable=True),
        sa.CheckConstraint(_among("why", _TROUBLES), name=op.f("ck_room_suspensions_room_trouble")),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["people.id"], name=op.f("fk_room_suspensions_ended_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["room_id"], ["rooms.id"], name=op.f("fk_room_suspensions_room_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_suspensions")),
    )
    op.create_index(
        "uq_room_suspensions_open",
        "room_suspensions",
        ["room_id", "why"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "legal_holds",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("patient_id", sa.String(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint(
            "(lifted_at IS NULL) = (lifted_sealed IS NULL)",
            name=op.f("ck_legal_holds_lifted_with_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["patient_id"], ["patients.id"], name=op.f("fk_legal_holds_patient_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_holds")),
    )
    op.create_index(
        "uq_legal_holds_open",
        "legal_holds",
        ["patient_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    op.create_table(
        "emergency_accesses",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("referral_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason_sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "began_at < ends_at", name=op.f("ck_emergency_accesses_ends_after_it_begins")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_emergency_accesses_person_id")
        ),
        sa.ForeignKeyConstraint(
            ["referral_id"], ["referrals.id"], name=op.f("fk_emergency_accesses_referral_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_accesses")),
    )
    op.create_index(
        op.f("ix_emergency_accesses_referral_id"), "emergency_accesses", ["referral_id"]
    )
    op.create_index(
        "ix_emergency_accesses_of", "emergency_accesses", ["person_id", "referral_id", "ends_at"]
    )
    op.add_column("people", sa.Column("emergency_since", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("patients", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_because", sa.String(length=40), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_patients_erasure_reason"), _among("erased_because", _REASONS)
        )
    op.execute("DELETE FROM timers WHERE kind = 'still_due'")
    _sets("timers", "kind", "timer_kind", _TIMERS)
    _sets("referrals", "next_owner", "part", (*_PARTS[:4], "emergency", _PARTS[4]))


def downgrade() -> None:
    op.execute("UPDATE referrals SET next_owner = 'surgeon' WHERE next_owner = 'emergency'")
    _sets("referrals", "next_owner", "part", _PARTS)
    _sets(
        "timers",
        "kind",
        "timer_kind",
        (*_TIMERS[:5], "still_due", *_TIMERS[5:]),
    )
    with op.batch_alter_table("patients", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_patients_erasure_reason"), type_="check")
        batch_op.drop_column("erased_because")
    op.drop_column("people", "emergency_since")
    op.drop_table("emergency_accesses")
    op.drop_table("legal_holds")
    op.drop_table("room_suspensions")
