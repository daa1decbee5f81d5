"""What is shown of a treatment plan: plain values, people as Slack user ids, times as aware UTC."""

from dataclasses import dataclass
from datetime import datetime

from bot.care.treatment_plan import Difference, PlanState, Side, TreatmentPlan


@dataclass(frozen=True)
class ShownPlanVersion:
    """One version with its signatures and reasons."""

    id: str
    number: int
    state: PlanState
    plan: TreatmentPlan
    proposed_by: str
    proposed_for: Side
    proposed_at: datetime
    reason: str = ""
    answered_by: str | None = None
    answered_at: datetime | None = None
    answer: str = ""
    replaced_at: datetime | None = None
    amends: int | None = None
    """The number of the version that it was written in answer to."""


@dataclass(frozen=True)
class ShownPlanChange:
    """A proposal as its message in the thread shows it. `due` is when its answer is expected."""

    case_code: str
    version: ShownPlanVersion
    differences: tuple[Difference, ...]
    answered_next_by: str
    due: datetime
    is_open: bool
    """Whether it can still be answered: not once the case has moved on."""


@dataclass(frozen=True)
class ShownPlan:
    """A referral's plan for somebody who treats: the versions, and what a proposal starts with.

    `cannot_propose` says why a change can't be proposed now; empty if it can.
    """

    referral_id: str
    case_code: str
    versions: tuple[ShownPlanVersion, ...]
    start: TreatmentPlan | None
    cannot_propose: str = ""
    amends_id: str = ""

    @property
    def in_force(self) -> ShownPlanVersion | None:
        return self._newest(PlanState.IN_FORCE)

    @property
    def proposed(self) -> ShownPlanVersion | None:
        return self._newest(PlanState.PROPOSED)

    def _newest(self, state: PlanState) -> ShownPlanVersion | None:
        return next((one for one in reversed(self.versions) if one.state is state), None)
