"""Text without what typing slips change: case, accents, and what stands between letters."""

import unicodedata
from dataclasses import dataclass
from itertools import pairwise

# Letters that Unicode does not take apart.
_LETTERS = str.maketrans(
    {
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "ø": "o",
        "ı": "i",  # noqa: RUF001 - the letter itself
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "ħ": "h",
        "ŧ": "t",
    }
)
# What may stand between two letters or digits of one name or number.
_BETWEEN = frozenset(
    " \t\u00a0\u2007\u2009\u202f-\u2010\u2011\u2012\u2013'\u2018\u2019`\u00b4._*~()/"
)
_MOST_BETWEEN = 3
_INVISIBLE = ("Mn", "Cf")


def fold(text: str) -> str:
    """Letters and digits alone, without case and accents: `O'Brien-Ñez` is `obriennez`."""
    if text.isascii():
        return "".join(filter(str.isalnum, text.lower()))
    return "".join(map(_folded, text))


def _folded(char: str) -> str:
    if char.isascii():
        return char.lower() if char.isalnum() else ""
    plain = unicodedata.normalize("NFKD", char).casefold().translate(_LETTERS)
    return "".join(c for c in unicodedata.normalize("NFKD", plain) if c.isalnum())


@dataclass(frozen=True)
class Folded:
    """A text's letters and digits in a row, and where each stood."""

    text: str
    row: str
    origin: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Folded":
        row: list[str] = []
        origin: list[int] = []
        for at, char in enumerate(text):
            for letter in _folded(char):
                row.append(letter)
                origin.append(at)
        return cls(text, "".join(row), tuple(origin))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `row[start:end]` stands in the text, accents after its last letter included."""
        last = self.origin[end - 1] + 1
        while last < len(self.text) and unicodedata.category(self.text[last]) == "Mn":
            last += 1
        return self.origin[start], last

    def holds_together(self, start: int, end: int) -> bool:
        """Whether nothing but a little space and punctuation stands inside `row[start:end]`."""
        return all(
            self._may_stand_between(a, b) for a, b in pairwise(self.origin[start:end]) if b > a + 1
        )

    def pieces(self, start: int, end: int) -> list[str]:
        """`row[start:end]` as it is broken up in the text: `["jor", "dan"]` for `Jor dan`."""
        found = [self.row[start]]
        for at in range(start + 1, end):
            if self.origin[at] > self.origin[at - 1] + 1 and not self._is_invisible(
                self.origin[at - 1] + 1, self.origin[at]
            ):
                found.append("")
            found[-1] += self.row[at]
        return found

    def _may_stand_between(self, before: int, after: int) -> bool:
        seen = 0
        for char in self.text[before + 1 : after]:
            if unicodedata.category(char) in _INVISIBLE:
                continue
            seen += 1
            if char not in _BETWEEN or seen > _MOST_BETWEEN:
                return False
        return True

    def _is_invisible(self, start: int, end: int) -> bool:
        return all(unicodedata.category(c) in _INVISIBLE for c in self.text[start:end])
