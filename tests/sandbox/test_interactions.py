"""Commands, buttons, forms and shortcuts: payloads as in Slack's reference, through Bolt.

https://docs.slack.dev/reference/interaction-payloads/
"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError

from bot.sandbox import NotSeen
from bot.sandbox.delivery import parcel, socket_mode, triggers
from bot.sandbox.wire import JsonObject, JsonValue
from tests.sandbox.conftest import Clinic, Listening


def plain(text: str) -> JsonObject:
    return {"type": "plain_text", "text": text}


def text_input(block_id: str = "note", **more: Any) -> JsonObject:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain("Note"),
        "element": {"type": "plain_text_input", "action_id": "text"},
        **more,
    }


def modal(*blocks: JsonObject, callback_id: str = "form", **more: Any) -> JsonObject:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain("Form"),
        "submit": plain("Send"),
        "blocks": [*(blocks or (text_input(),))],
        **more,
    }


def typed(text: str, block_id: str = "note") -> JsonObject:
    return {block_id: {"text": {"type": "plain_text_input", "value": text}}}


def button(action_id: str = "go", value: str = "7") -> JsonObject:
    return {
        "type": "actions",
        "block_id": "row",
        "elements": [
            {"type": "button", "action_id": action_id, "text": plain("Go"), "value": value}
        ],
    }


async def open_modal(clinic: Clinic, bolt: Listening, view: JsonObject | None = None) -> str:
    """A modal that ana has open, by way of a command."""

    @bolt.app.command("/refer")
    async def refer(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await clinic.client.views_open(trigger_id=body["trigger_id"], view=view or modal())

    assert (await clinic.ana.runs("/refer", "", clinic.channel)).ok
    return (await clinic.ana.next_event(lambda frame: frame.type == "modal_opened")).view_id


# Commands


async def test_a_command_carries_what_slack_sends(clinic: Clinic, bolt: Listening) -> None:
    @bolt.app.command("/refer")
    async def refer(ack: AsyncAck) -> None:
        await ack(text="Thanks", response_type="in_channel")

    outcome = await clinic.ana.runs("/refer", "knee & hip", clinic.channel)
    assert outcome.ok
    body = await bolt.command()
    assert {
        "token",
        "team_id",
        "team_domain",
        "channel_id",
        "channel_name",
        "user_id",
        "user_name",
        "command",
        "text",
        "api_app_id",
        "is_enterprise_install",
        "response_url",
        "trigger_id",
    } <= set(body)
    assert body["text"] == "knee & hip"
    assert body["channel_name"] == "clinic"
    assert clinic.lee.messages(clinic.channel)[-1].text == "Thanks"


async def test_a_command_nobody_answers_says_so_after_three_seconds(
    clinic: Clinic, bolt: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    del bolt
    assert parcel.ACKNOWLEDGE_WITHIN_SECONDS == 3.0
    monkeypatch.setattr(socket_mode, "ACKNOWLEDGE_WITHIN_SECONDS", 0.2)
    outcome = await clinic.ana.runs("/refer", "", clinic.channel)
    assert not outcome.acknowledged
    assert outcome.error == "operation_timeout"
    assert outcome.text == "/refer failed because the app did not respond."
    assert len(clinic.slack.record.deliveries) == 1


async def test_an_unknown_command_is_no_command(clinic: Clinic) -> None:
    outcome = await clinic.ana.runs("/nothing", "", clinic.channel)
    assert outcome.text == "/nothing is not a valid command."


# Triggers


async def test_a_trigger_serves_once(clinic: Clinic, bolt: Listening) -> None:
    await open_modal(clinic, bolt)
    trigger_id = (await bolt.command())["trigger_id"]
    with pytest.raises(SlackApiError, match="trigger_exchanged"):
        await clinic.client.views_open(trigger_id=trigger_id, view=modal())


async def test_a_trigger_is_gone_after_three_real_seconds(
    clinic: Clinic, bolt: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    @bolt.app.command("/refer")
    async def refer(ack: AsyncAck) -> None:
        await ack()

    assert triggers.TRIGGER_LIFE_SECONDS == 3.0
    await clinic.ana.runs("/refer", "", clinic.channel)
    body = await bolt.command()
    real = clinic.slack.triggers.monotonic
    monkeypatch.setattr(clinic.slack.triggers, "monotonic", lambda: real() + 3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await clinic.client.views_open(trigger_id=body["trigger_id"], view=modal())


async def test_a_trigger_that_slack_never_gave_opens_nothing(clinic: Clinic) -> None:
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await clinic.client.views_open(trigger_id="1.2.abc", view=modal())


# Buttons and other elements


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
    from bot.sandbox import Presence

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


# Forms


async def test_a_form_brings_its_values_and_closes(clinic: Clinic, bolt: Listening) -> None:
    view_id = await open_modal(clinic, bolt, modal(private_metadata="7", external_id="f-1"))

    @bolt.app.view("form")
    async def sent(ack: AsyncAck) -> None:
        await ack()

    assert (await clinic.ana.submits(view_id, typed("fine"))).ok
    body = await bolt.interaction("view_submission")
    assert {
        "type",
        "team",
        "user",
        "api_app_id",
        "token",
        "trigger_id",
        "view",
        "response_urls",
        "is_enterprise_install",
        "enterprise",
    } <= set(body)
    assert set(body["view"]) == {
        "id",
        "team_id",
        "type",
        "blocks",
        "private_metadata",
        "callback_id",
        "state",
        "hash",
        "title",
        "clear_on_close",
        "notify_on_close",
        "close",
        "submit",
        "previous_view_id",
        "root_view_id",
        "app_id",
        "external_id",
        "app_installed_team_id",
        "bot_id",
    }
    assert body["view"]["state"]["values"] == typed("fine")
    assert body["view"]["private_metadata"] == "7"
    assert clinic.ana.modal is None


async def test_errors_come_back_at_their_field_and_the_form_stays(
    clinic: Clinic, bolt: Listening
) -> None:
    view_id = await open_modal(clinic, bolt)

    @bolt.app.view("form")
    async def sent(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"note": "Too short"})

    outcome = await clinic.ana.submits(view_id, typed("x"))
    assert outcome.errors == {"note": "Too short"}
    assert clinic.ana.modal is not None


async def test_errors_for_a_field_that_is_not_there_are_trouble(
    clinic: Clinic, bolt: Listening
) -> None:
    view_id = await open_modal(clinic, bolt)

    @bolt.app.view("form")
    async def sent(ack: AsyncAck) -> None:
        await ack(response_action="errors", errors={"nowhere": "Hm"})

    outcome = await clinic.ana.submits(view_id, typed("x"))
    assert outcome.text == "We had some trouble connecting. Try again?"


async def test_what_slacks_client_refuses_never_reaches_the_app(
    clinic: Clinic, bolt: Listening
) -> None:
    view_id = await open_modal(clinic, bolt)
    clinic.slack.record.clear()
    outcome = await clinic.ana.submits(view_id, {})
    assert outcome.errors == {"note": "Please complete this required field."}
    assert not clinic.slack.record.deliveries


async def test_a_form_can_be_answered_with_another_view_in_its_place(
    clinic: Clinic, bolt: Listening
) -> None:
    view_id = await open_modal(clinic, bolt)

    @bolt.app.view("form")
    async def sent(ack: AsyncAck) -> None:
        await ack(response_action="update", view=modal(text_input("more"), callback_id="next"))

    await clinic.ana.submits(view_id, typed("x"))
    shown = clinic.ana.modal
    assert shown is not None
    assert shown.id == view_id
    assert shown.body["callback_id"] == "next"


async def test_a_stack_holds_three_and_clears_at_once(clinic: Clinic, bolt: Listening) -> None:
    view_id = await open_modal(clinic, bolt)

    @bolt.app.view("form")
    async def sent(ack: AsyncAck) -> None:
        await ack(response_action="push", view=modal(callback_id="form"))

    for _ in range(2):
        await clinic.ana.submits(view_id, typed("x"))
        top = clinic.ana.modal
        assert top is not None
        assert top.previous_view_id == view_id
        view_id = top.id
    assert len(clinic.ana.modals) == 3
    too_deep = await clinic.ana.submits(view_id, typed("x"))
    assert too_deep.error == "push_limit_reached"

    @bolt.app.view("last")
    async def last(ack: AsyncAck) -> None:
        await ack(response_action="clear")

    await clinic.client.views_update(view_id=view_id, view=modal(callback_id="last"))
    await clinic.ana.submits(view_id, typed("x"))
    assert not clinic.ana.modals


async def test_a_fourth_view_is_not_pushed(clinic: Clinic, bolt: Listening) -> None:
    @bolt.app.action("go")
    async def go(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await clinic.client.views_push(trigger_id=body["trigger_id"], view=modal(button()))

    view_id = await open_modal(clinic, bolt, modal(button()))
    for depth in (2, 3):
        await clinic.ana.acts_in_view(view_id, "go")
        opened = await clinic.ana.next_event(lambda frame: frame.type == "modal_opened")
        view_id = opened.view_id
        assert len(clinic.ana.modals) == depth
    await clinic.ana.acts_in_view(view_id, "go")
    await clinic.slack.record.until(lambda record: len(record.calls_of("views.push")) == 3)
    assert clinic.slack.record.calls_of("views.push")[-1].error == "push_limit_reached"


async def test_an_outdated_hash_is_a_conflict(clinic: Clinic, bolt: Listening) -> None:
    view_id = await open_modal(clinic, bolt)
    shown = clinic.ana.modal
    assert shown is not None
    old = shown.hash
    await clinic.client.views_update(view_id=view_id, hash=old, view=modal())
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await clinic.client.views_update(view_id=view_id, hash=old, view=modal())


async def test_what_was_typed_stays_when_the_view_is_updated(
    clinic: Clinic, bolt: Listening
) -> None:
    view_id = await open_modal(clinic, bolt, modal(text_input(), button()))

    @bolt.app.action("go")
    async def go(ack: AsyncAck) -> None:
        await ack()

    await clinic.ana.acts_in_view(view_id, "go", state=typed("half a thought"))
    body = await bolt.interaction("block_actions")
    assert body["container"] == {"type": "view", "view_id": view_id}
    assert body["view"]["state"]["values"]["note"] == typed("half a thought")["note"]
    assert "response_url" not in body
    await clinic.client.views_update(view_id=view_id, view=modal(text_input(), text_input("b")))
    shown = clinic.ana.modal
    assert shown is not None
    assert shown.values["note"] == typed("half a thought")["note"]


async def test_closing_is_told_when_the_view_asks_for_it(clinic: Clinic, bolt: Listening) -> None:
    view_id = await open_modal(clinic, bolt, modal(notify_on_close=True))

    @bolt.app.view_closed("form")
    async def closed(ack: AsyncAck) -> None:
        await ack()

    await clinic.ana.closes(view_id)
    body = await bolt.interaction("view_closed")
    assert {"type", "team", "user", "api_app_id", "token", "view", "is_cleared"} <= set(body)
    assert body["is_cleared"] is False
    assert clinic.ana.modal is None


async def test_an_input_tells_the_app_only_when_it_should(clinic: Clinic, bolt: Listening) -> None:
    @bolt.app.action("text")
    async def changed(ack: AsyncAck) -> None:
        await ack()

    view = modal(text_input("quiet"), text_input("loud", dispatch_action=True))
    view_id = await open_modal(clinic, bolt, view)
    clinic.slack.record.clear()
    await clinic.ana.acts_in_view(view_id, "text", block_id="quiet", value="a")
    assert not clinic.slack.record.deliveries
    await clinic.ana.acts_in_view(view_id, "text", block_id="loud", value="b")
    [action] = (await bolt.interaction("block_actions"))["actions"]
    assert (action["block_id"], action["value"]) == ("loud", "b")


async def test_an_external_id_is_unique_and_finds_its_view(clinic: Clinic, bolt: Listening) -> None:
    view_id = await open_modal(clinic, bolt, modal(external_id="case-7"))
    answer = await clinic.client.views_update(
        external_id="case-7", view=modal(external_id="case-7")
    )
    assert answer["view"]["id"] == view_id
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await clinic.client.views_publish(
            user_id=clinic.ana.id,
            view={"type": "home", "blocks": [{"type": "divider"}], "external_id": "case-7"},
        )


async def test_a_chosen_conversation_brings_an_answer_address(
    clinic: Clinic, bolt: Listening
) -> None:
    select: JsonObject = {
        "type": "input",
        "block_id": "where",
        "label": plain("Where"),
        "element": {
            "type": "conversations_select",
            "action_id": "place",
            "response_url_enabled": True,
        },
    }
    view_id = await open_modal(clinic, bolt, modal(select))

    @bolt.app.view("form")
    async def sent(ack: AsyncAck) -> None:
        await ack()

    entry: JsonObject = {"type": "conversations_select", "selected_conversation": clinic.channel}
    await clinic.ana.submits(view_id, {"where": {"place": entry}})
    [given] = (await bolt.interaction("view_submission"))["response_urls"]
    assert set(given) == {"block_id", "action_id", "channel_id", "response_url"}
    assert given["channel_id"] == clinic.channel


# Home, shortcuts, searches


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
