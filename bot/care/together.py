"""Finds thoughts whose words stand near each other in any order ("lump <> growing").

People say the same thing forwards and backwards ("a lump that keeps growing", "it grew from a
grape to a plum, that lump"). Such a thought is written as its members with `<>` between; it
holds where all members stand in one sentence with at most GAP words from each to the next.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

GAP = 8
WIDEST = 12  # words that a member may span
MEMBER = "member"


class Hit(NamedTuple):
    """A phrase found: tokens `start` to `end` (exclusive), and the words that fitted.

    `members` are the hits that a thought in any order is made of; of a plain phrase, none.
    """

    start: int
    end: int
    family: str
    code: str
    parts: tuple[int, ...]
    members: tuple["Hit", ...] = ()


Place = tuple[int, ...]
"""The words of a member that was found, in order."""


class _Thought(NamedTuple):
    family: str
    code: str
    members: tuple[str, ...]


class Together:
    """All thoughts, looked up by their first member: the fewer words begin it, the better."""

    def __init__(self, stops: Iterable[str]) -> None:
        self._stops = frozenset(stops)
        self._by_first: dict[str, list[_Thought]] = {}

    def add(self, family: str, code: str, members: Sequence[str]) -> None:
        """Take in one thought; whoever looks for phrases finds its members."""
        thought = _Thought(family, code, tuple(members))
        self._by_first.setdefault(thought.members[0], []).append(thought)

    def copy(self) -> "Together":
        """Another with the same thoughts, to add more to."""
        other = Together(self._stops)
        other._by_first = {first: thoughts.copy() for first, thoughts in self._by_first.items()}
        return other

    def join(
        self,
        words: Sequence[str],
        found: dict[str, list[Place]],
        single: Sequence[tuple[int, Sequence[str]]] = (),
    ) -> list[Hit]:
        """The thoughts that the members found make up.

        `found` are those of several words, by their name; `single` the places of one word, with
        the names of the members that this word is. Most of these make up nothing, so that their
        places are gathered only for the thoughts that are whole.
        """
        named = set(found).union(*[members for _, members in single])
        whole = [
            thought
            for name in sorted(self._by_first.keys() & named)
            for thought in self._by_first[name]
            if named.issuperset(thought.members)
        ]
        if not whole:
            return []
        needed = {member for thought in whole for member in thought.members}
        for index, members in single:
            for name in needed.intersection(members):
                found.setdefault(name, []).append((index,))
        for places in found.values():
            places.sort()
        barriers = [i for i, word in enumerate(words) if word in self._stops]
        return [hit for thought in whole for hit in _whole(thought, found, barriers)]


def _whole(
    thought: _Thought, found: Mapping[str, Sequence[Place]], barriers: Sequence[int]
) -> Iterable[Hit]:
    for first in found[thought.members[0]]:
        chosen = [first]
        low, high = first[0], first[-1]
        for name in thought.members[1:]:
            nearest = _nearest(found[name], chosen, low, high, barriers)
            if nearest is None:
                break
            chosen.append(nearest)
            low, high = min(low, nearest[0]), max(high, nearest[-1])
        else:
            chosen.sort()
            yield Hit(
                low,
                high + 1,
                thought.family,
                thought.code,
                tuple(sorted({part for place in chosen for part in place})),
                tuple(_member(place, thought) for place in chosen),
            )


def _member(place: Place, thought: _Thought) -> Hit:
    return Hit(place[0], place[-1] + 1, MEMBER, thought.code, place)


def _nearest(
    places: Sequence[Place], chosen: Sequence[Place], low: int, high: int, barriers: Sequence[int]
) -> Place | None:
    """The place nearest to those chosen that shares no word with them, if it is near enough."""
    best, nearest = None, GAP + 1
    for place in places[bisect_left(places, (low - GAP - WIDEST,)) :]:
        if place[0] > high + GAP:
            break
        distance = max(place[0] - high, low - place[-1] - 1, 0)
        if distance >= nearest or any(not set(place).isdisjoint(other) for other in chosen):
            continue
        at = bisect_left(barriers, min(low, place[0]))
        if at == len(barriers) or barriers[at] > max(high, place[-1]):
            best, nearest = place, distance
    return best
