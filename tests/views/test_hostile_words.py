"""Whatever stands in whatever field: no view makes a mention, a broadcast or a link of it.

Every view is tried with the gallery's values, all words in them hostile. A view that is new is
tried as soon as it is there (see `hostile.py`), and a field for words that no sample fills is
pointed out.
"""

import ast
import dataclasses
import re
import typing
import unicodedata
from collections.abc import Iterator
from enum import Enum
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from pydantic import BaseModel, JsonValue

import bot
from bot.views.errors import shown_at_fields
from bot.views.message import Message
from bot.views.outside_call import PlainWords
from tests.views.client import refusals, wire
from tests.views.hostile import Call, Drawn, Hostile, calls, producers
from tests.views.test_free_text import TYPED

# Slack's marks for people, broadcasts, groups, channels and links; the bot's dates do no harm.
_MARKUP = re.compile(
    r"<(?!!date\^\d+\^\{date_short_pretty\} at \{time\}\|[A-Z][a-z]+ \d+, \d+ at [\d:]+ UTC>)"
    r"(?:[@#!]|[a-zA-Z][a-zA-Z0-9+.\-]*:)"
)
_A_PERSON = re.compile(r"<@[UW][A-Z0-9]{1,20}>")
_A_THREAD = re.compile(r"<https://(?:clinic|[a-z-]+)\.slack\.com/[^|>]*\|[^<>]*>")
# Codes of a closed set, drawn by their labels; and what no view draws.
_NOT_DRAWN = {
    *("Difference.added", "Difference.removed", "ReferralForm.holds"),
    *("ShownToAcknowledge.photos",),
}
_KEPT_INVISIBLE = {"\u200c", "\u200d"}
# What a client never shows: it brings them back as they are.
_NEVER_SHOWN = {"value", "private_metadata", "callback_id", "action_id", "block_id", "url"}
# Shown in a field in which somebody types, letter by letter.
_TYPED_INTO = {"initial_value"}
ALL_TRICKS = (
    "<!channel> <@U0EVIL> <#C0EVIL|x> <!subteam^S1> <https://evil.example|bank> <mailto:a@b.c> "
    "<!date^1^{date}^https://evil.example|now> \u202e\u2066\u200b\u2060\ufeff\u00ad\x00 "
    "&lt;!here&gt;"
)
BY_VIEW = {name: [one for one in calls() if one.producer.name == name] for name in producers()}


@pytest.mark.parametrize("name", BY_VIEW)
@settings(deadline=None, max_examples=4)
@given(TYPED)
@example(ALL_TRICKS)
def test_no_view_makes_more_than_letters_of_what_was_typed(name: str, typed: str) -> None:
    for call in BY_VIEW[name]:
        _is_harmless(_drawn(call, f"w{typed}"))


def test_slack_takes_every_view_with_hostile_words() -> None:
    for call in calls():
        drawn = _drawn(call, f"w {ALL_TRICKS}")
        if drawn is not None and not isinstance(drawn, PlainWords):
            assert (call.producer.name, refusals(drawn)) == (call.producer.name, [])


def test_no_notification_says_what_somebody_typed() -> None:
    """The fallback text is what a locked phone shows."""
    saying = set()
    for call in calls():
        drawn = _drawn(call, "quixotic")
        if isinstance(drawn, Message) and "quixotic" in drawn.text:
            saying.add(call.producer.name)
    # Their only words are the bot's own, chosen by a handler.
    assert saying == {"errors.draw_words", "progress_messages.draw_on_its_way"}


def test_every_field_for_words_is_filled_by_some_sample() -> None:
    hostile = Hostile("quixotic")
    for call in calls():
        hostile.arguments(call)
    known = hostile.filled | hostile.kept
    fields = {name for one in producers().values() for name in _words_in(one.hints.values())}
    assert fields - known - _NOT_DRAWN == set()


@given(TYPED)
@example(ALL_TRICKS)
def test_words_at_a_form_s_fields_are_letters_too(typed: str) -> None:
    for shown in shown_at_fields({"note": typed}).values():
        _is_plain(shown)


def test_nothing_is_said_past_the_views() -> None:
    """A text that goes to Slack is drawn by a view, or is a constant."""
    found = []
    for path in Path(bot.__file__).parent.rglob("*.py"):
        if {"views", "sandbox", "demo"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                found += [
                    f"{path.name}:{node.lineno} {word.arg}={ast.unparse(word.value)}"
                    for word in node.keywords
                    if word.arg in {"text", "blocks", "errors", "initial_comment"}
                    and not _is_drawn(word.value)
                ]
    assert found == []


def _is_drawn(value: ast.expr) -> bool:
    match value:
        case ast.Constant(value=str()):
            return True
        case ast.Attribute(value=ast.Name(id="message"), attr="text" | "blocks"):
            return True
        case ast.Call(func=ast.Name(id="shown_at_fields")):
            return True
        case ast.Attribute(attr="word" | "comment"):
            return True  # a refusal's, to who is not Slack; a file's, drawn by a view
    return False


def _drawn(call: Call, words: str) -> Drawn:
    return call.producer.draws(Hostile(words).arguments(call))


def _is_harmless(drawn: Drawn) -> None:
    if isinstance(drawn, PlainWords):
        _is_plain(drawn.title)
        _is_plain(drawn.body)
    elif drawn is not None:
        for text in _shown(wire(drawn)):
            if text.get("type") == "mrkdwn":
                assert text["verbatim"] is True
            for name, words in text.items():
                if isinstance(words, str) and name not in _NEVER_SHOWN:
                    _is_plain(words, typed_into=name in _TYPED_INTO)


def _is_plain(words: str, *, typed_into: bool = False) -> None:
    assert not [
        letter
        for letter in words
        if unicodedata.category(letter) == "Cf" and letter not in _KEPT_INVISIBLE
    ]
    if not typed_into:
        ours = _A_THREAD.sub("", _A_PERSON.sub(_of_the_sample, words))
        assert not _MARKUP.search(ours)


def _of_the_sample(found: re.Match[str]) -> str:
    return found[0] if "EVIL" in found[0] else ""


def _shown(value: JsonValue) -> Iterator[dict[str, JsonValue]]:
    """Every object in it, the whole one first."""
    if isinstance(value, dict):
        yield value
        for inside in value.values():
            yield from _shown(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _shown(inside)


def _words_in(hints: typing.Iterable[object], so_far: set[object] | None = None) -> Iterator[str]:
    """`Class.field` of every text that the values of these types hold, at any depth."""
    seen: set[object] = set() if so_far is None else so_far
    for hint in hints:
        if typing.get_args(hint):
            yield from _words_in(typing.get_args(hint), seen)
        elif hint in seen or not isinstance(hint, type) or issubclass(hint, Enum):
            continue
        elif dataclasses.is_dataclass(hint) or issubclass(hint, BaseModel):
            seen.add(hint)
            for name, inside in typing.get_type_hints(hint).items():
                if (
                    name.startswith(("model_", "__"))
                    or typing.get_origin(inside) is typing.ClassVar
                ):
                    continue
                if str in (inside, *typing.get_args(inside)):
                    yield f"{hint.__name__}.{name}"
                yield from _words_in([inside], seen)
