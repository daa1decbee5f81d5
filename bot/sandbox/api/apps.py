"""apps.connections.open: the way into Socket Mode."""

from __future__ import annotations

from bot.sandbox.api.method import Call, Method, NoArguments, Tier, Token
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state.model import AppMode
from bot.sandbox.wire import JsonObject


def open_connection(call: Call, args: NoArguments) -> JsonObject:
    if call.app.mode is not AppMode.SOCKET:
        raise SlackRefuses("forbidden_team")
    ticket = call.sockets.ticket(call.app.id)
    base = call.workspace.base_url.replace("http://", "ws://", 1)
    return {"url": f"{base}/link/?ticket={ticket}&app_id={call.app.id}"}


METHODS = (Method("apps.connections.open", NoArguments, open_connection, (), Tier.ONE, Token.APP),)
