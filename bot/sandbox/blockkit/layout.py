"""Walking blocks: which elements there are, and what Slack fills in by itself."""

from __future__ import annotations

import secrets
import string
from collections.abc import Callable, Iterator

from pydantic import JsonValue

from bot.sandbox.blockkit.findings import JsonObject

_ALPHABET = string.ascii_letters + string.digits + "+/="
_FLAG_OF_TEXT = {"plain_text": ("emoji", True), "mrkdwn": ("verbatim", False)}


def short_id() -> str:
    """An id of five characters, as Slack makes them."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(5))


def blocks_of(holder: JsonValue) -> list[JsonObject]:
    """The blocks of a view, a message or a plain list; whatever is no object is passed over."""
    blocks = holder.get("blocks") if isinstance(holder, dict) else holder
    return (
        [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    )


def places_of(block: JsonObject) -> Iterator[tuple[tuple[str | int, ...], JsonObject]]:
    """The elements of a block with their path in it, in reading order."""
    for name in ("element", "accessory"):
        single = block.get(name)
        if isinstance(single, dict):
            yield (name,), single
    several = block.get("elements")
    for index, element in enumerate(several if isinstance(several, list) else []):
        if isinstance(element, dict):
            yield ("elements", index), element


def elements_in(holder: JsonValue) -> Iterator[tuple[str, JsonObject]]:
    """Each element of a view, a message or a list of blocks, with the id of its block."""
    for block in blocks_of(holder):
        block_id = block.get("block_id")
        for _, element in places_of(block):
            yield (block_id if isinstance(block_id, str) else ""), element


def find_element(
    view_or_blocks: JsonValue, block_id: str | None, action_id: str
) -> JsonObject | None:
    """The element with this `action_id` (in that block, or in any when `block_id` is None)."""
    for found_in, element in elements_in(view_or_blocks):
        if element.get("action_id") == action_id and block_id in (None, found_in):
            return element
    return None


def find_block_id(view_or_blocks: JsonValue, action_id: str) -> str | None:
    """The id of the first block that holds an element with this `action_id`."""
    for block_id, element in elements_in(view_or_blocks):
        if element.get("action_id") == action_id:
            return block_id
    return None


def fill_ids(blocks: list[JsonValue], new_id: Callable[[], str] = short_id) -> list[JsonValue]:
    """The blocks as Slack stores them: with a `block_id` each and an `action_id` an element.

    Text objects get the flag that Slack adds (`emoji` true, `verbatim` false). What came is left
    as it was; a copy is handed back.
    """
    copies = [fill_flags(block) for block in blocks]
    taken = {
        block_id
        for block in blocks_of(copies)
        if isinstance(block_id := block.get("block_id"), str)
    }
    for block in blocks_of(copies):
        if not block.get("block_id"):
            block["block_id"] = _fresh(taken, new_id)
        elements = [element for _, element in places_of(block) if _acts(element)]
        used = {str(element.get("action_id")) for element in elements if element.get("action_id")}
        for element in elements:
            if not element.get("action_id"):
                element["action_id"] = _fresh(used, new_id)
    return copies


def _acts(element: JsonObject) -> bool:
    """Whether an element is one that people use (not an image, a text or rich text)."""
    kind = element.get("type")
    still = kind in ("image", "plain_text", "mrkdwn") or str(kind).startswith("rich_text_")
    return kind == "rich_text_input" or not still


def _fresh(taken: set[str], new_id: Callable[[], str]) -> str:
    made = new_id()
    while made in taken:
        made = new_id()
    taken.add(made)
    return made


def fill_flags(value: JsonValue) -> JsonValue:
    """A copy in which each text object has the flag Slack adds: emoji shown, nothing verbatim."""
    if isinstance(value, list):
        return [fill_flags(item) for item in value]
    if not isinstance(value, dict):
        return value
    copy = {name: fill_flags(item) for name, item in value.items()}
    kind = copy.get("type")
    flag = _FLAG_OF_TEXT.get(kind) if isinstance(kind, str) else None
    if flag is not None and isinstance(copy.get("text"), str):
        copy.setdefault(*flag)
    return copy
