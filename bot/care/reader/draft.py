"""What is being read: values with the words that they came from."""

from dataclasses import dataclass, field

from bot.care.codes import FieldName

from .note import Note

Span = tuple[int, int]
Girth = dict[str, str | float]
Value = bool | int | float | str | list[str] | list[Girth]
Spans = list[Span] | dict[str, list[Span]]


@dataclass(slots=True)
class Draft:
    """The values found so far, under the contract's keys."""

    note: Note
    values: dict[FieldName, Value] = field(default_factory=dict)
    spans: dict[FieldName, Spans] = field(default_factory=dict)

    def put(self, name: FieldName, value: Value, start: int, end: int) -> None:
        """Set a field from tokens `start` to `end` (exclusive)."""
        self.values[name] = value
        self.spans[name] = [self.note.span(start, end)]

    def add(self, name: FieldName, item: str, start: int, end: int) -> None:
        """Add an item to a list-valued field."""
        items = self.values.setdefault(name, [])
        places = self.spans.setdefault(name, {})
        assert isinstance(items, list)  # noqa: S101 - narrows the type
        assert isinstance(places, dict)  # noqa: S101
        if item not in items:
            items.append(item)  # type: ignore[arg-type]
        places.setdefault(item, []).append(self.note.span(start, end))

    def drop(self, name: FieldName) -> None:
        """Take a field back."""
        self.values.pop(name, None)
        self.spans.pop(name, None)
