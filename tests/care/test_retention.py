"""What the rule of retention says of a record, on any day."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.care.erasing import Fate, RecordAge, fate_of, goes_at, last_of

CLOSED = datetime(2020, 3, 1, 12, 0, tzinfo=UTC)
MOMENTS = st.integers(0, 45 * 365 * 24).map(
    lambda hours: datetime(2015, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
)


def test_a_record_goes_so_many_calendar_years_after_it_was_closed() -> None:
    record = RecordAge(CLOSED, is_held=False)
    assert fate_of(record, 6, datetime(2026, 3, 1, 11, 59, tzinfo=UTC)) is Fate.KEPT
    assert fate_of(record, 6, datetime(2026, 3, 1, 12, 0, tzinfo=UTC)) is Fate.GOES


def test_a_hold_keeps_what_is_old_enough() -> None:
    assert fate_of(RecordAge(CLOSED, is_held=True), 6, datetime(2030, 1, 1, tzinfo=UTC)) is (
        Fate.HELD
    )


def test_an_open_case_keeps_the_whole_record() -> None:
    assert last_of([CLOSED, None]) is None
    assert last_of([]) is None
    assert last_of([CLOSED, CLOSED + timedelta(days=9)]) == CLOSED + timedelta(days=9)
    record = RecordAge(last_of([CLOSED, None]), is_held=False)
    assert fate_of(record, 1, datetime(2050, 1, 1, tzinfo=UTC)) is Fate.OPEN


def test_what_was_closed_on_a_leap_day_is_kept_no_day_too_short() -> None:
    leap = datetime(2024, 2, 29, 9, 0, tzinfo=UTC)
    assert goes_at(leap, 6) == datetime(2030, 3, 1, 9, 0, tzinfo=UTC)
    assert goes_at(leap, 4) == datetime(2028, 2, 29, 9, 0, tzinfo=UTC)


@given(closed=MOMENTS, now=MOMENTS, years=st.integers(1, 30), held=st.booleans())
def test_nothing_goes_early_and_nothing_held_goes_at_all(
    closed: datetime, now: datetime, years: int, held: bool
) -> None:
    fate = fate_of(RecordAge(closed, held), years, now)
    if held or now - closed < timedelta(days=365 * years):
        assert fate is not Fate.GOES
    if now - closed > timedelta(days=366 * years + 1):
        assert fate is (Fate.HELD if held else Fate.GOES)
