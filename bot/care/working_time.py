"""Working days and hours in a person's own time zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5


@dataclass(frozen=True)
class WorkingHours:
    """When somebody works: Monday to Friday, `start` to `end` on their own wall clock."""

    zone: ZoneInfo
    start: time = time(9)
    end: time = time(17)

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < SATURDAY

    def opening(self, day: date) -> datetime:
        return datetime.combine(day, self.start, self.zone).astimezone(UTC)

    def closing(self, day: date) -> datetime:
        return datetime.combine(day, self.end, self.zone).astimezone(UTC)

    def next_working_moment(self, at: datetime) -> datetime:
        """`at` itself when it falls into working hours, else the next opening (UTC)."""
        day = at.astimezone(self.zone).date()
        if self.is_working_day(day):
            if at <= self.opening(day):
                return self.opening(day)
            if at < self.closing(day):
                return at
        day += timedelta(days=1)
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return self.opening(day)

    def after_working_days(self, at: datetime, days: int) -> datetime:
        """The close of the `days`-th working day after the one `at` falls in (UTC)."""
        day = at.astimezone(self.zone).date()
        while days > 0:
            day += timedelta(days=1)
            if self.is_working_day(day):
                days -= 1
        return self.closing(day)

    def evening_of(self, day: date) -> datetime:
        """The close of `day`, or of the next working day if it is none (UTC)."""
        while not self.is_working_day(day):
            day += timedelta(days=1)
        return self.closing(day)
