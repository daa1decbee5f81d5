"""What a surgeon writes when referring, and what is wrong with it, field by field."""

from datetime import date, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.care.codes import Region
from bot.care.indications import Indication
from bot.care.plan import MOST_SESSIONS, Frequency
from bot.care.text import clean, clean_line

LONGEST_NAME = 120
LONGEST_RECORD_NUMBER = 40
LONGEST_PHONE = 40
LONGEST_TEXT = 2000
LONGEST_GOAL = 140
MOST_GOALS = 10
OLDEST_PATIENT_YEARS = 120
# A patient is referred before the operation at the earliest when its date is set, and long after it
# at the latest for a scar; beyond these a date is a slip of the finger.
SURGERY_AHEAD = timedelta(days=30)
SURGERY_BACK = timedelta(days=5 * 365)


class Field(StrEnum):
    """The fields of the referral form, so that a problem can be shown where it is."""

    NAME = "name"
    BIRTH_DATE = "birth_date"
    RECORD_NUMBER = "record_number"
    PHONE = "phone"
    INDICATION = "indication"
    SURGERY_DATE = "surgery_date"
    AREAS = "areas"
    PRECAUTIONS = "precautions"
    GOALS = "goals"
    SESSIONS = "sessions"
    FREQUENCY = "frequency"
    THERAPIST = "therapist"
    NOTE = "note"


class Identifiers(BaseModel):
    """Who the patient is. Lives only in the store, encrypted under the patient's own key."""

    model_config = ConfigDict(frozen=True)

    name: str
    birth_date: date
    record_number: str = ""
    phone: str = ""


class Request(BaseModel):
    """What is asked for. Clinical; encrypted under the patient's key."""

    model_config = ConfigDict(frozen=True)

    indication: Indication
    surgery_date: date | None
    areas: tuple[Region, ...]
    precautions: str = ""
    goals: str = ""
    sessions: int
    frequency: Frequency
    note: str = ""

    @property
    def each_goal(self) -> tuple[str, ...]:
        """The goals, a line each, none twice."""
        return goal_lines(self.goals)

    def postoperative_day(self, today: date) -> int | None:
        """Whole days since surgery, 0 on its day, negative before; None without a surgery."""
        return None if self.surgery_date is None else (today - self.surgery_date).days


class ReferralForm(BaseModel):
    """The form as it was filled in, before anything is known of its sense."""

    model_config = ConfigDict(frozen=True)

    name: str
    birth_date: date | None
    record_number: str = ""
    phone: str = ""
    indication: Indication
    surgery_date: date | None
    areas: tuple[Region, ...]
    precautions: str = ""
    goals: str = ""
    sessions: int | None
    frequency: Frequency
    note: str = ""

    def tidied(self) -> "ReferralForm":
        """The same without invisible characters and stray white space."""
        return self.model_copy(
            update={
                "name": clean_line(self.name),
                "record_number": clean_line(self.record_number),
                "phone": clean_line(self.phone),
                "precautions": clean(self.precautions),
                "goals": clean(self.goals),
                "note": clean(self.note),
            }
        )

    def problems(self, today: date) -> dict[Field, str]:
        """What must be put right before it can be sent; empty when it is sound."""
        found: dict[Field, str] = {}
        if not self.name:
            found[Field.NAME] = "Write the patient's name."
        for field, text, longest in (
            (Field.NAME, self.name, LONGEST_NAME),
            (Field.RECORD_NUMBER, self.record_number, LONGEST_RECORD_NUMBER),
            (Field.PHONE, self.phone, LONGEST_PHONE),
            (Field.PRECAUTIONS, self.precautions, LONGEST_TEXT),
            (Field.NOTE, self.note, LONGEST_TEXT),
        ):
            if len(text) > longest:
                found[field] = (
                    f"This has {len(text):,} characters; at most {longest:,} can be kept. "
                    "Please shorten it."
                )
        if wrong := goals_problem(self.goals):
            found[Field.GOALS] = wrong
        found.update(self._date_problems(today))
        if not self.areas:
            found[Field.AREAS] = "Choose at least one area."
        if self.sessions is None or not 1 <= self.sessions <= MOST_SESSIONS:
            found[Field.SESSIONS] = f"Write a whole number from 1 to {MOST_SESSIONS}."
        return found

    def _date_problems(self, today: date) -> dict[Field, str]:
        found: dict[Field, str] = {}
        if self.birth_date is None:
            found[Field.BIRTH_DATE] = "Choose the date of birth."
        elif self.birth_date > today:
            found[Field.BIRTH_DATE] = "This date is in the future. Please check the year."
        elif today.year - self.birth_date.year > OLDEST_PATIENT_YEARS:
            found[Field.BIRTH_DATE] = (
                f"This is more than {OLDEST_PATIENT_YEARS} years ago. Please check the year."
            )
        if self.surgery_date is None:
            if self.indication.is_surgical:
                found[Field.SURGERY_DATE] = "Choose the date of the surgery."
        elif self.surgery_date > today + SURGERY_AHEAD:
            found[Field.SURGERY_DATE] = (
                f"This is more than {SURGERY_AHEAD.days} days ahead. Please check the year."
            )
        elif self.surgery_date < today - SURGERY_BACK:
            found[Field.SURGERY_DATE] = "This is more than 5 years ago. Please check the year."
        elif self.birth_date is not None and self.surgery_date < self.birth_date:
            found[Field.SURGERY_DATE] = "This is before the date of birth. Please check both."
        return found

    def identifiers(self) -> Identifiers:
        """Who the patient is. Only for a form without problems."""
        if self.birth_date is None:
            raise ValueError("a form with problems has no identifiers")
        return Identifiers(
            name=self.name,
            birth_date=self.birth_date,
            record_number=self.record_number,
            phone=self.phone,
        )

    def request(self) -> Request:
        """What is asked for. Only for a form without problems."""
        if self.sessions is None:
            raise ValueError("a form with problems has no request")
        return Request(
            indication=self.indication,
            surgery_date=self.surgery_date,
            areas=self.areas,
            precautions=self.precautions,
            goals=self.goals,
            sessions=self.sessions,
            frequency=self.frequency,
            note=self.note,
        )


def goal_lines(text: str) -> tuple[str, ...]:
    """The goals in `text`: a line each, bullets and empty lines left out, none twice."""
    lines = (line.strip().lstrip("-*\u2022").strip() for line in text.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def goals_problem(text: str) -> str:
    """What is wrong with goals as they were written; empty if nothing is."""
    goals = goal_lines(text)
    if len(goals) <= MOST_GOALS and all(len(goal) <= LONGEST_GOAL for goal in goals):
        return ""
    return f"Write at most {MOST_GOALS} goals, a line each, of at most {LONGEST_GOAL} characters."
