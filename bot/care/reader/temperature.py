"""The body temperature, in degrees Celsius."""

import re

from bot.care.codes import FieldName

from .draft import Draft
from .note import Note, Talk
from .tokens import Kind, Token
from .wordsets import set_of

FAHRENHEIT_FROM = 90
LEAST_FEVER = 99  # degrees Fahrenheit
_DECIMAL_AFTER_FEVER = re.compile(
    r"(?<!\S)(?:fever|fevers|febrile|feverish|chills|afebrile) (?:\S+ ){0,12}?(#) "
    r"(?!MIN|HOUR|CM|INCH|ML|lb|lbs|%|/)"
)


_TEMPERATURE = (
    re.compile(
        r"(?<!\S)TEMP (?:(?:is|was|of|at|to|:|=|TEMP|taken|reads|reading|today|"
        r"OUTCOME_TODAY|now|a|an|about|oral|-|orally|up|around|by|mouth|went|hit|spiked|"
        r"in|came|normal|fine|ok|\(|her|it|and|we|started|before|steady|measured|still|"
        r"check|checked|exactly|just|precisely|almost|nearly|already|even|yet|last|night|yesterday|this|morning|evening|when|"
        r"only|right|,|low|grade|pre|tx|said|says|showed|shows|read|gave|me|#(?= (?:pm|am))|"
        r"#:#|pm|am) ){0,8}(#) (?!pm|am)"
    ),
    re.compile(r"(?<!\S)(#) (?:° )?(?:degrees? )?(?:f|fahrenheit|celsius|centigrade|degrees|°) "),
    re.compile(r"(?<!\S)(#) (?:° )?(?:degrees? )?c (?!HOUR)"),
    re.compile(
        r"(?<!\S)(?:fever|fevers|febrile|feverish|afebrile) (?:(?:of|at|:|was|to|up|is|"
        r"a|\(|with|,|-|running|reached|hit|about|around|over) ){0,4}(#) (?!week|day|"
        r"HOUR|MIN|x |times)"
    ),
    re.compile(r"(?<!\S)(?:ran|reached|spiked|still) (?:a )?(#) (?!MIN|HOUR|CM|INCH|ML|/|%|lb)"),
    re.compile(r"(?<!\S)(#) (?:on|by|with|per|via) (?:\S+ ){0,5}?TEMP "),
    re.compile(
        r"(?<!\S)(#) (?:and|with|w|,|&|\+) (?:\S+ ){0,2}"
        r"(?:shaking|shivering|chills|sweating|sweats|shivery|shakes|shivers) "
    ),
    re.compile(r"(?<!\S)(#) under (?:her |his |the )?(?:tongue|arm|armpit) "),
    re.compile(r"(?<!\S)(#) (?:oral|orally|axillary|tympanic|temporal|armpit) "),
    re.compile(
        r"(?<!\S)(?:thermometer|forehead|oral|tympanic|axillary|running|spiked|temp|"
        r"measured|burning) (?:\S+ ){0,6}?(#) (?!MIN|HOUR|CM|INCH|ML|week|day|x )"
    ),
)


def read_temperature(note: Note, draft: Draft) -> None:
    if not any(_body_heat(note.tokens[i]) for i in note.numbers):
        return
    hits: list[tuple[int, float]] = []
    for pattern in _TEMPERATURE:
        for match in pattern.finditer(note.shape):
            index = note.token_at(match.start(1))
            celsius = to_celsius(note.tokens[index].value)
            if celsius is None or note.tokens[index].kind is not Kind.NUMBER:
                continue
            before = note.words[max(0, index - 3) : index]
            if not note.is_now(index, allow=Talk.PLANNED | Talk.EARLIER) or (
                before
                and before[-1] in ("above", "over", "was", "from", "below", "under")
                and before[-1] not in ("was",)
                and "running" not in before
            ):
                continue
            if match.re is _TEMPERATURE[6] and not _decimal(note, index):
                continue  # "20 and shaking"
            if match.re is _TEMPERATURE[4] and _no_fahrenheit(note, index):
                continue  # "still 39", "ran 40 minutes late"
            if match.re is _TEMPERATURE[-1] and note.words[index + 1 : index + 2] == ["vs"]:
                continue  # "R calf measured 39 vs 36"
            if note.topic_at.get(index + 1, "") in ("CM", "INCH", "MIN", "ML", "HOUR") or (
                match.re is _TEMPERATURE[2] and not 34 <= note.tokens[index].value <= 43
            ):
                continue
            hits.append((index, celsius))
        current = [item for item in hits if not _of_earlier(note, item[0])]
        if current:
            hits = current
            break
    if not hits:
        hits = _bare_degrees(note)
    hits.extend(_degrees_now(note, unnamed=not hits))
    if hits:
        index, celsius = (
            max(hits, key=lambda item: item[1])
            if len(hits) > 1 and not _falls(note, hits)
            else hits[-1]
        )
        draft.put(FieldName.TEMPERATURE_C, celsius, index, index + 1)


_BEFORE_TODAY = set_of("yesterday last night weekend ago")


def _of_earlier(note: Note, index: int) -> bool:
    """ "a fever of 101 Friday night, gone since": another reading, if there is one, is of now."""
    end = min(note.sentence(index).end, index + 4)
    days = any(index < t.start < end for t in note.topics if t.code == "DAY")
    return days or not _BEFORE_TODAY.isdisjoint(note.words[index + 1 : end])


def _decimal(note: Note, index: int) -> bool:
    token = note.tokens[index]
    return "." in note.text[token.start : token.end]


def _no_fahrenheit(note: Note, index: int) -> bool:
    return note.tokens[index].value < FAHRENHEIT_FROM


def _body_heat(token: Token) -> bool:
    return token.kind is Kind.NUMBER and to_celsius(token.value) is not None


def _bare_degrees(note: Note) -> list[tuple[int, float]]:
    """ "the fever is gone, 98.4 today", "101.4.": a decimal in the body's range, or one alone."""
    found = _DECIMAL_AFTER_FEVER.search(note.shape)
    alone = [
        s.start
        for s in note.sentences
        if s.start in note.numbers
        and (s.end - s.start == 1 or note.words[s.start + 1] in _TIMES_AFTER)
    ]
    if found is None and not alone:
        return []
    index = note.token_at(found.start(1)) if found is not None else alone[0]
    token = note.tokens[index]
    celsius = to_celsius(token.value)
    decimal = "." in note.text[token.start : token.end]
    return [(index, celsius)] if celsius is not None and decimal and note.is_now(index) else []


_TIMES_AFTER = set_of("this today now just again tonight overnight")
_READ_OFF = set_of("now reads read recheck rechecked repeat")
_NOWADAYS = (["today"], ["now"], ["here"])
_HEAT_WORDS = set_of(
    "fever temp temperature thermometer spiked chills febrile feverish hot shivers"
)


def _degrees_now(note: Note, *, unnamed: bool) -> list[tuple[int, float]]:
    """ "spiked 101.5 Sunday night. Now 98.1", "no thermometer at home, mine reads 99.4"."""
    if _HEAT_WORDS.isdisjoint(note.words):
        return []
    found: list[tuple[int, float]] = []
    for index in note.numbers:
        token = note.tokens[index]
        celsius = to_celsius(token.value) if token.kind is Kind.NUMBER else None
        led = (
            note.words[index - 1] in _READ_OFF
            or note.words[index + 1 : index + 2] in _NOWADAYS
            or note.words[index + 1 : index + 3] == ["just", "now"]
            or (unnamed and _said_hot(note, index))
        )
        if celsius is None or not led:
            continue
        if "." in note.text[token.start : token.end] and note.is_now(index):
            found.append((index, celsius))
    return found


def _said_hot(note: Note, index: int) -> bool:
    """ "hot as an oven, 102.4": degrees Fahrenheit in a sentence that speaks of heat."""
    sentence = note.sentence(index)
    said = note.words[sentence.start : sentence.end]
    measured = any(
        sentence.start <= t.start < sentence.end and t.code in ("CM", "INCH") for t in note.topics
    )
    return note.tokens[index].value >= LEAST_FEVER and not (
        measured or _HEAT_WORDS.isdisjoint(said)
    )


def _falls(note: Note, hits: list[tuple[int, float]]) -> bool:
    between = note.words[hits[0][0] : hits[-1][0] + 6]
    return bool(
        {
            "now",
            "here",
            "→",
            "recheck",
            "rechecked",
            "then",
            "down",
            "to",
            "later",
            "after",
        }.intersection(between)
    )


def to_celsius(value: float) -> float | None:
    """A body temperature in degrees Celsius; 90 or more is Fahrenheit; None if it is neither."""
    if value >= FAHRENHEIT_FROM:
        celsius = (value - 32) / 1.8
        return round(celsius, 1) if value <= 110 else None
    return round(value, 1) if 33 <= value <= 43 else None
