"""Which session it is: "session 3", "tx 3 of 10", "3rd visit"."""

import re

from bot.care.codes import FieldName

from .draft import Draft
from .note import Note, Talk
from .tokens import Kind
from .wordsets import set_of

# The grammar reads the shape of the note: one word a token, topics by their name, "#" a number.
_NUMBERED = (
    re.compile(
        r"(?<!\S)SESSION (?:(?:number|num|no|nr|n|nbr|№|:|-|=|\.|was|is|"
        r",(?= (?:number|num|№))) ){0,3}(#(?:/10|/#)?|#th) (?!MIN|HOUR|CM|INCH|x |"
        r"/ (?:week|wk|day|month|#)|week|wk|day|times|month|- MIN|pm|am|more|"
        r"left|°|min |% )"
    ),
    re.compile(
        r"(?<!\S)(#th) (?:(?!week|day|month|year|SESSION|wk|miss|no|pod|in )\S+ ){0,3}SESSION "
    ),
    re.compile(r"(?<!\S)(?:№ )(#(?:/10|/#)?) (?:of # )?(?!MIN|HOUR|CM)"),
    re.compile(r"(?<!\S)(#th) (?:of # )(?:\S+ )?"),
    re.compile(r"(?<!\S)SESSION (?:was|is|,) (?:her|his|the|our|their) (#th) "),
    re.compile(r"(?<!\S)(#th) (?:one|mld|swedish|massage|time (?:seeing|with|we)) "),
    re.compile(r"(?<!\S)(#) of # (?:SESSION|tx) "),
    re.compile(r"^(#) of # \n"),
    re.compile(r"(?<!\S)SESSION \( (#) of # \) "),
    re.compile(r"(?<!\S)(?:OUTCOME_TODAY|today|this|yesterday|DAY) (?:was|is) number (#) "),
    re.compile(
        r"(?<!\S)(?:treated|seen|saw|treating|massaged|attended) (?:\S+ ){0,6}?"
        r"(?:for )?the (#th) time "
    ),
)


_COUNTING = frozenset(
    ("#th", "number", "№", "tx")
)  # one of these, or a session by name, is in each form
_SPINE = re.compile(r"[lcs]\d{1,2}")
_NOT_COUNTED = set_of("gauze dressing pad towel drain jp photo pic pt patient bandage room bed")
_NEXT = set_of(
    """
    next upcoming before until another every each missed remaining left
    """
)


def read_session_number(note: Note, draft: Draft) -> None:
    counts = note.words[1:2] == ["of"] or not _COUNTING.isdisjoint(note.words)
    if counts or "SESSION" in note.topic_codes:
        _by_name(note, draft)
    if FieldName.SESSION_NUMBER not in draft:
        _glued(note, draft)


def _by_name(note: Note, draft: Draft) -> None:
    for pattern in _NUMBERED:
        for match in pattern.finditer(note.shape):
            first, _ = note.tokens_between(match.start(), match.end())
            index = note.token_at(match.start(1))
            token = note.tokens[index]
            value = token.value
            if note.words[first - 1 : first] == ["#th"] and token.over:
                continue  # "8th visit 3/24": a date
            plural = (
                note.words[first] in ("sessions", "visits", "treatments", "txs")
                and token.kind is Kind.NUMBER
            )
            if (
                value != int(value)
                or not 0 < value < 200
                or plural
                or (token.over and token.over < value)
            ):
                continue
            before = note.words[max(note.sentence(first).start, first - 2) : first]
            if before[-1:] in (["pre"], ["post"]) or before in (["pre", "-"], ["post", "-"]):
                continue  # "pre-tx 5/10, post-tx 1/10"
            if "tomorrow" in note.words[index : note.sentence(index).end]:
                continue  # "her first appointment is tomorrow"
            if (
                _NEXT.intersection(before)
                or not note.is_now(index, allow=Talk.RECALLED)
                or (note.is_now(index) is False and "since" in before)
            ):
                continue
            if note.topic_at.get(first - 1) == "DRAIN" or (
                pattern not in (_NUMBERED[0], _NUMBERED[1], _NUMBERED[-1])
                and _NOT_COUNTED.intersection(before[-1:])
            ):
                continue
            if pattern is _NUMBERED[1] and note.words[first - 1 : first] == ["by"]:
                continue
            if any(w in ("last", "since", "after", "previous") for w in before) and before[-1:] != [
                "last"
            ]:
                continue
            draft.put(
                FieldName.SESSION_NUMBER,
                int(value),
                first,
                note.tokens_between(match.start(1), match.end(1))[1],
            )
            return


def _glued(note: Note, draft: Draft) -> None:
    """ "S4 today. 50 min": the note opens with it, and no other spine level is named."""
    if (
        note.words[:2] == ["v", "#"]
        and note.tokens[0].end == note.tokens[1].start
        and 0 < note.tokens[1].value < 100
        and note.tokens[1].value == int(note.tokens[1].value)
    ):
        draft.put(FieldName.SESSION_NUMBER, int(note.tokens[1].value), 0, 2)  # "V11 | MLD 75"
        return
    levels = [i for i, word in enumerate(note.words) if _SPINE.fullmatch(word)]
    if levels == [0] and note.words[0][0] == "s":
        draft.put(FieldName.SESSION_NUMBER, int(note.words[0][1:]), 0, 1)
