"""Short ways to write Block Kit in a test, as Slack documents it."""

from __future__ import annotations

from bot.sandbox.wire import JsonObject, JsonValue

# A picture of one pixel.
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c63f8cfc000000301010018dd8db00000000049454e44ae426082"
)


def plain(text: str) -> JsonObject:
    return {"type": "plain_text", "text": text, "emoji": True}


def mrkdwn(text: str) -> JsonObject:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str, description: str | None = None) -> JsonObject:
    made: JsonObject = {"text": plain(text), "value": value}
    return made if description is None else {**made, "description": plain(description)}


def button(text: str, action_id: str, **more: JsonValue) -> JsonObject:
    return {"type": "button", "action_id": action_id, "text": plain(text), **more}


def section(text: str, **more: JsonValue) -> JsonObject:
    return {"type": "section", "text": mrkdwn(text), **more}


def actions(*elements: JsonObject, block_id: str = "row") -> JsonObject:
    return {"type": "actions", "block_id": block_id, "elements": [*elements]}


def question(label: str, element: JsonObject, block_id: str, **more: JsonValue) -> JsonObject:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": element,
        **more,
    }


def modal(title: str, *blocks: JsonObject, callback_id: str = "form") -> JsonObject:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(title),
        "submit": plain("Send"),
        "close": plain("Cancel"),
        "blocks": [*blocks],
    }
