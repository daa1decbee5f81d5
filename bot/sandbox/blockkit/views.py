"""What Slack refuses in a view: views.open, push, update and publish, and response actions.

https://docs.slack.dev/reference/views
"""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import JsonValue

from bot.sandbox.blockkit.blocks import check_blocks
from bot.sandbox.blockkit.findings import Finding, Findings, JsonObject, Problem, Spot, Surface
from bot.sandbox.blockkit.layout import places_of
from bot.sandbox.blockkit.rules import Bool, OneOf, Rule, Shape, Str, plain
from bot.sandbox.blockkit.sizes import json_size

MOST_BLOCKS = 100
LARGEST_VIEW = 250_000


class _Blocks:
    """1 to 100 blocks."""

    def check(self, value: JsonValue, at: Spot) -> Findings:
        if not isinstance(value, list):
            yield Finding("must provide an array", at.pointer)
            return
        if not value:
            yield Finding("must provide at least 1 items", at.pointer)
        yield from check_blocks(value, at, MOST_BLOCKS)


_COMMON: dict[str, Rule] = {
    "private_metadata": Str(3000),
    "callback_id": Str(255),
    "external_id": Str(255),
}


def _inputs_need_submit(view: JsonObject, at: Spot) -> Findings:
    if "submit" in view:
        return
    blocks = view.get("blocks")
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        if isinstance(block, dict) and block.get("type") == "input":
            here = at.into("blocks").into(index).into("input")
            yield Finding("must define `submit` to use an `input` block in modals", here.pointer)


def _one_focus(view: JsonObject, at: Spot) -> Findings:
    focused = [
        place.into("focus_on_load").pointer
        for place, element in _elements(view, at.into("blocks"))
        if element.get("focus_on_load") is True
    ]
    for pointer in focused[1:]:
        yield Finding("`focus_on_load` can only be true on one element", pointer)


def _one_response_url(view: JsonObject, at: Spot) -> Findings:
    enabled = [
        place.into("response_url_enabled").pointer
        for place, element in _elements(view, at.into("blocks"))
        if element.get("response_url_enabled") is True
    ]
    for pointer in enabled[1:]:
        yield Finding("`response_url_enabled` can only be true on one element", pointer)


def _elements(view: JsonObject, at: Spot) -> Iterator[tuple[Spot, JsonObject]]:
    blocks = view.get("blocks")
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        for path, element in places_of(block) if isinstance(block, dict) else ():
            place = at.into(index)
            for step in path:
                place = place.into(step)
            yield place, element


MODAL = Shape(
    {"title": plain(24), "blocks": _Blocks()},
    {
        **_COMMON,
        "close": plain(24),
        "submit": plain(24),
        "clear_on_close": Bool(),
        "notify_on_close": Bool(),
    },
    (_inputs_need_submit, _one_focus, _one_response_url),
    kind="modal",
)

HOME = Shape({"blocks": _Blocks()}, _COMMON, (_one_focus,), kind="home")


def check_view(view: JsonValue) -> list[Problem]:
    """Every reason why Slack would refuse this modal or Home view."""
    kind = view.get("type") if isinstance(view, dict) else None
    at = Spot("/view", Surface.HOME if kind == "home" else Surface.MODAL)
    problems = [
        finding.as_problem("invalid_arguments")
        for finding in OneOf({"modal": MODAL, "home": HOME}).check(view, at)
    ]
    if json_size(view, LARGEST_VIEW + 1) > LARGEST_VIEW:
        too_large = f"[ERROR] must be less than {LARGEST_VIEW + 1} bytes [json-pointer:/view]"
        problems.insert(0, Problem("view_too_large", too_large))
    return problems
