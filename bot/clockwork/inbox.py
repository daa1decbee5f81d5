"""The tick that works off what Slack has told."""

from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.boundary import Failed, attempt
from bot.services.inbox import Arrived, Inbox

_log = structlog.get_logger("careloop.inbox")


class InboxTick:
    """Hands each kept event to `handle`, in the order in which they came."""

    def __init__(self, inbox: Inbox, handle: Callable[[Arrived], Awaitable[None]]) -> None:
        self._inbox = inbox
        self._handle = handle
        self._leaving = False

    def leave(self) -> None:
        """Finish the event at hand and begin no other one: the store keeps them."""
        self._leaving = True

    async def __call__(self) -> datetime | None:
        while events := await self._inbox.take():
            for event in events:
                if self._leaving:
                    return None
                done = await attempt(self._handle(event), "event", event_id=event.key)
                if isinstance(done, Failed):
                    # What was begun is rolled back; the event is tried again, later each time.
                    given_up = await self._inbox.put_back(event)
                    _log.warning(
                        "put_back", event_id=event.key, reference=done.reference, given_up=given_up
                    )
        return await self._inbox.next_due()
