"""What people have filled in: `state.values`, and the `actions` of block_actions.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from bot.sandbox.blockkit.composition import OPTION, OPTION_TEXT, offered
from bot.sandbox.blockkit.findings import JsonObject, Spot, Surface
from bot.sandbox.blockkit.layout import elements_in, fill_flags

StateValues = dict[str, dict[str, JsonObject]]  # by block_id, by action_id


class NotOffered(ValueError):  # it reads as a sentence where it is raised
    """A person picked what the element does not offer; in Slack's client nobody can."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How an element keeps what was filled in: in which field, and where it starts."""

    field: str
    initial: str | None
    several: bool = False


KEPT: Mapping[str, Kept] = {
    "plain_text_input": Kept("value", "initial_value"),
    "email_text_input": Kept("value", "initial_value"),
    "url_text_input": Kept("value", "initial_value"),
    "number_input": Kept("value", "initial_value"),
    "rich_text_input": Kept("rich_text_value", "initial_value"),
    "file_input": Kept("files", None, several=True),
    "checkboxes": Kept("selected_options", "initial_options", several=True),
    "radio_buttons": Kept("selected_option", "initial_option"),
    "static_select": Kept("selected_option", "initial_option"),
    "external_select": Kept("selected_option", "initial_option"),
    "users_select": Kept("selected_user", "initial_user"),
    "channels_select": Kept("selected_channel", "initial_channel"),
    "conversations_select": Kept("selected_conversation", "initial_conversation"),
    "multi_static_select": Kept("selected_options", "initial_options", several=True),
    "multi_external_select": Kept("selected_options", "initial_options", several=True),
    "multi_users_select": Kept("selected_users", "initial_users", several=True),
    "multi_channels_select": Kept("selected_channels", "initial_channels", several=True),
    "multi_conversations_select": Kept(
        "selected_conversations", "initial_conversations", several=True
    ),
    "datepicker": Kept("selected_date", "initial_date"),
    "timepicker": Kept("selected_time", "initial_time"),
    "datetimepicker": Kept("selected_date_time", "initial_date_time"),
}

# What a press hands over of the element itself, beside its ids and type.
_PRESSED: Mapping[str, tuple[str, ...]] = {
    "button": ("text", "value", "url", "style", "confirm"),
    "workflow_button": ("text", "workflow", "style"),
    "icon_button": ("text", "icon", "value", "confirm"),
}
_USED = ("placeholder", "confirm", "min_query_length", "timezone")


def kept_by(element: JsonObject) -> Kept | None:
    """How this element keeps its value; None for buttons, menus and pictures, which keep none."""
    kind = element.get("type")
    return KEPT.get(kind) if isinstance(kind, str) else None


def empty_entry(element: JsonObject) -> JsonObject | None:
    """The entry of `state.values` of an element that nobody has filled in."""
    kept = kept_by(element)
    if kept is None:
        return None
    nothing: JsonValue = [] if kept.several else None
    return _entry(element, kept, nothing)


def _entry(element: JsonObject, kept: Kept, value: JsonValue) -> JsonObject:
    entry: JsonObject = {"type": element.get("type"), kept.field: value}
    if element.get("type") == "timepicker" and "timezone" in element:
        entry["timezone"] = element["timezone"]
    return entry


def initial_state(view: JsonValue, current_conversation: str | None = None) -> StateValues:
    """`state.values` of a view or of a message's blocks before anybody has touched it.

    `current_conversation` is where the person was: what `default_to_current_conversation` fills
    in, unless the element names an initial conversation itself.
    """
    values: StateValues = {}
    for block_id, element in elements_in(view):
        entry = _initial_entry(element, current_conversation)
        action_id = element.get("action_id")
        if entry is not None and isinstance(action_id, str):
            values.setdefault(block_id, {})[action_id] = entry
    return values


def _initial_entry(element: JsonObject, current: str | None) -> JsonObject | None:
    kept = kept_by(element)
    if kept is None:
        return None
    value = element.get(kept.initial) if kept.initial else None
    if value is None and current and element.get("default_to_current_conversation") is True:
        value = [current] if kept.several else current
    if value is None:
        return empty_entry(element)
    return _entry(element, kept, value)


def state_entry(element: JsonObject, action: JsonObject) -> JsonObject | None:
    """The entry of `state.values` after a person has used an element.

    `action` holds what they did under Slack's own name for it (`value`, `selected_option`,
    `selected_users`, `selected_date`, …). An option may be given whole or as its `value`; what
    is kept is the element's own. None for elements that keep nothing.

    Raises `NotOffered` for an option that a static select, radio group or checkbox group lacks.
    """
    kept = kept_by(element)
    if kept is None:
        return None
    value = action.get(kept.field)
    if kept.field in ("selected_option", "selected_options") and value is not None:
        value = (
            [_own_option(element, option) for option in _list(value)]
            if kept.several
            else _own_option(element, value)
        )
    if kept.several and value is None:
        value = []
    if kept.field == "value" and value == "":
        value = None
    return _entry(element, kept, value)


def held_state(view: JsonValue, *layers: JsonValue) -> StateValues:
    """`state.values` as a client holds it: what a view or message starts with, under the layers.

    Each layer is `{block_id: {action_id: entry}}`, whose entries need no more than the element's
    own field (`value`, `selected_option`, …). What belongs to no element, and options that are
    not offered (any more), are passed over, as no client could hold them.
    """
    values = initial_state(view)
    for block_id, element in elements_in(view):
        action_id = element.get("action_id")
        held = values.get(block_id)
        if held is None or not isinstance(action_id, str):
            continue
        for layer in layers:
            entries = layer.get(block_id) if isinstance(layer, dict) else None
            given = entries.get(action_id) if isinstance(entries, dict) else None
            held.update(_taken(element, action_id, given))
    return values


def _taken(element: JsonObject, action_id: str, given: JsonValue) -> dict[str, JsonObject]:
    kept = kept_by(element)
    if kept is None or not isinstance(given, dict) or kept.field not in given:
        return {}
    try:
        entry = state_entry(element, given)
    except NotOffered:
        return {}
    return {} if entry is None else {action_id: entry}


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else [value]


def _own_option(element: JsonObject, picked: JsonValue) -> JsonValue:
    """The option as the app wrote it; an external select's is taken as it came."""
    if str(element.get("type")).endswith("external_select"):
        return _searched(element, picked)
    wanted = picked.get("value") if isinstance(picked, dict) else picked
    for option in offered(element):
        if option.get("value") == wanted:
            return dict(option)
    raise NotOffered(f"{element.get('action_id')} does not offer {wanted!r}")


def _searched(element: JsonObject, picked: JsonValue) -> JsonValue:
    """An option out of a search: only the client knows it, so it is held to an option's shape."""
    option = picked if isinstance(picked, dict) else {"value": picked}
    value = option.get("value")
    if not isinstance(value, str):
        raise NotOffered(f"{element.get('action_id')} needs an option with a value")
    words: JsonValue = {"type": "plain_text", "text": value[:OPTION_TEXT]}
    whole: JsonObject = {"text": words, **option}
    if any(OPTION.check(whole, Spot("", Surface.MODAL))):
        raise NotOffered(f"{element.get('action_id')} offers no such option")
    return fill_flags(whole)


def action_payload(block_id: str, element: JsonObject, action: JsonObject, ts: str) -> JsonObject:
    """The entry of a block_actions payload's `actions` for one use of an element.

    `ts` becomes `action_ts`. Raises `NotOffered` as `state_entry` does.
    """
    payload: JsonObject = {
        "type": element.get("type"),
        "action_id": element.get("action_id"),
        "block_id": block_id,
    }
    payload.update(_used(element, action))
    payload["action_ts"] = ts
    return payload


def _used(element: JsonObject, action: JsonObject) -> JsonObject:
    kind = str(element.get("type"))
    if kind == "overflow":
        picked: JsonObject = {
            "selected_option": _own_option(element, action.get("selected_option"))
        }
        return {**picked, **_copied(element, ("confirm",))}
    if kind == "feedback_buttons":
        return _feedback(element, action)
    if kind in _PRESSED:
        return _copied(element, _PRESSED[kind])
    kept = kept_by(element)
    if kept is None:
        return {}
    entry = state_entry(element, action) or {}
    told = {name: value for name, value in entry.items() if name != "type"}
    initial = (kept.initial,) if kept.initial and kept.field != "value" else ()
    return {**told, **_copied(element, (*initial, *_USED))}


def _copied(element: JsonObject, names: tuple[str, ...]) -> JsonObject:
    return {name: element[name] for name in names if name in element}


def _feedback(element: JsonObject, action: JsonObject) -> JsonObject:
    """The one of the two buttons that was pressed, known by its value."""
    for name in ("positive_button", "negative_button"):
        button = element.get(name)
        if isinstance(button, dict) and button.get("value") == action.get("value"):
            return _copied(button, ("text", "value"))
    raise NotOffered(f"{element.get('action_id')} does not offer {action.get('value')!r}")
