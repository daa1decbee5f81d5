"""What somebody may set of their own working time."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.care.holidays import known_region
from bot.care.people import Role
from bot.care.rhythm import CHOICES, Every
from bot.care.working_time import Weekday

LONGEST_PAUSE_DAYS = 60
LONGEST_ABSENCE_DAYS = 366
FURTHEST_ABSENCE_DAYS = 366


class ScheduleField(StrEnum):
    """The fields of the form, so that a problem can be shown where it is."""

    DAYS = "days"
    START = "start"
    END = "end"
    DIGEST = "digest"
    REGION = "region"
    EVERY = "every"
    PAUSE = "pause"


class AwayField(StrEnum):
    """The fields of an absence."""

    FIRST = "first"
    LAST = "last"
    COVER = "cover"


@dataclass(frozen=True)
class ChosenSchedule:
    """What was chosen. Minutes are after midnight; `digest` None is the start of the day.

    `region` is as typed, None for the clinic's; `paused_until` the first day with digests again.
    """

    days: frozenset[Weekday]
    start: int
    end: int
    digest: int | None = None
    region: str | None = None
    every: Every | None = None
    paused_until: date | None = None

    @property
    def digest_minute(self) -> int:
        return self.start if self.digest is None else self.digest

    def problems(self, today: date, role: Role) -> dict[ScheduleField, str]:
        """What must be put right, field by field; empty when it is sound."""
        found: dict[ScheduleField, str] = {}
        if not self.days:
            found[ScheduleField.DAYS] = "Choose at least one day."
        if self.end <= self.start:
            found[ScheduleField.END] = "Choose an hour after the start."
        elif not self.start <= self.digest_minute < self.end:
            found[ScheduleField.DIGEST] = "Choose an hour within your working hours."
        if self.region and known_region(self.region) is None:
            found[ScheduleField.REGION] = (
                "This region is not known. Write a country, or a country and a part of it, "
                "such as US or US-NY."
            )
        if self.every is not None and self.every not in CHOICES[role]:
            found[ScheduleField.EVERY] = "Choose one of the list."
        latest = today + timedelta(days=LONGEST_PAUSE_DAYS)
        if self.paused_until is not None and not today < self.paused_until <= latest:
            found[ScheduleField.PAUSE] = (
                f"Choose a day after today, at most {LONGEST_PAUSE_DAYS} days ahead."
            )
        return found


def absence_problems(first: date | None, last: date | None, today: date) -> dict[AwayField, str]:
    """What must be put right of an absence's days; they are the person's own."""
    if first is None:
        return {AwayField.FIRST: "Choose your first day away."}
    if last is None:
        return {AwayField.LAST: "Choose your last day away."}
    if not today <= first <= today + timedelta(days=FURTHEST_ABSENCE_DAYS):
        return {AwayField.FIRST: "Choose a day from today on, at most a year ahead."}
    if last < first:
        return {AwayField.LAST: "Choose a day on or after the first."}
    if (last - first).days >= LONGEST_ABSENCE_DAYS:
        return {AwayField.LAST: "Choose at most a year. For longer, ask a coordinator."}
    return {}
