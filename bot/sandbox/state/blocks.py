"""What Slack adds to blocks on the way in: ids that are missing, and defaults spelt out."""

from __future__ import annotations

from bot.sandbox.blockkit import fill_flags, fill_ids
from bot.sandbox.wire import JsonObject, JsonValue

_WORDS_OF_VIEW = ("title", "submit", "close")


def finish_blocks(blocks: JsonValue) -> list[JsonObject]:
    """The blocks as Slack stores them."""
    if not isinstance(blocks, list):
        return []
    return [block for block in fill_ids(blocks) if isinstance(block, dict)]


def finish_view(body: JsonObject) -> JsonObject:
    """A view as Slack stores it."""
    words = {name: fill_flags(body[name]) for name in _WORDS_OF_VIEW if name in body}
    return {**body, **words, "blocks": [*finish_blocks(body.get("blocks"))]}
