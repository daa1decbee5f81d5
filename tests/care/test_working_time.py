"""Working days and hours: a person's own clock, holidays, leave, and every odd day of the year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.care.holidays import holiday, known_region
from bot.care.people import Role
from bot.care.schedule import AwayField, ChosenSchedule, ScheduleField, absence_problems
from bot.care.working_time import MONDAY_TO_FRIDAY, Away, Weekday, WorkingHours

NEW_YORK = ZoneInfo("America/New_York")
USUAL = WorkingHours(NEW_YORK)


def at(zone: ZoneInfo, *moment: int) -> datetime:
    year, month, day, hour, minute = (*moment, 0, 0)[:5]
    return datetime(year, month, day, hour, minute, tzinfo=zone).astimezone(UTC)


def test_the_day_starts_at_the_same_hour_on_both_sides_of_a_change_of_clocks() -> None:
    before, after = date(2026, 3, 6), date(2026, 3, 9)  # clocks go forward on the 8th
    assert USUAL.opening(before) == datetime(2026, 3, 6, 14, tzinfo=UTC)
    assert USUAL.opening(after) == datetime(2026, 3, 9, 13, tzinfo=UTC)
    assert USUAL.next_digest(USUAL.closing(before)) == USUAL.opening(after)

    before, after = date(2026, 10, 30), date(2026, 11, 2)  # and back on November 1st
    assert USUAL.opening(before) == datetime(2026, 10, 30, 13, tzinfo=UTC)
    assert USUAL.opening(after) == datetime(2026, 11, 2, 14, tzinfo=UTC)
    assert USUAL.next_digest(USUAL.closing(before)) == USUAL.opening(after)


def test_an_hour_that_a_change_of_clocks_leaves_out_is_no_trouble() -> None:
    early = WorkingHours(NEW_YORK, time(2, 30), time(10), days=frozenset(Weekday))
    gap = date(2026, 3, 8)
    assert early.opening(gap) == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)  # 3:30 on the new clock
    twice = date(2026, 11, 1)
    late = WorkingHours(NEW_YORK, time(1, 30), time(10), days=frozenset(Weekday))
    assert late.opening(twice) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)  # the first of the two


def test_a_leap_day_is_a_day() -> None:
    assert USUAL.next_digest(USUAL.closing(date(2028, 2, 28))) == USUAL.opening(date(2028, 2, 29))
    since = USUAL.opening(date(2028, 2, 28))
    assert USUAL.after_working_days(since, 2) == USUAL.closing(date(2028, 3, 1))


def test_a_holiday_of_the_region_is_no_working_day_elsewhere_it_is() -> None:
    thanksgiving = date(2026, 11, 26)
    assert holiday("US", thanksgiving) == "Thanksgiving Day"
    american = WorkingHours(NEW_YORK, region="US")
    assert not american.is_working_day(thanksgiving)
    assert WorkingHours(NEW_YORK, region="DE-BY").is_working_day(thanksgiving)
    assert USUAL.is_working_day(thanksgiving)
    wednesday = american.opening(date(2026, 11, 25))
    assert american.after_working_days(wednesday, 1) == american.closing(date(2026, 11, 27))


def test_a_part_of_a_country_has_holidays_of_its_own() -> None:
    assumption = date(2026, 8, 15)
    assert WorkingHours(ZoneInfo("Europe/Berlin"), region="DE-BY", days=frozenset(Weekday))
    assert holiday("DE-SL", assumption)
    assert holiday("DE-BE", assumption) is None


@pytest.mark.parametrize(
    ("typed", "known"),
    [("us", "US"), (" US_ny ", "US-NY"), ("DE-BY", "DE-BY"), ("XX", None), ("US-QQ", None)],
)
def test_a_region_is_taken_as_people_type_it(typed: str, known: str | None) -> None:
    assert known_region(typed) == known


def test_whoever_is_away_has_no_working_day_until_they_are_back() -> None:
    away = Away(date(2026, 11, 23), date(2026, 11, 27), covered_by="p2")
    hours = WorkingHours(NEW_YORK, away=(away,))
    friday_before = hours.closing(date(2026, 11, 20))
    assert hours.next_digest(friday_before) == hours.opening(date(2026, 11, 30))
    assert hours.away_at(hours.opening(date(2026, 11, 25))) == away
    # The last evening still belongs to it, the next midnight does not: on their own clock.
    assert hours.away_at(at(NEW_YORK, 2026, 11, 27, 23, 59)) == away
    assert hours.away_at(at(NEW_YORK, 2026, 11, 28)) is None
    assert hours.as_covered().is_working_day(date(2026, 11, 25))


def test_of_two_absences_the_one_that_somebody_covers_counts() -> None:
    day = date(2026, 11, 25)
    alone, covered = Away(day, day), Away(day, day, "p2")
    assert WorkingHours(NEW_YORK, away=(alone, covered)).away_on(day) == covered


def test_the_same_moment_is_open_here_and_closed_there() -> None:
    noon = at(NEW_YORK, 2026, 11, 24, 12)
    assert USUAL.is_open(noon)
    assert not WorkingHours(ZoneInfo("Asia/Tokyo")).is_open(noon)
    assert WorkingHours(ZoneInfo("America/Los_Angeles")).is_open(noon)


def test_the_first_working_day_of_a_week_comes_after_a_holiday_monday() -> None:
    american = WorkingHours(NEW_YORK, region="US")
    labor_day = date(2026, 9, 7)
    assert not american.first_of_the_week(labor_day)
    assert american.first_of_the_week(labor_day + timedelta(days=1))
    assert not american.first_of_the_week(labor_day + timedelta(days=2))


def test_a_digest_hour_of_ones_own() -> None:
    hours = WorkingHours(NEW_YORK, digest=time(15, 30))
    monday = date(2026, 11, 23)
    assert hours.next_digest(at(NEW_YORK, 2026, 11, 23, 9)) == at(NEW_YORK, 2026, 11, 23, 15, 30)
    assert hours.next_digest(at(NEW_YORK, 2026, 11, 23, 15, 31)) == hours.digest_on(
        monday + timedelta(days=1)
    )


ZONES = st.sampled_from(
    ["America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "America/St_Johns"]
)
DAYS = st.dates(date(2020, 1, 1), date(2036, 1, 1))


@settings(max_examples=150, deadline=None)
@given(
    zone=ZONES,
    moment=st.datetimes(datetime(2020, 1, 1), datetime(2036, 1, 1)),  # noqa: DTZ001
    days=st.frozensets(st.sampled_from(Weekday), min_size=1),
    start=st.integers(0, 22),
    length=st.integers(1, 23),
    region=st.sampled_from(["", "US", "DE-BY"]),
    leave=st.tuples(DAYS, st.integers(0, 60)),
)
def test_the_next_moments_are_working_moments_and_not_in_the_past(
    zone: str,
    moment: datetime,
    days: frozenset[Weekday],
    start: int,
    length: int,
    region: str,
    leave: tuple[date, int],
) -> None:
    away = Away(leave[0], leave[0] + timedelta(days=leave[1]))
    end = time(min(23, start + length), 59)
    hours = WorkingHours(ZoneInfo(zone), time(start), end, days, region, (away,))
    now = moment.replace(tzinfo=UTC)
    for found in (hours.next_digest(now), hours.next_working_moment(now)):
        assert found >= now
        assert hours.is_working_day(hours.day_of(found))
        assert hours.is_open(found)
    # Asked again at that moment, it is that moment: nothing slips on by a day.
    digest = hours.next_digest(now)
    assert hours.next_digest(digest) == digest


def test_what_is_chosen_is_checked_at_its_field() -> None:
    today = date(2026, 11, 23)
    good = ChosenSchedule(MONDAY_TO_FRIDAY, 9 * 60, 17 * 60)
    assert good.problems(today, Role.SURGEON) == {}
    backwards = ChosenSchedule(frozenset(), 17 * 60, 9 * 60, region="Mars", paused_until=today)
    assert set(backwards.problems(today, Role.SURGEON)) == {
        ScheduleField.DAYS,
        ScheduleField.END,
        ScheduleField.REGION,
        ScheduleField.PAUSE,
    }
    evening = ChosenSchedule(MONDAY_TO_FRIDAY, 9 * 60, 17 * 60, digest=17 * 60)
    assert set(evening.problems(today, Role.SURGEON)) == {ScheduleField.DIGEST}


def test_an_absence_has_two_days_in_order_and_not_in_the_past() -> None:
    today = date(2026, 11, 23)
    assert absence_problems(today, today, today) == {}
    assert set(absence_problems(None, today, today)) == {AwayField.FIRST}
    assert set(absence_problems(today - timedelta(days=1), today, today)) == {AwayField.FIRST}
    assert set(absence_problems(today, today - timedelta(days=1), today)) == {AwayField.LAST}
    assert set(absence_problems(today, date(2028, 1, 1), today)) == {AwayField.LAST}
