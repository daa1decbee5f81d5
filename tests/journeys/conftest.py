"""A clinic for every story: its people, its Slack, its own database, its own clock."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from bot.clock import MovableClock
from bot.demo.clinic import Clinic, open_clinic
from bot.handlers import answers
from bot.sandbox.delivery import socket_mode, triggers
from bot.transport import prompt
from tests.journeys.nudges import too_many, unasked


@pytest.fixture(autouse=True)
def _time_for_a_busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack waits 3 seconds for an answer, which tests of their own hold the bot and the local
    Slack to. A story is about what is answered, also on a machine that has no time."""
    monkeypatch.setattr(socket_mode, "ACKNOWLEDGE_WITHIN_SECONDS", 45.0)
    monkeypatch.setattr(triggers, "TRIGGER_LIFE_SECONDS", 45.0)
    monkeypatch.setattr(answers, "PATIENCE", 40.0)
    monkeypatch.setattr(prompt, "ACKNOWLEDGE_WITHIN", 45.0)


@pytest.fixture
def clock() -> MovableClock:
    """Monday, 23 November 2026, 9:30 in New York."""
    return MovableClock(datetime(2026, 11, 23, 14, 30, tzinfo=UTC))


@pytest.fixture
async def clinic(database_url: str, clock: MovableClock) -> AsyncIterator[Clinic]:
    """The clinic at work. Fails the story on any message that nobody expected, and if somebody
    got more than one unasked message on one day that was not urgent."""
    async with open_clinic(database_url, clock) as opened:
        yield opened
        await opened.settled()
        unexpected = [words for someone in opened.everybody for words in someone.unexpected()]
        nudges = unasked(opened)
    assert unexpected == []
    assert too_many(nudges) == []
