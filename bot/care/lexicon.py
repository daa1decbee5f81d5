"""Finds a vocabulary's phrases in a row of words, in one pass.

A phrase is written as in `clinical-rules.toml`: words, `a|b`, `{group}`, `~` (a few small
words between), `...` (a few words of any kind between, inside one sentence part), `#` (a
number), `<>` (both, in either order, near each other; see `together.py`). Matching never goes
back: each step takes the nearest fitting word, so the time is bounded by the number of words,
whatever they are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.care.together import MEMBER, Hit, Place, Together

SMALL_GAP = 5
WIDE_GAP = 8
_STOPS = frozenset(("\n", ";", "|", "•", "[", "]", "{", "}", ".", "?", "!"))
# Where a thought turns, a wide gap ends.
_TURNS = frozenset((",", "but", "however", "although", "though", "except"))
_NUMBERS = frozenset(("#", "#/10", "#+", "#/#"))
# How many other words than small ones may stand where `~` is written.
_SPARE = {"flag": 1, MEMBER: 1}
Groups = Mapping[str, Sequence[str]]


class RulesError(ValueError):
    """The rules file does not say what it should; the message names the place."""


class Step(NamedTuple):
    """One word of a phrase and how far after the one before it may stand."""

    words: frozenset[str]
    gap: int
    wide: bool


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase: what it belongs to, and its steps after the first word."""

    family: str
    code: str
    steps: tuple[Step, ...]
    spare: int = 0


def _words_of(element: str, groups: Groups, where: str) -> frozenset[str]:
    words: set[str] = set()
    for choice in element.split("|"):
        if choice.startswith("{") and choice.endswith("}"):
            name = choice[1:-1]
            if name not in groups:
                raise RulesError(f"{where}: there is no group of words called {name!r}")
            words.update(groups[name])
        elif choice == "#":
            words |= _NUMBERS
        elif choice:
            words.add(choice.replace("'", "") if len(choice) > 1 else choice)
    return frozenset(words)


def _spelt_out(text: str) -> list[str]:
    """One text for each choice of several words: "no_longer|never ~ x" is two phrases."""
    elements = text.split()
    for index, element in enumerate(elements):
        if "_" in element:
            choices = element.split("|")
            plain = "|".join(choice for choice in choices if "_" not in choice)
            several = [choice.replace("_", " ") for choice in choices if "_" in choice]
            head, tail = " ".join(elements[:index]), " ".join(elements[index + 1 :])
            variants = ([plain] if plain else []) + several
            return [whole for middle in variants for whole in _spelt_out(f"{head} {middle} {tail}")]
    return [text]


def compile_phrase(
    family: str, code: str, text: str, groups: Groups
) -> tuple[frozenset[str], Phrase]:
    """The first words of a phrase and the phrase itself. Raises RulesError."""
    where = f"{family} {code}: {text!r}"
    steps: list[Step] = []
    gap, wide = 0, False
    for element in text.lower().split():
        if element == "~":
            gap += SMALL_GAP if not gap else 1
        elif element == "...":
            gap, wide = WIDE_GAP, True
        else:
            steps.append(Step(_words_of(element, groups, where), gap, wide))
            gap, wide = 0, False
    if not steps:
        raise RulesError(f"{where}: has no words")
    return steps[0].words, Phrase(family, code, tuple(steps[1:]), _SPARE.get(family, 0))


def _start(hit: Hit) -> int:
    return hit.start


class Lexicon:
    """All phrases, looked up by their first word and then by their second."""

    def __init__(self, small_words: Iterable[str]) -> None:
        self._single: dict[str, list[Phrase]] = {}
        self._by_pair: dict[str, dict[str, list[Phrase]]] = {}
        self._small = frozenset(small_words)
        self._member_words: dict[str, list[str]] = {}
        self._known: set[str] = set()
        self._together = Together(_STOPS | {"except"})
        self.vocabulary: set[str] = set(self._small)

    def add(self, family: str, code: str, phrases: Iterable[str], groups: Groups) -> None:
        """Take in the phrases of one code."""
        for phrase in phrases:
            members = phrase.split(" <> ")
            if len(members) == 1:
                self._add(family, code, phrase, groups)
                continue
            first_words = self._members(members, groups)
            self._together.add(family, code, sorted(members, key=lambda m: first_words[m]))

    def _members(self, members: Sequence[str], groups: Groups) -> dict[str, int]:
        """Take in the members of a thought; give for each how many words may begin it."""
        counts: dict[str, int] = {}
        for member in members:
            first: set[str] = set()
            for text in _spelt_out(member):
                words, phrase = compile_phrase(MEMBER, member, text, groups)
                first |= words
                if member in self._known:
                    continue
                if phrase.steps:
                    self._file(words, phrase)
                    continue
                self.vocabulary |= words
                for word in words:
                    self._member_words.setdefault(word, []).append(member)
            self._known.add(member)
            counts[member] = len(first)
        return counts

    def _add(self, family: str, code: str, written: str, groups: Groups) -> None:
        for text in _spelt_out(written):
            first, phrase = compile_phrase(family, code, text, groups)
            self._file(first, phrase)

    def _file(self, first: Iterable[str], phrase: Phrase) -> None:
        self.vocabulary.update(first)
        for word in first:
            if not phrase.steps:
                self._single.setdefault(word, []).append(phrase)
                continue
            seconds = self._by_pair.setdefault(word, {})
            for second in phrase.steps[0].words:
                seconds.setdefault(second, []).append(phrase)
        for step in phrase.steps:
            self.vocabulary |= step.words

    def find(self, words: Sequence[str]) -> list[Hit]:
        """Every phrase in the row of words, in the order of their first words."""
        hits: list[Hit] = []
        found: dict[str, list[Place]] = {}
        single, by_pair = self._single.get, self._by_pair.get
        member_words = self._member_words.get
        for index, word in enumerate(words):
            for phrase in single(word, ()):
                hits.append(Hit(index, index + 1, phrase.family, phrase.code, (index,)))
            for member in member_words(word, ()):
                found.setdefault(member, []).append((index,))
            seconds = by_pair(word)
            if seconds is not None:
                self._pairs(words, index, seconds, hits, found)
        hits.extend(self._together.join(words, found))
        hits.sort(key=_start)
        return hits

    def _pairs(
        self,
        words: Sequence[str],
        index: int,
        seconds: Mapping[str, Sequence[Phrase]],
        hits: list[Hit],
        found: dict[str, list[Place]],
    ) -> None:
        small = self._small
        foreign = 0  # words between so far that are not small
        last = min(index + WIDE_GAP + 1, len(words) - 1)
        for at in range(index + 1, last + 1):
            word = words[at]
            for phrase in seconds.get(word, ()):
                step = phrase.steps[0]
                if at - index - 1 > step.gap or not (foreign <= phrase.spare or step.wide):
                    continue
                parts = self._walk(words, at, phrase.steps[1:], phrase.spare)
                if parts is not None:
                    whole = (index, *parts)
                    if phrase.family == MEMBER:
                        found.setdefault(phrase.code, []).append(whole)
                        continue
                    hits.append(Hit(index, whole[-1] + 1, phrase.family, phrase.code, whole))
            if word in _STOPS:
                return
            foreign += word not in small
            if word in _TURNS:
                return

    def _walk(
        self, words: Sequence[str], index: int, steps: tuple[Step, ...], spare: int
    ) -> tuple[int, ...] | None:
        parts = [index]
        count = len(words)
        small = self._small
        at = index
        for wanted, gap, wide in steps:
            at += 1
            last = at + gap
            left = spare
            if last >= count:
                last = count - 1
            while at <= last:
                word = words[at]
                if word in wanted:
                    break
                if word in _STOPS or (wide and word in _TURNS):
                    return None
                if not wide and word not in small:
                    if not left or word in _TURNS:
                        return None
                    left -= 1
                at += 1
            else:
                return None
            parts.append(at)
        return tuple(parts)


def longest(hits: Iterable[Hit]) -> list[Hit]:
    """Of overlapping hits the longest ones (the earlier of equals), in order of place."""
    taken: set[int] = set()
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start - h.end, h.start)):
        span = range(hit.start, hit.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(hit)
    kept.sort()
    return kept


__all__ = ["Groups", "Hit", "Lexicon", "RulesError", "longest"]
