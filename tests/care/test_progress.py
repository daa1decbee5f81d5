"""What changed over a treatment, and what a change means by the thresholds and their sources."""

from datetime import date

import pytest

from bot.care.codes import Region, Side
from bot.care.progress import (
    Key,
    Mark,
    MarkKind,
    Measure,
    goals_of,
    last_session,
    pain_change,
    progress_of,
    swelling_depth,
)
from bot.care.rules import ClinicalRules, load_rules
from bot.care.session import SessionFields
from bot.care.session_form import carried_over
from tests.care.treatments import FIRST_DAY, girth, session, three


@pytest.fixture(scope="module")
def rules() -> ClinicalRules:
    return load_rules()


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (6, 4, "much better"),  # 2 points
        (3, 2, "much better"),  # 33 %
        (6, 5, "the least that patients notice"),  # 1 point
        (4, 3.4, "the least that patients notice"),  # 15 %
        (8, 7.5, "less than patients notice"),
        (1, 0, "much better"),
        (4, 8, "warning sign"),
    ],
)
def test_a_change_of_pain_means_what_patients_said_it_means(
    before: float, after: float, says: str, rules: ClinicalRules
) -> None:
    meaning = pain_change(before, after, rules)
    assert meaning is not None
    assert says in meaning.says
    assert meaning.source


@pytest.mark.parametrize(("before", "after"), [(0, 0), (4, 4), (0, 3), (5, 8)])
def test_where_there_is_nothing_to_say_nothing_is_said(
    before: float, after: float, rules: ClinicalRules
) -> None:
    assert pain_change(before, after, rules) is None


def test_the_source_of_a_fall_is_named(rules: ClinicalRules) -> None:
    meaning = pain_change(6, 3, rules)
    assert meaning is not None
    assert meaning.source == "Salaffi 2004, n=825"


def test_in_low_back_pain_less_than_two_points_tell_nothing(rules: ClinicalRules) -> None:
    little = pain_change(3, 2, rules, low_back=True)
    much = pain_change(5, 3, rules, low_back=True)
    assert little is not None
    assert little.source == "Suzuki 2020"
    assert much is not None
    assert "much better" in much.says
    assert "Suzuki 2020" in much.source


def test_a_grade_of_swelling_has_a_depth(rules: ClinicalRules) -> None:
    assert swelling_depth(2, rules) == "about 3 to 4 mm"
    assert swelling_depth(0, rules) is None


def test_every_value_becomes_a_point_of_its_series() -> None:
    progress = progress_of(three())
    assert [series.key.measure for series in progress.series] == [
        Measure.PAIN_BEFORE,
        Measure.PAIN_AFTER,
        Measure.SWELLING,
        Measure.GIRTH,
        Measure.SLEEP,
        Measure.GARMENT,
    ]
    (pain,) = progress.of(Measure.PAIN_BEFORE)
    assert [(point.entry_id, point.value) for point in pain.points] == [
        ("e1", 6),
        ("e2", 5),
        ("e3", 3),
    ]
    assert [point.confirmed for point in pain.points] == [True, True, False]


def test_girths_are_followed_by_site_and_side() -> None:
    one = session(
        1,
        girths=(
            girth(Region.THIGHS, 61, Side.LEFT),
            girth(Region.THIGHS, 60, Side.RIGHT),
            girth(Region.ABDOMEN, 90),
        ),
    )
    keys = {series.key for series in progress_of([one]).series}
    assert keys == {
        Key(Measure.GIRTH, Region.THIGHS, Side.LEFT),
        Key(Measure.GIRTH, Region.THIGHS, Side.RIGHT),
        Key(Measure.GIRTH, Region.ABDOMEN),
    }


def test_a_withdrawn_session_is_left_out_and_a_missed_visit_is_only_marked() -> None:
    progress = progress_of(
        [
            session(1, pain_after=6),
            session(2, pain_after=9, withdrawn=True),
            session(3, no_show=True),
        ]
    )
    (pain,) = progress.series
    assert [point.entry_id for point in pain.points] == ["e1"]
    assert progress.marks == (Mark(progress.sessions[1].day, MarkKind.MISSED),)


def test_plan_changes_and_concerns_are_marked_once_a_day_in_order() -> None:
    later = date(2026, 10, 20)
    progress = progress_of(three(), plan_changes=[later], concerns=[later, FIRST_DAY, later])
    assert [(mark.day, mark.kind) for mark in progress.marks] == [
        (FIRST_DAY, MarkKind.CONCERN),
        (date(2026, 10, 9), MarkKind.PLAN_REQUEST),  # the second session asks for scar work
        (later, MarkKind.CONCERN),
        (later, MarkKind.PLAN_CHANGE),
    ]


def test_sessions_told_late_stand_where_they_took_place() -> None:
    progress = progress_of(
        [session(1, date(2026, 10, 9), pain_after=3), session(2, FIRST_DAY, pain_after=6)]
    )
    (pain,) = progress.series
    assert [point.value for point in pain.points] == [6, 3]


def test_the_last_session_stands_beside_the_first_and_the_one_before(rules: ClinicalRules) -> None:
    last = last_session(progress_of(three()), rules)
    assert last is not None
    first = {change.key.label: change.difference for change in last.against_first}
    before = {change.key.label: change.difference for change in last.against_before}
    assert first["pain before"] == -3
    assert before["pain before"] == -2
    assert first["abdomen"] == -7
    assert before["abdomen"] == -4.5


def test_what_the_last_session_does_not_state_is_not_compared(rules: ClinicalRules) -> None:
    last = last_session(
        progress_of([session(1, pain_after=6, sleep=4), session(2, sleep=5)]), rules
    )
    assert last is not None
    assert [change.key.measure for change in last.against_first] == [Measure.SLEEP]
    assert last.against_before == ()


def test_one_session_stands_alone_and_none_is_none(rules: ClinicalRules) -> None:
    alone = last_session(progress_of([session(1, pain_after=6)]), rules)
    assert alone is not None
    assert alone.against_first == ()
    assert last_session(progress_of([]), rules) is None
    assert last_session(progress_of([session(1, no_show=True)]), rules) is None


def test_more_swelling_or_girth_is_called_a_warning_sign(rules: ClinicalRules) -> None:
    worse = progress_of(
        [
            session(1, swelling_grade=1, girths=(girth(Region.CALVES, 35, Side.LEFT),)),
            session(2, swelling_grade=2, girths=(girth(Region.CALVES, 38, Side.LEFT),)),
        ]
    )
    last = last_session(worse, rules)
    assert last is not None
    assert ["warning sign" in (change.meaning.says if change.meaning else "")
            for change in last.against_first] == [True, True]  # fmt: skip


def test_a_session_has_the_number_that_its_note_gives_and_a_missed_visit_has_none() -> None:
    progress = progress_of(
        [
            session(1),
            session(2, no_show=True),
            session(3, session_number=2),
            session(4),
            session(5, session_number=6),  # one was not reported
            session(6, session_number=2),  # a slip
        ]
    )
    assert [one.number for one in progress.sessions] == [1, 0, 2, 3, 6, 2]


def test_a_change_that_was_asked_for_stays_open_until_the_plan_is_changed() -> None:
    asked = three()
    day = asked[1].day
    assert [one.day for one in progress_of(asked).open_requests] == [day]
    assert progress_of(asked, plan_changes=[day]).open_requests  # on that day: perhaps before
    later = date(2026, 10, 20)
    assert not progress_of(asked, plan_changes=[later]).open_requests


def test_a_goal_is_reached_in_the_first_session_that_says_so_unless_it_is_taken_back() -> None:
    sessions = [
        session(1),
        session(2, goals_reached=("Sleep on the side",)),
        session(3, goals_reached=("Sleep on the side", "Raise both arms")),
        session(4, goals_reached=("Raise both arms",)),
        session(5),
    ]
    goals = goals_of(progress_of(sessions), ["Raise both arms", "Sleep on the side", "Run"])
    assert [one.reached.number if one.reached else None for one in goals] == [3, None, None]


def test_what_carries_over_is_the_newest_that_was_stated_and_never_a_measurement() -> None:
    carried = carried_over(
        [
            session(1, regions=("abdomen",), garment_hours=22, pain_after=3, sleep=4),
            session(2, techniques=("mld",), patient_quote="Better", swelling_grade=2),
            session(
                3,
                regions=("flanks",),
                home_care="Breathing",
                girths=[{"site": "abdomen", "cm": 92}],
            ),
        ]
    )
    assert carried == SessionFields(regions=("flanks",), techniques=("mld",), garment_hours=22)
    assert carried_over([]) == SessionFields()
