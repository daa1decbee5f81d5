"""The numbers of a referral raise a concern by the rules, and a change is put into words."""

from datetime import date, timedelta

import pytest

from bot.care.changes import (
    Change,
    Meaning,
    SessionNumbers,
    number_hits,
    pain_change,
    psfs_change,
)
from bot.care.codes import Region, Side, Urgency
from bot.care.rules import ClinicalRules, load_rules

START = date(2026, 3, 2)


@pytest.fixture(scope="module")
def rules() -> ClinicalRules:
    return load_rules()


def pains(*scores: float | None) -> list[SessionNumbers]:
    return [SessionNumbers(START + timedelta(days=n), pain=s) for n, s in enumerate(scores)]


def changes(history: list[SessionNumbers], rules: ClinicalRules) -> set[Change]:
    return {hit.change for hit in number_hits(history, rules)}


def test_pain_that_rises_by_two_on_two_sessions_in_a_row_is_told(rules: ClinicalRules) -> None:
    (hit,) = number_hits(pains(1, 3, 5), rules)
    assert (hit.change, hit.urgency) == (Change.PAIN_RISING, Urgency.SOON)
    assert hit.numbers == "pain 1 → 3 → 5"
    assert hit.rule_version == rules.version


def test_sessions_without_a_score_do_not_break_the_row(rules: ClinicalRules) -> None:
    assert changes(pains(1, None, 3, 5), rules) == {Change.PAIN_RISING}
    assert changes(pains(1, 3, 5, None), rules) == set()


def test_pain_that_rises_once_or_by_less_is_not_told(rules: ClinicalRules) -> None:
    assert changes(pains(3, 3, 5), rules) == set()
    assert changes(pains(1, 2, 3), rules) == set()


def test_pain_up_by_four_at_once_is_urgent_and_holds_the_massage(rules: ClinicalRules) -> None:
    (hit,) = number_hits(pains(2, 6), rules)
    assert (hit.change, hit.urgency, hit.hold) == (Change.PAIN_JUMP, Urgency.URGENT, True)
    assert changes(pains(2, 5.9), rules) == set()


def test_swelling_up_by_one_grade_is_told(rules: ClinicalRules) -> None:
    before = SessionNumbers(START, swelling_grade=1)
    after = SessionNumbers(START + timedelta(days=3), swelling_grade=2)
    assert changes([before, after], rules) == {Change.SWELLING_UP}
    assert changes([after, before], rules) == set()


def test_girth_is_compared_at_the_same_site_and_side(rules: ClinicalRules) -> None:
    left, right = (Region.CALVES, Side.LEFT), (Region.CALVES, Side.RIGHT)
    before = SessionNumbers(START, girths_cm={left: 37.0, right: 37.0})
    after = SessionNumbers(START, girths_cm={left: 40.0, right: 39.9})
    (hit,) = number_hits([before, after], rules)
    assert hit.numbers == "left calves 37 → 40 cm"


@pytest.mark.parametrize(("celsius", "told"), [(37.9, False), (38.0, True)])
def test_fever_starts_at_thirty_eight(rules: ClinicalRules, celsius: float, told: bool) -> None:
    history = [SessionNumbers(START, temperature_c=celsius)]
    assert (Change.FEVER in changes(history, rules)) is told


def test_two_missed_sessions_in_a_row_are_told_and_one_is_not(rules: ClinicalRules) -> None:
    came, missed = SessionNumbers(START), SessionNumbers(START, missed=True)
    assert changes([came, missed], rules) == set()
    assert changes([missed, missed], rules) == {Change.MISSED_IN_A_ROW}
    assert changes([missed, came, missed], rules) == set()
    assert changes([missed, missed, came], rules) == set()
    assert number_hits([], rules) == ()


@pytest.mark.parametrize(
    ("before", "after", "meaning"),
    [
        (7, 5, Meaning.MUCH_BETTER),
        (3, 2, Meaning.MUCH_BETTER),  # a third of the first score
        (7, 6, Meaning.BETTER),
        (5, 5, Meaning.SAME),
        (0, 0, Meaning.SAME),
        (4, 5, Meaning.WORSE),
    ],
)
def test_a_change_of_pain_is_put_into_words(
    rules: ClinicalRules, before: float, after: float, meaning: Meaning
) -> None:
    assert pain_change(before, after, rules) is meaning


def test_a_gain_in_function_has_three_sizes(rules: ClinicalRules) -> None:
    sizes = [psfs_change(2, 2 + gain, rules) for gain in (1.2, 1.3, 2.3, 2.7)]
    assert sizes == ["none", "small", "medium", "large"]
