"""Versions of a plan: what differs, what is sound, and who may sign."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.care.codes import Region, Technique
from bot.care.people import Part
from bot.care.plan import LONGEST_PLAN_TEXT, MOST_SESSIONS, Frequency, Pressure
from bot.care.request import LONGEST_GOAL
from bot.care.treatment_plan import (
    Difference,
    PlanAnswer,
    PlanDraft,
    PlanField,
    PlanState,
    Side,
    TreatmentPlan,
    answered,
    differences,
    may_answer,
    side_of,
)

TODAY = date(2026, 4, 14)
words = st.text(max_size=60)
plans = st.builds(
    TreatmentPlan,
    sessions=st.integers(1, MOST_SESSIONS),
    frequency=st.sampled_from(Frequency),
    areas=st.lists(st.sampled_from(Region), min_size=1).map(tuple),
    techniques=st.lists(st.sampled_from(Technique)).map(tuple),
    pressure=st.none() | st.sampled_from(Pressure),
    goals=words,
    stop_rules=words,
    home_care=words,
    start_by=st.none() | st.dates(),
).map(TreatmentPlan.tidied)


def draft(**changed: object) -> PlanDraft:
    sound: dict[str, object] = {
        "sessions": 10,
        "frequency": Frequency.WEEKLY,
        "areas": (Region.ABDOMEN,),
        "reason": "It helps",
    }
    return PlanDraft.model_validate({**sound, **changed})


@given(plans)
def test_a_plan_does_not_differ_from_itself(plan: TreatmentPlan) -> None:
    assert differences(plan, plan) == ()


@given(plans, plans)
def test_whatever_differs_is_said_once_and_both_ways(
    before: TreatmentPlan, after: TreatmentPlan
) -> None:
    there, back = differences(before, after), differences(after, before)
    assert bool(there) == (before != after)
    assert len({one.field for one in there}) == len(there)
    for one, other in zip(there, back, strict=True):
        assert other == Difference(
            one.field, before=one.after, after=one.before, added=one.removed, removed=one.added
        )


def test_of_lists_it_says_what_comes_and_what_goes() -> None:
    before = draft(areas=(Region.ABDOMEN, Region.FLANKS)).plan()
    after = draft(areas=(Region.THIGHS, Region.ABDOMEN), sessions=12).plan()
    assert differences(before, after) == (
        Difference(PlanField.SESSIONS, before="10", after="12"),
        Difference(PlanField.AREAS, added=("thighs",), removed=("flanks",)),
    )


def test_the_order_in_which_areas_are_chosen_is_no_difference() -> None:
    one = draft(areas=(Region.FLANKS, Region.ABDOMEN)).plan()
    assert one == draft(areas=(Region.ABDOMEN, Region.FLANKS, Region.FLANKS)).plan()


@pytest.mark.parametrize(
    ("changed", "given", "field"),
    [
        ({"sessions": None}, 0, PlanField.SESSIONS),
        ({"sessions": 0}, 0, PlanField.SESSIONS),
        ({"sessions": MOST_SESSIONS + 1}, 0, PlanField.SESSIONS),
        ({"sessions": 3}, 4, PlanField.SESSIONS),  # fewer than were given already
        ({"areas": ()}, 0, PlanField.AREAS),
        ({"reason": "\u200b  "}, 0, PlanField.REASON),
        ({"stop_rules": "x" * (LONGEST_PLAN_TEXT + 1)}, 0, PlanField.STOP_RULES),
        ({"goals": "x" * (LONGEST_GOAL + 1)}, 0, PlanField.GOALS),
        ({"start_by": TODAY - timedelta(days=1)}, 0, PlanField.START_BY),
        ({"start_by": TODAY + timedelta(days=366)}, 0, PlanField.START_BY),
        ({"start_by": TODAY + timedelta(days=1)}, 1, PlanField.START_BY),  # it has started
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    changed: dict[str, object], given: int, field: PlanField
) -> None:
    assert list(draft(**changed).problems(given, TODAY)) == [field]


@pytest.mark.parametrize("given", [0, 1, 10])
def test_a_sound_draft_has_no_problems(given: int) -> None:
    assert draft().problems(given, TODAY) == {}


def test_a_day_to_start_by_that_stays_as_it_was_may_lie_behind() -> None:
    passed = TODAY - timedelta(days=9)
    assert draft(start_by=passed).problems(3, TODAY, passed) == {}


def test_another_day_to_start_by_is_a_difference() -> None:
    later = draft(start_by=TODAY)
    assert differences(draft().plan(), later.plan()) == (
        Difference(PlanField.START_BY, after=TODAY.isoformat()),
    )


@pytest.mark.parametrize("state", [one for one in PlanState if one is not PlanState.PROPOSED])
@pytest.mark.parametrize("answer", PlanAnswer)
def test_an_answered_version_is_never_answered_again(state: PlanState, answer: PlanAnswer) -> None:
    assert answered(state, answer) is None


@pytest.mark.parametrize("answer", PlanAnswer)
@pytest.mark.parametrize("proposed_by", Side)
def test_one_side_takes_back_and_the_other_one_answers(
    proposed_by: Side, answer: PlanAnswer
) -> None:
    is_taking_back = answer is PlanAnswer.TAKE_BACK
    assert may_answer(proposed_by, proposed_by, answer) is is_taking_back
    assert may_answer(proposed_by.other, proposed_by, answer) is not is_taking_back


def test_a_version_in_force_bears_both_signatures() -> None:
    """Whoever proposes has signed for one side, and only the other side countersigns."""
    for proposed_by in Side:
        signs = [one for one in Side if may_answer(one, proposed_by, PlanAnswer.COUNTERSIGN)]
        assert {proposed_by, *signs} == set(Side)


@pytest.mark.parametrize(
    ("part", "side"),
    [
        (Part.SURGEON, Side.SURGEON),
        (Part.COVERING_SURGEON, Side.SURGEON),
        (Part.THERAPIST, Side.THERAPIST),
        (Part.COORDINATOR, None),
        (Part.OUTSIDER, None),
    ],
)
def test_only_those_who_treat_sign(part: Part, side: Side | None) -> None:
    assert side_of(part) is side
