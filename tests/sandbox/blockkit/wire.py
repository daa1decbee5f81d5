"""Small builders of wire JSON, valid unless told otherwise, and ways to ask the rules."""

from collections.abc import Callable, Sequence

from pydantic import JsonValue

from bot.sandbox.blockkit import JsonObject, Problem, Surface, check_message, check_view

Check = Callable[[Sequence[JsonValue]], list[Problem]]


def plain(text: str = "Words") -> JsonObject:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "Words") -> JsonObject:
    return {"type": "mrkdwn", "text": text}


def option(value: str = "v", text: JsonObject | None = None, **more: JsonValue) -> JsonObject:
    return {"text": text or plain(), "value": value, **more}


def options(count: int) -> list[JsonValue]:
    return [option(f"v{index}") for index in range(count)]


def groups(count: int, each: int = 1) -> list[JsonValue]:
    return [{"label": plain(), "options": options(each)} for _ in range(count)]


def button(text: str = "Press", **more: JsonValue) -> JsonObject:
    return {"type": "button", "text": plain(text), **more}


def element(kind: str, **more: JsonValue) -> JsonObject:
    """An element of `kind` with what it can't do without."""
    needed: dict[str, JsonObject] = {
        "button": {"text": plain()},
        "overflow": {"options": options(2)},
        "checkboxes": {"options": options(2)},
        "radio_buttons": {"options": options(2)},
        "static_select": {"options": options(2)},
        "multi_static_select": {"options": options(2)},
        "number_input": {"is_decimal_allowed": False},
        "workflow_button": {
            "text": plain(),
            "workflow": {"trigger": {"url": "https://slack.com/shortcuts/Ft1/abc"}},
        },
        "image": {"image_url": "https://example.com/a.png", "alt_text": "A picture"},
        "icon_button": {"icon": "trash", "text": plain("Delete")},
        "feedback_buttons": {
            "positive_button": {"text": plain("Good"), "value": "good"},
            "negative_button": {"text": plain("Bad"), "value": "bad"},
        },
    }
    lacking = {} if "option_groups" in more else needed.get(kind, {})
    return {"type": kind, **lacking, **more}


def confirm(**more: JsonValue) -> JsonObject:
    return {
        "title": plain("Sure?"),
        "text": mrkdwn("It can't be undone."),
        "confirm": plain("Yes"),
        "deny": plain("No"),
        **more,
    }


def section(**more: JsonValue) -> JsonObject:
    needed: JsonObject = {} if {"text", "fields"} & set(more) else {"text": mrkdwn()}
    return {"type": "section", **needed, **more}


def actions(*elements: JsonValue, **more: JsonValue) -> JsonObject:
    return {"type": "actions", "elements": list(elements), **more}


def input_block(field: JsonObject | None = None, **more: JsonValue) -> JsonObject:
    field = field or element("plain_text_input")
    return {"type": "input", "label": plain("Label"), "element": field, **more}


def rich_text(*parts: JsonValue) -> JsonObject:
    return {"type": "rich_text", "elements": list(parts)}


def rich_section(*pieces: JsonValue) -> JsonObject:
    return {"type": "rich_text_section", "elements": list(pieces)}


def table(rows: list[JsonValue], **more: JsonValue) -> JsonObject:
    return {"type": "table", "rows": rows, **more}


def cell(text: str = "x") -> JsonObject:
    return {"type": "raw_text", "text": text}


def modal(*blocks: JsonValue, **more: JsonValue) -> JsonObject:
    return {
        "type": "modal",
        "title": plain("Title"),
        "submit": plain("Send"),
        "blocks": list(blocks) or [section()],
        **more,
    }


def home(*blocks: JsonValue, **more: JsonValue) -> JsonObject:
    return {"type": "home", "blocks": list(blocks) or [section()], **more}


def problems_on(surface: Surface, *blocks: JsonValue) -> list[Problem]:
    """What Slack says to these blocks on that surface."""
    if surface is Surface.MESSAGE:
        return check_message(list(blocks), "fallback")
    if surface is Surface.MODAL:
        return check_view(modal(*blocks))
    return check_view(home(*blocks))


CODES = {
    Surface.MESSAGE: "invalid_blocks",
    Surface.MODAL: "invalid_arguments",
    Surface.HOME: "invalid_arguments",
}
ROOTS = {
    Surface.MESSAGE: "/blocks",
    Surface.MODAL: "/view/blocks",
    Surface.HOME: "/view/blocks",
}


def line(text: str, pointer: str) -> str:
    return f"[ERROR] {text} [json-pointer:{pointer}]"
