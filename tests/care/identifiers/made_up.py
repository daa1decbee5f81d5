"""Made-up patients, and messages in which somebody names one: from a seed, always the same."""

import random
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.care.identifiers import Kind
from bot.care.request import Identifiers

GIVEN = (
    "James Mary Robert Patricia John Jennifer Michael Linda David Elizabeth William Barbara Richard "
    "Susan Joseph Jessica Thomas Sarah Christopher Karen Charles Lisa Daniel Nancy Matthew Betty "
    "Anthony Sandra Margaret Donald Ashley Steven Kimberly Andrew Emily Paul Donna Joshua Michelle "
    "Kenneth Carlos Kevin Amanda Brian Melissa Deborah Ronald Stephanie Edward Rebecca Timothy Sharon "
    "Jason Laura Jeffrey Cynthia Ryan Dorothy Jacob Amy Gary Kathleen Zoë Renée José María Núñez "
    "Søren Björn Łukasz Jürgen Siân Chloë Beyoncé Þóra Ngọc Nguyễn Xiomara Oluwaseun Priya Aoife "
    "Siobhán Yusuf Fatima Hiroshi Anne-Marie Jean-Luc D'Andre Ana Lee Kim Eva Ian Leo Mia Ida Guy"
).split()
FAMILY = (
    "Johnson Williams Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Gonzalez Wilson "
    "Anderson Thomas Jackson Thompson Harris Sanchez Clark Ramirez Lewis Robinson Allen Torres Nguyen "
    "Scott Flores Adams Nelson Mitchell Roberts Gómez Phillips Evans Diaz Cruz Edwards Collins Reyes "
    "Stewart Morris Morales Murphy O'Brien O'Connor McDonald MacLeod Müller Schröder Ångström Kowalski "
    "Çelik Ionescu Dvořák Papadopoulos Al-Sayed Okonkwo Patel Chaudhry Yamamoto Kim Nakamura Petrov "
    "Fernández-Ortiz Vanderbilt Saint-Pierre Groß Øster Æbelø Huang Zhang Vu Castañeda Peña Ibáñez"
).split()
# Names that are also everyday words; counted by themselves.
WORDS_TOO = (
    "Will May Mark Grace Rose Hope Bill Park Long Young White Green Hill Rest Hand Foot".split()
)
NOT_WORDS_GIVEN = [name for name in GIVEN if name not in {"Guy"}]
NOT_WORDS_FAMILY = FAMILY

CARRIERS = (
    "Session 4 today, 60 min MLD abdomen, pain 5 -> 2. {} tolerated it well.",
    "{} called, can't make it tomorrow",
    "saw {} today for visit 3, swelling 2+",
    "Swelling 2+ in the left flank ({}), garment 22 h",
    "pls call {} re: garment\nno red flags",
    "Concern: {} says the left calf is hot",
    "{}",
    "tx 5/10 - 45' - {} - pn 4>2",
    "Reviewed with {}; next visit 9/14.",
    '"{}" and then nothing',
)
_MONTHS = (
    "January February March April May June July August September October November December"
).split()


@dataclass(frozen=True)
class Named:
    """A message in which somebody named a patient, and what of them it names."""

    text: str
    who: Identifiers
    kind: Kind
    start: int
    end: int


def patients(seed: int, many: int) -> list[Identifiers]:
    chance = random.Random(seed)
    return [patient(chance) for _ in range(many)]


def patient(chance: random.Random) -> Identifiers:
    digits = "".join(chance.choice("23456789") for _ in range(10))
    return Identifiers(
        name=f"{chance.choice(NOT_WORDS_GIVEN)} {chance.choice(NOT_WORDS_FAMILY)}",
        birth_date=date(1930, 1, 1) + timedelta(days=chance.randrange(29_000)),
        record_number=chance.choice(("MRN-{}", "{}", "P{}", "00{}")).format(
            chance.randrange(10_000, 9_999_999)
        ),
        phone=chance.choice(("+1 {} {} {}", "({}) {}-{}", "{}{}{}", "{}.{}.{}")).format(
            digits[:3], digits[3:6], digits[6:]
        ),
    )


def messages(seed: int, many: int) -> Iterator[Named]:
    """`many` messages for each kind of identifier."""
    chance = random.Random(seed)
    for number in range(many):
        who = patient(chance)
        for kind, written in (
            (Kind.NAME, a_name(chance, who)),
            (Kind.BIRTH_DATE, a_day(chance, who.birth_date)),
            (Kind.RECORD_NUMBER, a_record_number(chance, who.record_number)),
            (Kind.PHONE, a_phone(chance, who.phone)),
        ):
            carrier = CARRIERS[number % len(CARRIERS)]
            start = carrier.index("{}")
            yield Named(carrier.format(written), who, kind, start, start + len(written))


def a_name(chance: random.Random, who: Identifiers) -> str:
    """A part of the name, or all of it, as people type it."""
    given, family = who.name.split()
    written = chance.choice(
        (given, family, f"{given} {family}", f"{family}, {given}", f"{given}{family}", f"{given}'s")
    )
    for slip in chance.sample((_case, _accents, _spacing), k=chance.randrange(3)):
        written = slip(chance, written)
    return written


def _case(chance: random.Random, text: str) -> str:
    return chance.choice(
        (text.lower(), text.upper(), "".join(chance.choice((c.lower(), c.upper())) for c in text))
    )


def _accents(chance: random.Random, text: str) -> str:
    """Left out, taken apart into letter and accent, or put on a letter that has none."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    vowels = [at for at, char in enumerate(bare) if char in "aeiou"]
    added = bare
    if vowels:
        at = chance.choice(vowels)
        added = (
            f"{bare[: at + 1]}{chance.choice(chr(0x301) + chr(0x300) + chr(0x308))}{bare[at + 1 :]}"
        )
    return chance.choice(
        (bare, unicodedata.normalize("NFD", text), unicodedata.normalize("NFC", added))
    )


def _spacing(chance: random.Random, text: str) -> str:
    """A space too much inside a word, two between words, a dash for a space, or letters spaced."""
    letters = [at for at in range(2, len(text) - 2) if text[at - 2 : at + 2].isalpha()]
    broken = text
    if letters:
        at = chance.choice(letters)
        broken = f"{text[:at]}{chance.choice(' -')}{text[at:]}"
    return chance.choice((broken, text.replace(" ", "  "), text.replace(" ", "-")))


def a_day(chance: random.Random, day: date) -> str:
    month, short = _MONTHS[day.month - 1], _MONTHS[day.month - 1][:3]
    year = f"{day.year % 100:02}"
    written = chance.choice(
        (
            f"{day.month}/{day.day}/{day.year}",
            f"{day.month}/{day.day}/{year}",
            f"{day:%m-%d-%Y}",
            f"{day:%d.%m.%Y}",
            f"{day.day}.{day.month}.{year}",
            f"{day:%Y-%m-%d}",
            f"{day:%Y/%m/%d}",
            f"{day:%Y%m%d}",
            f"{day:%m%d%Y}",
            f"{day:%m%d}{year}",
            f"{day:%m %d %Y}",
            f"{month} {day.day}, {day.year}",
            f"{short} {day.day} {day.year}",
            f"{short}. {_nth(day.day)}, '{year}",
            f"{day.day} {month} {day.year}",
            f"the {_nth(day.day)} of {month} {day.year}",
            f"{day.day}-{short}-{year}",
            f"{month} {_day_in_words(day.day)} {_year_in_words(day.year)}",
            f"the {_day_in_words(day.day)} of {month}, {_year_in_words(day.year)}",
        )
    )
    return chance.choice((written, written.lower(), written.upper(), f"dob {written}"))


def _nth(day: int) -> str:
    ends = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
    return f"{day}{ends.get(day, 'th')}"


_ONES = "zero one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_NTHS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
).split()


def _day_in_words(day: int) -> str:
    if day <= 20:
        return _NTHS[day - 1]
    if day == 30:
        return "thirtieth"
    return f"{'twenty' if day < 30 else 'thirty'}-{_NTHS[day % 10 - 1]}"


def _year_in_words(year: int) -> str:
    rest = year % 100
    if year >= 2000:
        return f"two thousand {_number(rest)}".strip()
    return f"nineteen {_number(rest)}" if rest >= 10 else f"nineteen oh {_ONES[rest]}"


def _number(number: int) -> str:
    if number < 10:
        return _ONES[number] if number else ""
    if number < 20:
        return _TEENS[number - 10]
    return f"{_TENS[number // 10 - 2]}{'-' + _ONES[number % 10] if number % 10 else ''}"


def a_record_number(chance: random.Random, record_number: str) -> str:
    digits = record_number.removeprefix("MRN-").removeprefix("P")
    half = len(digits) // 2
    return chance.choice(
        (
            record_number,
            record_number.lower(),
            digits,
            f"mrn {digits}",
            f"#{digits}",
            f"{digits[:half]} {digits[half:]}",
            f"{digits[:half]}-{digits[half:]}",
        )
    )


def a_phone(chance: random.Random, phone: str) -> str:
    digits = "".join(c for c in phone if c.isdigit())[-10:]
    area, first, last = digits[:3], digits[3:6], digits[6:]
    return chance.choice(
        (
            phone,
            digits,
            f"{area}-{first}-{last}",
            f"({area}) {first} {last}",
            f"{area}.{first}.{last}",
            f"+1{digits}",
            f"1 {area} {first} {last}",
            f"001-{area}-{first}-{last}",
            f"{first}-{last}",
            f"{area} {first[:1]}{first[1:]}{last[:2]} {last[2:]}",
        )
    )
