"""Scores readings against labels, the way the contract says."""

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypedDict

from bot.care.reader import read_note
from bot.care.rules import ClinicalRules

NOTES = Path(__file__).parent / "notes"
TEXTS = frozenset(("concern", "patient_quote", "plan_change_request"))
LISTS = frozenset(("techniques", "regions", "red_flags", "girths"))
SAME_NUMBER = 0.05 + 1e-9
SAME_TEXT = 0.6


class LabelledNote(TypedDict):
    """One line of a file in `notes/`."""

    id: str
    posted_on: str
    text: str
    fields: dict[str, object]


def labelled(name: str) -> list[LabelledNote]:
    """The labelled notes of one file."""
    lines = (NOTES / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


@dataclass
class Score:
    """True and false positives and negatives by field, and the verdicts on updates."""

    right: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    notes: int = 0
    verdicts: int = 0
    mistakes: list[str] = field(default_factory=list)

    def precision(self, name: str | None = None) -> float:
        """Micro-averaged over all fields, or of one."""
        right, extra, _ = self._counts(name)
        return right / max(1, right + extra)

    def recall(self, name: str | None = None) -> float:
        """Micro-averaged over all fields, or of one."""
        right, _, missed = self._counts(name)
        return right / max(1, right + missed)

    @property
    def accuracy(self) -> float:
        """Of `is_update`."""
        return self.verdicts / max(1, self.notes)

    def __str__(self) -> str:
        return (
            f"{self.notes} notes: precision {self.precision():.4f}, recall {self.recall():.4f}; "
            f"red flags {self.precision('red_flags'):.4f}, {self.recall('red_flags'):.4f}; "
            f"is_update {self.accuracy:.4f}"
        )

    def _counts(self, name: str | None) -> tuple[int, int, int]:
        if name is not None:
            return self.right[name], self.extra[name], self.missed[name]
        return self.right.total(), self.extra.total(), self.missed.total()

    def take(self, note: LabelledNote, got: dict[str, object]) -> None:
        """Count one note."""
        gold = note["fields"]
        self.notes += 1
        self.verdicts += gold["is_update"] == got["is_update"]
        if gold["is_update"] != got["is_update"]:
            self.mistakes.append(f"{note['id']} is_update: {gold['is_update']} is read otherwise")
        for name in sorted((set(gold) | set(got)) - {"is_update"}):
            self._field(note["id"], name, gold.get(name), got.get(name))

    def _field(self, note_id: str, name: str, gold: object, got: object) -> None:
        if name in LISTS:
            left, over = _unmatched(name, _items(gold), _items(got))
            self.right[name] += len(_items(got)) - len(over)
        else:
            match = gold is not None and got is not None and _same(name, gold, got)
            self.right[name] += match
            left = [] if match or gold is None else [gold]
            over = [] if match or got is None else [got]
        self.missed[name] += len(left)
        self.extra[name] += len(over)
        if left or over:
            self.mistakes.append(f"{note_id} {name}: missed {left}, extra {over}")


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _unmatched(
    name: str, gold: list[object], got: list[object]
) -> tuple[list[object], list[object]]:
    over = []
    for item in got:
        match = next((other for other in gold if _same_item(name, other, item)), None)
        if match is None:
            over.append(item)
        else:
            gold.remove(match)
    return gold, over


def _same_item(name: str, one: object, other: object) -> bool:
    if name != "girths":
        return one == other
    assert isinstance(one, dict)
    assert isinstance(other, dict)
    same_place = one["site"] == other["site"] and one.get("side") == other.get("side")
    return same_place and abs(one["cm"] - other["cm"]) <= SAME_NUMBER


def _same(name: str, gold: object, got: object) -> bool:
    if name in TEXTS:
        return _overlap(str(gold), str(got)) >= SAME_TEXT
    if isinstance(gold, (int, float)) and isinstance(got, (int, float)):
        return abs(gold - got) <= SAME_NUMBER
    return gold == got


def _overlap(one: str, other: str) -> float:
    """Token-level F1."""
    first = Counter(re.findall(r"\w+", one.lower()))
    second = Counter(re.findall(r"\w+", other.lower()))
    common = (first & second).total()
    return 2 * common / (first.total() + second.total()) if common else 0.0


def score(notes: Iterable[LabelledNote], rules: ClinicalRules) -> Score:
    """Read all notes and count."""
    total = Score()
    for note in notes:
        reading = read_note(note["text"], date.fromisoformat(note["posted_on"]), rules)
        total.take(note, dict(reading.fields()))
    return total
