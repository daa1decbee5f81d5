"""The versions of a referral's treatment plan, with who signed each, when and why."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from bot.care.treatment_plan import PlanState, Side
from bot.store.columns import SealedText, UtcDateTime, choice
from bot.store.tables.table import Table

_PROPOSED = text("state = 'proposed'")
_IN_FORCE = text("state = 'in_force'")


class PlanVersion(Table, table=True):
    """One version. Its contents never change, save that a patient's name may be taken out of them;
    it is answered once, and may be replaced later.

    A referral has at most one version in force and at most one that waits for an answer.
    """

    __tablename__ = "plan_versions"
    __table_args__ = (
        UniqueConstraint("referral_id", "number"),
        CheckConstraint("number >= 1", name="counted_from_one"),
        CheckConstraint("(state = 'proposed') = (answered_at IS NULL)", name="answered_once"),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_someone"
        ),
        CheckConstraint("(state = 'replaced') = (replaced_at IS NOT NULL)", name="replaced_once"),
        Index(
            "uq_plan_versions_proposed",
            "referral_id",
            unique=True,
            sqlite_where=_PROPOSED,
            postgresql_where=_PROPOSED,
        ),
        Index(
            "uq_plan_versions_in_force",
            "referral_id",
            unique=True,
            sqlite_where=_IN_FORCE,
            postgresql_where=_IN_FORCE,
        ),
    )

    id: str = Field(primary_key=True)
    referral_id: str = Field(foreign_key="referrals.id")
    number: int
    state: PlanState = Field(sa_type=choice(PlanState))
    # JSON of care.treatment_plan.TreatmentPlan, sealed under the patient's key, as are the words.
    plan_sealed: bytes = Field(sa_type=SealedText)
    proposed_by_id: str = Field(foreign_key="people.id")
    proposed_for: Side = Field(sa_type=choice(Side))
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    reason_sealed: bytes | None = Field(default=None, sa_type=SealedText)
    answered_by_id: str | None = Field(default=None, foreign_key="people.id")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer_sealed: bytes | None = Field(default=None, sa_type=SealedText)
    # Of a version that amends another one: which.
    amends_id: str | None = Field(default=None, foreign_key="plan_versions.id")
    replaced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
