"""A clinic whose bot may also run as a process of its own: the clock is shared through a file."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.clock import SharedClock
from bot.demo.clinic import Clinic, open_clinic


@pytest.fixture
def shared_clock(tmp_path: Path) -> Iterator[SharedClock]:
    clock = SharedClock(tmp_path / "clock")
    yield clock
    clock.close()


@pytest.fixture
async def clinic(
    database_url: str, shared_clock: SharedClock, tmp_path: Path
) -> AsyncIterator[Clinic]:
    """A clinic with a bot in this process, which a test may stop to start others."""
    settings = {"CARELOOP_CLOCK_FILE": str(tmp_path / "clock")}
    async with open_clinic(database_url, shared_clock, more_settings=settings) as opened:
        yield opened
