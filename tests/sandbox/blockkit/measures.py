"""One row of the tables of limits, and short ways to write the usual ones.

A row builds a block whose one measure is the number given, and names the largest (or the
smallest) number that Slack takes, where it points and what it says.
"""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic import JsonValue

from bot.sandbox.blockkit import JsonObject, Surface
from tests.sandbox.blockkit.wire import (
    element,
    plain,
    section,
)

EVERYWHERE = frozenset(Surface)
MESSAGE = frozenset({Surface.MESSAGE})
MODAL = frozenset({Surface.MODAL})
MESSAGE_MODAL = frozenset({Surface.MESSAGE, Surface.MODAL})
VIEWS = frozenset({Surface.MODAL, Surface.HOME})


@dataclass(frozen=True)
class Limit:
    name: str
    build: Callable[[int], JsonObject]
    inside: int
    pointer: str  # within the block
    says: str
    surfaces: frozenset[Surface] = EVERYWHERE
    step: int = 1  # from the last that is taken to the first that is refused


def characters(
    name: str,
    build: Callable[[str], JsonObject],
    most: int,
    pointer: str,
    surfaces: frozenset[Surface] = EVERYWHERE,
) -> Limit:
    return Limit(
        f"{name}: {most} characters",
        lambda count: build("x" * count),
        most,
        pointer,
        f"must be less than {most + 1} characters",
        surfaces,
    )


def something(
    name: str,
    build: Callable[[str], JsonObject],
    pointer: str,
    surfaces: frozenset[Surface] = EVERYWHERE,
) -> Limit:
    return Limit(
        f"{name}: not empty",
        lambda count: build("x" * count),
        1,
        pointer,
        "must be more than 0 characters",
        surfaces,
        step=-1,
    )


def at_most(
    name: str,
    build: Callable[[int], JsonObject],
    most: int,
    pointer: str,
    surfaces: frozenset[Surface] = EVERYWHERE,
) -> Limit:
    says = f"no more than {most} items allowed"
    return Limit(f"{name}: {most} items", build, most, pointer, says, surfaces)


def at_least_one(
    name: str,
    build: Callable[[int], JsonObject],
    pointer: str,
    surfaces: frozenset[Surface] = EVERYWHERE,
) -> Limit:
    says = "must provide at least 1 items"
    return Limit(f"{name}: at least 1 item", build, 1, pointer, says, surfaces, step=-1)


def address(count_of: str) -> str:
    return "https://example.com/".ljust(len(count_of), "x")


def within(field: JsonObject) -> JsonObject:
    return section(accessory=field)


def several(item: Callable[[int], JsonValue], count: int) -> list[JsonValue]:
    return [item(index) for index in range(count)]


def ids(count: int) -> list[JsonValue]:
    return [f"U{index}" for index in range(count)]


def of_image(**more: JsonValue) -> JsonObject:
    source = {} if "slack_file" in more else {"image_url": "https://example.com/a.png"}
    return {"type": "image", "alt_text": "A picture", **source, **more}


def of_video(**more: JsonValue) -> JsonObject:
    return {
        "type": "video",
        "alt_text": "A film",
        "title": plain("Film"),
        "thumbnail_url": "https://example.com/a.png",
        "video_url": "https://example.com/a",
        **more,
    }


def context(*items: JsonValue) -> JsonObject:
    return {"type": "context", "elements": list(items)}


def icon(**more: JsonValue) -> JsonObject:
    return {"type": "context_actions", "elements": [element("icon_button", **more)]}


def feedback(text: str = "Good", value: str = "good", label: str = "Good") -> JsonObject:
    positive: JsonObject = {"text": plain(text), "value": value, "accessibility_label": label}
    held = element("feedback_buttons", positive_button=positive)
    return {"type": "context_actions", "elements": [held]}
