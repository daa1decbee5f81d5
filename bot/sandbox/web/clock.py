"""The clock bar of the page: what time it is, and moving it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from aiohttp import web

from bot.sandbox.clock import SandboxClock
from bot.sandbox.people.sight import iso
from bot.sandbox.web.reading import answer, json_body
from bot.sandbox.wire import JsonObject

NextEvent = Callable[[], Awaitable[datetime | None]]


@dataclass
class ClockBar:
    clock: SandboxClock
    next_event: NextEvent | None

    def shown(self) -> JsonObject:
        return {
            "now": iso(self.clock.now()),
            "movable": True,
            "has_next": self.next_event is not None,
        }

    async def read(self, request: web.Request) -> web.StreamResponse:
        return answer({"ok": True, **self.shown()})

    async def move(self, request: web.Request) -> web.StreamResponse:
        body = await json_body(request)
        due = await self._due(body)
        if due is None:
            return answer({"ok": False, "error": "no_time", "message": "There is no next event."})
        by = due - self.clock.now()
        if by < timedelta():
            text = "The clock only goes forward."
            return answer({"ok": False, "error": "time_in_past", "message": text})
        self.clock.advance(by)
        return answer({"ok": True, **self.shown()})

    async def _due(self, body: JsonObject) -> datetime | None:
        seconds, to = body.get("advance_seconds"), body.get("to")
        if isinstance(seconds, int | float) and not isinstance(seconds, bool):
            return self.clock.now() + timedelta(seconds=seconds)
        if isinstance(to, str):
            try:
                moment = datetime.fromisoformat(to)
            except ValueError:
                return None
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if body.get("next") is True and self.next_event is not None:
            due = await self.next_event()
            return None if due is None else max(due, self.clock.now())
        return None
