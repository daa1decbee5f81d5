"""When somebody is asked, when not, and in which order: every guard alone."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.care.checkins import (
    FRESH,
    Answer,
    Asked,
    CheckInKind,
    Guard,
    Need,
    answers_to,
    guards,
    halves_reached,
    in_order,
    is_carried_along,
    is_for_the_week,
    next_ask,
    starts_anew,
)
from bot.care.people import Role
from bot.care.referral import ReferralState, Step
from bot.care.rhythm import CHOICES, CaseRhythm, Every
from bot.care.working_time import Away, Weekday, WorkingHours

NEW_YORK = ZoneInfo("America/New_York")
USUAL = WorkingHours(NEW_YORK)
MORNING = datetime(2026, 11, 24, 9, tzinfo=NEW_YORK).astimezone(UTC)  # a Tuesday
STEP = Asked(CheckInKind.STEP, MORNING - timedelta(hours=16), ReferralState.IN_PROGRESS)
WEEKLY = Asked(CheckInKind.WEEKLY, MORNING - timedelta(hours=1), ReferralState.IN_PROGRESS)
TODAY = date(2026, 11, 24)


def test_what_is_due_is_asked_at_the_start_of_the_working_day() -> None:
    assert guards(STEP, USUAL, MORNING) == frozenset()
    assert guards(WEEKLY, USUAL, MORNING) == frozenset()


@pytest.mark.parametrize(
    ("guard", "asked", "hours", "now"),
    [
        (Guard.NOT_DUE, replace(STEP, due=MORNING + timedelta(hours=1)), USUAL, MORNING),
        (Guard.QUIET_HOURS, STEP, USUAL, MORNING - timedelta(minutes=1)),
        (Guard.QUIET_HOURS, STEP, USUAL, MORNING + timedelta(hours=8)),
        (Guard.QUIET_HOURS, STEP, replace(USUAL, days=frozenset({Weekday.MONDAY})), MORNING),
        (Guard.QUIET_HOURS, STEP, replace(USUAL, digest=time(10)), MORNING),
        (
            Guard.QUIET_HOURS,
            replace(STEP, due=MORNING + timedelta(hours=2)),
            USUAL,
            MORNING + timedelta(hours=3),
        ),
        (Guard.AWAY, STEP, replace(USUAL, away=(Away(TODAY, TODAY),)), MORNING),
        (Guard.PAUSED, STEP, replace(USUAL, paused_until=date(2026, 11, 25)), MORNING),
        (Guard.ON_HOLD, replace(WEEKLY, state=ReferralState.ON_HOLD), USUAL, MORNING),
        (
            Guard.FRESH_UPDATE,
            replace(STEP, last_word=MORNING - timedelta(hours=20)),
            USUAL,
            MORNING,
        ),
        (
            Guard.FRESH_UPDATE,
            replace(WEEKLY, last_word=MORNING - timedelta(days=5)),
            USUAL,
            MORNING,
        ),
        (
            Guard.SNOOZED,
            replace(STEP, snoozed_until=MORNING + timedelta(days=1)),
            USUAL,
            MORNING,
        ),
        (
            Guard.ALREADY_TOLD,
            replace(STEP, told=1, told_at=MORNING - timedelta(days=1)),
            USUAL,
            MORNING,
        ),
        (
            Guard.ALREADY_TOLD,
            replace(STEP, told=2, told_at=MORNING - timedelta(days=9)),
            USUAL,
            MORNING,
        ),
    ],
)
def test_each_guard_alone_keeps_it_back(
    guard: Guard, asked: Asked, hours: WorkingHours, now: datetime
) -> None:
    assert guards(asked, hours, now) == {guard}


@pytest.mark.parametrize(
    ("asked", "hours"),
    [
        (replace(STEP, state=ReferralState.ON_HOLD), USUAL),  # a hold itself is asked about
        (replace(STEP, last_word=MORNING - FRESH), USUAL),
        (replace(WEEKLY, last_word=MORNING - timedelta(days=7)), USUAL),
        (replace(STEP, snoozed_until=MORNING), USUAL),
        (replace(STEP, told=1, told_at=MORNING - timedelta(days=4)), USUAL),  # last Friday
        (STEP, replace(USUAL, away=(Away(date(2026, 11, 25), date(2026, 11, 30)),))),
        (STEP, replace(USUAL, paused_until=TODAY)),
    ],
)
def test_a_guard_that_is_over_keeps_nothing_back(asked: Asked, hours: WorkingHours) -> None:
    assert guards(asked, hours, MORNING) == frozenset()


def test_it_is_asked_twice_two_working_days_apart_and_then_never_again() -> None:
    friday = datetime(2026, 11, 27, 9, tzinfo=NEW_YORK)
    once = replace(STEP, told=1, told_at=friday)
    assert next_ask(once, USUAL, friday) == datetime(2026, 12, 1, 9, tzinfo=NEW_YORK)
    assert next_ask(replace(once, told=2), USUAL, friday) is None
    # What was put off is asked as if for the first time.
    later = replace(STEP, snoozed_until=datetime(2026, 12, 4, tzinfo=NEW_YORK))
    assert next_ask(later, USUAL, friday) == datetime(2026, 12, 4, 9, tzinfo=NEW_YORK)


def test_over_a_change_of_clocks_it_is_asked_at_the_same_hour() -> None:
    due = datetime(2027, 3, 12, 17, tzinfo=NEW_YORK)  # clocks go forward on Sunday, the 14th
    asked = replace(STEP, due=due)
    assert next_ask(asked, USUAL, due) == datetime(2027, 3, 15, 13, tzinfo=UTC)
    due = datetime(2026, 10, 30, 17, tzinfo=NEW_YORK)  # and back on Sunday, November 1st
    assert next_ask(replace(STEP, due=due), USUAL, due) == datetime(2026, 11, 2, 14, tzinfo=UTC)


def test_a_leap_day_is_a_morning_as_any_other() -> None:
    due = datetime(2028, 2, 28, 17, tzinfo=NEW_YORK)
    asked = replace(STEP, due=due)
    assert next_ask(asked, USUAL, due) == datetime(2028, 2, 29, 9, tzinfo=NEW_YORK)


def test_whoever_moves_to_another_time_zone_is_asked_in_their_new_morning() -> None:
    moved = replace(USUAL, zone=ZoneInfo("America/Los_Angeles"))
    found = next_ask(STEP, moved, MORNING)
    assert found == datetime(2026, 11, 24, 9, tzinfo=ZoneInfo("America/Los_Angeles"))


def test_what_came_due_while_the_bot_was_away_is_asked_at_once_but_never_at_night() -> None:
    noon = MORNING + timedelta(hours=3)
    assert next_ask(STEP, USUAL, noon) == noon
    night = MORNING + timedelta(hours=13)
    assert next_ask(STEP, USUAL, night) == MORNING + timedelta(days=1)


def test_whoever_writes_in_a_case_starts_the_week_anew() -> None:
    wrote = MORNING - timedelta(days=2)
    assert starts_anew(replace(WEEKLY, last_word=wrote)) == wrote + timedelta(days=7)
    assert starts_anew(replace(WEEKLY, last_word=wrote, every=Every.FOUR_WEEKS)) == (
        wrote + timedelta(days=28)
    )
    assert starts_anew(replace(WEEKLY, last_word=MORNING - timedelta(days=8))) is None
    assert starts_anew(replace(STEP, last_word=wrote)) is None


def test_what_was_told_goes_along_with_what_is_new_unless_it_rests() -> None:
    told = replace(STEP, told=2, told_at=MORNING - timedelta(days=5))
    assert is_carried_along(told, MORNING)
    assert not is_carried_along(replace(told, snoozed_until=MORNING + timedelta(1)), MORNING)
    assert not is_carried_along(STEP, MORNING)


def test_a_week_lists_what_was_asked_in_vain_or_could_not_be_asked() -> None:
    friday_evening = datetime(2026, 11, 27, 17, tzinfo=NEW_YORK)
    monday = datetime(2026, 11, 30, 9, tzinfo=NEW_YORK)
    assert not is_for_the_week(friday_evening, None, monday)
    assert not is_for_the_week(friday_evening, monday, monday)
    thursday = monday - timedelta(days=4)
    assert is_for_the_week(thursday, thursday, monday)
    assert is_for_the_week(thursday, None, monday)


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(tzinfo=UTC)
)


@settings(max_examples=200, deadline=None)
@given(
    kind=st.sampled_from(CheckInKind),
    now=MOMENTS,
    due=MOMENTS,
    told=st.integers(0, 3),
    told_at=MOMENTS,
    snoozed=st.none() | MOMENTS,
    word=st.none() | MOMENTS,
    zone=st.sampled_from(["America/New_York", "Asia/Kolkata", "Pacific/Apia"]),
    region=st.sampled_from(["", "US"]),
    hour=st.none() | st.just(time(15, 30)),
    leave=st.dates(date(2026, 1, 1), date(2028, 12, 1)),
)
def test_at_the_next_ask_no_guard_holds_and_one_held_until_then(
    kind: CheckInKind,
    now: datetime,
    due: datetime,
    told: int,
    told_at: datetime,
    snoozed: datetime | None,
    word: datetime | None,
    zone: str,
    region: str,
    hour: time | None,
    leave: date,
) -> None:
    hours = WorkingHours(
        ZoneInfo(zone), region=region, digest=hour, away=(Away(leave, leave + timedelta(20)),)
    )
    asked = Asked(
        kind,
        due,
        ReferralState.IN_PROGRESS,
        told=told,
        told_at=told_at if told else None,
        snoozed_until=snoozed,
        last_word=word,
    )
    found = next_ask(asked, hours, now)
    if found is None:
        assert told >= 2
        return
    assert found >= now
    assert guards(asked, hours, found) == frozenset()
    if found > now:
        assert guards(asked, hours, now)


@pytest.mark.parametrize(
    ("given", "planned", "halves"),
    [
        (0, 10, ()),
        (4, 10, ()),
        (5, 10, (1,)),
        (9, 10, (1,)),
        (10, 10, (1, 2)),
        (2, 5, ()),
        (3, 5, (1,)),
        (0, 1, ()),
        (1, 1, (2,)),
        (12, 10, (1, 2)),
    ],
)
def test_both_look_at_the_plan_after_each_half(
    given: int, planned: int, halves: tuple[int, ...]
) -> None:
    assert halves_reached(given, planned) == halves


def test_a_digest_begins_with_what_somebody_waits_for() -> None:
    old, new = MORNING - timedelta(days=9), MORNING - timedelta(days=1)
    needs = [
        (Need(CheckInKind.WEEKLY, old), "weekly"),
        (Need(CheckInKind.STEP, new, Step.NEXT_UPDATE), "session"),
        (Need(CheckInKind.STEP, old, Step.NEXT_UPDATE), "older session"),
        (Need(CheckInKind.STEP, new, Step.CLEAR_HOLD), "hold"),
        (Need(CheckInKind.PLAN, old), "plan"),
        (Need(CheckInKind.WEEKLY, new, has_concern=True), "worry"),
        (Need(CheckInKind.SILENT, old), "silence"),
    ]
    assert in_order(needs) == [
        "worry",
        "hold",
        "older session",
        "session",
        "silence",
        "plan",
        "weekly",
    ]


def test_a_rhythm_is_the_cases_else_ones_own_else_the_usual_one() -> None:
    assert CaseRhythm().of(Role.SURGEON, None) is Every.WEEK
    assert CaseRhythm().of(Role.SURGEON, Every.NEVER) is Every.NEVER
    assert CaseRhythm(surgeon=Every.FOUR_WEEKS).of(Role.SURGEON, Every.NEVER) is Every.FOUR_WEEKS
    assert CaseRhythm().of(Role.THERAPIST, None) is Every.SESSION
    assert Every.NEVER not in CHOICES[Role.THERAPIST]


@pytest.mark.parametrize("kind", CheckInKind)
def test_only_a_session_can_be_a_no_show(kind: CheckInKind) -> None:
    is_step = kind is CheckInKind.STEP
    assert (Answer.NO_SHOW in answers_to(kind, Step.NEXT_UPDATE)) == is_step
    assert Answer.NO_SHOW not in answers_to(kind, Step.CLEAR_HOLD)


def test_what_is_as_urgent_goes_by_the_case_and_not_by_chance() -> None:
    needs = [Need(CheckInKind.STEP, MORNING, case_code=code) for code in ("K7", "A3", "M9")]
    for names in (["z", "y", "x"], ["x", "y", "z"]):
        listed = in_order(zip(needs, names, strict=True))
        assert listed == [names[1], names[0], names[2]]
