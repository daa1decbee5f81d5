"""Buttons, selects, shortcuts and searches: payloads as in Slack's reference, through Bolt.

https://docs.slack.dev/reference/interaction-payloads/
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck

from bot.sandbox import NotSeen, Presence
from bot.sandbox.wire import JsonObject, JsonValue
from tests.sandbox.conftest import Clinic, Listening
from tests.sandbox.pieces import button, plain, text_input, typed


async def test_a_button_in_a_message_carries_the_message_and_where_it_stands(
    clinic: Clinic, bolt: Listening
) -> None:
    @bolt.app.action("go")
    async def go(ack: AsyncAck) -> None:
        await ack()

    root = await clinic.ana.posts(clinic.channel, "root")
    ts = await clinic.posted(thread_ts=root, blocks=[button(), text_input()])
    assert (await clinic.lee.clicks(clinic.channel, ts, "go")).ok
    body = await bolt.interaction("block_actions")
    assert {
        "type",
        "user",
        "api_app_id",
        "token",
        "container",
        "trigger_id",
        "team",
        "enterprise",
        "is_enterprise_install",
        "channel",
        "message",
        "state",
        "response_url",
        "actions",
    } <= set(body)
    assert body["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": clinic.channel,
        "is_ephemeral": False,
        "thread_ts": root,
    }
    assert body["user"]["id"] == clinic.lee.id
    assert body["message"]["ts"] == ts
    [action] = body["actions"]
    assert action["action_id"] == "go"
    assert action["block_id"] == "row"
    assert action["value"] == "7"
    assert action["type"] == "button"
    assert float(action["action_ts"]) > 0
    assert body["state"]["values"] == typed(None)  # type: ignore[arg-type]


async def test_a_select_in_a_message_brings_its_state(clinic: Clinic, bolt: Listening) -> None:
    @bolt.app.action("who")
    async def who(ack: AsyncAck) -> None:
        await ack()

    options: list[JsonValue] = [
        {"text": plain(name), "value": name} for name in ("accept", "decline")
    ]
    block: JsonObject = {
        "type": "actions",
        "block_id": "row",
        "elements": [{"type": "static_select", "action_id": "who", "options": options}],
    }
    ts = await clinic.posted(blocks=[block])
    await clinic.lee.clicks(clinic.channel, ts, "who", option="decline")
    body = await bolt.interaction("block_actions")
    chosen = body["state"]["values"]["row"]["who"]["selected_option"]
    assert chosen == {"text": {**plain("decline"), "emoji": True}, "value": "decline"}
    with pytest.raises(NotSeen):
        await clinic.lee.clicks(clinic.channel, ts, "who", option="perhaps")


async def test_a_button_on_an_ephemeral_message_is_the_recipients_alone(
    clinic: Clinic, bolt: Listening
) -> None:
    @bolt.app.action("go")
    async def go(ack: AsyncAck, respond: Any) -> None:
        await ack()
        await respond("Done", replace_original=True)

    shown = await clinic.client.chat_postEphemeral(
        channel=clinic.channel, user=clinic.ana.id, text="Sure?", blocks=[button()]
    )
    ts = str(shown["message_ts"])
    with pytest.raises(NotSeen):
        await clinic.lee.clicks(clinic.channel, ts, "go")
    await clinic.ana.clicks(clinic.channel, ts, "go")
    body = await bolt.interaction("block_actions")
    assert body["container"]["is_ephemeral"] is True
    assert "message" not in body
    await clinic.ana.next_event(lambda frame: frame.type == "ephemeral" and frame.text == "Done")
    assert [one.text for one in clinic.ana.ephemerals(clinic.channel)] == ["Done"]
    assert not clinic.lee.ephemerals(clinic.channel)


async def test_who_is_away_never_gets_an_ephemeral_message(clinic: Clinic) -> None:
    await clinic.lee.is_present(Presence.AWAY)
    await clinic.client.chat_postEphemeral(channel=clinic.channel, user=clinic.lee.id, text="psst")
    await clinic.lee.is_present(Presence.ACTIVE)
    assert not clinic.lee.ephemerals(clinic.channel)


async def test_an_answer_address_serves_five_times(clinic: Clinic, bolt: Listening) -> None:
    answers: list[int] = []

    @bolt.app.command("/refer")
    async def refer(ack: AsyncAck, respond: Any) -> None:
        await ack()
        for number in range(6):
            response = await respond(f"answer {number}")
            answers.append(response.status_code)

    await clinic.ana.runs("/refer", "", clinic.channel)
    await clinic.ana.next_event(lambda frame: frame.text == "answer 4")
    async with asyncio.timeout(5):
        while len(answers) < 6:  # noqa: ASYNC110  # the sixth answer reaches nobody
            await asyncio.sleep(0.01)
    assert answers == [200] * 5 + [404]
    assert len(clinic.ana.ephemerals(clinic.channel)) == 5


async def test_a_button_on_the_home_tab_works(clinic: Clinic, bolt: Listening) -> None:
    @bolt.app.action("go")
    async def go(ack: AsyncAck) -> None:
        await ack()

    home: JsonObject = {"type": "home", "blocks": [button()]}
    await clinic.client.views_publish(user_id=clinic.ana.id, view=home)
    shown = await clinic.ana.opens_home(clinic.app.app_id)
    assert shown is not None
    assert (await clinic.ana.acts_in_view(shown.id, "go")).ok
    body = await bolt.interaction("block_actions")
    assert body["view"]["type"] == "home"
    assert "message" not in body
    with pytest.raises(NotSeen):
        await clinic.lee.acts_in_view(shown.id, "go")


async def test_shortcuts_carry_what_slack_sends(clinic: Clinic, bolt: Listening) -> None:
    @bolt.app.shortcut("refer")
    async def everywhere(ack: AsyncAck) -> None:
        await ack()

    @bolt.app.shortcut("raise_concern")
    async def on_message(ack: AsyncAck) -> None:
        await ack()

    assert (await clinic.ana.uses_shortcut("refer")).ok
    body = await bolt.interaction("shortcut")
    assert {"token", "action_ts", "team", "user", "callback_id", "trigger_id"} <= set(body)
    ts = await clinic.lee.posts(clinic.channel, "calf hot and swollen")
    assert (await clinic.ana.uses_message_shortcut("raise_concern", clinic.channel, ts)).ok
    body = await bolt.interaction("message_action")
    assert {
        "token",
        "action_ts",
        "team",
        "user",
        "channel",
        "callback_id",
        "trigger_id",
        "message_ts",
        "message",
        "response_url",
    } <= set(body)
    assert body["message"]["text"] == "calf hot and swollen"
    assert body["message_ts"] == ts


async def test_an_external_select_asks_the_app(clinic: Clinic, bolt: Listening) -> None:
    @bolt.app.options("icd")
    async def search(ack: AsyncAck, payload: dict[str, Any]) -> None:
        text = str(payload["value"]).upper()
        await ack(
            options=[
                {"text": plain(f"{text} {number}"), "value": str(number)} for number in range(3)
            ]
        )

    block: JsonObject = {
        "type": "actions",
        "block_id": "row",
        "elements": [{"type": "external_select", "action_id": "icd", "min_query_length": 2}],
    }
    ts = await clinic.posted(blocks=[block])
    place = (clinic.channel, ts)
    assert await clinic.ana.asks_options(place, None, "icd", "m") == []
    options = await clinic.ana.asks_options(place, None, "icd", "m2")
    assert [option["value"] for option in options] == ["0", "1", "2"]
    body = await bolt.interaction("block_suggestion")
    assert {
        "type",
        "user",
        "container",
        "api_app_id",
        "token",
        "action_id",
        "block_id",
        "value",
        "team",
        "channel",
        "message",
    } <= set(body)
