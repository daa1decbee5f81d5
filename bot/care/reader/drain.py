"""What the drains gave, in mL over 24 hours."""

import re

from bot.care.codes import FieldName

from .draft import Draft
from .note import Note, Talk
from .tokens import Kind

_BARE_DRAIN = re.compile(
    r"(?<!\S)DRAIN (?:DRAIN |output |: |is |was |at |now |about |down to |today |"
    r"OUTCOME_TODAY |of |= |put out |putting out |puts out |made |gave |"
    r"(?:went |rose |jumped |up )?from # (?:to |→ ))*(#/#|#) (?=\S)"
)


def read_drain(note: Note, draft: Draft) -> None:
    if "DRAIN" not in note.topic_codes:
        return
    if _by_side(note, draft):
        return
    total, first_index, last_index = 0.0, -1, -1
    for hit in note.topics:
        if hit.code != "ML":
            continue
        index = hit.start - 1
        token = note.tokens[index]
        sentence = note.sentence(index)
        if token.kind is not Kind.NUMBER or not note.is_now(index, allow=Talk.PLANNED):
            continue
        if not any(
            t.code == "DRAIN"
            and (
                note.sentence(t.start).start == sentence.start
                or 0 < note.sentence_of[index] - note.sentence_of[t.start] <= 1
            )
            for t in note.topics
        ):
            continue
        before = note.words[max(0, index - 3) : index]
        turned = before[-2:] == ["#", "from"] and note.tokens[index - 2].kind is Kind.NUMBER
        if (
            not turned
            and {
                "was",
                "from",
                "previously",
                "than",
                "vs",
                "prev",
                "before",
                "under",
                "below",
                "yesterday",
                "prior",
                "over-limit",
                "lipoaspirate",
            }.intersection(
                before[-1:] if before[-1:] == [","] or "yesterday" in before else before[-2:]
            )
            and not (before[-1:] == ["was"] and first_index < 0 and before[-2:-1] != [","])
        ):
            continue
        if before[-2:] == ["#", "from"]:
            index -= 2  # "down to 25 from 40 cc"
            token = note.tokens[index]
        if before[-1:] == ["to"] and first_index >= 0 and note.words[max(0, first_index)] == "#":
            total = 0.0
        if note.words[index - 1 : index] in (["→"],):
            total = 0.0
        if note.words[hit.end : hit.end + 1] == ["yesterday"]:
            later = _of_today(note, hit.end + 1)
            if later is not None:
                total, first_index, last_index = note.tokens[later].value, later, later + 1
            continue
        hours = _period(note, hit.end)
        total += (token.value + _added(note, index)) * 24 / hours
        first_index = index if first_index < 0 else first_index
        last_index = hit.end
    if first_index < 0:
        _drain_bare(note, draft)
        return
    draft.put(
        FieldName.DRAIN_ML,
        int(total) if total == int(total) else round(total, 1),
        first_index,
        last_index,
    )


def _of_today(note: Note, start: int) -> int | None:
    """ "60 ml yesterday, 35 today": the number of today, without its unit."""
    for index in range(start, min(start + 6, note.sentence(start - 1).end - 1)):
        bare = note.words[index] == "#" and note.words[index + 1] in ("today", "now")
        led = note.words[index] == "#" and note.words[index - 1] in ("today", "now")
        if bare or led:
            return index
    return None


_SIDES = re.compile(
    r"(?<!\S)DRAIN (?:(?:DRAIN|output|:|-|=|is|was|OUTCOME_TODAY|today|put|out) ){0,3}"
    r"(?:l|left|lt|r|right|rt) (?:: |= |- )?(#) (?:ML )?(?:, |/ |and |& |; |\+ )?"
    r"(?:l|left|lt|r|right|rt) (?:: |= |- )?(#) "
)


def _by_side(note: Note, draft: Draft) -> bool:
    """ "JP drains L 35 R 20 in 24h", "drains L 20 / R 15 mL": the sum of both."""
    for match in _SIDES.finditer(note.shape):
        first, second = note.token_at(match.start(1)), note.token_at(match.start(2))
        if note.is_now(first) and note.is_now(second):
            hours = _period(note, second + 1)
            total = (note.tokens[first].value + note.tokens[second].value) * 24 / hours
            draft.put(FieldName.DRAIN_ML, round(total, 1), first, second + 1)
            return True
    return False


def _added(note: Note, index: int) -> float:
    """ "25 + 15 mL": what stands before the last of several drains."""
    sum_of = 0.0
    named = note.topic_at.get(index - 3) == "DRAIN"  # "drains 25 and 15 ml"
    joins = ("+", "&", "and", "/") if named else ("+", "&")
    while index > 1 and note.words[index - 1] in joins and note.words[index - 2] == "#":
        index -= 2
        sum_of += note.tokens[index].value
    return sum_of


def _drains_by_name(note: Note, draft: Draft) -> bool:
    """ "R drain 15, L drain 20 (24h)": numbers without a unit, where a day is named."""
    found = [
        hit.end + (note.words[hit.end : hit.end + 1] in ([":"], ["="]))
        for hit in note.topics
        if hit.code == "DRAIN"
    ]
    found = [
        i
        for i in found
        if note.words[i : i + 1] == ["#"]
        and note.words[i + 1 : i + 2] in ([","], ["("], ["\n"], ["/"], ["and"], ["&"], [";"])
        and note.is_now(i)
    ]
    if not found or not any(
        note.tokens[i].value == 24 and note.topic_at.get(i + 1) == "HOUR" for i in note.numbers
    ):
        return False
    total = sum(note.tokens[i].value for i in found)
    draft.put(FieldName.DRAIN_ML, int(total), found[0], found[-1] + 1)
    return True


def _drain_bare(note: Note, draft: Draft) -> None:
    """ "drain 35/24h", "drain output 20 today": a number right after, without a unit."""
    if _drains_by_name(note, draft):
        return
    for match in _BARE_DRAIN.finditer(note.shape):
        index = note.token_at(match.start(1))
        token = note.tokens[index]
        after = note.topic_at.get(index + 1, "") or note.words[index + 1 : index + 2]
        if token.kind is Kind.FRACTION:
            if token.over == 24:
                draft.put(FieldName.DRAIN_ML, int(token.value), index, index + 1)
                return
            continue
        if (
            note.is_now(index)
            and after not in ("MIN", "HOUR", "CM", "INCH", "DAY")
            and not isinstance(after, str)
            and after[:1] not in (["days"], ["day"], ["x"], ["removed"], ["out"], ["of"])
            and note.words[index + 1]
            in (
                ",",
                ".",
                ";",
                "\n",
                "/",
                "in",
                "today",
                "over",
                "|",
                "]",
                "per",
                "last",
                "overnight",
                "!",
                "since",
            )
        ) and (
            not {"output", "from"}.isdisjoint(note.words[max(0, index - 3) : index])
            or note.words[index + 1]
            in (
                "/",
                "per",
                "in",
                "over",
            )
        ):
            draft.put(FieldName.DRAIN_ML, int(token.value), index, index + 1)
            return


def _period(note: Note, index: int) -> float:
    words = note.words[index : index + 6]
    for step, word in enumerate(words):
        token = note.tokens[index + step]
        if word in (",", ".", ";", "\n", "|"):
            break
        if (
            token.kind is Kind.NUMBER
            and note.topic_at.get(index + step + 1, "") == "HOUR"
            and 1 <= token.value <= 72
        ):
            return token.value
    return 24.0
