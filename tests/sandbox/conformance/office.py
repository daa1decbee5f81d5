"""A workspace to be strict in: two people, a channel, an app heard over slack_sdk's own client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.sandbox import InstalledApp, LocalSlack, Person

Blocks = list[dict[str, Any]]


@dataclass(frozen=True)
class Refusal:
    """What Slack said no with."""

    error: str
    messages: list[str]
    body: dict[str, Any]


async def refusal(call: Awaitable[AsyncSlackResponse]) -> Refusal:
    """The refusal of a call; a call that goes well is a failed test."""
    with pytest.raises(SlackApiError) as caught:
        await call
    body = caught.value.response.data
    assert body["ok"] is False
    messages = body.get("response_metadata", {}).get("messages", [])
    return Refusal(body["error"], messages, body)


@dataclass
class Ear:
    """A Socket Mode connection that acknowledges everything and keeps what it was sent."""

    client: SocketModeClient
    heard: asyncio.Queue[SocketModeRequest] = field(default_factory=asyncio.Queue)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def hear(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        answer = self.answers.get(request.payload.get("type", ""))
        await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, answer))
        self.heard.put_nowait(request)

    async def payload(self, kind: str) -> dict[str, Any]:
        """The next payload of this type; what came before it is passed over."""
        async with asyncio.timeout(15):
            while True:
                request = await self.heard.get()
                if request.payload.get("type") == kind:
                    return request.payload


@dataclass
class Office:
    slack: LocalSlack
    app: InstalledApp
    bot: AsyncWebClient
    ana: Person
    lee: Person
    channel: str
    ear: Ear

    async def trigger(self, person: Person | None = None) -> str:
        """A fresh trigger id, as a shortcut gives one."""
        person = person or self.ana
        outcome = await person.uses_shortcut("refer")
        assert outcome.acknowledged
        payload = await self.ear.payload("shortcut")
        assert payload["user"]["id"] == person.id
        return str(payload["trigger_id"])

    async def opens(self, view: dict[str, Any], person: Person | None = None) -> dict[str, Any]:
        """Open a modal for a person; the answer is the view as Slack tells it."""
        answer = await self.bot.views_open(trigger_id=await self.trigger(person), view=view)
        return dict(answer["view"])

    async def pushes(self, view: dict[str, Any]) -> dict[str, Any]:
        answer = await self.bot.views_push(trigger_id=await self.trigger(), view=view)
        return dict(answer["view"])

    def client_of(self, app: InstalledApp) -> AsyncWebClient:
        return client_of(self.slack, app.bot_token)


def client_of(slack: LocalSlack, token: str | None) -> AsyncWebClient:
    """A client that does as it is told: no retries, or a refusal would hide behind them."""
    return AsyncWebClient(token=token, base_url=f"{slack.url}/api/", retry_handlers=[])
