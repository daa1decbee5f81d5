"""Cursors, as opaque as Slack's."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.sandbox.errors import SlackRefuses

T = TypeVar("T")


def cursor_for(mark: str) -> str:
    return base64.urlsafe_b64encode(f"next:{mark}".encode()).decode()


def mark_in(cursor: str) -> str:
    """What a cursor stands for."""
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
    except (ValueError, binascii.Error):
        raise SlackRefuses("invalid_cursor") from None
    if not text.startswith("next:"):
        raise SlackRefuses("invalid_cursor")
    return text.removeprefix("next:")


def page_of(items: Sequence[T], cursor: str, limit: int, most: int = 1000) -> tuple[list[T], str]:
    """One page of `items` and the cursor of the next one (empty at the end)."""
    if limit < 0 or limit > most:
        raise SlackRefuses("invalid_limit")
    size = limit or 100
    start = 0
    if cursor:
        mark = mark_in(cursor)
        if not mark.isdigit():
            raise SlackRefuses("invalid_cursor")
        start = int(mark)
    end = start + size
    return list(items[start:end]), cursor_for(str(end)) if end < len(items) else ""
