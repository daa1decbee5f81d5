"""A local Slack and a Bolt app at the other end of a real Socket Mode connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import AppMode, InstalledApp, LocalSlack, Person
from tests.sandbox.manifest import manifest


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    local = await LocalSlack.start()
    yield local
    await local.stop()


@dataclass
class Clinic:
    """A small workspace: two people, a channel, an app."""

    slack: LocalSlack
    app: InstalledApp
    client: AsyncWebClient
    ana: Person
    lee: Person
    channel: str


@pytest.fixture
async def clinic(slack: LocalSlack) -> Clinic:
    ana = slack.add_person(name="ana.rivera", real_name="Dr. Ana Rivera", title="Surgeon")
    lee = slack.add_person(name="sam.lee", real_name="Sam Lee", tz="America/New_York")
    app = slack.install_app(manifest(), mode=AppMode.SOCKET)
    channel = slack.add_channel(name="clinic", members=[ana, lee, app.bot_user_id])
    client = AsyncWebClient(token=app.bot_token, base_url=f"{slack.url}/api/", retry_handlers=[])
    return Clinic(slack, app, client, slack.person(ana), slack.person(lee), channel)


@dataclass
class Listening:
    """A Bolt app that is connected, and everything it was sent."""

    app: AsyncApp
    events: list[dict[str, Any]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, body: dict[str, Any]) -> None:
        self.events.append(body)
        self.came.set()

    async def event(self, kind: str, subtype: str | None = None) -> dict[str, Any]:
        """The next event of this kind, taken out of what came."""
        async with asyncio.timeout(5):
            while True:
                for body in self.events:
                    event = body["event"]
                    if event["type"] == kind and event.get("subtype") == subtype:
                        self.events.remove(body)
                        return body
                self.came.clear()
                await self.came.wait()


@pytest.fixture
async def bolt(clinic: Clinic) -> AsyncIterator[Listening]:
    app = AsyncApp(client=clinic.client, signing_secret=clinic.app.signing_secret)
    listening = Listening(app)

    @app.use
    async def write_down(body: dict[str, Any], next: Any) -> None:  # noqa: A002
        if body.get("type") == "event_callback":
            listening.note(body)
        await next()

    handler = AsyncSocketModeHandler(app, clinic.app.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await clinic.app.connected()
    yield listening
    await handler.close_async()  # type: ignore[no-untyped-call]
