"""What a page asks for: history, threads, search, Home, and who there is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox import render
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.people import sight
from bot.sandbox.people.person import Person
from bot.sandbox.people.typed import unescape
from bot.sandbox.state.model import Message
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.web.reading import answer
from bot.sandbox.wire import JsonObject

MOST_HISTORY = 500
MOST_FOUND = 100


@dataclass
class Looking:
    workspace: Workspace
    person: Callable[[str], Person]

    async def people(self, request: web.Request) -> web.StreamResponse:
        users = self.workspace.state.users.values()
        return web.json_response([sight.user(self.workspace, one) for one in users])

    async def handle(self, request: web.Request) -> web.StreamResponse:
        looks: dict[str, Callable[[Person, web.Request], JsonObject]] = {
            "history": self._history,
            "thread": self._thread,
            "search": self._search,
            "home": self._home,
        }
        look = looks.get(request.match_info["what"])
        try:
            if look is None:
                raise SlackRefuses("unknown_request")
            person = self.person(request.match_info["user"])
            return answer({"ok": True, **look(person, request)})
        except SlackRefuses as refusal:
            return answer({**refusal.answer(), "message": str(refusal)}, status=404)

    def _shown(self, person: Person, messages: list[Message]) -> JsonObject:
        return {"messages": [sight.message(self.workspace, one, person.id) for one in messages]}

    def _history(self, person: Person, request: web.Request) -> JsonObject:
        channel = person.channel(request.query.get("channel", ""))
        limit = _number(request.query.get("limit"), 50)
        before = request.query.get("before", "")
        end = bisect_left(channel.timeline, before) if before else len(channel.timeline)
        start = max(0, end - limit)
        page = [channel.messages[ts] for ts in channel.timeline[start:end]]
        return {**self._shown(person, page), "has_more": start > 0}

    def _thread(self, person: Person, request: web.Request) -> JsonObject:
        channel_id = request.query.get("channel", "")
        return self._shown(person, person.thread(channel_id, request.query.get("ts", "")))

    def _search(self, person: Person, request: web.Request) -> JsonObject:
        wanted = request.query.get("q", "").casefold().strip()
        if not wanted:
            return {"messages": [], "has_more": False}
        found: list[Message] = []
        for channel in sight.visible_channels(self.workspace, person.id):
            found.extend(
                message
                for message in channel.messages.values()
                if wanted in unescape(message.text).casefold()
            )
        found.sort(key=lambda message: message.ts, reverse=True)
        shown = self._shown(person, found[:MOST_FOUND])
        return {**shown, "has_more": len(found) > MOST_FOUND}

    def _home(self, person: Person, request: web.Request) -> JsonObject:
        view = person.home(request.query.get("app_id", ""))
        return {"view": None if view is None else render.view(self.workspace, view)}


def _number(text: str | None, default: int) -> int:
    return min(int(text), MOST_HISTORY) if text and text.isdigit() else default
