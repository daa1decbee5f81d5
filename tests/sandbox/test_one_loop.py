"""The whole of one referral's traffic, through Bolt and a real Socket Mode connection."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.sandbox.wire import JsonObject
from tests.sandbox.conftest import Clinic, Listening


def form(callback_id: str = "refer") -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": {"type": "plain_text", "text": "Refer"},
        "submit": {"type": "plain_text", "text": "Send"},
        "blocks": [
            {
                "type": "input",
                "block_id": "procedure",
                "label": {"type": "plain_text", "text": "Procedure"},
                "element": {"type": "plain_text_input", "action_id": "text"},
            }
        ],
    }


async def test_a_command_opens_a_form_and_its_submission_makes_a_case(
    clinic: Clinic, bolt: Listening
) -> None:
    seen: dict[str, Any] = {}

    @bolt.app.command("/refer")
    async def refer(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        await clinic.client.views_open(trigger_id=body["trigger_id"], view=form())

    @bolt.app.view("refer")
    async def sent(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        seen["values"] = body["view"]["state"]["values"]
        room = await clinic.client.conversations_create(name="pair", is_private=True)
        room_id = room["channel"]["id"]
        await clinic.client.conversations_invite(
            channel=room_id, users=f"{clinic.ana.id},{clinic.lee.id}"
        )
        posted = await clinic.client.chat_postMessage(
            channel=room_id,
            text="Case K7QF-2M",
            blocks=[
                {
                    "type": "actions",
                    "elements": [
                        {
                            "type": "button",
                            "action_id": "accept",
                            "text": {"type": "plain_text", "text": "Accept"},
                            "value": "K7QF-2M",
                        }
                    ],
                }
            ],
            metadata={"event_type": "card", "event_payload": {"row": "7"}},
        )
        seen["room"], seen["card"] = room_id, posted["ts"]

    @bolt.app.action("accept")
    async def accept(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        seen["action"] = body["actions"][0]
        await clinic.client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="Accepted"
        )

    ran = await clinic.ana.runs("/refer", "knee", clinic.channel)
    assert ran.ok
    opened = await clinic.ana.next_event(lambda frame: frame.type == "modal_opened")
    assert opened.callback_id == "refer"

    modal = clinic.ana.modal
    assert modal is not None
    empty = await clinic.ana.submits(modal.id, {})
    assert set(empty.errors) == {"procedure"}

    value: JsonObject = {"type": "plain_text_input", "value": "ACL repair"}
    done = await clinic.ana.submits(modal.id, {"procedure": {"text": value}})
    assert done.ok
    assert clinic.ana.modal is None
    assert seen["values"] == {"procedure": {"text": value}}

    card = await clinic.lee.next_event(
        lambda frame: frame.type == "message" and "K7QF-2M" in frame.text
    )
    clicked = await clinic.lee.clicks(card.channel, card.ts, "accept")
    assert clicked.ok
    await clinic.ana.next_event(
        lambda frame: frame.type == "message_changed" and frame.text == "Accepted"
    )
    assert seen["action"]["value"] == "K7QF-2M"

    history = await clinic.client.conversations_history(
        channel=seen["room"], include_all_metadata=True
    )
    assert history["messages"][0]["metadata"]["event_payload"] == {"row": "7"}

    ts = await clinic.lee.posts(seen["room"], "Session 1 done", thread_ts=seen["card"])
    reply = await bolt.event("message")
    while reply["ts"] != ts:
        reply = await bolt.event("message")
    assert reply["thread_ts"] == seen["card"]
    assert reply["channel_type"] == "group"
    await clinic.lee.edits(seen["room"], ts, "Session 1 done, pain 3/10")
    changed = await bolt.event("message", "message_changed")
    while changed["message"]["ts"] != ts:
        changed = await bolt.event("message", "message_changed")
    assert changed["previous_message"]["text"] == "Session 1 done"
    await clinic.lee.deletes(seen["room"], ts)
    deleted = await bolt.event("message", "message_deleted")
    assert deleted["deleted_ts"] == ts
