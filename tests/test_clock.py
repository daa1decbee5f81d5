"""The clock can be moved, and who waits for a time wakes when it comes."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest

from bot.clock import Clock, MovableClock, SharedClock, SystemClock, TurnedBack

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[tuple[SharedClock, SharedClock]]:
    """Two clocks on one file, as two processes hold them."""
    mine, theirs = SharedClock(tmp_path / "clock"), SharedClock(tmp_path / "clock")
    yield mine, theirs
    mine.close()
    theirs.close()


def test_every_clock_tells_an_aware_utc_time(shared: tuple[SharedClock, SharedClock]) -> None:
    clocks: list[Clock] = [SystemClock(), MovableClock(), *shared]
    for clock in clocks:
        assert clock.now().tzinfo is UTC
        assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_frozen_clock_stands_still_until_it_is_moved() -> None:
    clock = MovableClock(NOON, ticking=False)
    assert clock.now() == clock.now() == NOON
    clock.advance(HOUR)
    assert clock.now() == NOON + HOUR
    clock.set(NOON + 2 * HOUR)
    assert clock.now() == NOON + 2 * HOUR


def test_a_ticking_clock_runs_on_from_its_start() -> None:
    clock = MovableClock(NOON)
    first = clock.now()
    while clock.now() == first:
        pass
    assert NOON <= first < clock.now() < NOON + timedelta(minutes=1)


@pytest.mark.parametrize("by", [timedelta(microseconds=-1), -HOUR])
def test_no_clock_is_turned_back(by: timedelta, shared: tuple[SharedClock, SharedClock]) -> None:
    for clock in (MovableClock(NOON, ticking=False), shared[0]):
        with pytest.raises(TurnedBack):
            clock.advance(by)


def test_a_time_without_its_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        MovableClock(datetime(2026, 3, 2))  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        MovableClock(NOON).set(datetime(2026, 3, 2))  # noqa: DTZ001


async def test_a_sleeper_wakes_when_the_clock_is_moved_past_its_time() -> None:
    clock = MovableClock(NOON, ticking=False)
    sleeper = asyncio.create_task(clock.sleep_until(NOON + HOUR))
    await asyncio.sleep(0)
    clock.advance(timedelta(minutes=59))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not sleeper.done()
    clock.advance(timedelta(minutes=1))
    await asyncio.wait_for(sleeper, 1)
    assert clock.now() == NOON + HOUR


@pytest.mark.parametrize("clock", [SystemClock(), MovableClock(NOON)])
async def test_a_sleeper_wakes_by_itself_at_its_time(clock: Clock) -> None:
    when = clock.now() + timedelta(milliseconds=30)
    await asyncio.wait_for(clock.sleep_until(when), 5)
    assert clock.now() >= when


async def test_a_time_that_has_passed_is_not_waited_for() -> None:
    await asyncio.wait_for(MovableClock(NOON, ticking=False).sleep_until(NOON), 1)


def test_a_subscriber_hears_of_each_move_until_it_leaves() -> None:
    clock, heard = MovableClock(NOON, ticking=False), list[datetime]()
    leave = clock.subscribe(lambda: heard.append(clock.now()))
    clock.advance(HOUR)
    clock.advance(HOUR)
    leave()
    clock.advance(HOUR)
    assert heard == [NOON + HOUR, NOON + 2 * HOUR]


async def test_what_one_process_moves_the_others_see_within_fifty_milliseconds(
    shared: tuple[SharedClock, SharedClock],
) -> None:
    mine, theirs = shared
    sleeper = asyncio.create_task(theirs.sleep_until(theirs.now() + HOUR))
    heard = asyncio.Event()
    theirs.subscribe(heard.set)
    await asyncio.sleep(0)
    began = monotonic()
    mine.advance(2 * HOUR)
    assert abs(theirs.now() - mine.now()) < timedelta(seconds=1)
    await asyncio.wait_for(asyncio.gather(sleeper, heard.wait()), 5)
    assert monotonic() - began < 0.5  # 0.05 promised; a busy test machine gets more


def test_a_clock_moved_by_another_process_has_moved_here(tmp_path: Path) -> None:
    here = SharedClock(tmp_path / "clock")
    script = (
        "import sys; from datetime import timedelta; from bot.clock import SharedClock\n"
        "for _ in range(50): SharedClock(sys.argv[1]).advance(timedelta(hours=1))"
    )
    others = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path / "clock")]) for _ in range(2)
    ]
    assert [other.wait() for other in others] == [0, 0]
    assert abs(here.now() - datetime.now(UTC) - 100 * HOUR) < timedelta(minutes=1)
    here.close()


def test_a_file_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear colleague, ...")
    with pytest.raises(ValueError, match=r"letter\.txt is not a clock file"):
        SharedClock(letter)
    assert letter.read_text() == "Dear colleague, ..."
