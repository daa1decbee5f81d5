"""Days written in any way: in figures of either order, with the month's name, in words."""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Final, NamedTuple

_MONTHS: Final = (
    "january jan enero januar janvier janeiro",
    "february feb febrero februar fevrier fevereiro",
    "march mar marzo marz maerz mars marco",
    "april apr abril avril",
    "may mayo mai maio",
    "june jun junio juni juin junho",
    "july jul julio juli juillet julho",
    "august aug agosto aout",
    "september sept sep septiembre septembre setembro",
    "october oct octubre oktober octobre outubro okt",
    "november nov noviembre novembre novembro",
    "december dec diciembre dezember decembre dezembro dez",
)
_MONTH_OF: Final = {word: at for at, words in enumerate(_MONTHS, 1) for word in words.split()}
_ONES: Final = "zero one two three four five six seven eight nine".split()
_TEENS: Final = (
    "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
)
_TENS: Final = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_ORDINALS: Final = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()


def _below_hundred() -> dict[str, int]:
    """`seventeen`, `eighty four`, `oh five` and so on to their numbers."""
    known = dict(zip(_TEENS, range(10, 20), strict=True))
    known |= {one: at for at, one in enumerate(_ONES) if at}
    for at, tens in enumerate(_TENS, 2):
        known[tens] = at * 10
        known |= {f"{tens} {_ONES[one]}": at * 10 + one for one in range(1, 10)}
    return known


_COUNTED: Final = _below_hundred()
_DAY_WORDS: Final = (
    {word: number for word, number in _COUNTED.items() if number <= 31}
    | {word: at for at, word in enumerate(_ORDINALS, 1)}
    | {f"twenty {_ORDINALS[one - 1]}": 20 + one for one in range(1, 10)}
    | {"thirtieth": 30, "thirty first": 31}
)


def _alternatives(words: object) -> str:
    known = sorted(map(str, words), key=len, reverse=True)  # type: ignore[call-overload]
    return "|".join(word.replace(" ", r"[\s-]{1,2}") for word in known)


_MONTH: Final = rf"(?P<month>\b(?:{_alternatives(_MONTH_OF)})\b)"
_DAY: Final = (
    rf"(?P<day>(?<!\d)\d{{1,2}}(?:st|nd|rd|th)?(?!\d)|\b(?:{_alternatives(_DAY_WORDS)})\b)"
)
_YEAR: Final = (
    r"(?P<year>'?(?<!\d)(?:\d{4}|\d{2})(?!\d)"
    rf"|\bnineteen[\s-]{{1,2}}(?:hundred[\s-]{{1,2}})?(?:and[\s-])?(?:o[h']?[\s-]{{1,2}})?(?:{_alternatives(_COUNTED)})\b"
    rf"|\btwo[\s-]thousand(?:[\s-]and)?(?:[\s-](?:{_alternatives(_COUNTED)}))?\b"
    rf"|\btwenty[\s-]{{1,2}}(?:o[h']?[\s-]{{1,2}})?(?:{_alternatives(_COUNTED)})\b)"
)
_GAP: Final = r"[\s,.\-/_'\u2010-\u2013]{0,3}"
_OF: Final = r"(?:(?:of|de|del|the)\s{1,2})?"
_WITH_MONTH: Final = (
    rf"{_MONTH}{_GAP}{_OF}{_DAY}{_GAP}{_OF}(?:in\s)?{_YEAR}",
    rf"{_DAY}{_GAP}{_OF}{_MONTH}{_GAP}{_OF}{_YEAR}",
    rf"{_YEAR}{_GAP}{_MONTH}{_GAP}{_DAY}",
)
_JOINT: Final = r"\s{0,2}[./\-_, \u2010-\u2013\u2212|\\]\s{0,2}"
# Looked for at every place, as one row of numbers can hold several.
_IN_FIGURES: Final = re.compile(
    rf"(?<!\d)(?=((\d{{1,4}}){_JOINT}(\d{{1,2}}){_JOINT}'?(\d{{4}}|\d{{2}}))(?!\d))"
)
_IN_A_ROW: Final = re.compile(r"(?<!\d)(\d{8}|\d{6})(?!\d)")


class Day(NamedTuple):
    """A day that may be meant, and where it stands."""

    start: int
    end: int
    day: date


def same_length(text: str) -> str:
    """`text` without case and accents, character for character."""
    return "".join(map(_plain, text))


def _plain(char: str) -> str:
    if char.isascii():
        return char.lower()
    first = unicodedata.normalize("NFKD", char)[0].casefold()
    return first if len(first) == 1 else char


def days_in(plain: str) -> Iterator[Day]:
    """Every day that `plain` (from `same_length`) may name; one writing can mean several."""
    for found in _IN_FIGURES.finditer(plain):
        yield from _of_three(found.start(1), found.end(1), *found.group(2, 3, 4))
    for found in _IN_A_ROW.finditer(plain):
        row = found[1]
        if len(row) == 8:
            yield from _of_three(found.start(), found.end(), row[:4], row[4:6], row[6:])
            yield from _of_three(found.start(), found.end(), row[:2], row[2:4], row[4:])
        else:
            yield from _of_three(found.start(), found.end(), row[:2], row[2:4], row[4:])
    for shape in _with_month():
        for found in shape.finditer(plain):
            month = _MONTH_OF[found["month"]]
            for year in _years(found["year"]):
                yield from _day(found.start(), found.end(), year, month, _number(found["day"]))


@cache
def _with_month() -> tuple[re.Pattern[str], ...]:
    """Compiled when first needed: they take a third as long as all other patterns of the bot."""
    return tuple(map(re.compile, _WITH_MONTH))


def _of_three(start: int, end: int, first: str, second: str, third: str) -> Iterator[Day]:
    if len(first) == 4:
        for month, day in ((second, third), (third, second)):
            yield from _day(start, end, int(first), int(month), int(day))
        return
    if len(first) > 2:
        return
    for year in _years(third):
        yield from _day(start, end, year, int(first), int(second))
        yield from _day(start, end, year, int(second), int(first))
    if len(third) == 2 and len(first) == 2:
        for year in _years(first):
            yield from _day(start, end, year, int(second), int(third))


def _day(start: int, end: int, year: int, month: int, day: int) -> Iterator[Day]:
    try:
        yield Day(start, end, date(year, month, day))
    except ValueError:
        return  # the 31st of February: it means something else


def _years(written: str) -> tuple[int, ...]:
    """`84` may be 1984 or 2084; `nineteen eighty-four` is one."""
    figures = written.strip("'")
    if figures.isdigit():
        number = int(figures)
        return (number,) if len(figures) == 4 else (1900 + number, 2000 + number)
    words = re.sub(r"[\s-]+", " ", written)
    century = 1900 if words.startswith("nineteen") else 2000
    rest = re.sub(
        r"^(?:nineteen|two thousand|twenty) ?(?:hundred )?(?:and )?(?:o[h']? )?", "", words
    )
    return (century + _COUNTED[rest],) if rest in _COUNTED else (century,)


def _number(written: str) -> int:
    digits = re.match(r"\d+", written)
    return int(digits[0]) if digits else _DAY_WORDS[re.sub(r"[\s-]+", " ", written)]
