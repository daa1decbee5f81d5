"""The few kinds of rule that all of Block Kit is described with.

A rule looks at one value and yields what is wrong with it. Rules are plain data: the tables in
`composition`, `elements`, `blocks` and `rich_text` are made of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Protocol

from pydantic import JsonValue

from bot.sandbox.blockkit.findings import Finding, Findings, JsonObject, Spot, quoted

NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?")
TIME_OF_DAY = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


class Rule(Protocol):
    """Looks at one value and yields what is wrong with it; never raises."""

    def check(self, value: JsonValue, at: Spot) -> Findings: ...


Also = Callable[[JsonObject, Spot], Findings]


@dataclass(frozen=True, slots=True)
class Str:
    """A string of `least` to `most` characters."""

    most: int | None = None
    least: int = 0

    def check(self, value: JsonValue, at: Spot) -> Findings:
        if not isinstance(value, str):
            yield Finding("must provide a string", at.pointer)
        else:
            yield from length_of(value, self.least, self.most, at)


def length_of(value: str, least: int, most: int | None, at: Spot) -> Findings:
    """Slack's words for a string that is too short or too long."""
    if len(value) < least:
        yield Finding(f"must be more than {least - 1} characters", at.pointer)
    if most is not None and len(value) > most:
        yield Finding(f"must be less than {most + 1} characters", at.pointer)


@dataclass(frozen=True, slots=True)
class Bool:
    def check(self, value: JsonValue, at: Spot) -> Findings:
        if not isinstance(value, bool):
            yield Finding("must provide a boolean", at.pointer)


@dataclass(frozen=True, slots=True)
class Int:
    """A whole number from `least` to `most`."""

    least: int = 0
    most: int | None = None

    def check(self, value: JsonValue, at: Spot) -> Findings:
        if isinstance(value, bool) or not isinstance(value, int):
            yield Finding("must provide a number", at.pointer)
        elif value < self.least:
            yield Finding(f"must be greater than {self.least - 1}", at.pointer)
        elif self.most is not None and value > self.most:
            yield Finding(f"must be less than {self.most + 1}", at.pointer)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a closed set of strings."""

    values: frozenset[str]

    def check(self, value: JsonValue, at: Spot) -> Findings:
        if not isinstance(value, str):
            yield Finding("must provide a string", at.pointer)
        elif value not in self.values:
            yield Finding("must be a valid enum value", at.pointer)


def choice(*values: str) -> Choice:
    return Choice(frozenset(values))


@dataclass(frozen=True, slots=True)
class Form:
    """A string that a reader understands, such as a date or a number."""

    reads: Callable[[str], bool]
    complaint: str
    most: int | None = None

    def check(self, value: JsonValue, at: Spot) -> Findings:
        if not isinstance(value, str):
            yield Finding("must provide a string", at.pointer)
        elif self.most is not None and len(value) > self.most:
            yield Finding(f"must be less than {self.most + 1} characters", at.pointer)
        elif not self.reads(value):
            yield Finding(self.complaint, at.pointer)


def is_day(text: str) -> bool:
    """Whether `text` is a day of the calendar as `YYYY-MM-DD`."""
    if not DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_time(text: str) -> bool:
    """Whether `text` is a time of day as `HH:mm`."""
    return TIME_OF_DAY.fullmatch(text) is not None


def number_in(text: str) -> Decimal | None:
    """The number that `text` spells in plain digits, or None."""
    if not NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def is_web_address(text: str) -> bool:
    return text.startswith(("http://", "https://")) and len(text) > len("https://")


A_DAY = Form(is_day, "must be a valid date in the format YYYY-MM-DD")
A_TIME = Form(is_time, "must be a valid time in the format HH:mm")
A_NUMBER = Form(lambda text: number_in(text) is not None, "must be a valid number")
AN_ADDRESS = Form(is_web_address, "must be a valid URL", most=3000)
AN_IMAGE_ADDRESS = Form(is_web_address, "downloading image failed", most=3000)
AN_ID = Str(255, least=1)


@dataclass(frozen=True, slots=True)
class Many:
    """A list of `least` to `most` values that all keep the same rule."""

    of: Rule
    most: int | None = None
    least: int = 0

    def check(self, value: JsonValue, at: Spot) -> Findings:
        if not isinstance(value, list):
            yield Finding("must provide an array", at.pointer)
            return
        if len(value) < self.least:
            yield Finding(f"must provide at least {self.least} items", at.pointer)
        if self.most is not None and len(value) > self.most:
            yield Finding(f"no more than {self.most} items allowed", at.pointer)
        for index, item in enumerate(value):
            yield from self.of.check(item, at.into(index))


@dataclass(frozen=True, slots=True)
class Shape:
    """An object: the fields it must have, those it may have, and what holds between them.

    With `kind`, the object carries that `type`. Anything else in it is refused, as Slack does.
    """

    must: Mapping[str, Rule] = field(default_factory=dict)
    may: Mapping[str, Rule] = field(default_factory=dict)
    also: tuple[Also, ...] = ()
    kind: str | None = None

    def check(self, value: JsonValue, at: Spot) -> Findings:
        if not isinstance(value, dict):
            yield Finding("must provide an object", at.pointer)
            return
        yield from self._named(value, at)
        for name in self.must:
            if name not in value:
                yield Finding(f"missing required field: {name}", at.pointer)
        for name, item in value.items():
            rule = self.must.get(name) or self.may.get(name)
            if rule is not None:
                yield from rule.check(item, at.into(name))
            elif not (name == "type" and self.kind is not None):
                yield Finding(f"invalid additional property: {quoted(name)}", at.pointer)
        for rule_between in self.also:
            yield from rule_between(value, at)

    def _named(self, value: JsonObject, at: Spot) -> Findings:
        if self.kind is None or value.get("type") == self.kind:
            return
        if "type" in value:
            yield unsupported(value["type"], at)
        else:
            yield Finding("missing required field: type", at.pointer)


def unsupported(kind: JsonValue, at: Spot) -> Finding:
    """The finding for a `type` that is unknown, or not allowed here."""
    where = at.into("type").pointer
    if not isinstance(kind, str):
        return Finding("must provide a string", where)
    return Finding(f"unsupported type: {quoted(kind)}", where)


@dataclass(frozen=True, slots=True)
class OneOf:
    """An object whose `type` says which of several shapes it has.

    `admits` may refuse a known kind at this place; it yields what is wrong with it.
    """

    kinds: Mapping[str, Rule]
    admits: Callable[[str, Spot], Findings] | None = None

    def check(self, value: JsonValue, at: Spot) -> Findings:
        if not isinstance(value, dict):
            yield Finding("must provide an object", at.pointer)
            return
        if "type" not in value:
            yield Finding("missing required field: type", at.pointer)
            return
        kind = value["type"]
        rule = self.kinds.get(kind) if isinstance(kind, str) else None
        if rule is None or not isinstance(kind, str):
            yield unsupported(kind, at)
            return
        refusals = list(self.admits(kind, at)) if self.admits else []
        yield from refusals
        if not refusals:
            yield from rule.check(value, at)


@dataclass(frozen=True, slots=True)
class Text:
    """A text object of 1 to `most` characters; `plain` ones take no mrkdwn.

    https://docs.slack.dev/reference/block-kit/composition-objects/text-object
    """

    most: int = 3000
    plain: bool = False

    def check(self, value: JsonValue, at: Spot) -> Findings:
        findings = list(self._findings(value, at))
        if findings and not self.plain:
            yield Finding("failed to match all allowed schemas", at.pointer)
        yield from findings

    def _findings(self, value: JsonValue, at: Spot) -> Findings:
        kinds: dict[str, Rule] = {"plain_text": self._shape("plain_text", "emoji")}
        if not self.plain:
            kinds["mrkdwn"] = self._shape("mrkdwn", "verbatim")
        yield from OneOf(kinds).check(value, at)

    def _shape(self, kind: str, flag: str) -> Shape:
        return Shape({"text": Str(self.most, least=1)}, {flag: Bool()}, kind=kind)


def plain(most: int) -> Text:
    return Text(most, plain=True)
