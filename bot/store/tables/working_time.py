"""When people work, and when they are away."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Index, UniqueConstraint
from sqlmodel import Field

from bot.care.rhythm import Every
from bot.store.append_only import APPEND_ONLY, Guard
from bot.store.columns import UtcDateTime, choice
from bot.store.tables.table import Table

MINUTES_A_DAY = 24 * 60


class Schedule(Table, table=True):
    """Somebody's working time as they set it. Versions are added, the newest one holds.

    Who has none works Monday to Friday, 9 to 17, with the holidays of the clinic's region.
    """

    __tablename__ = "schedules"
    __table_args__ = (
        UniqueConstraint("person_id", "version"),
        CheckConstraint("version >= 1", name="counted_from_one"),
        CheckConstraint(
            f"0 <= start_minute AND start_minute < end_minute AND end_minute < {MINUTES_A_DAY}",
            name="a_day_has_24_hours",
        ),
        CheckConstraint(
            "start_minute <= digest_minute AND digest_minute < end_minute",
            name="digest_in_working_hours",
        ),
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="some_working_day"),
        {"info": {APPEND_ONLY: Guard.NO_CHANGE}},
    )

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="people.id")
    version: int
    # Minutes after midnight on the person's own clock.
    start_minute: int
    end_minute: int
    digest_minute: int
    # Bit 0 is Monday, bit 6 Sunday.
    weekdays: int
    # A region as `bot.care.holidays` writes it; empty for none, NULL for the clinic's.
    region: str | None = None
    # How often they wish to be asked about a case; NULL for as usual.
    every: Every | None = Field(default=None, sa_type=choice(Every))
    # No digests before this day.
    paused_until: date | None = Field(default=None, sa_type=Date)
    changed_by_id: str = Field(foreign_key="people.id")
    changed_at: datetime = Field(sa_type=UtcDateTime)


class Absence(Table, table=True):
    """Somebody is away, from the first day to the last on their own clock, and who covers."""

    __tablename__ = "absences"
    __table_args__ = (
        CheckConstraint("first_day <= last_day", name="ends_after_it_begins"),
        CheckConstraint("covered_by_id <> person_id", name="covered_by_another"),
        CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name="ended_by_someone"),
        Index("ix_absences_person", "person_id", "last_day"),
        Index("ix_absences_cover", "covered_by_id", "last_day"),
    )

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="people.id")
    first_day: date = Field(sa_type=Date)
    last_day: date = Field(sa_type=Date)
    covered_by_id: str | None = Field(default=None, foreign_key="people.id")
    entered_by_id: str = Field(foreign_key="people.id")
    entered_at: datetime = Field(sa_type=UtcDateTime)
    # Taken back, or back early: it no longer holds from then on.
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_by_id: str | None = Field(default=None, foreign_key="people.id")
