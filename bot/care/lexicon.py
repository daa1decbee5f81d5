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
    if "_" not in text:
        return [text]
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
    family: str, code: str, text: str, groups: Groups, seen: dict[str, frozenset[str]]
) -> tuple[frozenset[str], Phrase]:
    """The first words of a phrase and the phrase itself. Raises RulesError.

    `seen` keeps the words of each element, as the same ones come again and again.
    """
    where = f"{family} {code}: {text!r}"
    steps: list[Step] = []
    gap, wide = 0, False
    for element in text.lower().split():
        if element == "~":
            gap += SMALL_GAP if not gap else 1
        elif element == "...":
            gap, wide = WIDE_GAP, True
        else:
            words = seen.get(element)
            if words is None:
                words = seen[element] = _words_of(element, groups, where)
            steps.append(Step(words, gap, wide))
            gap, wide = 0, False
    if not steps:
        raise RulesError(f"{where}: has no words")
    return steps[0].words, Phrase(family, code, tuple(steps[1:]), _SPARE.get(family, 0))


def _start(hit: Hit) -> int:
    return hit.start


class _Opening:
    """What may begin with a word: phrases and members of it alone, and longer ones.

    The longer ones are looked up by their second word, which stands `reach` words on at most.
    That table is laid out when a text first has the word: few of the words ever occur.
    """

    __slots__ = ("_seconds", "alone", "longer", "members", "reach")

    def __init__(self) -> None:
        self.alone: list[Phrase] = []
        self.members: list[str] = []
        self.longer: list[Phrase] = []
        self.reach = 0
        self._seconds: dict[str, list[Phrase]] | None = None

    def add(self, phrase: Phrase) -> None:
        """Take in a phrase of several words."""
        self.longer.append(phrase)
        self.reach = max(self.reach, phrase.steps[0].gap + 1)
        self._seconds = None

    def seconds(self) -> dict[str, list[Phrase]]:
        """The longer phrases by their second word. Laid out whole before it is kept, so that
        readers in several threads see all of it or lay it out again.
        """
        table = self._seconds
        if table is None:
            table = {}
            for phrase in self.longer:
                for word in phrase.steps[0].words:
                    listed = table.get(word)
                    if listed is None:
                        table[word] = [phrase]
                    else:
                        listed.append(phrase)
            self._seconds = table
        return table

    def copy(self) -> "_Opening":
        other = _Opening()
        other.alone, other.members = self.alone.copy(), self.members.copy()
        other.longer, other.reach = self.longer.copy(), self.reach
        return other


class Lexicon:
    """All phrases, looked up by their first word and then by their second."""

    def __init__(self, small_words: Iterable[str]) -> None:
        self._openings: dict[str, _Opening] = {}
        self._small = frozenset(small_words)
        self._borrowed: set[str] = set()
        self._known: set[str] = set()
        self._elements: dict[str, frozenset[str]] = {}
        self._together = Together(_STOPS | {"except"})

    @property
    def vocabulary(self) -> set[str]:
        """All words of all phrases, and the small ones."""
        return set(self._small).union(*self._elements.values())

    def copy(self) -> "Lexicon":
        """Another with the same phrases, to add more to; quicker than compiling them again.

        It borrows what begins with a word, and copies that when something is added.
        """
        other = Lexicon(self._small)
        other._openings = dict(self._openings)
        other._borrowed = set(self._openings)
        other._known = set(self._known)
        other._elements = dict(self._elements)
        other._together = self._together.copy()
        return other

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
                words, phrase = compile_phrase(MEMBER, member, text, groups, self._elements)
                first |= words
                if member in self._known:
                    continue
                if phrase.steps:
                    self._file(words, phrase)
                    continue
                for word in words:
                    self._opening(word).members.append(member)
            self._known.add(member)
            counts[member] = len(first)
        return counts

    def _add(self, family: str, code: str, written: str, groups: Groups) -> None:
        for text in _spelt_out(written):
            first, phrase = compile_phrase(family, code, text, groups, self._elements)
            self._file(first, phrase)

    def _opening(self, word: str) -> _Opening:
        opening = self._openings.get(word)
        if opening is None:
            opening = self._openings[word] = _Opening()
        elif word in self._borrowed:
            self._borrowed.remove(word)
            opening = self._openings[word] = opening.copy()
        return opening

    def _file(self, first: Iterable[str], phrase: Phrase) -> None:
        for word in first:
            opening = self._opening(word)
            if phrase.steps:
                opening.add(phrase)
            else:
                opening.alone.append(phrase)

    def find(self, words: Sequence[str]) -> list[Hit]:
        """Every phrase in the row of words, in the order of their first words."""
        hits: list[Hit] = []
        found: dict[str, list[Place]] = {}
        single: list[tuple[int, list[str]]] = []  # the members that one word alone is
        openings = self._openings.get
        for index, word in enumerate(words):
            opening = openings(word)
            if opening is None:
                continue
            for phrase in opening.alone:
                hits.append(Hit(index, index + 1, phrase.family, phrase.code, (index,)))
            if opening.members:
                single.append((index, opening.members))
            reach = opening.reach
            if reach:
                ahead = words[index + 1 : index + 1 + reach]
                seconds = opening.seconds()
                if not seconds.keys().isdisjoint(ahead):
                    self._pairs(words, index, seconds, ahead, hits, found)
        hits.extend(self._together.join(words, found, single))
        hits.sort(key=_start)
        return hits

    def _pairs(
        self,
        words: Sequence[str],
        index: int,
        seconds: Mapping[str, Sequence[Phrase]],
        ahead: Sequence[str],
        hits: list[Hit],
        found: dict[str, list[Place]],
    ) -> None:
        small = self._small
        foreign = 0  # words between so far that are not small
        for between, word in enumerate(ahead):
            for phrase in seconds.get(word, ()):
                step = phrase.steps[0]
                if between > step.gap or not (foreign <= phrase.spare or step.wide):
                    continue
                parts = self._walk(words, index + 1 + between, phrase.steps[1:], phrase.spare)
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


def longest(hits: Sequence[Hit]) -> list[Hit]:
    """Of overlapping hits the longest ones (the earlier of equals), in order of place.

    The hits come in the order of their starts, as `Lexicon.find` gives them. Only hits that
    overlap are weighed against each other.
    """
    kept: list[Hit] = []
    rivals: list[Hit] = []
    end = -1
    for hit in hits:
        if hit.start >= end:
            _settle(rivals, kept)
            rivals = [hit]
            end = hit.end
        else:
            rivals.append(hit)
            end = max(end, hit.end)
    _settle(rivals, kept)
    return kept


def _settle(rivals: list[Hit], kept: list[Hit]) -> None:
    if len(rivals) < 2:
        kept.extend(rivals)
        return
    taken: set[int] = set()
    won: list[Hit] = []
    for hit in sorted(rivals, key=_shorter_later):
        span = range(hit.start, hit.end)
        if taken.isdisjoint(span):
            taken.update(span)
            won.append(hit)
    won.sort(key=_start)
    kept.extend(won)


def _shorter_later(hit: Hit) -> tuple[int, int]:
    return hit.start - hit.end, hit.start


__all__ = ["Groups", "Hit", "Lexicon", "RulesError", "longest"]
