"""Blocks: their fields, and on which surfaces each is shown.

https://docs.slack.dev/reference/block-kit/blocks
Absent here, and refused as unknown: `file` and `call` (an app can't post them by themselves) and
the newer `alert`, `card`, `carousel`, `container`, `plan`, `task_card`, `data_table`,
`data_visualization` and `auth_provider`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from bot.sandbox.blockkit.composition import SLACK_FILE, at_least_one_of, exactly_one_of
from bot.sandbox.blockkit.elements import ANY_ELEMENT, EVERYWHERE, IMAGE_ELEMENT
from bot.sandbox.blockkit.findings import Finding, Findings, JsonObject, Spot, Surface, quoted
from bot.sandbox.blockkit.rich_text import RICH_TEXT
from bot.sandbox.blockkit.rules import (
    AN_ADDRESS,
    AN_IMAGE_ADDRESS,
    Also,
    Bool,
    Many,
    OneOf,
    Rule,
    Shape,
    Str,
    Text,
    choice,
    plain,
    unsupported,
)

_MESSAGE = frozenset({Surface.MESSAGE})
_BLOCK_ID: dict[str, Rule] = {"block_id": Str(255)}


def _text_or_fields(block: JsonObject, at: Spot) -> Findings:
    yield from at_least_one_of(block, at, "text", "fields")


def _only_https(name: str) -> Also:
    def check(block: JsonObject, at: Spot) -> Findings:
        address = block.get(name)
        if isinstance(address, str) and not address.startswith("https://"):
            yield Finding("must be an HTTPS URL", at.into(name).pointer)

    return check


@dataclass(frozen=True, slots=True)
class Block:
    """A kind of block: its fields, and on which surfaces it is shown."""

    must: Mapping[str, Rule]
    may: Mapping[str, Rule]
    surfaces: frozenset[Surface] = EVERYWHERE
    also: tuple[Also, ...] = ()


@dataclass(frozen=True, slots=True)
class ContextItem:
    """A context block holds text objects and images, side by side."""

    def check(self, value: JsonValue, at: Spot) -> Findings:
        kinds: dict[str, Rule] = {
            "image": IMAGE_ELEMENT,
            "plain_text": Text(),
            "mrkdwn": Text(),
        }
        yield from OneOf(kinds).check(value, at)


_CELL = OneOf(
    {
        "raw_text": Shape({"text": Str(least=1)}, kind="raw_text"),
        "rich_text": RICH_TEXT,
    }
)
_COLUMN = Shape(may={"align": choice("left", "center", "right"), "is_wrapped": Bool()})

BLOCKS: Mapping[str, Block] = {
    "section": Block(
        {},
        {
            "text": Text(3000),
            "fields": Many(Text(2000), 10, 1),
            "accessory": ANY_ELEMENT,
            "expand": Bool(),
        },
        also=(_text_or_fields,),
    ),
    "divider": Block({}, {}),
    "header": Block({"text": plain(150)}, {}),
    "image": Block(
        {"alt_text": Str(2000, least=1)},
        {"image_url": AN_IMAGE_ADDRESS, "slack_file": SLACK_FILE, "title": plain(2000)},
        also=(exactly_one_of("image_url", "slack_file"),),
    ),
    "actions": Block({"elements": Many(ANY_ELEMENT, 25, 1)}, {}),
    "context": Block({"elements": Many(ContextItem(), 10, 1)}, {}),
    "context_actions": Block({"elements": Many(ANY_ELEMENT, 5, 1)}, {}, _MESSAGE),
    "input": Block(
        {"label": plain(2000), "element": ANY_ELEMENT},
        {"hint": plain(2000), "optional": Bool(), "dispatch_action": Bool()},
    ),
    "rich_text": Block(RICH_TEXT.must, {}),
    "markdown": Block({"text": Str(12_000, least=1)}, {}, _MESSAGE),
    "table": Block(
        {"rows": Many(Many(_CELL, 20, 1), 100, 1)},
        {"column_settings": Many(_COLUMN, 20)},
        _MESSAGE,
    ),
    "video": Block(
        {
            "alt_text": Str(2000, least=1),
            "title": plain(199),
            "thumbnail_url": AN_ADDRESS,
            "video_url": AN_ADDRESS,
        },
        {
            "author_name": Str(49),
            "description": plain(200),
            "provider_icon_url": AN_ADDRESS,
            "provider_name": Str(50),
            "title_url": AN_ADDRESS,
        },
        also=(_only_https("video_url"), _only_https("title_url")),
    ),
}


def _admits(kind: str, at: Spot) -> Findings:
    if at.surface not in BLOCKS[kind].surfaces:
        yield unsupported(kind, at)


ANY_BLOCK = OneOf(
    {
        kind: Shape(block.must, {**_BLOCK_ID, **block.may}, block.also, kind=kind)
        for kind, block in BLOCKS.items()
    },
    _admits,
)


def check_blocks(blocks: list[JsonValue], at: Spot, most: int) -> Findings:
    """Everything that is wrong with a list of blocks, in reading order."""
    if len(blocks) > most:
        yield Finding(f"no more than {most} items allowed", at.pointer)
    for index, block in enumerate(blocks):
        here = at.into(index)
        kind = block.get("type") if isinstance(block, dict) else None
        yield from ANY_BLOCK.check(block, here.within(kind if isinstance(kind, str) else ""))
    yield from _ids_once(blocks, at)


def _ids_once(blocks: list[JsonValue], at: Spot) -> Findings:
    """A `block_id` stands once in a surface, an `action_id` once in a block."""
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        yield from _once("block_id", block, seen, at.into(index))
        elements = block.get("elements")
        actions: set[str] = set()
        for position, element in enumerate(elements if isinstance(elements, list) else []):
            if isinstance(element, dict):
                here = at.into(index).into("elements").into(position)
                yield from _once("action_id", element, actions, here)


def _once(name: str, holder: JsonObject, seen: set[str], at: Spot) -> Findings:
    value = holder.get(name)
    if not isinstance(value, str) or not value:
        return
    if value in seen:
        yield Finding(f'`{name}` "{quoted(value)}" already exists', at.into(name).pointer)
    seen.add(value)
