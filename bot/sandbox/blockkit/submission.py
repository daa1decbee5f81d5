"""What Slack's own client refuses before a modal is sent.

The app never hears of these; the person sees them at their field.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from pydantic import JsonValue

from bot.sandbox.blockkit.composition import offered
from bot.sandbox.blockkit.elements import LATEST_TIME, LONGEST_INPUT
from bot.sandbox.blockkit.findings import JsonObject
from bot.sandbox.blockkit.layout import blocks_of
from bot.sandbox.blockkit.rules import is_day, is_time, number_in
from bot.sandbox.blockkit.sizes import text_size
from bot.sandbox.blockkit.state import StateValues, kept_by

REQUIRED = "Please complete this required field."
MOST_FILES = 10
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\\\"]+@[^\s@.<>]+(\.[^\s@.<>]+)+")

Complaint = str | None
Check = Callable[[JsonObject, JsonValue], Complaint]


def check_submission(view: JsonValue, state: JsonValue | StateValues) -> dict[str, str]:
    """What is wrong with a filled-in modal, by the `block_id` of the input concerned.

    `state` is the whole `state.values`: `{block_id: {action_id: {type, value | …}}}`; an input
    that it lacks counts as empty. Only input blocks are checked, as in Slack.
    """
    complaints: dict[str, str] = {}
    values: Mapping[str, object] = state if isinstance(state, dict) else {}
    for block in blocks_of(view):
        block_id, element = block.get("block_id"), block.get("element")
        if block.get("type") != "input" or not isinstance(element, dict):
            continue
        entries = values.get(str(block_id))
        entry = entries.get(str(element.get("action_id"))) if isinstance(entries, dict) else None
        complaint = _complaint(element, entry, optional=block.get("optional") is True)
        if complaint is not None:
            complaints[str(block_id)] = complaint
    return complaints


def _complaint(element: JsonObject, entry: object, *, optional: bool) -> Complaint:
    kept = kept_by(element)
    if kept is None:
        return None
    value = entry.get(kept.field) if isinstance(entry, dict) else None
    if _is_empty(element, value):
        return None if optional else REQUIRED
    check = _CHECKS.get(str(element.get("type")))
    return check(element, value) if check else None


def _is_empty(element: JsonObject, value: JsonValue) -> bool:
    if element.get("type") == "rich_text_input":
        return not _rich_text_says_something(value)
    return value is None or value in ("", [])


def _rich_text_says_something(value: JsonValue) -> bool:
    """Rich text with no words may still hold a mention or an emoji."""
    if not isinstance(value, dict):
        return False
    if text_size(value):
        return True
    waiting: list[JsonValue] = [value.get("elements")]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            if item.get("type") in ("user", "usergroup", "channel", "emoji", "broadcast", "link"):
                return True
            waiting.append(item.get("elements"))
        elif isinstance(item, list):
            waiting.extend(item)
    return False


def _text(element: JsonObject, value: JsonValue) -> Complaint:
    if not isinstance(value, str):
        return "Please enter text."
    least, most = element.get("min_length"), element.get("max_length")
    if isinstance(least, int) and len(value) < least:
        return f"Please use at least {_characters(least)}."
    longest = most if isinstance(most, int) else LONGEST_INPUT
    if len(value) > longest:
        return f"Please use at most {_characters(longest)}."
    return None


def _characters(count: int) -> str:
    return "1 character" if count == 1 else f"{count} characters"


def _number(element: JsonObject, value: JsonValue) -> Complaint:
    number = number_in(value) if isinstance(value, str) else None
    if number is None:
        return "Please enter a number."
    if element.get("is_decimal_allowed") is not True and number != int(number):
        return "Please enter a whole number."
    for name, words in (("min_value", "at least"), ("max_value", "at most")):
        text = element.get(name)
        bound = number_in(text) if isinstance(text, str) else None
        below = bound is not None and name == "min_value" and number < bound
        above = bound is not None and name == "max_value" and number > bound
        if below or above:
            return f"Please enter a number of {words} {text}."
    return None


def _email(_: JsonObject, value: JsonValue) -> Complaint:
    fits = isinstance(value, str) and len(value) <= 320 and _EMAIL.fullmatch(value)
    return None if fits else "Please enter a valid email address."


def _address(_: JsonObject, value: JsonValue) -> Complaint:
    complaint = "Please enter a valid URL."
    if not isinstance(value, str) or len(value) > LONGEST_INPUT or re.search(r"\s", value):
        return complaint
    try:
        parts = urlsplit(value)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fits = False
    return None if fits else complaint


def _one_option(element: JsonObject, value: JsonValue) -> Complaint:
    wanted = _value_of(value)
    if wanted is not None and any(option.get("value") == wanted for option in offered(element)):
        return None
    return "Please choose one of the options."


def _one_given(_: JsonObject, value: JsonValue) -> Complaint:
    return None if isinstance(value, dict | str) else "Please choose one of the options."


def _several(element: JsonObject, value: JsonValue) -> Complaint:
    most = element.get("max_selected_items")
    if not isinstance(value, list):
        return "Please choose among the options."
    if isinstance(most, int) and len(value) > most:
        return f"Please choose at most {most}."
    return None


def _several_options(element: JsonObject, value: JsonValue) -> Complaint:
    complaint = _several(element, value)
    if complaint or not isinstance(value, list):
        return complaint
    known = {_value_of(option) for option in offered(element)}
    if not known.issuperset(_value_of(option) for option in value):
        return "Please choose among the options."
    return None


def _value_of(option: JsonValue) -> str | None:
    value = option.get("value") if isinstance(option, dict) else None
    return value if isinstance(value, str) else None


def _day(_: JsonObject, value: JsonValue) -> Complaint:
    return None if isinstance(value, str) and is_day(value) else "Please choose a date."


def _time(_: JsonObject, value: JsonValue) -> Complaint:
    return None if isinstance(value, str) and is_time(value) else "Please choose a time."


def _moment(_: JsonObject, value: JsonValue) -> Complaint:
    whole = isinstance(value, int) and not isinstance(value, bool)
    fits = whole and isinstance(value, int) and 0 <= value <= LATEST_TIME
    return None if fits else "Please choose a date and time."


def _files(element: JsonObject, value: JsonValue) -> Complaint:
    if not isinstance(value, list):
        return "Please choose a file."
    most = element.get("max_files")
    allowed = most if isinstance(most, int) else MOST_FILES
    if len(value) > allowed:
        return "Please add 1 file." if allowed == 1 else f"Please add at most {allowed} files."
    kinds = element.get("filetypes")
    if isinstance(kinds, list):
        wanted = {str(kind).lower() for kind in kinds}
        if any(_kind_of_file(file) not in wanted for file in value):
            return f"Please add files of these kinds: {', '.join(sorted(wanted))}."
    return None


def _kind_of_file(file: JsonValue) -> str:
    """The ending of a file's name, which is what Slack's client looks at."""
    if not isinstance(file, dict):
        return ""
    name, kind = file.get("name"), file.get("filetype")
    if isinstance(name, str) and "." in name:
        return name.rpartition(".")[2].lower()
    return kind.lower() if isinstance(kind, str) else ""


_CHECKS: Mapping[str, Check] = {
    "plain_text_input": _text,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _address,
    "static_select": _one_option,
    "radio_buttons": _one_option,
    "external_select": _one_given,
    "users_select": _one_given,
    "channels_select": _one_given,
    "conversations_select": _one_given,
    "checkboxes": _several_options,
    "multi_static_select": _several_options,
    "multi_external_select": _several,
    "multi_users_select": _several,
    "multi_channels_select": _several,
    "multi_conversations_select": _several,
    "datepicker": _day,
    "timepicker": _time,
    "datetimepicker": _moment,
    "file_input": _files,
}
