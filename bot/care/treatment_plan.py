"""The treatment plan in versions: what it says, how two versions differ, and who may sign what.

A version holds once both sides have signed it: whoever proposes it signs by proposing, the other
side by countersigning. So no change of the request comes about without the surgeon's signature, and
no therapist works by a plan that they have not seen.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.care.codes import Region, Technique
from bot.care.people import Part
from bot.care.plan import (
    LONGEST_PLAN_TEXT,
    MOST_SESSIONS,
    Frequency,
    Pressure,
    start_problem,
)
from bot.care.request import LONGEST_GOAL, MOST_GOALS, goals_problem
from bot.care.text import clean

LONGEST_GOALS = MOST_GOALS * (LONGEST_GOAL + 1)
# Working days that the other side has for its signature.
DAYS_TO_ANSWER = 2


class PlanField(StrEnum):
    """What a plan says, in the order in which it is read; the names of the form's fields."""

    SESSIONS = "sessions"
    FREQUENCY = "frequency"
    START_BY = "start_by"
    AREAS = "areas"
    TECHNIQUES = "techniques"
    PRESSURE = "pressure"
    GOALS = "goals"
    STOP_RULES = "stop_rules"
    HOME_CARE = "home_care"
    REASON = "reason"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


class TreatmentPlan(BaseModel):
    """What is done, where, how often, to what end, and when to stop."""

    model_config = ConfigDict(frozen=True)

    sessions: int
    frequency: Frequency
    areas: tuple[Region, ...]
    techniques: tuple[Technique, ...] = ()
    pressure: Pressure | None = None
    goals: str = ""
    stop_rules: str = ""
    home_care: str = ""
    start_by: date | None = None

    def tidied(self) -> "TreatmentPlan":
        """The same without invisible characters; areas and techniques in one order, each once."""
        return self.model_copy(
            update={
                "areas": tuple(area for area in Region if area in self.areas),
                "techniques": tuple(one for one in Technique if one in self.techniques),
                "goals": clean(self.goals),
                "stop_rules": clean(self.stop_rules),
                "home_care": clean(self.home_care),
            }
        )


class PlanDraft(BaseModel):
    """A proposal as it was filled in, before anything is known of its sense."""

    model_config = ConfigDict(frozen=True)

    sessions: int | None
    frequency: Frequency
    areas: tuple[Region, ...]
    techniques: tuple[Technique, ...] = ()
    pressure: Pressure | None = None
    goals: str = ""
    stop_rules: str = ""
    home_care: str = ""
    start_by: date | None = None
    reason: str = ""

    def problems(
        self, given: int, today: date, start_by: date | None = None
    ) -> dict[PlanField, str]:
        """What must be put right first; `given` sessions have been given already, and treatment
        was to start by `start_by`."""
        found: dict[PlanField, str] = {}
        least = max(1, given)
        if self.sessions is None or not least <= self.sessions <= MOST_SESSIONS:
            found[PlanField.SESSIONS] = (
                f"Write a whole number from {least} to {MOST_SESSIONS}."
                if given < 2
                else f"{given} sessions were given: write a number from {least} to {MOST_SESSIONS}."
            )
        if self.start_by != start_by and (wrong := self._start_problem(given, today)):
            found[PlanField.START_BY] = wrong
        if not self.areas:
            found[PlanField.AREAS] = "Choose at least one area."
        if wrong := goals_problem(self.goals):
            found[PlanField.GOALS] = wrong
        for field, text in (
            (PlanField.STOP_RULES, self.stop_rules),
            (PlanField.HOME_CARE, self.home_care),
            (PlanField.REASON, self.reason),
        ):
            if len(clean(text)) > LONGEST_PLAN_TEXT:
                found[field] = (
                    f"This has {len(clean(text)):,} characters; at most {LONGEST_PLAN_TEXT} can be "
                    "kept. Please shorten it."
                )
        if not clean(self.reason):
            found[PlanField.REASON] = "Write why, in a few words."
        return found

    def _start_problem(self, given: int, today: date) -> str:
        """What is wrong with another day to start by; one that stays as it is may lie behind."""
        if given:
            return "Treatment has started already. Please leave this day as it was."
        return start_problem(self.start_by, today)

    def plan(self) -> TreatmentPlan:
        """What is proposed. Only for a draft without problems."""
        if self.sessions is None:
            raise ValueError("a draft with problems is no plan")
        return TreatmentPlan(
            sessions=self.sessions,
            frequency=self.frequency,
            areas=self.areas,
            techniques=self.techniques,
            pressure=self.pressure,
            goals=self.goals,
            stop_rules=self.stop_rules,
            home_care=self.home_care,
            start_by=self.start_by,
        ).tidied()


class PlanState(StrEnum):
    """Where a version stands. Only a proposed one can change, and once."""

    PROPOSED = "proposed"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    DECLINED = "declined"
    AMENDED = "amended"
    TAKEN_BACK = "taken_back"


class PlanAnswer(StrEnum):
    """What can be done with a proposal."""

    COUNTERSIGN = "countersign"
    DECLINE = "decline"
    AMEND = "amend"
    TAKE_BACK = "take_back"


_ANSWERED: dict[PlanAnswer, PlanState] = {
    PlanAnswer.COUNTERSIGN: PlanState.IN_FORCE,
    PlanAnswer.DECLINE: PlanState.DECLINED,
    PlanAnswer.AMEND: PlanState.AMENDED,
    PlanAnswer.TAKE_BACK: PlanState.TAKEN_BACK,
}


def answered(state: PlanState, answer: PlanAnswer) -> PlanState | None:
    """The state that an answer leads to; None where it comes too late."""
    return _ANSWERED[answer] if state is PlanState.PROPOSED else None


class Side(StrEnum):
    """The two sides of a referral: each signs a plan once."""

    SURGEON = "surgeon"
    THERAPIST = "therapist"

    @property
    def other(self) -> "Side":
        return Side.THERAPIST if self is Side.SURGEON else Side.SURGEON


def side_of(part: Part) -> Side | None:
    """Whose side somebody signs for; None for those who sign nothing."""
    if part.is_surgeons_side:
        return Side.SURGEON
    return Side.THERAPIST if part.is_therapists_side else None


def may_answer(side: Side, proposed_by: Side, answer: PlanAnswer) -> bool:
    """A proposal is taken back by the side that made it, and answered by the other one."""
    return (side is proposed_by) == (answer is PlanAnswer.TAKE_BACK)


@dataclass(frozen=True)
class Difference:
    """One line of a change. Of lists, what comes and what goes; else what was and what will be.

    Members of closed sets are given by their values.
    """

    field: PlanField
    before: str = ""
    after: str = ""
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


def differences(before: TreatmentPlan, after: TreatmentPlan) -> tuple[Difference, ...]:
    """What changes from one version to the next, in the order in which a plan is read."""
    return tuple(
        difference
        for field, compare in _COMPARED.items()
        if (difference := compare(field, before, after)) is not None
    )


_Compare = Callable[[PlanField, TreatmentPlan, TreatmentPlan], Difference | None]


def _one(read: Callable[[TreatmentPlan], str]) -> _Compare:
    def compare(field: PlanField, before: TreatmentPlan, after: TreatmentPlan) -> Difference | None:
        was, will_be = read(before), read(after)
        return None if was == will_be else Difference(field, before=was, after=will_be)

    return compare


def _several(read: Callable[[TreatmentPlan], Iterable[str]]) -> _Compare:
    def compare(field: PlanField, before: TreatmentPlan, after: TreatmentPlan) -> Difference | None:
        was, will_be = [str(one) for one in read(before)], [str(one) for one in read(after)]
        added = tuple(one for one in will_be if one not in was)
        removed = tuple(one for one in was if one not in will_be)
        return Difference(field, added=added, removed=removed) if added or removed else None

    return compare


_COMPARED: dict[PlanField, _Compare] = {
    PlanField.SESSIONS: _one(lambda plan: str(plan.sessions)),
    PlanField.FREQUENCY: _one(lambda plan: plan.frequency.value),
    PlanField.START_BY: _one(lambda plan: plan.start_by.isoformat() if plan.start_by else ""),
    PlanField.AREAS: _several(lambda plan: plan.areas),
    PlanField.TECHNIQUES: _several(lambda plan: plan.techniques),
    PlanField.PRESSURE: _one(lambda plan: plan.pressure.value if plan.pressure else ""),
    PlanField.GOALS: _one(lambda plan: plan.goals),
    PlanField.STOP_RULES: _one(lambda plan: plan.stop_rules),
    PlanField.HOME_CARE: _one(lambda plan: plan.home_care),
}
