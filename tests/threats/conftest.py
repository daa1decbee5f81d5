"""A clinic at work, and somebody who sends its bot what Slack never would."""

import pytest

from bot.handlers import answers
from bot.sandbox.delivery import http_mode, socket_mode, triggers


@pytest.fixture(autouse=True)
def _time_for_a_busy_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked here is what the bot does, not how soon."""
    monkeypatch.setattr(http_mode, "ACKNOWLEDGE_WITHIN_SECONDS", 45.0)
    monkeypatch.setattr(socket_mode, "ACKNOWLEDGE_WITHIN_SECONDS", 45.0)
    monkeypatch.setattr(triggers, "TRIGGER_LIFE_SECONDS", 45.0)
    monkeypatch.setattr(answers, "PATIENCE", 40.0)
