"""Minutes actually given."""

import re
from collections.abc import Iterable

from bot.care.codes import FieldName

from .draft import Draft
from .given import was_given
from .note import Note
from .tokens import Kind, Token
from .wordsets import set_of

# How a length of time is written, by its form; the more particular forms come first.
_FORMS = {
    "hours and minutes": re.compile(r"(?<!\S)(#) HOUR (?:and )?(#) MIN "),
    "an hour and minutes": re.compile(
        r"(?<!\S)(?:an |a |one )?(?:HOUR|hour|hr) (?:and|&|\+|n) (#) (?:MIN )?(?!HOUR|CM|INCH|/|ML)"
    ),
    "hours, minutes glued": re.compile(r"(?<!\S)(#) HOUR (#) (?!HOUR|MIN|CM|INCH)"),
    "hours and a half": re.compile(r"(?<!\S)(#) (?:and )?(?:a )?half HOUR "),
    "an hour and a part": re.compile(
        r"(?<!\S)(?:an |a |one |1 )?(?:hour|HOUR|hr) (?:and|&|n|\+) (?:a )?(half|quarter) "
    ),
    "hours and a part": re.compile(r"(?<!\S)(#) HOUR (?:and|&|n) (?:a )?(half|quarter) "),
    "a part of an hour": re.compile(r"(?<!\S)(half|quarter) (?:of )?(?:an |a )?(?:hour|hr|h) "),
    "three quarters": re.compile(r"(?<!\S)(?:three|#) quarters (?:of )?an? (?:hour|HOUR|hr) "),
    "a number": re.compile(r"(?<!\S)(#(?:/#)?) (?:- )?(HOUR|MIN) "),
    "an hour": re.compile(r"(?<!\S)(?:an|full|one|1) (?:full )?(?:hour|hr) "),
}
_PARTS = {"half": 30.0, "quarter": 15.0}


_ROUND_MINUTES = frozenset((15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 70, 75, 80, 90, 105, 120))


_HOUR_WORDS = set_of("hour hr h")
_BREAKING_OFF = set_of(
    "stopped stop stopping ended cut quit halted terminated aborted finished only shortened broke"
)
_STOPPED_OF = re.compile(
    r"(?<!\S)(?:stopped|stop|ended|cut|quit|halted|terminated|aborted|finished|"
    r"only) (?:(?!SESSION)\S+ ){0,3}?(#) (?:of|out of|/|instead of) (?:the |"
    r"planned )?# (?:MIN )?"
)
_PART_OF = re.compile(
    r"(?<!\S)(#) (?:MIN )?(?:of|out of|instead of|into) (?:the |a |an |her |his |our |planned |"
    r"usual |scheduled )*# MIN "
)
_OF = frozenset(("of", "into"))
_LESS = frozenset(("of", "instead"))
_INSTEAD = re.compile(
    r"(?<!\S)(#) (?:instead of|out of|of) (?:the |planned |usual )*(#) (?!SESSION|tx |left )"
)
_STOPPED_AT = re.compile(
    r"(?<!\S)(?:stopped|stopping|cut|shortened|ended|quit|halted|broke off|aborted|"
    r"terminated) (?:\S+ ){0,5}?(?:at|after|to|from # to|short at|it at|"
    r"from # MIN to) (#) (?:MIN )"
)


def read_duration(note: Note, draft: Draft) -> None:
    """Fill `duration_min`."""
    found = _lengths(note)
    broke_off = not _BREAKING_OFF.isdisjoint(note.words)
    cut = _STOPPED_OF.search(note.shape) if broke_off else None
    if cut is None and not _OF.isdisjoint(note.words):
        cut = _PART_OF.search(note.shape)
    if cut is None and not _LESS.isdisjoint(note.words):
        cut = _instead_of(note)
    if cut and note.is_now(note.token_at(cut.start(1))):
        first, last = note.tokens_between(cut.start(1), cut.end(1))
        draft.put(FieldName.DURATION_MIN, int(note.tokens[first].value), first, last)
        return
    whole = _STOPPED_AT.search(note.shape) if broke_off else None
    if whole and note.is_now(note.token_at(whole.start(1))):
        first, last = note.tokens_between(whole.start(1), whole.end())
        draft.put(FieldName.DURATION_MIN, int(note.tokens[first].value), first, last)
        return
    altogether = _altogether(note)
    if altogether is not None:
        draft.put(
            FieldName.DURATION_MIN, int(note.tokens[altogether].value), altogether, altogether + 1
        )
        return
    if not found:
        if not _named_duration(note, draft):
            _bare_duration(note, draft)
        return
    total = _total(note, found)
    draft.put(FieldName.DURATION_MIN, int(total[0]), total[1], total[2])


def _altogether(note: Note) -> int | None:
    """ "and another fifteen minutes, so forty five all together": the sum, without a unit."""
    for index in note.numbers:
        token = note.tokens[index]
        after = note.words[index + 1 : index + 3]
        total = after[:1] in (["altogether"], ["total"]) or after == ["all", "together"]
        start = note.sentence(index).start
        drained = any(t.code == "DRAIN" and start <= t.start < index for t in note.topics)
        fits = token.word == "#" and token.value in _ROUND_MINUTES and not drained
        if fits and total and note.is_now(index):
            return index
    return None


def _instead_of(note: Note) -> re.Match[str] | None:
    """ "so 40 instead of 60": both such as sessions last."""
    for match in _INSTEAD.finditer(note.shape):
        given, planned = (note.tokens[note.token_at(match.start(group))].value for group in (1, 2))
        if given in _ROUND_MINUTES and planned in _ROUND_MINUTES and given < planned:
            return match
    return None


def _lengths(note: Note) -> list[tuple[float, int, int]]:
    """Every length of time that was given: minutes, and from which token to which."""
    found: list[tuple[float, int, int]] = []
    taken: set[int] = set()
    for form in _forms_of(note):
        for match in _FORMS[form].finditer(note.shape):
            first, last = note.tokens_between(match.start(), match.end() - 1)
            if not taken.isdisjoint(range(first, last)):
                continue
            minutes = _minutes(note, match, form)
            taken.update(range(first, last))
            if minutes is None or not 1 <= minutes <= 300 or not was_given(note, first, last):
                continue
            found.append((minutes, first, last))
    return found


def _forms_of(note: Note) -> Iterable[str]:
    """The forms that the note can have: most need an hour."""
    if "HOUR" in note.topic_codes or not _HOUR_WORDS.isdisjoint(note.words):
        return _FORMS
    return ("a number",) if "MIN" in note.topic_codes else ()


_NAMES = set_of("time duration length dur mins minutes min")


def _named_duration(note: Note, draft: Draft) -> bool:
    """ "Time: 60", as one point of a list."""
    for index in note.numbers:
        token = note.tokens[index]
        first = note.sentence(index).start
        point = (
            note.words[first + 1 : index] if note.words[first] == "-" else note.words[first:index]
        )
        if (
            token.word == "#"
            and token.value in _ROUND_MINUTES
            and len(point) == 2
            and point[0] in _NAMES
            and point[1] in (":", "=", "-")
        ):
            draft.put(FieldName.DURATION_MIN, int(token.value), index, index + 1)
            return True
    return False


_BARE_ENDS = frozenset((",", ".", ";", "\n", "|", "]", "to", "on", "•", "!", "-", "w", "with", ")"))


def _bare_duration(note: Note, draft: Draft) -> None:
    """ "MLD 60 abd", "MLD abd/flanks 60", "60 MLD flanks": a round number beside the technique."""
    techniques = note.found.get("technique", ())
    places = {
        i for hit in (*techniques, *note.found.get("region", ())) for i in range(hit.start, hit.end)
    }
    starts = {hit.start for hit in techniques}
    for index in note.numbers:
        token = note.tokens[index]
        if token.word != "#" or token.value not in _ROUND_MINUTES or not note.is_now(index):
            continue
        sentence = note.sentence(index)
        after = note.words[index + 1] if index + 1 < len(note.words) else "\n"
        whole = note.words[index - 1] == "full" and bool(starts)  # "this AM, full 60."
        named = whole or any(sentence.start <= start < sentence.end for start in starts)
        ends = after in _BARE_ENDS or index + 1 in places
        if named and (
            (
                (
                    index - 1 in places
                    or (
                        note.words[index - 1] in ("x", "*", "-", ":", "for") and index - 2 in places
                    )
                )
                and ends
            )
            or (index + 1 in starts and index == sentence.start)
            or (note.words[index - 1] == "full" and ends)
            or (
                index + 1 in starts
                and note.words[index - 1] in (",", "-", "did", "done", ":", "of", "&")
            )
        ):
            draft.put(FieldName.DURATION_MIN, int(token.value), index, index + 1)
            return


def _minutes(note: Note, found: re.Match[str], form: str) -> float | None:
    def number(group: int) -> Token:
        return note.tokens[note.token_at(found.start(group))]

    match form:
        case "hours and minutes":
            return number(1).value * 60 + number(2).value
        case "an hour and minutes":
            return 60 + number(1).value if number(1).value in _ROUND_MINUTES else None
        case "hours, minutes glued":
            hours, minutes = number(1).value, number(2).value
            glued = hours <= 3 and minutes in (15, 20, 30, 40, 45, 50)
            return hours * 60 + minutes if glued else None
        case "hours and a half":
            return number(1).value * 60 + 30
        case "an hour and a part":
            return 60 + _PARTS[found.group(1)]
        case "hours and a part":
            return number(1).value * 60 + _PARTS[found.group(2)]
        case "a part of an hour":
            return _PARTS[found.group(1)]
        case "three quarters":
            return 45.0
        case "an hour":
            first = note.token_at(found.start())
            return None if _IN_AN_HOUR.intersection(note.words[max(0, first - 1) : first]) else 60.0
        case _:
            return _numbered(number(1), found.group(2))


def _numbered(number: Token, unit: str) -> float | None:
    value = number.value
    if number.kind is Kind.FRACTION:
        if not 0 < number.value < number.over <= 4:
            return None
        value = number.value / number.over
    if unit == "HOUR":
        return value * 60 if value <= 4 else None
    return value


_IN_AN_HOUR = set_of("in within per every twice each half about-every once than")


def _total(note: Note, found: list[tuple[float, int, int]]) -> tuple[float, int, int]:
    """One time is the session's; several are summed, unless one is called the whole."""
    found.sort(key=lambda item: item[1])
    if len(found) == 1:
        return found[0]
    for minutes, first, last in found:
        near = note.words[max(0, first - 3) : first] + note.words[last : last + 2]
        if {
            "total",
            "session",
            "together",
            "altogether",
            "overall",
            "visit",
            "tx",
            "treatment",
            "all",
            "whole",
        }.intersection(near):
            return minutes, first, last
    rest = sum(item[0] for item in found[1:])
    if len(found) > 2 and found[0][0] >= rest:
        return found[0]
    techniques = {hit.start for hit in note.found.get("technique", ())}
    tied = [item for item in found if any(item[1] - 6 <= t <= item[2] + 4 for t in techniques)]
    if len(tied) > 1:
        return sum(item[0] for item in tied), tied[0][1], tied[0][2]
    return tied[0] if tied else found[0]
