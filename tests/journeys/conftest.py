"""A clinic for every story: its people, its Slack, its own database, its own clock."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import MovableClock, SharedClock
from bot.demo.clinic import Clinic
from bot.handlers import answers
from bot.sandbox.delivery import socket_mode, triggers
from bot.store.url import DatabaseKind
from bot.transport import prompt
from tests.conftest import PostgresServer
from tests.founded import Foundings
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


@pytest.fixture(scope="session")
def foundings(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    request: pytest.FixtureRequest,
) -> Iterator[Foundings]:
    def server() -> PostgresServer:
        started: PostgresServer = request.getfixturevalue("postgres")
        return started

    made = Foundings(tmp_path_factory.mktemp("founded"), sqlite_template, server)
    yield made
    made.close()


@pytest.fixture
async def clinic(
    foundings: Foundings,
    database_kind: DatabaseKind,
    clock: MovableClock | SharedClock,
    tmp_path: Path,
) -> AsyncIterator[Clinic]:
    """The clinic at work. Fails the story on any message that nobody expected, and if somebody
    got more than one unasked message on one day that was not urgent."""
    async with foundings.clinic(database_kind, clock, tmp_path) as opened:
        yield opened
        await opened.settled()
        unexpected = [words for someone in opened.everybody for words in someone.unexpected()]
        nudges = unasked(opened)
    assert unexpected == []
    assert too_many(nudges) == []
