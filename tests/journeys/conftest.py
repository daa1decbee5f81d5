"""A clinic for every story: its people, its Slack, its own database, its own clock."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.clock import MovableClock
from bot.demo.clinic import Clinic, open_clinic


@pytest.fixture
def clock() -> MovableClock:
    """Monday, 23 November 2026, 9:30 in New York."""
    return MovableClock(datetime(2026, 11, 23, 14, 30, tzinfo=UTC))


@pytest.fixture
async def clinic(empty_database_url: str, clock: MovableClock) -> AsyncIterator[Clinic]:
    """The clinic at work. Fails the story on any message that nobody expected."""
    async with open_clinic(empty_database_url, clock) as opened:
        yield opened
        await opened.settled()
        unexpected = [words for someone in opened.everybody for words in someone.unexpected()]
    assert unexpected == []
