"""Looking for identifiers in a text."""

from collections.abc import Iterable, Iterator

from bot.care.identifiers.dates import days_in, same_length
from bot.care.identifiers.finding import Finding, Kind, merged
from bot.care.identifiers.folding import Folded
from bot.care.identifiers.names import names_in
from bot.care.identifiers.numbers import phones_in, records_in
from bot.care.identifiers.shapes import shapes_in
from bot.care.request import Identifiers


def find(text: str, patients: Iterable[Identifiers]) -> tuple[Finding, ...]:
    """What in `text` says who one of `patients` is, and what has the shape of an identifier."""
    plain = same_length(text)
    return merged([*_known(text, plain, patients), *shapes_in(text, plain)])


def find_known(text: str, patients: Iterable[Identifiers]) -> tuple[Finding, ...]:
    """Only what is known of `patients`."""
    return merged(_known(text, same_length(text), patients))


def _known(text: str, plain: str, patients: Iterable[Identifiers]) -> Iterator[Finding]:
    folded = Folded.of(text)
    born = set()
    for who in patients:
        born.add(who.birth_date)
        yield from names_in(folded, who.name)
        if who.record_number:
            yield from records_in(folded, who.record_number)
        if who.phone:
            yield from phones_in(folded, who.phone)
    if born:
        for day in days_in(plain):
            if day.day in born:
                yield Finding(Kind.BIRTH_DATE, day.start, day.end, is_known=True)
