"""Trigger ids: an app may open a modal with one within 3 seconds, once.

They age in real time, also when the workspace's clock is moved or stands still.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state.workspace import Workspace

TRIGGER_LIFE_SECONDS = 3.0
_KEPT = 5000


@dataclass
class Trigger:
    app_id: str
    user: str
    born: float
    exchanged: bool = False


@dataclass
class Triggers:
    """The trigger ids that were handed out."""

    monotonic: Callable[[], float] = time.monotonic
    _known: dict[str, Trigger] = field(default_factory=dict)

    def give(self, workspace: Workspace, app_id: str, user: str) -> str:
        number = int(workspace.next_id("")[1:], 36)
        trigger_id = f"{number}.{abs(hash(workspace.team.id)) % 10**10}.{number * 7919:032x}"
        self._known[trigger_id] = Trigger(app_id, user, self.monotonic())
        while len(self._known) > _KEPT:
            del self._known[next(iter(self._known))]
        return trigger_id

    def exchange(self, trigger_id: str, app_id: str) -> str:
        """The user who gave this trigger to this app."""
        trigger = self._known.get(trigger_id)
        if trigger is None or trigger.app_id != app_id:
            raise SlackRefuses("invalid_trigger_id")
        if trigger.exchanged:
            raise SlackRefuses("trigger_exchanged")
        if self.monotonic() - trigger.born > TRIGGER_LIFE_SECONDS:
            raise SlackRefuses("expired_trigger_id")
        trigger.exchanged = True
        return trigger.user
