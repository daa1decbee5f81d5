"""A small clinic in a local Slack, with an app at the other end and people at their pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, Locator, Page, expect
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import AppMode, InstalledApp, LocalSlack, Person
from bot.sandbox.wire import JsonObject
from tests.sandbox.manifest import manifest

ANYTHING = re.compile(".*")
SECONDS = 5.0

Body = dict[str, Any]  # Bolt hands payloads out as such


@dataclass
class Heard:
    """What the app was sent, in order; each thing is handed out once."""

    bodies: list[Body] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, body: Body) -> None:
        self.bodies.append(body)
        self.came.set()

    async def next(self, kind: str, fits: Callable[[Body], bool] = lambda _: True) -> Body:
        async with asyncio.timeout(SECONDS):
            while True:
                for body in self.bodies:
                    if body.get("type", "command") == kind and fits(body):
                        self.bodies.remove(body)
                        return body
                self.came.clear()
                await self.came.wait()

    async def action(self, action_id: str) -> Body:
        """The next block_actions payload of this element."""
        return await self.next(
            "block_actions", lambda body: body["actions"][0]["action_id"] == action_id
        )


@dataclass
class Seat:
    """Somebody at the page, seen as a person sees it."""

    page: Page
    pane: Locator

    @property
    def messages(self) -> Locator:
        return self.pane.locator(".pane-main li.message")

    @property
    def thread(self) -> Locator:
        return self.pane.locator(".pane-thread")

    @property
    def modal(self) -> Locator:
        return self.pane.get_by_role("dialog").and_(self.page.locator(".modal"))

    def message(self, text: str) -> Locator:
        """The newest message in the channel with this text in it."""
        return self.messages.filter(has_text=text).last

    def box(self, channel: str) -> Locator:
        return self.pane.get_by_role("textbox", name=f"Message {channel}")

    async def opens(self, name: str) -> None:
        """Go to a channel or person by the side list."""
        await self.pane.locator(".side-item").filter(has_text=name).first.click()

    async def says(self, channel: str, text: str) -> None:
        await self.box(channel).fill(text)
        await self.box(channel).press("Enter")

    async def sees(self, text: str) -> Locator:
        found = self.message(text)
        await expect(found).to_be_visible()
        return found


@dataclass
class Clinic:
    slack: LocalSlack
    app: InstalledApp
    client: AsyncWebClient
    bolt: AsyncApp
    handler: AsyncSocketModeHandler
    heard: Heard
    ana: Person
    lee: Person
    channel: str
    context: BrowserContext

    async def posts(self, blocks: Sequence[JsonObject], text: str = "blocks") -> str:
        """The app posts these blocks in the channel; the answer is the message's ts."""
        answer = await self.client.chat_postMessage(
            channel=self.channel, text=text, blocks=[dict(block) for block in blocks]
        )
        return str(answer["ts"])

    async def modal_for(self, seat: Seat, view: JsonObject) -> Locator:
        """Somebody asks for a form with /refer and the app opens this one."""
        opened = self.open_with(view)
        await seat.says("#clinic", "/refer ")
        await opened
        await expect(seat.modal).to_be_visible()
        return seat.modal

    def open_with(self, view: JsonObject) -> Awaitable[None]:
        async def answer() -> None:
            body = await self.heard.next("command")
            await self.client.views_open(trigger_id=body["trigger_id"], view=dict(view))

        return asyncio.ensure_future(answer())

    async def seat(self, person: Person, *, beside: Person | None = None, path: str = "") -> Seat:
        """Open the page as this person and wait until it shows messages."""
        page = await self.context.new_page()
        also = f"&beside={beside.id}" if beside else ""
        await page.goto(f"{self.slack.url}/?as={person.id}{also}{path}")
        seat = seat_of(page, person)
        await expect(seat.pane.locator(".side-item").first).to_be_visible()
        return seat


def seat_of(page: Page, person: Person) -> Seat:
    return Seat(page, page.locator(f".pane[data-user={person.id}]"))


async def founded(context: BrowserContext, slack: LocalSlack) -> Clinic:
    """Two people, a channel and a connected app that acknowledges everything and writes it down."""
    ana = slack.add_person("ana.rivera", "Dr. Ana Rivera", title="Surgeon", tz="America/New_York")
    lee = slack.add_person("sam.lee", "Sam Lee", title="Massage therapist", tz="America/New_York")
    app = slack.install_app(manifest(), mode=AppMode.SOCKET)
    channel = slack.add_channel("clinic", members=[ana, lee, app.bot_user_id])
    client = AsyncWebClient(token=app.bot_token, base_url=f"{slack.url}/api/", retry_handlers=[])
    bolt = AsyncApp(client=client, signing_secret=app.signing_secret)
    heard = Heard()

    @bolt.use
    async def write_down(body: Body, next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002
        if body.get("type") != "event_callback":
            heard.note(body)
        await next()

    async def agree(ack: Callable[[], Awaitable[None]]) -> None:
        await ack()

    bolt.command("/refer")(agree)
    bolt.action(ANYTHING)(agree)
    bolt.shortcut(ANYTHING)(agree)
    bolt.event(ANYTHING)(agree)
    handler = AsyncSocketModeHandler(bolt, app.app_token)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await app.connected()
    return Clinic(
        slack,
        app,
        client,
        bolt,
        handler,
        heard,
        slack.person(ana),
        slack.person(lee),
        channel,
        context,
    )
