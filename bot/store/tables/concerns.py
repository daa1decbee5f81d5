"""Concerns, the ladder that each was raised under, and who was told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from bot.care.concern import Category, ConcernSource, ConcernState, Decision, Severity
from bot.care.escalation import Fate, Hearing, Way
from bot.store.columns import SealedText, UtcDateTime, choice
from bot.store.tables.table import Table


class Concern(Table, table=True):
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
        Index("ix_concerns_unsettled", "state", "raised_at"),
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
    # The step that is climbed next. Steps are counted through all rounds, so that no timer and no
    # message of one round is taken for another's.
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
    # How often it was acknowledged and then not resolved in time; None is never.
    round: int | None = None
    # The step at which this round began, and from when its minutes count; None is the first round
    # of those raised before rounds were counted: step 0, `raised_at`.
    round_step: int | None = None
    climbs_from: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # When it was first said that nobody answers, through all rounds.
    unanswered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    category: Category | None = Field(default=None, sa_type=choice(Category))
    # JSON of care.concern.Sbar, under the patient's key; None where there is only the situation.
    sbar_sealed: bytes | None = Field(default=None, sa_type=SealedText)
    # When whoever acknowledged will see the patient.
    visit_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Told(Table, table=True):
    """An attempt to tell somebody of a concern, at a step of its ladder, and what became of it."""

    __tablename__ = "told"
    __table_args__ = (
        UniqueConstraint("concern_id", "step", "person_id"),
        CheckConstraint(
            "person_id IS NOT NULL OR way IN ('clinic_channel', 'outside')", name="somebody"
        ),
    )

    id: str = Field(primary_key=True)
    concern_id: str = Field(foreign_key="concerns.id")
    # None for a channel or a pager.
    person_id: str | None = Field(default=None, foreign_key="people.id")
    step: int
    at: datetime = Field(sa_type=UtcDateTime)
    # None for those told before this was written down: in Slack.
    way: Way | None = Field(default=None, sa_type=choice(Way))
    # The name of the channel outside Slack.
    outside: str | None = None
    hearing: Hearing | None = Field(default=None, sa_type=choice(Hearing))
    fate: Fate | None = Field(default=None, sa_type=choice(Fate))
    fate_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # A code, never the words of an answer: those may hold addresses.
    error: str | None = None


class Acknowledgement(Table, table=True):
    """Somebody took a concern: who, when, and what they decided. One a taking, never changed."""

    __tablename__ = "acknowledgements"
    __table_args__ = (UniqueConstraint("concern_id", "number"),)

    id: str = Field(primary_key=True)
    concern_id: str = Field(foreign_key="concerns.id")
    number: int
    by_id: str = Field(foreign_key="people.id")
    at: datetime = Field(sa_type=UtcDateTime)
    decision: Decision = Field(sa_type=choice(Decision))
    note_sealed: bytes | None = Field(default=None, sa_type=SealedText)
    visit_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Handover(Table, table=True):
    """A concern was passed on to a surgeon, who has to accept it."""

    __tablename__ = "handovers"
    __table_args__ = (
        UniqueConstraint("concern_id", "number"),
        CheckConstraint("(answered_at IS NULL) = (accepted IS NULL)", name="answered"),
    )

    id: str = Field(primary_key=True)
    concern_id: str = Field(foreign_key="concerns.id")
    number: int
    from_id: str = Field(foreign_key="people.id")
    to_id: str = Field(foreign_key="people.id", index=True)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    accepted: bool | None = None
