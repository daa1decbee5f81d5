"""Socket Mode with each of slack_sdk's clients, the synchronous ones in threads of their own."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from slack_sdk.socket_mode import SocketModeClient as BuiltinClient
from slack_sdk.socket_mode.aiohttp import SocketModeClient as AiohttpClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.socket_mode.websocket_client import SocketModeClient as WebsocketClientClient
from slack_sdk.socket_mode.websockets import SocketModeClient as WebsocketsClient
from slack_sdk.web import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from tests.sandbox.conftest import Clinic

QUIET = logging.getLogger("tests.socket_mode")
QUIET.setLevel(logging.CRITICAL)


def _sync(kind: Any) -> Callable[[Clinic, Callable[[Any], None]], Any]:
    def make(clinic: Clinic, hear: Callable[[Any], None]) -> Any:
        def listener(client: Any, request: Any) -> None:
            hear(request)
            answer = SocketModeResponse(
                envelope_id=request.envelope_id,
                payload={"text": "Seen"} if request.type == "slash_commands" else None,
            )
            client.send_socket_mode_response(answer)

        client = kind(
            app_token=clinic.app.app_token,
            web_client=WebClient(base_url=f"{clinic.slack.url}/api/"),
            logger=QUIET,
        )
        client.socket_mode_request_listeners.append(listener)
        return client

    return make


def _asynchronous(kind: Any) -> Callable[[Clinic, Callable[[Any], None]], Any]:
    def make(clinic: Clinic, hear: Callable[[Any], None]) -> Any:
        async def listener(client: Any, request: Any) -> None:
            hear(request)
            answer = SocketModeResponse(
                envelope_id=request.envelope_id,
                payload={"text": "Seen"} if request.type == "slash_commands" else None,
            )
            await client.send_socket_mode_response(answer)

        client = kind(
            app_token=clinic.app.app_token,
            web_client=AsyncWebClient(base_url=f"{clinic.slack.url}/api/"),
            logger=QUIET,
        )
        client.socket_mode_request_listeners.append(listener)
        return client

    return make


def _ignore(_: object) -> None:
    """For callbacks that answer nothing."""


CLIENTS = {
    "builtin": _sync(BuiltinClient),
    "websocket_client": _sync(WebsocketClientClient),
    "websockets": _asynchronous(WebsocketsClient),
    "aiohttp": _asynchronous(AiohttpClient),
}


@pytest.fixture(params=sorted(CLIENTS))
async def heard(
    request: pytest.FixtureRequest, clinic: Clinic
) -> AsyncIterator[asyncio.Queue[Any]]:
    """A connected client of each kind; what it is sent comes out of the queue."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Any] = asyncio.Queue()
    client = CLIENTS[request.param](
        clinic, lambda heard: _ignore(loop.call_soon_threadsafe(queue.put_nowait, heard))
    )
    if asyncio.iscoroutinefunction(client.connect):
        await client.connect()
    else:
        await asyncio.to_thread(client.connect)
    await clinic.app.connected()
    yield queue
    if asyncio.iscoroutinefunction(client.close):
        await client.close()
    else:
        await asyncio.to_thread(client.close)


async def test_every_kind_of_client_hears_a_message_and_answers_a_command(
    clinic: Clinic, heard: asyncio.Queue[Any]
) -> None:
    ts = await clinic.ana.posts(clinic.channel, "hello")
    async with asyncio.timeout(5):
        event = await heard.get()
    assert event.type == "events_api"
    assert event.payload["event"]["ts"] == ts
    assert event.accepts_response_payload is False
    await clinic.slack.settled()
    assert [one.ok for one in clinic.slack.record.acknowledgements] == [True]

    outcome = await clinic.ana.runs("/refer", "knee", clinic.channel)
    assert outcome.ok
    assert outcome.text == "Seen"
    assert [message.text for message in clinic.ana.ephemerals(clinic.channel)] == ["Seen"]
    command = await heard.get()
    assert command.type == "slash_commands"
    assert command.accepts_response_payload is True
