"""Treatment plans for the gallery, with made-up values."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from slack_sdk.models.views import View

from bot.care.codes import Region, Technique
from bot.care.plan import Frequency, Pressure
from bot.care.treatment_plan import PlanState, Side, TreatmentPlan, differences
from bot.shown.plan import ShownPlan, ShownPlanChange, ShownPlanVersion
from bot.views.forms.plan import DeclinePlanForm, PlanForm
from bot.views.forms.proposal import ProposalView
from bot.views.message import Message
from bot.views.plan_messages import draw_plan_answered, draw_plan_proposed

_AT = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
_FIRST = TreatmentPlan(
    sessions=10, frequency=Frequency.TWO_A_WEEK, areas=(Region.ABDOMEN, Region.FLANKS)
)
PLAN = TreatmentPlan(
    sessions=12,
    frequency=Frequency.WEEKLY,
    areas=(Region.ABDOMEN, Region.THIGHS),
    techniques=(Technique.MLD, Technique.SCAR_MOBILIZATION),
    pressure=Pressure.LIGHT,
    goals="Walks upright without pain; garment off by week 8",
    stop_rules="Fever, calf pain, or an opening wound: stop and call",
    home_care="Ten minutes of breathing, twice a day",
    start_by=date(2026, 4, 20),
)
_VERSIONS = (
    ShownPlanVersion(
        id="4b7d0c2e9a6f4d1385ce7a10",
        number=1,
        state=PlanState.IN_FORCE,
        plan=_FIRST,
        proposed_by="U0RIVERA",
        proposed_for=Side.SURGEON,
        proposed_at=_AT - timedelta(days=20),
        answered_by="U0LEE",
        answered_at=_AT - timedelta(days=19),
    ),
    ShownPlanVersion(
        id="8c1f5e7720b94a0e9d3b6c42",
        number=2,
        state=PlanState.PROPOSED,
        plan=PLAN,
        proposed_by="U0LEE",
        proposed_for=Side.THERAPIST,
        proposed_at=_AT,
        reason="The flanks have settled; the thighs need work.",
    ),
)


def plans() -> dict[str, Message | View]:
    """Name of the sample to what is drawn."""
    change = ShownPlanChange(
        case_code="K7QF-3M",
        version=_VERSIONS[1],
        differences=differences(_FIRST, PLAN),
        answered_next_by="U0RIVERA",
        due=_AT + timedelta(days=2),
        is_open=True,
    )
    shown = ShownPlan("3f2a9c01b7d84e6655aa0c1d", "K7QF-3M", _VERSIONS[:1], _FIRST)
    waits = replace(
        shown, versions=_VERSIONS, cannot_propose="A change waits for an answer in the thread."
    )
    return {
        "change of plan proposed": draw_plan_proposed(change),
        "change of plan, in a modal": ProposalView.view(change),
        **{
            f"change of plan, {state.value.replace('_', ' ')}": draw_plan_proposed(
                _answered(change, state)
            )
            for state in PlanState
            if state is not PlanState.PROPOSED
        },
        "change of plan in force, told": draw_plan_answered(_answered(change, PlanState.IN_FORCE)),
        "change of plan declined, told": draw_plan_answered(_answered(change, PlanState.DECLINED)),
        "plan, to be changed": PlanForm.view(shown),
        "plan, while a change waits": PlanForm.view(waits),
        "plan, declining a change": DeclinePlanForm.view(_VERSIONS[1].id),
    }


def _answered(change: ShownPlanChange, state: PlanState) -> ShownPlanChange:
    version = replace(
        change.version,
        state=state,
        answered_by="U0LEE" if state is PlanState.TAKEN_BACK else "U0RIVERA",
        answered_at=_AT + timedelta(hours=3),
        answer="No free hours for more than ten." if state is PlanState.DECLINED else "",
    )
    return replace(change, version=version, is_open=False)
