"""Modals: sent, refused, stacked, updated, closed; through Bolt.

https://docs.slack.dev/reference/interaction-payloads/
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError

from bot.sandbox.wire import JsonObject
from tests.sandbox.conftest import Clinic, Listening
from tests.sandbox.pieces import button, modal, open_modal, plain, text_input, typed


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
        with suppress(SlackApiError):
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
