"""Concerns, the ladder that each was raised under, and who was told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.care.concern import ConcernSource, ConcernState, Decision, Severity
from bot.store.columns import SealedText, UtcDateTime, choice


class Concern(SQLModel, table=True):
    """A worry that climbs its ladder until a person acknowledges it."""

    __tablename__ = "concerns"
    __table_args__ = (
        UniqueConstraint("entry_id"),
        CheckConstraint(
            "state = 'withdrawn' OR (state = 'open') = (acknowledged_at IS NULL)",
            name="acknowledged_by_someone",
        ),
        CheckConstraint("(state = 'resolved') = (resolved_at IS NOT NULL)", name="resolved_once"),
        CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)"
            " AND (withdrawn_at IS NULL) = (withdrawal_sealed IS NULL)",
            name="withdrawn_with_a_reason",
        ),
        Index("ix_concerns_referral", "referral_id", "state"),
    )

    id: str = Field(primary_key=True)
    referral_id: str = Field(foreign_key="referrals.id")
    # The reply it came from, when it was written in the thread.
    entry_id: str | None = Field(default=None, foreign_key="entries.id")
    raised_by_id: str = Field(foreign_key="people.id")
    severity: Severity = Field(sa_type=choice(Severity))
    state: ConcernState = Field(sa_type=choice(ConcernState))
    words_sealed: bytes = Field(sa_type=SealedText)
    # JSON of care.ladder.Ladder as it was when the concern was raised.
    ladder: str
    # The rung that is climbed next, 0-based.
    step: int
    raised_at: datetime = Field(sa_type=UtcDateTime)
    acknowledged_by_id: str | None = Field(default=None, foreign_key="people.id")
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decision: Decision | None = Field(default=None, sa_type=choice(Decision))
    # What the person added, e.g. when they will see the patient; sealed under the patient's key.
    decision_note_sealed: bytes | None = Field(default=None, sa_type=SealedText)
    resolved_by_id: str | None = Field(default=None, foreign_key="people.id")
    resolved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    resolution_sealed: bytes | None = Field(default=None, sa_type=SealedText)
    # None for those raised before rules spoke: by a person.
    source: ConcernSource | None = Field(default=None, sa_type=choice(ConcernSource))
    # JSON of the care.session.Hit that spoke, sealed: they name words of the patient's.
    hits_sealed: bytes | None = Field(default=None, sa_type=SealedText)
    # Whether one of them puts the treatment on hold.
    holds: bool | None = None
    # When the words that the rules spoke on were edited or deleted; the concern stays.
    words_gone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by_id: str | None = Field(default=None, foreign_key="people.id")
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawal_sealed: bytes | None = Field(default=None, sa_type=SealedText)


class Told(SQLModel, table=True):
    """Somebody was told of a concern, at a step of its ladder."""

    __tablename__ = "told"
    __table_args__ = (UniqueConstraint("concern_id", "step", "person_id"),)

    id: str = Field(primary_key=True)
    concern_id: str = Field(foreign_key="concerns.id")
    person_id: str = Field(foreign_key="people.id")
    step: int
    at: datetime = Field(sa_type=UtcDateTime)
