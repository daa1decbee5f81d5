"""Block elements: their fields, and where each may stand.

https://docs.slack.dev/reference/block-kit/block-elements
Where Slack's own answers, as measured on real workspaces, differ from its pages, the answers
count: a multi-select in an actions block is refused, an e-mail input in a message is accepted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from zoneinfo import available_timezones

from bot.sandbox.blockkit.composition import (
    CHOICE_OPTION,
    COLOURS,
    CONFIRM,
    CONVERSATION_FILTER,
    DISPATCH,
    MOST_CHOICES,
    MOST_OPTIONS,
    OPTION,
    OPTION_GROUP,
    OVERFLOW_OPTION,
    SLACK_FILE,
    WORKFLOW,
    exactly_one_of,
    initial_is_offered,
)
from bot.sandbox.blockkit.findings import Finding, Findings, JsonObject, Spot, Surface
from bot.sandbox.blockkit.rich_text import RICH_TEXT
from bot.sandbox.blockkit.rules import (
    A_DAY,
    A_NUMBER,
    A_TIME,
    AN_ADDRESS,
    AN_ID,
    AN_IMAGE_ADDRESS,
    Also,
    Bool,
    Form,
    Int,
    Many,
    OneOf,
    Rule,
    Shape,
    Str,
    choice,
    number_in,
    plain,
    unsupported,
)

PLACEHOLDER = plain(150)
LONGEST_INPUT = 3000
LATEST_TIME = 9_999_999_999
EVERYWHERE = frozenset(Surface)
VIEWS = frozenset({Surface.MODAL, Surface.HOME})


@cache
def _timezones() -> frozenset[str]:
    return frozenset(available_timezones())


A_TIMEZONE = Form(lambda name: name in _timezones(), "must be a valid timezone")


def _not_above(low: str, high: str) -> Also:
    """The number under `low` may not be greater than the one under `high`."""

    def check(element: JsonObject, at: Spot) -> Findings:
        least, most = element.get(low), element.get(high)
        if isinstance(least, int) and isinstance(most, int) and least > most:
            yield Finding(f"{low} must not be greater than {high}", at.into(low).pointer)

    return check


def _initial_text_fits(element: JsonObject, at: Spot) -> Findings:
    text, most = element.get("initial_value"), element.get("max_length")
    if isinstance(text, str) and isinstance(most, int) and 0 < most < len(text) <= LONGEST_INPUT:
        yield Finding(f"must be less than {most + 1} characters", at.into("initial_value").pointer)


def _numbers_fit(element: JsonObject, at: Spot) -> Findings:
    """`min_value` ≤ `initial_value` ≤ `max_value`, and no decimals where none are allowed."""
    names = ("min_value", "initial_value", "max_value")
    texts = {name: element.get(name) for name in names}
    numbers = {
        name: number
        for name, text in texts.items()
        if isinstance(text, str) and (number := number_in(text)) is not None
    }
    present = [name for name in names if name in numbers]
    for low, high in pairwise(present):
        if numbers[low] > numbers[high]:
            yield Finding(f"{low} must not be greater than {high}", at.into(low).pointer)
    if element.get("is_decimal_allowed") is False:
        for name in present:
            if numbers[name] != int(numbers[name]):
                yield Finding("must be a whole number", at.into(name).pointer)


def _initial_within_most(element: JsonObject, at: Spot) -> Findings:
    most = element.get("max_selected_items")
    for name, value in element.items():
        many = name.startswith("initial_") and isinstance(value, list)
        if many and isinstance(value, list) and isinstance(most, int) and 1 <= most < len(value):
            yield Finding(f"no more than {most} items allowed", at.into(name).pointer)


def _response_url_place(element: JsonObject, at: Spot) -> Findings:
    wrong = at.surface is not Surface.MODAL or at.block != "input"
    if wrong and "response_url_enabled" in element:
        yield Finding(
            "`response_url_enabled` is only supported in an `input` block of a modal",
            at.into("response_url_enabled").pointer,
        )


_ACTION: dict[str, Rule] = {"action_id": AN_ID}
_CONFIRMED: dict[str, Rule] = {**_ACTION, "confirm": CONFIRM}
_FOCUSED: dict[str, Rule] = {**_ACTION, "focus_on_load": Bool()}
_PICKED: dict[str, Rule] = {**_FOCUSED, "confirm": CONFIRM, "placeholder": PLACEHOLDER}
_PICKED_MANY: dict[str, Rule] = {**_PICKED, "max_selected_items": Int(1)}
_CHOSEN: dict[str, Rule] = {**_FOCUSED, "confirm": CONFIRM}
_TYPED: dict[str, Rule] = {
    **_FOCUSED,
    "placeholder": PLACEHOLDER,
    "dispatch_action_config": DISPATCH,
}
_STATIC: dict[str, Rule] = {
    "options": Many(OPTION, MOST_OPTIONS, 1),
    "option_groups": Many(OPTION_GROUP, MOST_OPTIONS, 1),
}
_CONVERSATIONS: dict[str, Rule] = {
    "default_to_current_conversation": Bool(),
    "filter": CONVERSATION_FILTER,
}
_RESPONDING: dict[str, Rule] = {"response_url_enabled": Bool()}
_CHOICES: dict[str, Rule] = {"options": Many(CHOICE_OPTION, MOST_CHOICES, 1)}
_IDS = Many(AN_ID)
_EITHER_OPTIONS = exactly_one_of("options", "option_groups")
_FEEDBACK = Shape({"text": plain(75), "value": Str(2000)}, {"accessibility_label": Str(75)})

IMAGE_ELEMENT = Shape(
    {"alt_text": Str(2000, least=1)},
    {"image_url": AN_IMAGE_ADDRESS, "slack_file": SLACK_FILE},
    (exactly_one_of("image_url", "slack_file"),),
    kind="image",
)


@dataclass(frozen=True, slots=True)
class Element:
    """A kind of element: its fields, in which kinds of block and on which surfaces it stands."""

    must: Mapping[str, Rule]
    may: Mapping[str, Rule]
    blocks: frozenset[str]
    surfaces: frozenset[Surface] = EVERYWHERE
    also: tuple[Also, ...] = ()


_SECTION_ACTIONS = frozenset({"section", "actions"})
_SECTION_INPUT = frozenset({"section", "input"})
_SECTION_ACTIONS_INPUT = frozenset({"section", "actions", "input"})
_INPUT = frozenset({"input"})
_CONTEXT_ACTIONS = frozenset({"context_actions"})
_MESSAGE = frozenset({Surface.MESSAGE})
_MODAL = frozenset({Surface.MODAL})
_MESSAGE_MODAL = frozenset({Surface.MESSAGE, Surface.MODAL})


def _select(initial: str, may: Mapping[str, Rule], *also: Also) -> Element:
    one: Rule = OPTION if initial == "initial_option" else AN_ID
    fields = {**_PICKED, initial: one, **may}
    return Element({}, fields, _SECTION_ACTIONS_INPUT, also=also)


def _multi_select(initial: str, may: Mapping[str, Rule], *also: Also) -> Element:
    many: Rule = Many(OPTION) if initial == "initial_options" else _IDS
    fields = {**_PICKED_MANY, initial: many, **may}
    return Element({}, fields, _SECTION_INPUT, also=(*also, _initial_within_most))


def _typed(
    may: Mapping[str, Rule], surfaces: frozenset[Surface] = EVERYWHERE, *also: Also
) -> Element:
    return Element({}, {**_TYPED, **may}, _INPUT, surfaces, also)


ELEMENTS: Mapping[str, Element] = {
    "button": Element(
        {"text": plain(75)},
        {
            **_CONFIRMED,
            "url": AN_ADDRESS,
            "value": Str(2000),
            "style": COLOURS,
            "accessibility_label": Str(75),
        },
        _SECTION_ACTIONS,
    ),
    "workflow_button": Element(
        {"text": plain(75), "workflow": WORKFLOW},
        {**_ACTION, "style": COLOURS, "accessibility_label": Str(75)},
        _SECTION_ACTIONS,
        _MESSAGE,
    ),
    "overflow": Element({"options": Many(OVERFLOW_OPTION, 5, 1)}, _CONFIRMED, _SECTION_ACTIONS),
    "checkboxes": Element(
        _CHOICES,
        {**_CHOSEN, "initial_options": Many(CHOICE_OPTION)},
        _SECTION_ACTIONS_INPUT,
        also=(initial_is_offered,),
    ),
    "radio_buttons": Element(
        _CHOICES,
        {**_CHOSEN, "initial_option": CHOICE_OPTION},
        _SECTION_ACTIONS_INPUT,
        also=(initial_is_offered,),
    ),
    "static_select": _select("initial_option", _STATIC, _EITHER_OPTIONS, initial_is_offered),
    "external_select": _select("initial_option", {"min_query_length": Int()}),
    "users_select": _select("initial_user", {}),
    "channels_select": _select("initial_channel", _RESPONDING, _response_url_place),
    "conversations_select": _select(
        "initial_conversation", {**_CONVERSATIONS, **_RESPONDING}, _response_url_place
    ),
    "multi_static_select": _multi_select(
        "initial_options", _STATIC, _EITHER_OPTIONS, initial_is_offered
    ),
    "multi_external_select": _multi_select("initial_options", {"min_query_length": Int()}),
    "multi_users_select": _multi_select("initial_users", {}),
    "multi_channels_select": _multi_select("initial_channels", {}),
    "multi_conversations_select": _multi_select("initial_conversations", _CONVERSATIONS),
    "datepicker": Element({}, {**_PICKED, "initial_date": A_DAY}, _SECTION_ACTIONS_INPUT),
    "timepicker": Element(
        {},
        {**_PICKED, "initial_time": A_TIME, "timezone": A_TIMEZONE},
        _SECTION_ACTIONS_INPUT,
    ),
    "datetimepicker": Element(
        {},
        {**_CHOSEN, "initial_date_time": Int(0, LATEST_TIME)},
        frozenset({"actions", "input"}),
        _MESSAGE_MODAL,
    ),
    "plain_text_input": _typed(
        {
            "initial_value": Str(LONGEST_INPUT),
            "multiline": Bool(),
            "min_length": Int(0, LONGEST_INPUT),
            "max_length": Int(1, LONGEST_INPUT),
        },
        EVERYWHERE,
        _not_above("min_length", "max_length"),
        _initial_text_fits,
    ),
    "email_text_input": _typed({"initial_value": Str(LONGEST_INPUT)}, _MESSAGE_MODAL),
    "url_text_input": _typed({"initial_value": Str(LONGEST_INPUT)}, _MESSAGE_MODAL),
    "number_input": Element(
        {"is_decimal_allowed": Bool()},
        {**_TYPED, "initial_value": A_NUMBER, "min_value": A_NUMBER, "max_value": A_NUMBER},
        _INPUT,
        _MODAL,
        (_numbers_fit,),
    ),
    "rich_text_input": _typed({"initial_value": RICH_TEXT}, VIEWS),
    "file_input": Element(
        {},
        {**_ACTION, "filetypes": Many(Str(255, least=1), least=1), "max_files": Int(1, 10)},
        _INPUT,
        _MODAL,
    ),
    "feedback_buttons": Element(
        {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK},
        _ACTION,
        _CONTEXT_ACTIONS,
        _MESSAGE,
    ),
    "icon_button": Element(
        {"icon": choice("trash"), "text": plain(75)},
        {
            **_CONFIRMED,
            "value": Str(2000),
            "accessibility_label": Str(75),
            "visible_to_user_ids": Many(AN_ID, 10),
        },
        _CONTEXT_ACTIONS,
        _MESSAGE,
    ),
}


def _admits(kind: str, at: Spot) -> Findings:
    """Whether an element of `kind` may stand in this block, on this surface."""
    if kind == "image":
        if at.block != "section":
            yield unsupported(kind, at)
        return
    element = ELEMENTS[kind]
    if at.block == "actions" and kind.startswith("multi_"):
        block_pointer = at.pointer.rpartition("/elements/")[0]
        yield Finding("unsupported element: multiselect", block_pointer)
    elif at.block not in element.blocks or at.surface not in element.surfaces:
        yield unsupported(kind, at)


ANY_ELEMENT = OneOf(
    {
        **{
            kind: Shape(element.must, element.may, element.also, kind=kind)
            for kind, element in ELEMENTS.items()
        },
        "image": IMAGE_ELEMENT,
    },
    _admits,
)
