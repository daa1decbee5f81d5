"""How much is in a payload: bytes on the wire, and characters that people read."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pydantic import JsonValue

# Fields whose string is shown to people; ids, addresses and values are not counted.
_SHOWN = frozenset({"text", "alt_text", "fallback"})

_LONG_NUMBER = 4_000


def json_size(value: JsonValue, enough: int | None = None) -> int:
    """Bytes of `value` as compact UTF-8 JSON; counting stops once there are `enough`.

    Walks without recursion, so that no depth of nesting can break it.
    """
    total = 0
    waiting: list[JsonValue] = [value]
    while waiting and (enough is None or total < enough):
        item = waiting.pop()
        if isinstance(item, dict):
            total += 2 + max(0, len(item) - 1) + len(item)
            total += sum(_scalar_size(name) for name in item)
            waiting.extend(item.values())
        elif isinstance(item, list):
            total += 2 + max(0, len(item) - 1)
            waiting.extend(item)
        else:
            total += _scalar_size(item)
    return total


def _scalar_size(value: str | float | bool | None) -> int:
    if isinstance(value, int) and value.bit_length() > _LONG_NUMBER:
        return value.bit_length() * 3 // 10  # Python refuses to spell these out
    # surrogatepass: a lone surrogate can come over the wire as an escape
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"))


def text_size(value: JsonValue) -> int:
    """Characters of `value` that people read, options and confirm dialogs included."""
    return sum(len(text) for text in _shown_in(value))


def _shown_in(value: JsonValue) -> Iterator[str]:
    waiting: list[JsonValue] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            for name, field in item.items():
                if name in _SHOWN and isinstance(field, str):
                    yield field
                else:
                    waiting.append(field)
        elif isinstance(item, list):
            waiting.extend(item)
