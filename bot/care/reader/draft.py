"""What is being read: values with the words that they came from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from bot.care.codes import FieldName

from .note import Note

Span = tuple[int, int]


class _Site(TypedDict):
    site: str
    cm: float


class Girth(_Site, total=False):
    """One circumference, in the contract's keys."""

    side: str


Plain = bool | int | float | str
Value = Plain | list[str] | list[Girth]
Spans = list[Span] | dict[str, list[Span]]


@dataclass(slots=True)
class Draft:
    """The values found so far, under the contract's keys: plain ones, lists of codes, girths."""

    note: Note
    plain: dict[FieldName, Plain] = field(default_factory=dict)
    codes: dict[FieldName, list[str]] = field(default_factory=dict)
    girths: list[Girth] = field(default_factory=list)
    spans: dict[FieldName, list[Span]] = field(default_factory=dict)
    places: dict[FieldName, dict[str, list[Span]]] = field(default_factory=dict)

    def __contains__(self, name: object) -> bool:
        return (
            name in self.plain
            or name in self.codes
            or (name is FieldName.GIRTHS and bool(self.girths))
        )

    def put(self, name: FieldName, value: Plain, start: int, end: int) -> None:
        """Set a plain field from tokens `start` to `end` (exclusive)."""
        self.plain[name] = value
        self.spans[name] = [self.note.span(start, end)]

    def add(self, name: FieldName, code: str, spans: Sequence[Span]) -> None:
        """Add a code to a list, with its places in the text."""
        codes = self.codes.setdefault(name, [])
        if code not in codes:
            codes.append(code)
        self.places.setdefault(name, {}).setdefault(code, []).extend(spans)

    def drop(self, name: FieldName) -> None:
        """Take a plain field back."""
        self.plain.pop(name, None)
        self.spans.pop(name, None)

    def number(self, name: FieldName) -> float | None:
        """A number that was read."""
        value = self.plain.get(name)
        return value if isinstance(value, (int, float)) else None

    def value(self, name: FieldName) -> Value | None:
        """The value of a field, of whatever sort; None if it isn't stated."""
        if name is FieldName.GIRTHS:
            return self.girths or None
        if name in self.codes:
            return self.codes[name]
        return self.plain.get(name)

    def spans_of(self, name: FieldName) -> Spans | None:
        """Where a field was read, by code for the list-valued ones."""
        if name in self.places:
            return self.places[name]
        return self.spans.get(name)
