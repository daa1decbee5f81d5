"""A local Slack, people in it, and a Bolt app at the other end of a real connection."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import MovableClock
from bot.sandbox import AppMode, InstalledApp, LocalSlack, Person
from tests.sandbox.manifest import manifest

MORNING = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(MORNING, ticking=False)


@pytest.fixture
async def slack(clock: MovableClock) -> AsyncIterator[LocalSlack]:
    local = await LocalSlack.start(clock)
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

    async def private_room(self) -> str:
        """A private channel of the two, without the app."""
        room = await self.ana.creates_channel("room", private=True)
        await self.ana.invites(room, self.lee.id)
        return room

    async def posted(self, text: str = "hello", **more: Any) -> str:
        """The `ts` of a message from the app."""
        answer = await self.client.chat_postMessage(channel=self.channel, text=text, **more)
        return str(answer["ts"])


@pytest.fixture
async def clinic(slack: LocalSlack) -> Clinic:
    ana = slack.add_person("ana.rivera", "Dr. Ana Rivera", title="Surgeon")
    lee = slack.add_person("sam.lee", "Sam Lee", tz="America/New_York")
    app = slack.install_app(manifest(), mode=AppMode.SOCKET)
    channel = slack.add_channel("clinic", members=[ana, lee, app.bot_user_id])
    await slack.settled()
    slack.record.clear()
    client = AsyncWebClient(token=app.bot_token, base_url=f"{slack.url}/api/", retry_handlers=[])
    return Clinic(slack, app, client, slack.person(ana), slack.person(lee), channel)


@dataclass
class Listening:
    """A Bolt app that is connected, and everything it was sent."""

    app: AsyncApp
    requests: list[dict[str, Any]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, body: dict[str, Any]) -> None:
        self.requests.append(body)
        self.came.set()

    async def _next(self, fits: Any) -> dict[str, Any]:
        async with asyncio.timeout(5):
            while True:
                for body in self.requests:
                    if fits(body):
                        self.requests.remove(body)
                        return body
                self.came.clear()
                await self.came.wait()

    async def envelope(self, kind: str, subtype: str | None = None) -> dict[str, Any]:
        """The next event of this kind in its wrapping, taken out of what came."""

        def fits(body: dict[str, Any]) -> bool:
            event = body.get("event", {})
            return bool(event.get("type") == kind and event.get("subtype") == subtype)

        return await self._next(fits)

    async def event(self, kind: str, subtype: str | None = None) -> dict[str, Any]:
        """The same without its wrapping."""
        event: dict[str, Any] = (await self.envelope(kind, subtype))["event"]
        return event

    async def interaction(self, kind: str) -> dict[str, Any]:
        """The next interaction of this type; commands have none."""
        return await self._next(lambda body: body.get("type") == kind)

    async def command(self) -> dict[str, Any]:
        return await self._next(lambda body: "command" in body)


def listen(app: AsyncApp) -> Listening:
    """Writes down whatever comes, and acknowledges every event."""
    listening = Listening(app)

    @app.use
    async def write_down(body: dict[str, Any], next: Any) -> None:  # noqa: A002
        listening.note(body)
        await next()

    @app.event(re.compile(".*"))
    async def any_event() -> None:
        """Acknowledged by Bolt; what no listener takes would not be."""

    return listening


@pytest.fixture
async def bolt(clinic: Clinic) -> AsyncIterator[Listening]:
    quiet = logging.getLogger("tests.bolt")
    quiet.setLevel(logging.CRITICAL)
    app = AsyncApp(
        client=clinic.client,
        signing_secret=clinic.app.signing_secret,
        logger=quiet,
        ignoring_self_events_enabled=False,
    )
    listening = listen(app)
    handler = AsyncSocketModeHandler(app, clinic.app.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await clinic.app.connected()
    yield listening
    await handler.close_async()  # type: ignore[no-untyped-call]
