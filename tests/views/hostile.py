"""Every view with hostile words in every place where somebody's words can stand.

Views are found by what they return, and their samples by what the gallery calls them with, so that
a new view is held to the same rules without anybody thinking of it.
"""

import dataclasses
import importlib
import inspect
import pkgutil
import re
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from types import CodeType, FrameType, UnionType
from typing import Final

from pydantic import BaseModel
from slack_sdk.models.views import View

import bot.views
from bot.care.request import LONGEST_GOAL
from bot.care.treatment_plan import Difference, PlanField
from bot.views.gallery import gallery
from bot.views.message import Message
from bot.views.outside_call import PlainWords

Drawn = Message | View | PlainWords | None
Arguments = dict[str, object]

# What is nobody's words: ids and codes that the bot or Slack gave, and Slack's own addresses.
_IDS: Final = re.compile(
    r".*_id|id|.*_links?|photos|shared|case_codes?|own_code|code|continues|moved_to|moved_from"
    r"|failed_row"
)
# A person's id, or a time in a place for words: what a booking's words are.
_CODED: Final = re.compile(r"[UW][A-Z0-9]{1,10}|\d{4}-\d\d-\d\dT.*")
# The title of a modal is the handler's, a constant; where a question is taken back is Slack's
# word; names of channels outside Slack are the operator's settings; the others are read by their
# shape before they are shown.
_CONSTANTS: Final = frozenset(
    {
        *("modals.notice_view.title", "modals.loading_view.title"),
        *("ReferralForm.therapist", "ShownEntry.time_zone", "AboutRung.ladder"),
        *("AboutRung.severity", "ShownMove.targets"),
        *("Rung.outside", "ShownLadder.outside", "ladders.RungForm.view.outside"),
        "feedback.FeedbackForm.view.question",
        "move_update.MoveForm.view.question",
        "session.SessionForm.view.question",
    }
)
# What is ticked goes out and comes back whole, so the form where it is written limits it.
_GOALS: Final = frozenset({"ShownForm.goals", "SessionFields.goals_reached"})
_PLANS_WORDS: Final = (PlanField.GOALS, PlanField.STOP_RULES, PlanField.HOME_CARE)
# What other producers build with: blocks that are drawn already.
_TOOLS: Final = frozenset({"modals.reading_view", "inputs.form"})


@dataclass(frozen=True)
class Producer:
    """A function that draws something that goes out."""

    name: str
    function: Callable[..., Drawn]
    hints: Mapping[str, object]

    def draws(self, arguments: Arguments) -> Drawn:
        return self.function(**arguments)


@dataclass(frozen=True)
class Call:
    """What the gallery gave to a producer."""

    producer: Producer
    arguments: Arguments


@cache
def producers() -> Mapping[str, Producer]:
    """By name, all public functions of the views whose result goes to somebody."""
    found: dict[str, Producer] = {}
    for module in pkgutil.walk_packages(bot.views.__path__, "bot.views."):
        if ".gallery" in module.name:
            continue
        for name, function in _functions(importlib.import_module(module.name)):
            hints = typing.get_type_hints(getattr(function, "__func__", function))
            short = name.removeprefix("bot.views.").removeprefix("forms.")
            if goes_out(hints.pop("return", None)) and short not in _TOOLS:
                found[short] = Producer(short, function, hints)
    return found


def goes_out(returned: object) -> bool:
    """A message, a view, or an e-mail's words."""
    if isinstance(returned, UnionType):
        return any(goes_out(one) for one in typing.get_args(returned))
    return isinstance(returned, type) and issubclass(returned, Message | View | PlainWords)


def _functions(module: object) -> Iterator[tuple[str, Callable[..., Drawn]]]:
    place = getattr(module, "__name__", "")
    for name, held in vars(module).items():
        if getattr(held, "__module__", "") != place or name.startswith("_"):
            continue
        if inspect.isfunction(held):
            yield f"{place}.{name}", held
        elif inspect.isclass(held):
            for part, inside in vars(held).items():
                if isinstance(inside, classmethod | staticmethod) and not part.startswith("_"):
                    yield f"{place}.{name}.{part}", getattr(held, part)


@cache
def calls() -> tuple[Call, ...]:
    """How the gallery draws its samples; for what it does not draw, values of the same types."""
    by_code = {_code(one.function): one for one in producers().values()}
    seen: list[Call] = []

    def watch(frame: FrameType, event: str, given: object) -> None:
        producer = by_code.get(frame.f_code) if event == "call" else None
        if producer is not None:
            given = dict(frame.f_locals)
            taken = {name: given[name] for name in producer.hints if name in given}
            seen.append(Call(producer, taken))

    sys.setprofile(watch)
    try:
        gallery()
    finally:
        sys.setprofile(None)
    drawn = {one.producer.name for one in seen}
    known = [value for one in seen for value in _inside(list(one.arguments.values()))]
    rest = [
        Call(one, {name: _some(hint, known) for name, hint in one.hints.items()})
        for name, one in producers().items()
        if name not in drawn
    ]
    return (*seen, *rest)


def _code(function: Callable[..., Drawn]) -> CodeType:
    code = getattr(inspect.unwrap(getattr(function, "__func__", function)), "__code__", None)
    assert isinstance(code, CodeType)
    return code


def _inside(value: object) -> Iterator[object]:
    yield value
    for _, _, held in _fields(value):
        yield from _inside(held)
    if isinstance(value, tuple | list):
        for one in value:
            yield from _inside(one)


def _some(hint: object, known: list[object]) -> object:
    """A value of the type: one that the gallery knows, or any."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if origin is not None and isinstance(origin, type) and issubclass(origin, Mapping):
        keys = _members(inside[0])
        return {key: _some(inside[1], known) for key in keys}
    if origin is tuple:
        return (_some(inside[0], known),)
    if hint is str:
        return "words"
    if hint is bool:
        return False
    if isinstance(hint, type) and issubclass(hint, Enum):
        return next(iter(hint))
    fitting = [one for one in known if isinstance(hint, type) and type(one) is hint]
    assert fitting, f"no sample of the gallery has a {hint}: add one that draws it"
    return fitting[0]


def _members(hint: object) -> list[object]:
    assert isinstance(hint, type)
    assert issubclass(hint, Enum)
    return list(hint)


def _fields(value: object) -> Iterator[tuple[str, object, object]]:
    """Name, type and value of each field."""
    if dataclasses.is_dataclass(value) or isinstance(value, BaseModel):
        hints = typing.get_type_hints(type(value))
        names = (
            [one.name for one in dataclasses.fields(value)]
            if dataclasses.is_dataclass(value)
            else list(type(value).model_fields)
            if isinstance(value, BaseModel)
            else []
        )
        for name in names:
            yield name, hints[name], getattr(value, name)


class Hostile:
    """Puts `words` where somebody's words can stand."""

    def __init__(self, words: str) -> None:
        self._words = words
        self.filled: set[str] = set()
        """Each field that was filled, as `Class.field`."""
        self.kept: set[str] = set()
        """Each text that was left as it is."""

    def arguments(self, call: Call) -> Arguments:
        return {
            name: self._put(call.producer.hints[name], value, name, call.producer.name)
            for name, value in call.arguments.items()
        }

    def _put(self, hint: object, value: object, name: str, owner: str) -> object:
        if isinstance(value, str) and not isinstance(value, Enum):
            return self._text(value, name, owner)
        if value is None and hint == str | None and not _IDS.fullmatch(name):
            return value
        if isinstance(value, tuple):
            return tuple(self._put(_of(hint), one, name, owner) for one in value)
        if isinstance(value, list):
            return [self._put(_of(hint), one, name, owner) for one in value]
        if isinstance(value, Mapping):
            return {key: self._put(_of(hint), one, name, owner) for key, one in value.items()}
        return self._object(value)

    def _object(self, value: object) -> object:
        if isinstance(value, Difference) and value.field not in _PLANS_WORDS:
            return value  # codes
        changed = {
            name: self._put(hint, held, name, type(value).__name__)
            for name, hint, held in _fields(value)
        }
        if isinstance(value, BaseModel):
            return value.model_copy(update=changed)
        if not changed:
            return value
        # As it is: what a rule of care would refuse may still stand in an old row.
        other = object.__new__(type(value))
        for name, held in changed.items():
            object.__setattr__(other, name, held)
        return other

    def _text(self, value: str, name: str, owner: str) -> str:
        place = f"{owner}.{name}"
        if _IDS.fullmatch(name) or _CODED.fullmatch(value) or place in _CONSTANTS:
            self.kept.add(place)
            return value
        self.filled.add(place)
        return self._words[:LONGEST_GOAL] if place in _GOALS else self._words


def _of(hint: object) -> object:
    inside = typing.get_args(hint)
    return inside[-1] if inside and inside[-1] is not Ellipsis else (inside or (None,))[0]
