"""Hours a day that the compression garment is worn."""

import re

from bot.care.codes import FieldName

from .draft import Draft
from .note import Note, Talk
from .tokens import Kind, Token
from .wordsets import set_of

_HOURS = (
    re.compile(r"(?<!\S)(#) HOUR (?:/|a|per|each|every|out of|of|daily|x) "),
    re.compile(r"(?<!\S)(#/#) "),
    re.compile(r"(?<!\S)(#) HOUR "),
    re.compile(r"(?<!\S)(#) (?:/|x) #"),
    re.compile(r"(?<!\S)(#) (?:out of|of) # "),
)


_BARE_HOURS = re.compile(
    r"(?<!\S)GARMENT (?:(?:at|is|:|-|=|wear|time|on|about|compliance|"
    r"worn) ){0,3}(#) (?=[,.;|\n\])]|$)"
)


_ROUND = re.compile(
    r"(?<!\S)(?:a?round (?:the )?clock|rotc|day and night|night and day|day & night|"
    r"all day (?:and|&|/) (?:all )?night|#/# 7|full time|fulltime|nonstop|"
    r"non - stop|constantly|never takes it off|# HOUR a day) "
)


_NOT_WORN = re.compile(
    r"(?<!\S)(?:not (?:been )?(?:wearing|using|worn|wear)|isnt wearing|"
    r"hasnt (?:been wearing|worn|wore)|doesnt wear|stopped wearing|"
    r"no longer (?:wears|wearing)|no|without|quit wearing|done with|off|wont wear|"
    r"refuses|refusing|(?:is|was) not wearing|does not wear|has not (?:been wearing|"
    r"worn)|didnt wear|havent|out of|out) (?:to wear )?(?:any |the |her |his |a |"
    r"of |it |at all )*GARMENT |GARMENT (?:: |is |was |- )?(?:off|not worn|"
    r"not being worn|none|not (?:wearing|GARMENT)|no longer worn|0|discontinued|d / c|stopped|"
    r"not used) "
)


_WEARING = set_of("wears wearing wear worn wore")
_TAKING_OFF = set_of("took take takes taking peeled pulled opened")


def read_garment(note: Note, draft: Draft) -> None:
    if "GARMENT" not in note.topic_codes and _WEARING.isdisjoint(note.words):
        return
    anchors = sorted(
        {hit.start for hit in note.topics if hit.code == "GARMENT"}
        | {i for i, word in enumerate(note.words) if word in _WEARING}
    )
    for pattern in (_HOURS[0], _HOURS[4], _HOURS[3], _HOURS[1], _HOURS[2]):
        for match in pattern.finditer(note.shape):
            index = note.token_at(match.start(1))
            token = note.tokens[index]
            daily = pattern is _HOURS[0] or pattern is _HOURS[1]
            near = [
                a
                for a in anchors
                if note.sentence_of[a] == note.sentence_of[index]
                and index - a >= -14
                and index - a <= 14
            ]
            following = [
                a
                for a in anchors
                if 1 <= note.sentence_of[index] - note.sentence_of[a] <= (2 if daily else 1)
                and index - note.sentence(index).start <= 5
            ]
            if not (near or following) or not note.is_now(index, allow=Talk.PLANNED):
                continue
            hours = _hours(token, pattern, note, index)
            if hours is None or _garment_past(note, index):
                continue
            later = _later_hours(note, index)
            if later is not None:
                index, hours = later, note.tokens[later].value
            first, last = note.tokens_between(match.start(1), match.end() - 1)
            draft.put(
                FieldName.GARMENT_HOURS,
                int(hours) if hours == int(hours) else hours,
                index,
                max(index + 1, last),
            )
            return
    for match in _BARE_HOURS.finditer(note.shape):
        index = note.token_at(match.start(1))
        if 4 <= note.tokens[index].value <= 24 and note.is_now(index):
            draft.put(FieldName.GARMENT_HOURS, int(note.tokens[index].value), index, index + 1)
            return
    for match in _ROUND.finditer(note.shape):
        first, last = note.tokens_between(match.start(), match.end() - 1)
        before = note.words[max(0, first - 2) : first]
        if (
            any(
                abs(first - a) <= 14 or note.sentence_of[first] == note.sentence_of[a]
                for a in anchors
            )
            and note.is_now(first)
            and "not" not in before
        ):
            draft.put(FieldName.GARMENT_HOURS, 24, first, last)
            return
    not_worn = _NOT_WORN.search(note.shape)
    if not_worn:
        first, last = note.tokens_between(not_worn.start(), not_worn.end() - 1)
        after = note.words[last : last + 4]
        taken_off = _TAKING_OFF.intersection(note.words[max(0, first - 2) : first])
        if (
            note.is_now(first)
            and not taken_off
            and (
                after[:2] == ["at", "all"]
                or not {
                    "at",
                    "only",
                    "except",
                    "just",
                    "to",
                    "shower",
                    "showers",
                    "showering",
                    "during",
                    "for",
                    "#",
                    "night",
                    "enough",
                    "sleep",
                    "while",
                    "correctly",
                    "right",
                    "issues",
                    "issue",
                    "change",
                    "changes",
                    "problems",
                    "problem",
                    "marks",
                    "when",
                    "irritation",
                    "today",
                    "injury",
                    "sores",
                    "bandaging",
                    "last",
                }.intersection(after[:2])
            )
        ):
            draft.put(FieldName.GARMENT_HOURS, 0, first, last)


def _garment_past(note: Note, index: int) -> bool:
    before = note.words[max(0, index - 2) : index]
    return (
        bool(
            {
                "from",
                "was",
                "supposed",
                "than",
                "least",
                "goal",
                "instead",
                "prescribed",
                "recommended",
                "until",
                "take-off",
            }.intersection(before)
        )
        and "→" not in note.words[index : index + 4]
    )


def _later_hours(note: Note, index: int) -> int | None:
    """ "from 18 to 22 hours", "20 → 22 h": the later one."""
    after = note.words[index + 1 : index + 4]
    for step, word in enumerate(after):
        if (
            word in ("→",)
            and index + step + 2 < len(note.tokens)
            and note.tokens[index + step + 2].kind is Kind.NUMBER
        ):
            return index + step + 2
    return None


def _hours(token: Token, pattern: re.Pattern[str], note: Note, index: int) -> float | None:
    which = _HOURS.index(pattern)
    if which == 1:
        if (token.over == 7 and 0 < token.value <= 24) or (token.over == 24 and token.value <= 24):
            return token.value
        return None
    if which == 3:
        return (
            token.value if note.tokens[index + 2].value in (7, 24) and token.value <= 24 else None
        )
    if which == 4:
        return (
            token.value
            if note.tokens[index + 2 + (note.words[index + 1] == "out")].value == 24
            and token.value <= 24
            else None
        )
    value = token.value
    if not 0 <= value <= 24 or token.kind is not Kind.NUMBER:
        return None
    after = note.words[index + 2 : index + 4]
    before = note.words[max(0, index - 3) : index]
    if after[:1] and after[0] in ("sleep", "ago", "later", "before", "of") and after[0] != "of":
        return None
    if which == 2 and (
        (0 < value < 3 and "only" not in before)
        or "off" in after[:2]
        or {"last", "slept", "sleeps", "sleep", "mld"}.intersection(before)
    ):
        return None
    return value
