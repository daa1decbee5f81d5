"""Blocks and forms to try things with, and a modal that somebody has open."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncAck

from bot.sandbox.wire import JsonObject
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
