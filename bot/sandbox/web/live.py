"""`/_sandbox/live`: the websocket of an open page."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.sandbox.people import sight
from bot.sandbox.people.feed import Feeds
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.web.clock import ClockBar
from bot.sandbox.wire import JsonObject, compact


@dataclass
class LivePages:
    workspace: Workspace
    feeds: Feeds
    clock: ClockBar
    _open: set[web.WebSocketResponse] = field(default_factory=set)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        user = request.query.get("as", "")
        if user not in self.workspace.state.users:
            return web.json_response({"ok": False, "error": "user_not_found"}, status=404)
        socket = web.WebSocketResponse(heartbeat=20, max_msg_size=64 * 1024)
        await socket.prepare(request)
        outgoing: asyncio.Queue[JsonObject] = asyncio.Queue()
        outgoing.put_nowait(sight.snapshot(self.workspace, user, self.clock.shown()))
        leave = self.feeds.add(user, outgoing.put_nowait)
        pump = asyncio.create_task(self._pump(socket, outgoing, user))
        self._open.add(socket)
        try:
            async for message in socket:
                if message.type is WSMsgType.ERROR:
                    break
        finally:
            self._open.discard(socket)
            leave()
            pump.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await pump
        return socket

    async def _pump(
        self, socket: web.WebSocketResponse, outgoing: asyncio.Queue[JsonObject], user: str
    ) -> None:
        while True:
            frame = await outgoing.get()
            await socket.send_str(compact(frame))
            if frame.get("type") == "reload" and user in self.workspace.state.users:
                again = sight.snapshot(self.workspace, user, self.clock.shown())
                await socket.send_str(compact(again))

    def clock_moved(self) -> None:
        self.feeds.push_all({"type": "clock", "clock": self.clock.shown()})

    async def stop(self) -> None:
        for socket in tuple(self._open):
            await socket.close()
