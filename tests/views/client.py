"""What Slack and its client do with what the views draw: refuse it, show it, fill it in."""

import json
import re

from pydantic import JsonValue
from slack_sdk.models.views import View

from bot.sandbox.blockkit import (
    JsonObject,
    check_message,
    check_submission,
    check_view,
    find_block_id,
    find_element,
    initial_state,
    state_entry,
)
from bot.views.as_text import as_text
from bot.views.message import Message

_DATE = re.compile(r"<!date\^\d+\^[^|>]*\|([^>]*)>")


def wire(shown: Message | View) -> JsonObject:
    """As it travels: JSON, after slack_sdk's own validation."""
    found: JsonObject
    if isinstance(shown, View):
        found = json.loads(json.dumps(shown.to_dict()))
    else:
        blocks = [block.to_dict() for block in shown.blocks]
        found = json.loads(json.dumps({"text": shown.text, "blocks": blocks}))
    return found


def refusals(shown: Message | View) -> list[str]:
    """Why Slack would refuse it."""
    sent = wire(shown)
    if isinstance(shown, View):
        problems = check_view(sent)
    else:
        problems = check_message(sent["blocks"], sent["text"])
    return [f"{problem.code}: {problem.message}" for problem in problems]


def read(shown: Message | View) -> str:
    """What a person reads, with times in UTC."""
    return _DATE.sub(r"\1", as_text(shown))


def buttons(shown: Message | View) -> dict[str, JsonObject]:
    """The buttons by their text; a text that appears twice fails."""
    found: dict[str, JsonObject] = {}
    for element in _elements(wire(shown)["blocks"]):
        if element.get("type") == "button":
            text = str(_object(element["text"])["text"])
            assert text not in found, f"two buttons say {text!r}"
            found[text] = element
    return found


def filled(view: View, **answers: JsonValue) -> JsonObject:
    """The `view` of Slack's submission payload after a person has filled in the form.

    Answers are given by field, in Slack's own values (an option by its `value`). Fails on what
    Slack's client would not let through.
    """
    drawn = wire(view)
    state = initial_state(drawn)
    for field, answer in answers.items():
        element = find_element(drawn, field, field)
        assert element is not None, f"the form has no field {field}"
        assert find_block_id(drawn, field) == field
        entry = state_entry(element, {_KEPT[str(element["type"])]: answer})
        assert entry is not None
        state[field][field] = entry
    assert check_submission(drawn, state) == {}
    return {
        "id": "V0FORM",
        "type": "modal",
        "callback_id": drawn["callback_id"],
        "private_metadata": drawn["private_metadata"],
        "hash": "1.x",
        "state": {"values": json.loads(json.dumps(state))},
    }


_KEPT = {
    "plain_text_input": "value",
    "number_input": "value",
    "datepicker": "selected_date",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "static_select": "selected_option",
    "radio_buttons": "selected_option",
    "multi_static_select": "selected_options",
    "checkboxes": "selected_options",
}


def strings(value: JsonValue) -> list[str]:
    """Every string anywhere in it, keys aside."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [one for item in value.values() for one in strings(item)]
    if isinstance(value, list):
        return [one for item in value for one in strings(item)]
    return []


def _elements(blocks: JsonValue) -> list[JsonObject]:
    found: list[JsonObject] = []
    for block in blocks if isinstance(blocks, list) else []:
        holder = _object(block)
        several = holder.get("elements")
        candidates = [*(several if isinstance(several, list) else []), holder.get("accessory")]
        found += [one for one in candidates if isinstance(one, dict)]
    return found


def _object(value: JsonValue) -> JsonObject:
    assert isinstance(value, dict)
    return value
