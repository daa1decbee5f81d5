"""A clinic for every story: its people, its Slack, its own database, its own clock."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import MovableClock, SharedClock
from bot.demo.clinic import Clinic
from bot.demo.people import Case
from bot.handlers import answers
from bot.sandbox.delivery import socket_mode, triggers
from bot.store.url import DatabaseKind
from bot.transport import prompt
from tests.founded import Beginning, Foundings, Opened
from tests.journeys.nudges import too_many, unasked
from tests.journeys.test_the_loop import treatment_under_way


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
def more_settings() -> dict[str, str]:
    """What a story's bot is told beside the usual settings."""
    return {}


@pytest.fixture
async def opened(
    foundings: Foundings,
    database_kind: DatabaseKind,
    clock: MovableClock | SharedClock,
    tmp_path: Path,
    more_settings: dict[str, str],
    request: pytest.FixtureRequest,
) -> AsyncIterator[Opened]:
    begun: Beginning | None = None
    if "case" in request.fixturenames:
        mark = request.node.get_closest_marker("begins")
        begun = mark.args[0] if mark is not None else treatment_under_way
    async with foundings.clinic(
        database_kind, clock, tmp_path, begun, more_settings=more_settings
    ) as opened:
        yield opened


@pytest.fixture
async def clinic(opened: Opened) -> AsyncIterator[Clinic]:
    """The clinic at work. Fails the story on any message that nobody expected, and if somebody
    got more than one unasked message on one day that was not urgent."""
    clinic = opened.clinic
    yield clinic
    await clinic.settled()
    assert [words for someone in clinic.everybody for words in someone.unexpected()] == []
    assert too_many(unasked(clinic)) == []


@pytest.fixture
def case(opened: Opened) -> Case:
    """A case at that clinic: a treatment that is under way, its referral accepted a moment ago;
    or what `@begins(...)` names, which is told once and copied for each story."""
    assert opened.case is not None
    return opened.case
