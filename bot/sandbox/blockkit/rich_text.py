"""Rich text: sections, lists, quotes and preformatted text, and the pieces they are made of.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.sandbox.blockkit.rules import (
    AN_ID,
    Bool,
    Int,
    Many,
    OneOf,
    Rule,
    Shape,
    Str,
    choice,
)

_FLAGS: dict[str, Rule] = {
    name: Bool()
    for name in (
        "bold",
        "italic",
        "strike",
        "code",
        "underline",
        "highlight",
        "client_highlight",
        "unlink",
    )
}
_STYLED: dict[str, Rule] = {"style": Shape(may=_FLAGS)}


def _piece(kind: str, must: Mapping[str, Rule], may: Mapping[str, Rule] | None = None) -> Shape:
    return Shape(must, {**_STYLED, **(may or {})}, kind=kind)


_ADDRESS = Str(3000, least=1)

PIECES: Mapping[str, Rule] = {
    "text": _piece("text", {"text": Str(least=1)}),
    "link": _piece("link", {"url": _ADDRESS}, {"text": Str(), "unsafe": Bool()}),
    "user": _piece("user", {"user_id": AN_ID}),
    "usergroup": _piece("usergroup", {"usergroup_id": AN_ID}),
    "channel": _piece("channel", {"channel_id": AN_ID}),
    "team": _piece("team", {"team_id": AN_ID}),
    "broadcast": _piece("broadcast", {"range": choice("here", "channel", "everyone")}),
    "emoji": _piece(
        "emoji", {"name": Str(least=1)}, {"unicode": Str(), "skin_tone": Int(1, 6), "url": Str()}
    ),
    "date": _piece(
        "date",
        {"timestamp": Int(), "format": Str(least=1)},
        {"url": _ADDRESS, "fallback": Str()},
    ),
    "color": _piece("color", {"value": Str(least=1)}),
}

_INLINE = Many(OneOf(PIECES))
_SECTION = Shape({"elements": _INLINE}, kind="rich_text_section")

PARTS: Mapping[str, Rule] = {
    "rich_text_section": _SECTION,
    "rich_text_list": Shape(
        {
            "elements": Many(OneOf({"rich_text_section": _SECTION})),
            "style": choice("bullet", "ordered"),
        },
        {"indent": Int(0, 8), "offset": Int(), "border": Int(0, 1)},
        kind="rich_text_list",
    ),
    "rich_text_quote": Shape({"elements": _INLINE}, {"border": Int(0, 1)}, kind="rich_text_quote"),
    "rich_text_preformatted": Shape(
        {"elements": _INLINE},
        {"border": Int(0, 1), "language": Str()},
        kind="rich_text_preformatted",
    ),
}

RICH_TEXT = Shape({"elements": Many(OneOf(PARTS))}, {"block_id": Str(255)}, kind="rich_text")
