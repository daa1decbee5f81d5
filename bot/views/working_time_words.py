"""Working days, hours and absences in plain words."""

from datetime import date, time

from bot.care.working_time import MONDAY_TO_FRIDAY, Weekday
from bot.shown.case import ShownAbsence, ShownSchedule
from bot.shown.directory import Hours
from bot.views.text import escape, in_words, mention, on_day


def hours_line(schedule: ShownSchedule) -> str:
    """`You work Monday to Friday, 9:00 AM to 5:00 PM (America/New York).`"""
    return (
        f"You work {_days(schedule.days)}, {clock(schedule.start)} to {clock(schedule.end)} "
        f"({escape(schedule.zone.replace('_', ' '))})."
    )


def digest_line(schedule: ShownSchedule) -> str:
    """When the digest comes, and on which holidays it does not."""
    region = schedule.clinic_region if schedule.region is None else schedule.region
    off = f", not on public holidays ({escape(region)})" if region else ""
    if schedule.paused_until is not None:
        return f"Your digest is paused until {on_day(schedule.paused_until)}."
    return f"Your digest comes at {clock(schedule.digest)}{off}, and only when something waits."


def absence_line(absence: ShownAbsence) -> str:
    """From when to when, and who covers."""
    cover = f"{mention(absence.covered_by)} covers" if absence.covered_by else "nobody covers"
    return f"Away {days(absence.first, absence.last)}; {cover}."


def days(first: date, last: date) -> str:
    """`November 26, 2026`, or `November 26, 2026 to December 3, 2026`."""
    if first == last:
        return f"on {on_day(first)}"
    return f"{on_day(first)} to {on_day(last)}"


def clock(moment: time) -> str:
    """As it is written in American English: `9:00 AM`."""
    hour = moment.hour % 12 or 12
    return f"{hour}:{moment.minute:02} {'AM' if moment.hour < 12 else 'PM'}"


def hours_in_words(hours: Hours) -> str:
    """`Monday to Friday, 9:00 AM to 5:00 PM`."""
    return f"{_days(hours.days)}, {clock(hours.start)} to {clock(hours.end)}"


def _days(chosen: frozenset[Weekday]) -> str:
    if chosen == MONDAY_TO_FRIDAY:
        return "Monday to Friday"
    if len(chosen) == len(Weekday):
        return "every day"
    return in_words([day.label for day in sorted(chosen)])
