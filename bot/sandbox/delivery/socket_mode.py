"""Socket Mode: up to 10 connections an app, each envelope to one of them."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

from aiohttp import WSMsgType, web

from bot.sandbox.delivery.parcel import (
    ACKNOWLEDGE_WITHIN_SECONDS,
    Answer,
    EnvelopeKind,
    Failure,
    Parcel,
)
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.record import Delivery
from bot.sandbox.wire import JsonObject, compact, object_at, parse_object, text_at

MOST_CONNECTIONS = 10
_HOST = "applink-local"
_FLUSH_SECONDS = 1.0


class DisconnectReason(StrEnum):
    """Why Slack says goodbye; see https://docs.slack.dev/apis/events-api/using-socket-mode."""

    WARNING = "warning"
    REFRESH_REQUESTED = "refresh_requested"
    LINK_DISABLED = "link_disabled"
    TOO_MANY = "too_many_websockets"


class ConnectionGone(Exception):
    """The connection went away while an envelope waited on it."""


@dataclass(eq=False)
class Connection:
    """One websocket of an app. Envelopes leave in the order in which they were put in."""

    app_id: str
    socket: web.WebSocketResponse
    transport: asyncio.Transport | None
    outgoing: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    waiting: dict[str, asyncio.Future[JsonObject | None]] = field(default_factory=dict)
    leaving: bool = False

    async def send(self, frame: JsonObject) -> None:
        await self.outgoing.put(compact(frame))

    def ask(self, envelope_id: str, frame: JsonObject) -> asyncio.Future[JsonObject | None]:
        """Send an envelope; the future has what comes back with its acknowledgement."""
        future: asyncio.Future[JsonObject | None] = asyncio.get_running_loop().create_future()
        self.waiting[envelope_id] = future
        self.outgoing.put_nowait(compact(frame))
        return future

    def acknowledged(self, frame: JsonObject) -> None:
        future = self.waiting.pop(text_at(frame, "envelope_id"), None)
        if future is not None and not future.done():
            payload = frame.get("payload")
            future.set_result(payload if isinstance(payload, dict) else None)

    def give_up(self) -> None:
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(ConnectionGone())
        self.waiting.clear()

    async def pump(self) -> None:
        """Write what is put in, until the socket closes."""
        while True:
            text = await self.outgoing.get()
            try:
                await self.socket.send_str(text)
            finally:
                self.outgoing.task_done()

    async def close(self) -> None:
        """Close once everything put in before is on its way, or after a second."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_FLUSH_SECONDS):
                await self.outgoing.join()
        await self.socket.close()


class SocketMode:
    """The websocket side of all apps."""

    def __init__(self) -> None:
        self._tickets: dict[str, str] = {}
        self._connections: dict[str, list[Connection]] = {}
        self._turn = 0
        self._changed = asyncio.Event()

    def ticket(self, app_id: str) -> str:
        """A ticket for one connection, as in the address from apps.connections.open."""
        ticket = secrets.token_hex(18)
        self._tickets[ticket] = app_id
        return ticket

    def connections(self, app_id: str) -> list[Connection]:
        return [one for one in self._connections.get(app_id, []) if not one.leaving]

    async def wait_for_connections(self, app_id: str, count: int) -> None:
        """Return once at least (or, for 0, exactly) that many connections are up."""
        while True:
            now = len(self.connections(app_id))
            if now >= count and (count > 0 or now == 0):
                return
            self._changed.clear()
            await self._changed.wait()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection open."""
        app_id = self._tickets.pop(request.query.get("ticket", ""), None)
        if app_id is None:
            raise SlackRefuses("invalid_auth")
        socket = web.WebSocketResponse(autoping=True, max_msg_size=4 * 1024 * 1024)
        await socket.prepare(request)
        connection = Connection(app_id, socket, request.transport)
        if len(self.connections(app_id)) >= MOST_CONNECTIONS:
            await socket.send_str(compact(_goodbye(DisconnectReason.TOO_MANY)))
            await socket.close()
            return socket
        self._connections.setdefault(app_id, []).append(connection)
        await connection.send(self._hello(app_id))
        pump = asyncio.create_task(connection.pump())
        self._changed.set()
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._hear(connection, message.data)
        finally:
            pump.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await pump
            self._connections[app_id].remove(connection)
            connection.give_up()
            self._changed.set()
        return socket

    def _hello(self, app_id: str) -> JsonObject:
        return {
            "type": "hello",
            "num_connections": len(self.connections(app_id)),
            "debug_info": {
                "host": _HOST,
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": app_id},
        }

    @staticmethod
    def _hear(connection: Connection, text: str) -> None:
        frame = parse_object(text)
        if frame is not None:
            connection.acknowledged(frame)

    async def deliver(self, parcel: Parcel, delivery: Delivery) -> Answer:
        """Send to one of the live connections, in turn."""
        live = self.connections(parcel.app_id)
        if not live:
            return Answer(Failure.NO_CONNECTION)
        self._turn += 1
        connection = live[self._turn % len(live)]
        acknowledgement = connection.ask(delivery.id, _envelope(parcel, delivery.id))
        try:
            async with asyncio.timeout(ACKNOWLEDGE_WITHIN_SECONDS):
                body = await acknowledgement
        except TimeoutError:
            connection.waiting.pop(delivery.id, None)
            return Answer(Failure.TIMEOUT)
        except ConnectionGone:
            return Answer(Failure.UNREACHABLE)
        return Answer(body=body)

    async def say_goodbye(self, app_id: str, reason: DisconnectReason, *, close: bool) -> None:
        """Send `disconnect` to every connection of the app; those leaving get nothing more."""
        for connection in self.connections(app_id):
            await connection.send(_goodbye(reason))
            if reason is not DisconnectReason.WARNING:
                connection.leaving = True
        if close:
            await self.drop(app_id)
        self._changed.set()

    async def drop(self, app_id: str) -> None:
        """Close the app's connections without a word."""
        for connection in tuple(self._connections.get(app_id, [])):
            await connection.close()

    def cut(self, app_id: str) -> None:
        """Tear the app's connections off below the websocket."""
        for connection in tuple(self._connections.get(app_id, [])):
            if connection.transport is not None:
                connection.transport.abort()

    def abort_all(self) -> None:
        """Tear off every connection: the workspace behind them is another one."""
        for app_id in tuple(self._connections):
            self.cut(app_id)

    async def stop(self) -> None:
        for app_id in tuple(self._connections):
            await self.drop(app_id)


def new_envelope_id() -> str:
    return str(uuid.uuid4())


def _goodbye(reason: DisconnectReason) -> JsonObject:
    return {"type": "disconnect", "reason": reason.value, "debug_info": {"host": _HOST}}


def _envelope(parcel: Parcel, envelope_id: str) -> JsonObject:
    frame: JsonObject = {
        "envelope_id": envelope_id,
        "payload": parcel.payload,
        "type": parcel.kind.value,
        "accepts_response_payload": _accepts_payload(parcel),
    }
    if parcel.kind is EnvelopeKind.EVENTS:
        frame["retry_attempt"] = parcel.attempt
        frame["retry_reason"] = _socket_reason(parcel.retry_reason)
    return frame


def _accepts_payload(parcel: Parcel) -> bool:
    if parcel.kind is EnvelopeKind.COMMANDS:
        return True
    wants = {"view_submission", "block_suggestion"}
    return parcel.kind is EnvelopeKind.INTERACTIVE and bool(
        text_at(parcel.payload, "type") in wants or object_at(parcel.payload, "view")
    )


def _socket_reason(reason: str) -> str:
    return {Failure.TIMEOUT.value: "timeout"}.get(reason, reason)
