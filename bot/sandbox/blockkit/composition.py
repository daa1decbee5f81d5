"""Composition objects: what elements are made of.

https://docs.slack.dev/reference/block-kit/composition-objects
"""

from __future__ import annotations

from pydantic import JsonValue

from bot.sandbox.blockkit.findings import Finding, Findings, JsonObject, Spot
from bot.sandbox.blockkit.rules import (
    AN_ADDRESS,
    Also,
    Bool,
    Many,
    Rule,
    Shape,
    Str,
    Text,
    choice,
    plain,
)

OPTION_TEXT = 75
OPTION_VALUE = 150
MOST_OPTIONS = 100
MOST_CHOICES = 10

COLOURS = choice("primary", "danger")

CONFIRM = Shape(
    {"title": plain(100), "text": Text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": COLOURS},
)

DISPATCH = Shape(
    may={"trigger_actions_on": Many(choice("on_enter_pressed", "on_character_entered"), 2, 1)}
)

_FILTERS: dict[str, Rule] = {
    "include": Many(choice("im", "mpim", "private", "public"), 4, 1),
    "exclude_external_shared_channels": Bool(),
    "exclude_bot_users": Bool(),
}


def _filters_something(holder: JsonObject, at: Spot) -> Findings:
    yield from at_least_one_of(holder, at, *_FILTERS)


CONVERSATION_FILTER = Shape(may=_FILTERS, also=(_filters_something,))

WORKFLOW = Shape(
    {
        "trigger": Shape(
            {"url": AN_ADDRESS},
            {
                "customizable_input_parameters": Many(
                    Shape({"name": Str(255, least=1), "value": Str(3000)})
                )
            },
        )
    }
)


def _option(text: Rule, may: dict[str, Rule] | None = None) -> Shape:
    description = Text(OPTION_TEXT) if text == Text(OPTION_TEXT) else plain(OPTION_TEXT)
    return Shape(
        {"text": text, "value": Str(OPTION_VALUE, least=1)},
        {"description": description, **(may or {})},
    )


OPTION = _option(plain(OPTION_TEXT))
CHOICE_OPTION = _option(Text(OPTION_TEXT))  # radio buttons and checkboxes take mrkdwn
OVERFLOW_OPTION = _option(plain(OPTION_TEXT), {"url": AN_ADDRESS})

OPTION_GROUP = Shape({"label": plain(OPTION_TEXT), "options": Many(OPTION, MOST_OPTIONS, 1)})


def at_least_one_of(holder: JsonObject, at: Spot, *names: str) -> Findings:
    """One of `names` has to be there."""
    if not any(name in holder for name in names):
        yield Finding(f"missing required field: {names[0]}", at.pointer)


def exactly_one_of(*names: str) -> Also:
    """One of `names` has to be there, and only one."""

    def check(holder: JsonObject, at: Spot) -> Findings:
        yield from at_least_one_of(holder, at, *names)
        if sum(name in holder for name in names) > 1:
            yield Finding(f"must provide only one of: {', '.join(names)}", at.pointer)

    return check


def _slack_file_named(holder: JsonObject, at: Spot) -> Findings:
    if not any(name in holder for name in ("id", "url")):
        yield Finding("invalid slack file", at.pointer)


SLACK_FILE = Shape(
    may={"id": Str(255, least=1), "url": AN_ADDRESS},
    also=(_slack_file_named,),
)


def same_option(option: JsonValue) -> tuple[str, ...]:
    """A key under which two equal options meet: Slack compares text and value."""
    if not isinstance(option, dict):
        return ()
    text = option.get("text")
    parts = [option.get("value")]
    parts += [text.get("type"), text.get("text")] if isinstance(text, dict) else []
    return tuple(part if isinstance(part, str) else "" for part in parts)


def offered(element: JsonObject) -> list[JsonObject]:
    """The options of an element, those of its groups too, in order."""
    groups = element.get("option_groups")
    lists = [element.get("options")]
    if isinstance(groups, list):
        lists += [group.get("options") for group in groups if isinstance(group, dict)]
    return [
        option
        for options in lists
        if isinstance(options, list)
        for option in options
        if isinstance(option, dict)
    ]


def initial_is_offered(element: JsonObject, at: Spot) -> Findings:
    """Initial choices have to be among the options, text and value alike."""
    keys = {same_option(option) for option in offered(element)}
    initial = element.get("initial_option")
    if isinstance(initial, dict) and same_option(initial) not in keys:
        yield Finding("must be one of the provided options", at.into("initial_option").pointer)
    several = element.get("initial_options")
    if isinstance(several, list) and not (
        several and all(same_option(option) in keys for option in several)
    ):
        yield Finding("must be one of the provided options", at.into("initial_options").pointer)
