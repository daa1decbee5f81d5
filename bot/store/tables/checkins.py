"""What people are asked, when they were told, and what they answered."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, UniqueConstraint
from sqlmodel import Field

from bot.care.checkins import Answer, CheckInKind, CheckInState
from bot.care.referral import Step
from bot.care.rhythm import Every
from bot.store.append_only import APPEND_ONLY, Guard
from bot.store.columns import UtcDateTime, choice
from bot.store.tables.table import Table


class Rhythm(Table, table=True):
    """How often the two of a case are asked. Versions are added, the newest one holds."""

    __tablename__ = "rhythms"
    __table_args__ = (
        UniqueConstraint("referral_id", "version"),
        CheckConstraint("version >= 1", name="counted_from_one"),
        {"info": {APPEND_ONLY: Guard.NO_CHANGE}},
    )

    id: str = Field(primary_key=True)
    referral_id: str = Field(foreign_key="referrals.id")
    version: int
    # NULL where each one's own choice holds.
    therapist: Every | None = Field(default=None, sa_type=choice(Every, "therapist"))
    surgeon: Every | None = Field(default=None, sa_type=choice(Every, "surgeon"))
    joint: bool
    changed_by_id: str = Field(foreign_key="people.id")
    changed_at: datetime = Field(sa_type=UtcDateTime)


class CheckIn(Table, table=True):
    """One thing that somebody is asked about one case, from when on, and how it was settled."""

    __tablename__ = "checkins"
    __table_args__ = (
        UniqueConstraint("referral_id", "person_id", "kind", "number"),
        CheckConstraint("number >= 1", name="counted_from_one"),
        CheckConstraint("(state = 'open') = (settled_at IS NULL)", name="settled_once"),
        CheckConstraint("(told = 0) = (told_at IS NULL)", name="told_at_a_time"),
        CheckConstraint("(kind = 'step') = (step IS NOT NULL)", name="which_step"),
        CheckConstraint("(kind = 'silent') = (about_id IS NOT NULL)", name="who_is_silent"),
        CheckConstraint(
            "answer IS NULL OR (state = 'settled' AND answered_by_id IS NOT NULL)",
            name="answered_by_someone",
        ),
        Index("ix_checkins_person", "person_id", "state", "due_at"),
        Index("ix_checkins_referral", "referral_id", "state"),
        Index("ix_checkins_about", "about_id"),
    )

    id: str = Field(primary_key=True)
    referral_id: str = Field(foreign_key="referrals.id")
    person_id: str = Field(foreign_key="people.id")
    kind: CheckInKind = Field(sa_type=choice(CheckInKind))
    # Of a step its number in the referral; others are counted from 1.
    number: int
    step: Step | None = Field(default=None, sa_type=choice(Step))
    # Of a silence: what was not answered.
    about_id: str | None = Field(default=None, foreign_key="checkins.id")
    due_at: datetime = Field(sa_type=UtcDateTime)
    state: CheckInState = Field(sa_type=choice(CheckInState))
    # In how many digests it was new or asked again, and when last.
    told: int = 0
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    snoozed_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer: Answer | None = Field(default=None, sa_type=choice(Answer))
    answered_by_id: str | None = Field(default=None, foreign_key="people.id")
    # Where the answer is in the record, if it is words.
    entry_id: str | None = Field(default=None, foreign_key="entries.id")
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Digest(Table, table=True):
    """One message to one person on one of their working days: the database holds that it is one."""

    __tablename__ = "digests"
    __table_args__ = (UniqueConstraint("person_id", "day"),)

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="people.id")
    # On the person's own clock.
    day: date = Field(sa_type=Date)
    at: datetime = Field(sa_type=UtcDateTime)


class DigestLine(Table, table=True):
    """What stands in a digest, in which place; `overview` lines are told, not asked."""

    __tablename__ = "digest_lines"
    __table_args__ = (
        UniqueConstraint("digest_id", "position"),
        Index("ix_digest_lines_checkin", "checkin_id"),
    )

    digest_id: str = Field(primary_key=True, foreign_key="digests.id")
    checkin_id: str = Field(primary_key=True, foreign_key="checkins.id")
    position: int
    overview: bool
