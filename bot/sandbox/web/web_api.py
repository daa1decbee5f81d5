"""`/api/METHOD`: tokens, faults, pacing, the record; the methods themselves are elsewhere."""

from __future__ import annotations

import asyncio
import base64
import math
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import web

from bot.sandbox.api import METHODS
from bot.sandbox.api.method import Call, Runnable, Token
from bot.sandbox.delivery.socket_mode import SocketMode
from bot.sandbox.delivery.triggers import Triggers
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.faults import Fault, FaultKind, Faults
from bot.sandbox.pacing import Pacing
from bot.sandbox.record import CallMade, Record
from bot.sandbox.state import apps
from bot.sandbox.state.model import App
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.web.reading import arguments_of
from bot.sandbox.wire import JsonObject, text_at

_BY_CHANNEL = ("channel", "channel_id")
_RESET: JsonObject = {"ok": False, "error": "reset"}
_NOT_DONE = frozenset(
    {
        FaultKind.RATE_LIMITED,
        FaultKind.RESET_BEFORE,
        FaultKind.REFUSED,
        FaultKind.SERVER_ERROR,
    }
)


@dataclass
class WebApi:
    workspace: Workspace
    triggers: Triggers
    sockets: SocketMode
    faults: Faults
    pacing: Pacing
    record: Record
    methods: Mapping[str, Runnable] = field(default_factory=lambda: METHODS)
    _late: set[asyncio.Task[None]] = field(default_factory=set)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        started, at = time.monotonic(), self.workspace.now()
        arguments: JsonObject = {}
        app_id, fault, status = "", None, 200
        headers: dict[str, str] = {}
        try:
            arguments = await arguments_of(request)
            token = _token(request, arguments)
            method = self._method(name)
            caller = self._caller(method, token)
            app_id = caller.id if caller else ""
            fault = self.faults.for_call(name, _channel(arguments), app_id)
            wait = self.pacing.wait(method, app_id, _channel(arguments))
            if wait and fault is None:
                fault = Fault(FaultKind.RATE_LIMITED, seconds=wait)
            answer, status, headers = await self._answer(method, caller, arguments, fault, request)
        except SlackRefuses as refusal:
            answer = refusal.answer()
        self.record.add_call(
            CallMade(
                at,
                time.monotonic() - started,
                app_id,
                name,
                {**arguments, "client_secret": "…"} if "client_secret" in arguments else arguments,
                answer,
                status,
                fault.kind.value if fault else "",
            )
        )
        return web.json_response(answer, status=status, headers=headers)

    def _method(self, name: str) -> Runnable:
        method = self.methods.get(name)
        if method is None:
            raise SlackRefuses("unknown_method", extra={"req_method": name})
        return method

    def _caller(self, method: Runnable, token: str) -> App | None:
        if method.token is Token.NONE:
            return None
        if not token:
            raise SlackRefuses("not_authed")
        if method.token is Token.APP:
            if not token.startswith("xapp-"):
                raise SlackRefuses("not_allowed_token_type")
            return apps.by_app_token(self.workspace, token)
        if token.startswith("xapp-"):
            raise SlackRefuses("not_allowed_token_type")
        return apps.by_bot_token(self.workspace, token)

    def call_for(self, caller: App | None) -> Call:
        return Call(self.workspace, self.triggers, self.sockets, caller)

    def _run(self, method: Runnable, caller: App | None, arguments: JsonObject) -> JsonObject:
        try:
            return method.run(self.call_for(caller), arguments)
        except SlackRefuses as refusal:
            return refusal.answer()

    async def _answer(
        self,
        method: Runnable,
        caller: App | None,
        arguments: JsonObject,
        fault: Fault | None,
        request: web.Request,
    ) -> tuple[JsonObject, int, dict[str, str]]:
        headers = {"X-OAuth-Scopes": ",".join(caller.scopes)} if caller else {}
        if method.scopes:
            headers["X-Accepted-OAuth-Scopes"] = ",".join(method.scopes)
        if fault is None:
            return self._run(method, caller, arguments), 200, headers
        if fault.kind in _NOT_DONE:
            return self._spoil(fault, request, headers)
        if fault.kind is FaultKind.LATE_THEN_DONE:
            self._do_later(method, caller, arguments, fault.seconds)
            _reset(request)
            return _RESET, 500, headers
        if fault.kind is FaultKind.SLOW:
            await asyncio.sleep(fault.seconds)
        answer = self._run(method, caller, arguments)
        if fault.kind is FaultKind.ACCEPTED_THEN_SILENT:
            await asyncio.sleep(fault.seconds)
        if fault.kind is not FaultKind.SLOW:
            _reset(request)
        return answer, 200, headers

    @staticmethod
    def _spoil(
        fault: Fault, request: web.Request, headers: dict[str, str]
    ) -> tuple[JsonObject, int, dict[str, str]]:
        """Answers of faults before which nothing is done."""
        if fault.kind is FaultKind.RATE_LIMITED:
            headers["Retry-After"] = str(max(1, math.ceil(fault.seconds)))
            return {"ok": False, "error": "ratelimited"}, 429, headers
        if fault.kind is FaultKind.RESET_BEFORE:
            _reset(request)
            return _RESET, 500, headers
        status = fault.status if fault.kind is FaultKind.SERVER_ERROR else 200
        return {"ok": False, "error": fault.error}, status, headers

    def _do_later(
        self, method: Runnable, caller: App | None, arguments: JsonObject, seconds: float
    ) -> None:
        async def later() -> None:
            await asyncio.sleep(seconds)
            self._run(method, caller, arguments)

        task = asyncio.get_running_loop().create_task(later())
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def stop(self) -> None:
        for task in tuple(self._late):
            task.cancel()
        await asyncio.gather(*self._late, return_exceptions=True)


def _token(request: web.Request, arguments: JsonObject) -> str:
    """The token from its header or, as an argument, out of the arguments."""
    given = arguments.pop("token", None)
    header = request.headers.get("Authorization", "")
    if header.lower().startswith("basic "):
        _add_client(header, arguments)
    if header.lower().startswith("bearer "):
        return header[7:].strip()
    return given if isinstance(given, str) else ""


def _add_client(header: str, arguments: JsonObject) -> None:
    """oauth.v2.access takes the client's id and secret as a user and a password."""
    with suppress(ValueError):  # no base64, or no text in it: as if nothing was given
        login, _, password = base64.b64decode(header[6:]).decode().partition(":")
        arguments.setdefault("client_id", login)
        arguments.setdefault("client_secret", password)


def _channel(arguments: JsonObject) -> str:
    return next((text_at(arguments, key) for key in _BY_CHANNEL if key in arguments), "")


def _reset(request: web.Request) -> None:
    """Abort the connection, so that the client reads a reset instead of an answer."""
    transport = request.transport
    if transport is not None:
        transport.abort()
