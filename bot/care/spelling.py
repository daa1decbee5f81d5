"""Small typos: an unknown word that is one slip away from one word of the vocabulary."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from types import MappingProxyType

SHORTEST = 5
SHORTEST_SLIP = 4  # of a word that a sign hangs on
SURE = 6
LONGEST = 24


def _without_one(word: str) -> set[str]:
    return {word[:i] + word[i + 1 :] for i in range(len(word))}


def one_slip(first: str, second: str) -> bool:
    """Whether one letter is missing, added, replaced, or two neighbours are swapped."""
    if abs(len(first) - len(second)) > 1 or first == second:
        return first == second
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    rest_a, rest_b = first[start:], second[start:]
    if len(first) == len(second):
        swapped = rest_a[:2] == rest_b[:2][::-1] and rest_a[2:] == rest_b[2:]
        return rest_a[1:] == rest_b[1:] or swapped
    return rest_a[1:] == rest_b if len(first) > len(second) else rest_a == rest_b[1:]


class Speller:
    """Knows the vocabulary and the words that must not be mistaken for a slip of it."""

    def __init__(
        self,
        vocabulary: Iterable[str],
        real_words: Iterable[str],
        same_word: Mapping[str, str] = MappingProxyType({}),
        sign_words: Iterable[str] = (),
    ) -> None:
        """`same_word` gives for a word the one that the vocabulary uses for it.

        `sign_words` are those that a warning sign hangs on: more slips of them are understood.
        """
        self._known = frozenset(vocabulary) | frozenset(real_words)
        self._same = same_word
        self.meanings: dict[str, str] = {word: word for word in self._known}
        """The word meant by each known one."""
        for word, meant in same_word.items():
            self.meanings[word] = same_word.get(meant, meant)
        self._signs = frozenset(sign_words)
        slips: defaultdict[str, list[str]] = defaultdict(list)
        for word in sorted(vocabulary):
            long = len(word) >= SHORTEST or word in self._signs
            if long and len(word) <= LONGEST and word.isalpha():
                slips[word].append(word)
                for at, letter in enumerate(word):
                    if letter != word[at - 1] or not at:
                        slips[word[:at] + word[at + 1 :]].append(word)
        self._slips = dict(slips)

    def meant(self, word: str) -> str:
        """The word that the vocabulary has for this one, which may be a slip of it."""
        known = self.meanings.get(word)
        if known is not None:
            return known
        repaired = self.repair(word)
        return self._same.get(repaired, repaired)

    def repair(self, word: str) -> str:
        """The word meant, or the word as it is. Words under four letters are left alone."""
        if word in self._known or not SHORTEST_SLIP <= len(word) <= LONGEST:
            return word
        for shape in (word, *sorted(_without_one(word))):
            for meant in self._slips.get(shape, ()):
                if meant[0] == word[0] and one_slip(word, meant) and self._fair(word, meant):
                    return meant
        return word

    def _fair(self, word: str, meant: str) -> bool:
        """Short words differ by a swap, a lost or a doubled letter, never by another letter.

        Of a word that a sign hangs on, four letters are enough to see a swap ("claf"), five to
        see a lost letter ("rigd"), and six to see another one ("clowdy").
        """
        if meant in self._signs:
            return self._fair_sign(word, meant)
        if len(word) < SHORTEST:
            return False
        if word.rstrip("s") == meant or meant.rstrip("s") == word:
            return len(word) >= 6
        if len(meant) >= 7:
            return True
        if len(word) == len(meant):
            return sorted(word) == sorted(meant)
        return len(meant) >= 6 or (
            len(word) > len(meant) and any(a == b for a, b in pairwise(word))
        )

    @staticmethod
    def _fair_sign(word: str, meant: str) -> bool:
        if len(word) == len(meant):
            return len(meant) >= SURE or sorted(word) == sorted(meant)
        if len(word) < len(meant):
            return len(meant) >= SHORTEST
        doubled = any(a == b for a, b in pairwise(word))
        return doubled or len(meant) >= SURE
