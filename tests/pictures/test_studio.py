"""Drawing off the event loop: in a process of its own, which may fail without harm."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from multiprocessing import Pipe
from pathlib import Path

import pytest

from bot.pictures.studio import DrawingFailed, Kind, Studio
from bot.pictures.worker import work
from tests.care.treatments import forty, session, three
from tests.pictures.samples import shown

THREE = shown(three())


def is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def until_gone(process: int) -> None:
    """Until the system has forgotten a process, of which it tells nobody but its parent."""
    until = time.monotonic() + 30
    while is_running(process):
        assert time.monotonic() < until, "it is still there"
        time.sleep(0.01)


@pytest.fixture
async def studio() -> AsyncIterator[Studio]:
    opened = Studio()
    yield opened
    process = opened.process_id
    await opened.close()
    assert opened.process_id is None
    assert process is None or not is_running(process)


async def test_it_draws_pictures_and_documents(studio: Studio) -> None:
    assert (await studio.draw(Kind.TREND, THREE)).startswith(b"\x89PNG")
    assert (await studio.draw(Kind.REPORT, THREE)).startswith(b"%PDF")


async def test_the_event_loop_goes_on_meanwhile(studio: Studio) -> None:
    drawing = asyncio.create_task(studio.draw(Kind.REPORT, shown(forty())))
    turns = 0
    while not drawing.done():
        await asyncio.sleep(0.005)
        turns += 1
    assert (await drawing).startswith(b"%PDF")
    assert turns >= 20


async def test_what_can_not_be_drawn_is_told_without_its_contents(studio: Studio) -> None:
    nothing = shown([session(1, patient_quote="quixotic")])
    with pytest.raises(DrawingFailed) as failed:
        await studio.draw(Kind.TREND, nothing)
    assert failed.value.reason.startswith("ValueError at trend.py:")
    assert (await studio.draw(Kind.TREND, THREE)).startswith(b"\x89PNG")


async def test_after_its_process_was_killed_it_draws_again(studio: Studio) -> None:
    await studio.draw(Kind.TREND, THREE)
    assert studio.process_id is not None
    os.kill(studio.process_id, signal.SIGKILL)
    with pytest.raises(DrawingFailed):
        await studio.draw(Kind.TREND, THREE)
    assert (await studio.draw(Kind.TREND, THREE)).startswith(b"\x89PNG")


async def test_a_drawing_that_takes_too_long_is_given_up_and_its_process_ended() -> None:
    impatient = Studio(longest_seconds=0.0)
    with pytest.raises(DrawingFailed):
        await impatient.draw(Kind.TREND, THREE)
    assert impatient.process_id is None


async def test_several_who_ask_at_once_are_all_served(studio: Studio) -> None:
    drawn = await asyncio.gather(*(studio.draw(Kind.TREND, THREE) for _ in range(4)))
    assert len(set(drawn)) == 1


async def test_once_warm_its_process_is_the_one_that_draws(studio: Studio) -> None:
    await studio.warm()
    warmed = studio.process_id
    assert warmed is not None
    await studio.warm()
    assert (await studio.draw(Kind.TREND, THREE)).startswith(b"\x89PNG")
    assert studio.process_id == warmed


async def test_whoever_asks_while_it_is_closed_leaves_no_process_behind() -> None:
    studio = Studio()
    async with asyncio.TaskGroup() as group:
        closing = group.create_task(studio.close())
        group.create_task(studio.warm())
    assert closing.done()
    assert studio.process_id is None
    with pytest.raises(DrawingFailed, match="closed"):
        await studio.draw(Kind.TREND, THREE)
    assert studio.process_id is None


async def test_a_process_that_goes_in_the_moment_in_which_it_would_be_killed_is_no_error() -> None:
    """As on a busy machine: the time to leave is over when the loop hears that it has left."""
    studio = Studio(goodbye_seconds=0)
    await studio.warm()
    process = studio.process_id
    assert process is not None
    os.kill(process, signal.SIGKILL)
    await asyncio.to_thread(until_gone, process)
    for _ in range(10):
        await asyncio.sleep(0)
    await studio.close()
    assert studio.process_id is None


async def test_a_process_that_is_let_go_unheard_ends_without_an_error() -> None:
    ours, theirs = Pipe()
    working = asyncio.create_task(asyncio.to_thread(work, theirs))
    assert await asyncio.to_thread(ours.poll, 60)  # it says that it is ready, and nobody hears it
    ours.close()
    await working


async def test_its_process_loads_nothing_of_the_bot_but_the_drawing(studio: Studio) -> None:
    await studio.warm()
    command = Path(f"/proc/{studio.process_id}/cmdline")
    if not command.exists():
        pytest.skip("this system has no /proc")
    assert b"bot.pictures" in command.read_bytes()
