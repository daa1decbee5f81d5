"""JSON as it travels, with types, and careful ways to read it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pydantic import JsonValue

JsonObject = dict[str, JsonValue]

__all__ = [
    "JsonObject",
    "JsonValue",
    "compact",
    "listed",
    "object_at",
    "objects_at",
    "parse_object",
    "text_at",
    "without_nones",
]


def compact(value: JsonValue) -> str:
    """JSON text without needless spaces, as Slack sends it."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def parse_object(text: str | bytes) -> JsonObject | None:
    """The JSON object in `text`, or None when it is anything else."""
    try:
        value = json.loads(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def text_at(holder: JsonObject, key: str) -> str:
    """The string under `key`, or an empty one."""
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def object_at(holder: JsonObject, key: str) -> JsonObject:
    """The object under `key`, or an empty one."""
    value = holder.get(key)
    return value if isinstance(value, dict) else {}


def objects_at(holder: JsonObject, key: str) -> list[JsonObject]:
    """The objects in the list under `key`; whatever else is in it is passed over."""
    value = holder.get(key)
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def listed(values: Iterable[str]) -> list[JsonValue]:
    """Strings as a JSON list (a list of strings is no `list[JsonValue]` to a type checker)."""
    return [*values]


def without_nones(holder: JsonObject) -> JsonObject:
    """The same object without the keys that hold nothing."""
    return {key: value for key, value in holder.items() if value is not None}
