"""What an open page is sent and what it may ask, over real HTTP and a real websocket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncAck

from bot.clock import MovableClock
from tests.sandbox.conftest import MORNING, Clinic, Listening
from tests.sandbox.pieces import button, modal, typed


@dataclass
class Page:
    """A page that is open as somebody."""

    url: str
    user: str
    session: aiohttp.ClientSession
    socket: aiohttp.ClientWebSocketResponse
    snapshot: dict[str, Any]

    async def frame(self, kind: str) -> dict[str, Any]:
        """The next frame of this type; those before it are passed over."""
        async with asyncio.timeout(5):
            while True:
                frame: dict[str, Any] = await self.socket.receive_json()
                if frame["type"] == kind:
                    return frame

    async def does(self, deed: str, **body: Any) -> dict[str, Any]:
        url = f"{self.url}/_sandbox/as/{self.user}/{deed}"
        async with self.session.post(url, json=body) as response:
            answer: dict[str, Any] = await response.json()
        return answer

    async def looks(self, what: str, **query: str) -> dict[str, Any]:
        url = f"{self.url}/_sandbox/as/{self.user}/{what}"
        async with self.session.get(url, params=query) as response:
            answer: dict[str, Any] = await response.json()
        return answer


async def open_page(session: aiohttp.ClientSession, url: str, user: str) -> Page:
    socket = await session.ws_connect(f"{url}/_sandbox/live?as={user}")
    async with asyncio.timeout(5):
        snapshot = await socket.receive_json()
    return Page(url, user, session, socket, snapshot)


@pytest.fixture
async def page(clinic: Clinic) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield await open_page(session, clinic.slack.url, clinic.ana.id)


async def test_the_first_frame_shows_the_whole_place(clinic: Clinic, page: Page) -> None:
    room = await clinic.private_room()
    async with aiohttp.ClientSession() as session:
        snapshot = (await open_page(session, clinic.slack.url, clinic.ana.id)).snapshot
        outsider = clinic.slack.add_person("kim", "Dr. Kim Okafor")
        other = (await open_page(session, clinic.slack.url, outsider)).snapshot
    assert snapshot["type"] == "snapshot"
    assert snapshot["me"]["id"] == clinic.ana.id
    assert snapshot["me"]["initials"] == "AR"
    channel = next(one for one in snapshot["channels"] if one["id"] == room)
    assert {
        "id",
        "name",
        "kind",
        "topic",
        "purpose",
        "members",
        "archived",
        "unread",
        "mentions",
        "last_read",
        "latest_ts",
    } <= set(channel)
    assert channel["kind"] == "private"
    assert room not in [one["id"] for one in other["channels"]]
    command = {"description": "Refer a patient", "usage_hint": "[name]"}
    [shown] = snapshot["commands"]
    assert shown == {**command, "command": "/refer", "app_id": clinic.app.app_id}
    assert {one["type"] for one in snapshot["shortcuts"]} == {"global", "message"}
    assert snapshot["apps"][0]["has_home"] is True
    assert snapshot["clock"] == {
        "now": MORNING.isoformat(),
        "movable": True,
        "has_next": False,
    }
    del page


async def test_a_conversation_is_live_with_its_unread_marks(clinic: Clinic, page: Page) -> None:
    root = await clinic.lee.posts(clinic.channel, f"<@{clinic.ana.id}> look")
    frame = await page.frame("message")
    assert frame["message"]["ts"] == root
    marks = await page.frame("read")
    assert marks["mentions"] == 1
    assert marks["unread"] >= 1
    assert (await page.does("read", channel=clinic.channel, ts=root))["ok"]
    assert (await page.frame("read"))["unread"] == 0
    answer = await page.does("post", channel=clinic.channel, text="yes", thread_ts=root)
    reply = await page.frame("message")
    assert reply["message"]["thread_ts"] == root
    touched = await page.frame("message_changed")
    assert touched["message"]["reply_count"] == 1
    await page.does("edit", channel=clinic.channel, ts=answer["ts"], text="yes, seen")
    assert (await page.frame("message_changed"))["message"]["edited"]["user"] == clinic.ana.id
    await page.does("react", channel=clinic.channel, ts=root, name="eyes", on=True)
    assert (await page.frame("message_changed"))["message"]["reactions"][0]["count"] == 1
    await page.does("delete", channel=clinic.channel, ts=answer["ts"])
    assert (await page.frame("message_deleted"))["ts"] == answer["ts"]


async def test_history_threads_and_search_come_page_by_page(clinic: Clinic, page: Page) -> None:
    sent = [await clinic.lee.posts(clinic.channel, f"note {number}") for number in range(5)]
    await clinic.lee.posts(clinic.channel, "in a thread", thread_ts=sent[0])
    newest = await page.looks("history", channel=clinic.channel, limit="2")
    assert [one["text"] for one in newest["messages"]] == ["note 3", "note 4"]
    assert newest["has_more"] is True
    before = await page.looks("history", channel=clinic.channel, limit="2", before=sent[3])
    assert [one["text"] for one in before["messages"]] == ["note 1", "note 2"]
    thread = await page.looks("thread", channel=clinic.channel, ts=sent[0])
    assert [one["text"] for one in thread["messages"]] == ["note 0", "in a thread"]
    found = await page.looks("search", q="THREAD")
    assert [one["text"] for one in found["messages"]] == ["in a thread"]


async def test_nobody_reads_a_room_they_are_not_in(clinic: Clinic, page: Page) -> None:
    room = await clinic.private_room()
    await clinic.ana.posts(room, "between us")
    kim = clinic.slack.add_person("kim", "Dr. Kim Okafor")
    stranger = Page(page.url, kim, page.session, page.socket, {})
    for answer in (
        await stranger.looks("history", channel=room),
        await stranger.does("post", channel=room, text="me too"),
    ):
        assert answer["ok"] is False
        assert answer["error"] == "channel_not_found"
    assert (await stranger.looks("search", q="between"))["messages"] == []


async def test_a_form_is_opened_filled_and_sent_from_the_page(
    clinic: Clinic, bolt: Listening, page: Page
) -> None:
    @bolt.app.command("/refer")
    async def refer(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await clinic.client.views_open(trigger_id=body["trigger_id"], view=modal())

    @bolt.app.view("form")
    async def sent(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"note": "Say more"})

    ran = await page.does("command", command="/refer", text="", channel=clinic.channel)
    assert ran["ok"] is True
    view = (await page.frame("modal_opened"))["view"]
    empty = await page.does("submit", view_id=view["id"], state={})
    assert empty["errors"] == {"note": "Please complete this required field."}
    refused = await page.does("submit", view_id=view["id"], state=typed("x"))
    assert refused["ok"] is False
    assert refused["errors"] == {"note": "Say more"}
    assert (await page.does("close", view_id=view["id"]))["ok"]
    assert (await page.frame("modal_closed"))["view_ids"] == [view["id"]]


async def test_a_click_in_a_message_and_on_the_home_tab_reaches_the_app(
    clinic: Clinic, bolt: Listening, page: Page
) -> None:
    @bolt.app.action("go")
    async def go(ack: AsyncAck) -> None:
        await ack()

    ts = await clinic.posted(blocks=[button()])
    container = {"type": "message", "channel": clinic.channel, "ts": ts}
    clicked = await page.does("action", container=container, block_id="row", action_id="go")
    assert clicked["ok"] is True
    home = {"type": "home", "blocks": [button()]}
    await clinic.client.views_publish(user_id=clinic.ana.id, view=home)
    shown = (await page.frame("home"))["view"]
    await page.does("home", app_id=clinic.app.app_id)
    assert (await page.looks("home", app_id=clinic.app.app_id))["view"]["id"] == shown["id"]
    container = {"type": "view", "view_id": shown["id"]}
    assert (await page.does("action", container=container, block_id="row", action_id="go"))["ok"]
    gone = await page.does("action", container=container, block_id="row", action_id="nothing")
    assert gone["message"] == "That button is not there any more."


async def test_the_clock_is_moved_from_the_page(clinic: Clinic, page: Page) -> None:
    url = f"{clinic.slack.url}/_sandbox/clock"
    async with page.session.post(url, json={"advance_seconds": 3600}) as response:
        moved = await response.json()
    assert moved["now"] == (MORNING + timedelta(hours=1)).isoformat()
    assert (await page.frame("clock"))["clock"]["now"] == moved["now"]
    async with page.session.post(url, json={"to": MORNING.isoformat()}) as response:
        assert (await response.json())["error"] == "time_in_past"
    async with page.session.post(url, json={"next": True}) as response:
        assert (await response.json())["ok"] is False


async def test_presence_rest_channels_and_direct_messages(
    clinic: Clinic, page: Page, clock: MovableClock
) -> None:
    await page.does("presence", presence="away")
    assert (await page.frame("users"))["users"][0]["presence"] == "away"
    until = (clock.now() + timedelta(hours=8)).isoformat()
    await page.does("dnd", until=until)
    assert (await page.frame("users"))["users"][0]["dnd"] == until
    made = await page.does("create_channel", name="ward", private=True)
    assert made["channel"]["kind"] == "private"
    assert (await page.does("create_channel", name="ward"))["error"] == "name_taken"
    channel = made["channel"]["id"]
    assert (await page.does("invite", channel=channel, user=clinic.lee.id))["ok"]
    assert (await page.does("archive", channel=channel))["ok"]
    direct = (await page.does("open_dm", user=clinic.lee.id))["channel"]
    assert (direct["kind"], direct["user"]) == ("im", clinic.lee.id)
    await page.does("post", channel=direct["id"], text="hi")
    assert clinic.lee.direct_messages_with(clinic.ana.id)[-1].text == "hi"


async def test_an_open_page_takes_a_new_look_after_a_load(
    clinic: Clinic, page: Page, tmp_path: Path
) -> None:
    clinic.slack.save(tmp_path / "state.json")
    clinic.slack.load(tmp_path / "state.json")
    await page.frame("reload")
    assert (await page.frame("snapshot"))["me"]["id"] == clinic.ana.id


async def test_a_page_that_asks_for_nonsense_is_told_so(page: Page) -> None:
    assert (await page.does("fly"))["error"] == "unknown_deed"
    assert (await page.looks("nothing"))["ok"] is False
    async with page.session.post(f"{page.url}/_sandbox/as/{page.user}/post", data="{") as response:
        assert (await response.json())["error"] == "invalid_json"
