"""Licences: when one counts, when it is time to say that it ends, and who may refer or be referred
to.

Only who has a licence that was verified and has not expired starts something new. Care that is
under way goes on, with a warning to the coordinator.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from bot.care.credentials import UsState
from bot.care.people import Role
from bot.care.text import clean_line

WARN_DAYS_AHEAD: Final = (60, 30, 7)
LONGEST_NUMBER: Final = 40
# A licence is given for a few years at most: a later year is a slip of the finger.
LONGEST_YEARS: Final = 6
# Before anybody's digest of that day.
_EARLY: Final = time(0, 5)


class LicenceStanding(StrEnum):
    """What somebody's licences amount to today."""

    NOT_NEEDED = "not_needed"
    NONE = "none"
    UNVERIFIED = "unverified"
    VALID = "valid"
    EXPIRED = "expired"

    @property
    def is_clear(self) -> bool:
        """Whether they may refer or be referred to."""
        return self in {LicenceStanding.VALID, LicenceStanding.NOT_NEEDED}


class Refusal(StrEnum):
    """Why a coordinator does not verify a licence."""

    NOT_FOUND = "not_found"
    OTHER_NAME = "other_name"
    OTHER_DATE = "other_date"
    NOT_ACTIVE = "not_active"
    WRONG_KIND = "wrong_kind"
    # Not a coordinator's answer: its owner entered another one before it was looked up.
    REPLACED = "replaced"

    @property
    def label(self) -> str:
        return _REFUSALS[self]


_REFUSALS = {
    Refusal.NOT_FOUND: "The number is not in the state's register",
    Refusal.OTHER_NAME: "The register has another name for it",
    Refusal.OTHER_DATE: "The register has another expiry date",
    Refusal.NOT_ACTIVE: "The register says that it is not active",
    Refusal.WRONG_KIND: "It is a licence for something else",
    Refusal.REPLACED: "Another one was entered since",
}


@dataclass(frozen=True)
class Licence:
    """One licence as it was entered, and whether somebody looked it up."""

    number: str
    state: UsState
    expires_on: date
    is_verified: bool
    is_refused: bool = False

    def counts_on(self, today: date) -> bool:
        """A licence is good through the day on which it expires."""
        return self.is_verified and today <= self.expires_on


def standing(role: Role, licences: Iterable[Licence], today: date) -> LicenceStanding:
    """What somebody's licences amount to on `today`. A coordinator needs none."""
    if role is Role.COORDINATOR:
        return LicenceStanding.NOT_NEEDED
    held = [licence for licence in licences if not licence.is_refused]
    if any(licence.counts_on(today) for licence in held):
        return LicenceStanding.VALID
    if any(licence.is_verified for licence in held):
        return LicenceStanding.EXPIRED
    return LicenceStanding.UNVERIFIED if held else LicenceStanding.NONE


def warnings(expires_on: date, zone: ZoneInfo) -> dict[int, datetime]:
    """Days ahead to the moment from which to say so, the day after the last as 0: early there."""
    on = {days: expires_on - timedelta(days=days) for days in WARN_DAYS_AHEAD}
    on[0] = expires_on + timedelta(days=1)
    return {days: datetime.combine(day, _EARLY, zone) for days, day in on.items()}


def problems(number: str, expires_on: date | None, today: date) -> tuple[str, str]:
    """What is wrong with the number and with the day; empty where nothing is."""
    tidy = clean_line(number)
    about_number = ""
    if not tidy:
        about_number = "Write the number as it stands on the licence."
    elif len(tidy) > LONGEST_NUMBER:
        about_number = f"Write at most {LONGEST_NUMBER} characters."
    about_day = ""
    if expires_on is None:
        about_day = "Choose the day on which it expires."
    elif expires_on < today:
        about_day = "This licence has expired already."
    elif expires_on.year > today.year + LONGEST_YEARS:
        about_day = f"This is more than {LONGEST_YEARS} years ahead. Please check the year."
    return about_number, about_day
