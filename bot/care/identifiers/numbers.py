"""A patient's record number and telephone number in a text, however they are grouped."""

from collections.abc import Iterator
from typing import Final

from bot.care.identifiers.finding import Finding, Kind
from bot.care.identifiers.folding import Folded, fold

# Fewer signs are also ordinary numbers; behind "MRN" they are found by their shape.
_LEAST_OF_RECORD: Final = 5
_LEAST_ALONE: Final = 4
_LEAST_OF_PHONE: Final = 7
_NORTH_AMERICAN: Final = 11
_LONGEST_COUNTRY_CODE: Final = 3
_JOINS: Final = frozenset("./-:,")


def records_in(text: Folded, record_number: str) -> Iterator[Finding]:
    """Where `text` has a record number, or the digits of one."""
    whole = fold(record_number)
    digits = _digits(record_number)
    for written in sorted({whole, digits}):
        if len(written) >= _LEAST_OF_RECORD:
            yield from _found(text, written, Kind.RECORD_NUMBER)
        elif len(written) == _LEAST_ALONE:
            for one in _found(text, written, Kind.RECORD_NUMBER):
                if _stands_alone(text.text, one):
                    yield one


def phones_in(text: Folded, phone: str) -> Iterator[Finding]:
    """Where `text` has a telephone number, with or without the codes before it."""
    digits = _digits(phone).lstrip("0")
    written = {digits, f"0{digits}"}
    if len(digits) == _NORTH_AMERICAN and digits.startswith("1"):
        written |= {digits[1:], digits[-_LEAST_OF_PHONE:], f"00{digits}"}
    elif len(digits) == _NORTH_AMERICAN - 1:
        written |= {digits[-_LEAST_OF_PHONE:], f"1{digits}", f"001{digits}"}
    if phone.strip().startswith(("+", "00")):
        written.add(f"00{digits}")
        for code in range(1, _LONGEST_COUNTRY_CODE + 1):
            written |= {digits[code:].lstrip("0"), f"0{digits[code:].lstrip('0')}"}
    for one in sorted(written, key=len, reverse=True):
        if len(one) >= _LEAST_OF_PHONE:
            yield from _found(text, one, Kind.PHONE)


def _digits(text: str) -> str:
    return "".join(char for char in fold(text) if char.isdigit())


def _found(text: Folded, written: str, kind: Kind) -> Iterator[Finding]:
    at = text.row.find(written)
    while at >= 0:
        end = at + len(written)
        if text.holds_together(at, end) and _is_whole(text, at, end):
            first, last = text.span(at, end)
            while kind is Kind.PHONE and first > 0 and text.text[first - 1] in "+(":
                first -= 1
            yield Finding(kind, first, last, is_known=True)
        at = text.row.find(written, at + 1)


def _is_whole(text: Folded, start: int, end: int) -> bool:
    """Whether no digit goes on where it begins or ends, nor a letter where it has letters."""
    before, after = text.origin[start] - 1, text.origin[end - 1] + 1
    begins = before < 0 or not _goes_on(text.text[before], text.row[start])
    ends = after >= len(text.text) or not _goes_on(text.text[after], text.row[end - 1])
    return begins and ends


def _goes_on(beside: str, own: str) -> bool:
    return beside.isdigit() if own.isdigit() else beside.isalpha()


def _stands_alone(text: str, one: Finding) -> bool:
    """A four-digit number by itself, in one piece: no part of a date, a decimal, a time."""
    if one.end - one.start != _LEAST_ALONE:
        return False
    before, after = text[: one.start][-1:], text[one.end :][:2]
    goes_on = after[:1] in _JOINS and after[1:].isdigit()
    return before not in _JOINS and not goes_on
