"""A patient's names in a text: each part, any two together, in whatever writing."""

import re
from collections.abc import Iterator
from itertools import permutations
from typing import Final

from bot.care.identifiers.everyday import CUES, EVERYDAY, MONTHS, SHORT, TITLES
from bot.care.identifiers.finding import Finding, Kind
from bot.care.identifiers.folding import Folded, fold

_PARTS: Final = re.compile(r"[\s\-\u2010\u2011\u2013,/]+")
_SHORTEST: Final = 2
# A name has two or three parts; those who have many still get every pair of neighbours.
_MOST_PARTS: Final = 6
_SENTENCE_ENDS: Final = frozenset('.!?:;\n\u2022|>([*_"\u201c')
_OTHER_WRITINGS: Final = (
    ("ä", "ae"),
    ("ö", "oe"),
    ("ü", "ue"),
    ("ø", "oe"),
    ("å", "aa"),
)
_WIDE_SCRIPT: Final = 0x2E80  # from here on scripts that put no spaces between words
# Shorter, "Noel" would be "Nol".
_LONG_ENOUGH_FOR_AN_UMLAUT: Final = 5


def names_in(text: Folded, name: str) -> Iterator[Finding]:
    """Where `text` has parts of `name`."""
    parts = [part for part in _PARTS.split(name.casefold()) if fold(part)][:_MOST_PARTS]
    for part in parts:
        for written in _writings(part):
            if len(written) >= _SHORTEST or _is_wide(written):
                yield from _alone(text, written)
    for first, second in permutations(parts, 2):
        for written in _writings(first):
            for after in _writings(second):
                yield from _together(text, written, after)


def _writings(part: str) -> set[str]:
    """A part of a name with and without its umlauts written out."""
    spelt_out = part
    for letter, letters in _OTHER_WRITINGS:
        spelt_out = spelt_out.replace(letter, letters)
    found = {fold(part), fold(spelt_out)}
    drawn_in = fold(part)
    if len(drawn_in) >= _LONG_ENOUGH_FOR_AN_UMLAUT:
        for letters in ("ae", "oe", "ue"):
            found.add(drawn_in.replace(letters, letters[0]))
    return found


def _alone(text: Folded, written: str) -> Iterator[Finding]:
    for start, end in _places(text, written):
        pieces = text.pieces(start, end)
        if len(pieces) > 1:
            if not _is_broken_name(pieces):
                continue
        elif _is_everyday(written) and not _is_used_as_name(text, start, end):
            continue
        yield _finding(text, start, end)


def _together(text: Folded, first: str, second: str) -> Iterator[Finding]:
    if len(first) + len(second) <= _SHORTEST:
        return
    for start, end in _places(text, first + second):
        if len(first) == 1 or len(second) == 1:
            continue  # an initial: what stands beside it is found by itself
        yield _finding(text, start, end)


def _places(text: Folded, written: str) -> Iterator[tuple[int, int]]:
    """Where `written` stands in the row of letters, as a word or words of its own."""
    at = text.row.find(written)
    while at >= 0:
        end = at + len(written)
        if text.holds_together(at, end) and (_is_wide(written) or _is_word(text, at, end)):
            yield at, end
        at = text.row.find(written, at + 1)


def _is_word(text: Folded, start: int, end: int) -> bool:
    """Whether neither a letter before nor one after belongs to it; an `s` may follow."""
    if start > 0 and _touch(text, start - 1) and text.row[start - 1].isalpha():
        return False
    if end < len(text.row) and _touch(text, end - 1) and text.row[end] == "s":
        end += 1
    is_last = end >= len(text.row) or not _touch(text, end - 1)
    return is_last or not text.row[end].isalpha()


def _touch(text: Folded, at: int) -> bool:
    """Whether nothing stands between this letter and the next."""
    return text.origin[at + 1] - text.origin[at] <= 1


def _is_broken_name(pieces: list[str]) -> bool:
    """`jor dan` and `j o r d a n`, but not two words that happen to make a name: `for rest`."""
    if all(len(piece) == 1 for piece in pieces):
        return len(pieces) > _SHORTEST
    return not all(len(piece) == 1 or _is_everyday(piece) for piece in pieces)


def _is_everyday(word: str) -> bool:
    return word in EVERYDAY or word in MONTHS or word in SHORT


def _is_used_as_name(text: Folded, start: int, end: int) -> bool:
    """Whether a word that is also an everyday one stands here for a person."""
    first, last = text.span(start, end)
    before, after = text.text[:first].rstrip(" "), text.text[last:]
    word_before = fold(re.split(r"\s", before)[-1]) if before else ""
    is_capital = text.text[first].isupper() and not _is_shouted(
        text.text[first:last], before, after
    )
    if word_before in TITLES and (is_capital or word_before not in {"for", "with", "saw", "re"}):
        return not _is_date(text, start, end, after)
    if not is_capital or _is_date(text, start, end, after):
        return False
    if before and before[-1] not in _SENTENCE_ENDS:
        return True
    following = re.match(r"\s*(?:'s|\u2019s)?\s*([^\W\d_]+)", after)
    return bool(following and following[1].lower() in CUES) or after[:2] in {"'s", "\u2019s"}


def _is_shouted(word: str, before: str, after: str) -> bool:
    """Whether capitals mean nothing, as the words around are written in them too, or it is short."""
    if not word[1:].isupper():
        return False
    beside = [
        *re.findall(r"[^\W\d_]+", before[-40:])[-1:],
        *re.findall(r"[^\W\d_]+", after[:40])[:1],
    ]
    return len(word) <= _SHORTEST or not beside or any(one.isupper() for one in beside)


def _is_date(text: Folded, start: int, end: int, after: str) -> bool:
    """`May 17` and `in May` are months."""
    if text.row[start:end] not in MONTHS:
        return False
    before = text.text[: text.origin[start]].rstrip().lower()
    return bool(re.match(r"\.?\s*\d", after)) or bool(
        re.search(r"(?:\d|\b(?:in|of|since|until|by|this|next|last|from))$", before)
    )


def _is_wide(written: str) -> bool:
    return any(ord(char) >= _WIDE_SCRIPT for char in written)


def _finding(text: Folded, start: int, end: int) -> Finding:
    first, last = text.span(start, end)
    return Finding(Kind.NAME, first, last, is_known=True)
