"""What Slack adds to blocks on the way in: ids that are missing, and defaults spelt out."""

from __future__ import annotations

from bot.sandbox.blockkit import fill_ids
from bot.sandbox.wire import JsonObject, JsonValue


def finish_blocks(blocks: JsonValue) -> list[JsonObject]:
    """The blocks as Slack stores them."""
    if not isinstance(blocks, list):
        return []
    return [block for block in fill_ids(blocks) if isinstance(block, dict)]
