"""Working days and hours in a person's own time zone, with their holidays and absences.

Days are calendar days on the person's own wall clock, so a change of clocks or a move to another
time zone moves the moments and not the hours.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import IntEnum
from zoneinfo import ZoneInfo

from bot.care.holidays import is_holiday


class Weekday(IntEnum):
    """As `date.weekday()` counts them."""

    MONDAY = 0
    TUESDAY = 1
    WEDNESDAY = 2
    THURSDAY = 3
    FRIDAY = 4
    SATURDAY = 5
    SUNDAY = 6

    @property
    def label(self) -> str:
        return self.name.capitalize()


MONDAY_TO_FRIDAY = frozenset(list(Weekday)[:5])

# Further ahead nobody plans; and whoever works on no day at all would be looked for forever.
_LONGEST_SEARCH = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Away:
    """An absence: from the start of its first day to the end of its last, on one's own clock.

    `covered_by` is who stands in, by whatever names people where it is used; None for nobody.
    """

    first: date
    last: date
    covered_by: str | None = None

    def includes(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True)
class WorkingHours:
    """When somebody works: on `days`, `start` to `end` on their own wall clock.

    Not on public holidays of `region` (as `bot.care.holidays` writes it, `""` for none), and not
    while they are `away`.
    """

    zone: ZoneInfo
    start: time = time(9)
    end: time = time(17)
    days: frozenset[Weekday] = MONDAY_TO_FRIDAY
    region: str = ""
    away: tuple[Away, ...] = ()
    # When the day's digest comes; the start of the day unless another time was chosen.
    digest: time | None = None
    # The first day with digests again, where they are paused.
    paused_until: date | None = None

    # -- days ------------------------------------------------------------------------------

    def day_of(self, at: datetime) -> date:
        """The calendar day that `at` falls on here."""
        return at.astimezone(self.zone).date()

    def away_on(self, day: date) -> Away | None:
        """The absence that `day` falls into; of several the one that someone covers."""
        found = [one for one in self.away if one.includes(day)]
        return next((one for one in found if one.covered_by), found[0] if found else None)

    def away_at(self, at: datetime) -> Away | None:
        return self.away_on(self.day_of(at))

    def is_working_day(self, day: date) -> bool:
        return (
            day.weekday() in self.days
            and not is_holiday(self.region, day)
            and self.away_on(day) is None
        )

    def working_day_from(self, day: date) -> date:
        """`day` itself if it is a working day, else the next one.

        Whoever has none for three years is taken to work on any day: nothing may wait forever.
        """
        found = day
        while not self.is_working_day(found):
            found += timedelta(days=1)
            if found - day > _LONGEST_SEARCH:
                return day
        return found

    def first_of_the_week(self, day: date) -> bool:
        """Whether `day` is the first working day since Sunday ended."""
        monday = day - timedelta(days=day.weekday())
        return self.is_working_day(day) and self.working_day_from(monday) == day

    def is_paused(self, day: date) -> bool:
        """Whether no digest comes on `day` by their own wish."""
        return self.paused_until is not None and day < self.paused_until

    def as_covered(self) -> "WorkingHours":
        """The hours without the absences that somebody covers: work goes on in these."""
        return replace(self, away=tuple(one for one in self.away if one.covered_by is None))

    # -- moments (UTC) ---------------------------------------------------------------------

    def opening(self, day: date) -> datetime:
        return self._at(day, self.start)

    def closing(self, day: date) -> datetime:
        return self._at(day, self.end)

    def digest_on(self, day: date) -> datetime:
        """When the digest of `day` comes."""
        return self._at(day, self.digest or self.start)

    def is_open(self, at: datetime) -> bool:
        """Whether `at` falls into working hours: the opening does, the closing does not."""
        day = self.day_of(at)
        return self.is_working_day(day) and self.opening(day) <= at < self.closing(day)

    def next_working_moment(self, at: datetime) -> datetime:
        """`at` itself when it falls into working hours, else the next opening."""
        day = self.day_of(at)
        if self.is_working_day(day) and at < self.closing(day):
            return max(at, self.opening(day))
        return self.opening(self.working_day_from(day + timedelta(days=1)))

    def next_digest(self, at: datetime) -> datetime:
        """The first digest at or after `at`."""
        day = self.working_day_from(max(self.day_of(at), self.paused_until or date.min))
        if self.digest_on(day) >= at:
            return self.digest_on(day)
        return self.digest_on(self.working_day_from(day + timedelta(days=1)))

    def after_working_days(self, at: datetime, days: int) -> datetime:
        """The close of the `days`-th working day after the one `at` falls in."""
        day = self.day_of(at)
        for _ in range(days):
            day = self.working_day_from(day + timedelta(days=1))
        return self.closing(day)

    def evening_of(self, day: date) -> datetime:
        """The close of `day`, or of the next working day if it is none."""
        return self.closing(self.working_day_from(day))

    def _at(self, day: date, hour: time) -> datetime:
        # An hour that the change of clocks leaves out is taken as that long after midnight; one
        # that comes twice is taken the first time.
        return datetime.combine(day, hour, self.zone).astimezone(UTC)
