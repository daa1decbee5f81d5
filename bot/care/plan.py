"""How many sessions, how often, and when the next word is due."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.care.working_time import WorkingHours

MOST_SESSIONS = 60
LONGEST_PLAN_TEXT = 500
START_AHEAD = timedelta(days=365)


def start_problem(start_by: date | None, today: date) -> str:
    """What is wrong with the day by which treatment is to start; empty if nothing is."""
    if start_by is not None and start_by < today:
        return "This day has passed. Choose a later one, or none."
    if start_by is not None and start_by > today + START_AHEAD:
        return "This is more than a year ahead. Please check the year."
    return ""


class Frequency(StrEnum):
    """How often the surgeon wishes sessions. Values are days between two sessions."""

    THREE_A_WEEK = "three_a_week"
    TWO_A_WEEK = "two_a_week"
    WEEKLY = "weekly"
    EVERY_TWO_WEEKS = "every_two_weeks"
    MONTHLY = "monthly"

    @property
    def label(self) -> str:
        return _FREQUENCIES[self][0]

    @property
    def days_between(self) -> int:
        """Whole days from one session to the next, rounded up."""
        return _FREQUENCIES[self][1]


_FREQUENCIES = {
    Frequency.THREE_A_WEEK: ("3 times a week", 3),
    Frequency.TWO_A_WEEK: ("2 times a week", 4),
    Frequency.WEEKLY: ("Once a week", 7),
    Frequency.EVERY_TWO_WEEKS: ("Every 2 weeks", 14),
    Frequency.MONTHLY: ("Once a month", 30),
}


class Pressure(StrEnum):
    """How firmly the therapist works."""

    VERY_LIGHT = "very_light"
    LIGHT = "light"
    MODERATE = "moderate"
    FIRM = "firm"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Rhythm:
    """The plan's count and pace of sessions."""

    sessions: int
    frequency: Frequency

    def next_update_due(self, last: datetime, hours: WorkingHours) -> datetime:
        """The evening of the working day on which the next session is expected (UTC)."""
        day = last.astimezone(hours.zone).date() + timedelta(days=self.frequency.days_between)
        return hours.evening_of(day)
