"""Who is referred, and what is asked for."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.care.codes import Region, Technique
from bot.care.indications import Indication
from bot.care.plan import Frequency, Pressure

LONGEST_GOAL = 140
MOST_GOALS = 10


class Identifiers(BaseModel):
    """Who the patient is. Lives only in the store, encrypted under the patient's own key."""

    model_config = ConfigDict(frozen=True)

    name: str
    birth_date: date
    record_number: str = ""
    phone: str = ""


class ConsentBy(StrEnum):
    """Who has agreed that the patient is referred and their data shared for it."""

    PATIENT = "patient"
    GUARDIAN = "guardian"
    REPRESENTATIVE = "representative"

    @property
    def label(self) -> str:
        return _CONSENT[self]


class Consent(BaseModel):
    """The consent that is on file."""

    model_config = ConfigDict(frozen=True)

    by: ConsentBy
    on: date


class ScreenAnswer(BaseModel):
    """A contraindication that the patient has, in the words in which it was asked about."""

    model_config = ConfigDict(frozen=True)

    code: str
    asks: str


class Screen(BaseModel):
    """The contraindication screen as it was answered, and the surgeon's written clearance.

    `version` is that of the clinical rules that it was asked by.
    """

    model_config = ConfigDict(frozen=True)

    version: str
    found: tuple[ScreenAnswer, ...] = ()
    clearance: str = ""


class PaidBy(StrEnum):
    """Who pays for the visits."""

    SELF = "self"
    PAYER = "payer"

    @property
    def label(self) -> str:
        return _PAID_BY[self]


class Visits(BaseModel):
    """How the visits are paid for; with a payer, what it authorised."""

    model_config = ConfigDict(frozen=True)

    paid_by: PaidBy
    number: str = ""
    count: int | None = None
    until: date | None = None


class ReferralPriority(StrEnum):
    """How soon the surgeon wishes treatment to begin."""

    ROUTINE = "routine"
    SOON = "soon"
    URGENT = "urgent"

    @property
    def label(self) -> str:
        return _PRIORITIES[self]


class Request(BaseModel):
    """What is asked for. Clinical; encrypted under the patient's key.

    One from before there was a screen has none; what a referral did not say is empty.
    """

    model_config = ConfigDict(frozen=True)

    indication: Indication
    surgery_date: date | None
    areas: tuple[Region, ...]
    precautions: str = ""
    goals: str = ""
    sessions: int
    frequency: Frequency
    note: str = ""
    findings: str = ""
    drains: str = ""
    garment: str = ""
    complications: str = ""
    medication: str = ""
    screen: Screen | None = None
    techniques: tuple[Technique, ...] = ()
    pressure: Pressure | None = None
    start_by: date | None = None
    stop_rules: str = ""
    home_care: str = ""
    question: str = ""
    visits: Visits | None = None
    files: tuple[str, ...] = ()
    """Slack's ids: the files themselves stay in Slack."""
    priority: ReferralPriority = ReferralPriority.ROUTINE
    consent: Consent | None = None

    @property
    def each_goal(self) -> tuple[str, ...]:
        """The goals, a line each, none twice."""
        return goal_lines(self.goals)

    @property
    def written(self) -> tuple[str, ...]:
        """All that the surgeon wrote in words of their own."""
        said = [value for _, value in self if type(value) is str]
        clearance = [self.screen.clearance] if self.screen else []
        return (*said, *clearance, *([self.visits.number] if self.visits else []))

    def postoperative_day(self, today: date) -> int | None:
        """Whole days since surgery, 0 on its day, negative before; None without a surgery."""
        return None if self.surgery_date is None else (today - self.surgery_date).days


_CONSENT = {
    ConsentBy.PATIENT: "The patient",
    ConsentBy.GUARDIAN: "A parent or guardian",
    ConsentBy.REPRESENTATIVE: "A legal representative",
}
_PAID_BY = {
    PaidBy.SELF: "The patient pays",
    PaidBy.PAYER: "Authorised by a payer",
}
_PRIORITIES = {
    ReferralPriority.ROUTINE: "Routine",
    ReferralPriority.SOON: "Within a week",
    ReferralPriority.URGENT: "Within two days",
}


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
