"""Marks values that are from an earlier time."""

from .marks import mark
from .note import Note, Talk
from .wordsets import set_of

_STRONG_ENDS = set_of(
    """
    , ( ) -- — but now today currently came so vs because although which ; →
    """
)


_OVER = set_of("gone resolved cleared")  # "the fever she had last week is gone temp was ..."
_WAS = set_of("was were been had from vs than versus wasnt")


_VISITS = set_of("visit session treatment tx appointment appt number")


_VALUE_WORDS = set_of(
    """
    woody moderate mild severe marked trace hard firm ropey soft none gone minimal slight
    massive significant large same
    """
)


def recalled(note: Note) -> None:
    for hit in note.topics:
        if hit.code == "DAY" and note.words[hit.start - 3 : hit.start] == ["(", "#", "on"]:
            mark(note, hit.start - 2, hit.end, Talk.RECALLED)  # "abd 96 cm (93 on Mon)"
        if hit.code == "DAY" and note.words[hit.start - 2 : hit.start] == ["(", "#"]:
            mark(note, hit.start - 1, hit.end, Talk.RECALLED)  # "abd 90.5 (91.5 mon)"
    words = note.words
    for index in range(4, len(words)):
        if words[index] == "#th" and words[index - 4 : index] == ["(", "#", "on", "the"]:
            mark(note, index - 3, index + 1, Talk.RECALLED)  # "abd 91.5 cm (94 on the 8th)"
    for hit in note.topics:
        if words[hit.end - 1 : hit.end + 1] == ["before", "yesterday"]:
            continue
        if hit.code == "LAST" and words[hit.end : hit.end + 1] == [":"]:
            mark(note, hit.start, note.sentence(hit.start).end, Talk.RECALLED)
            continue  # "Last wk: navel 94 cm, swelling 3+."
        if hit.code == "LAST" and words[hit.start - 1 : hit.start] != ["since"]:
            _recall_around(note, hit.start, hit.end)
        elif hit.code in {"DAY", "MONTH"}:
            near = words[max(0, hit.start - 8) : hit.start]
            after = words[hit.end : hit.end + 5]
            was = next(
                (
                    i
                    for i in range(hit.start - 1, max(-1, hit.start - 8), -1)
                    if words[i] in ("was", "were", "from")
                ),
                None,
            )
            if (
                (
                    was is not None
                    and _has_value(note, was, hit.start)
                    and not {"completed", "done", "seen", "treated", ":"}.intersection(
                        words[was : hit.start]
                    )
                )
                or (
                    ("was" in after[:4] or "were" in after[:4] or "had" in after[:3])
                    and "session" not in near[-3:]
                    and _VISITS.isdisjoint(after)  # "Friday was visit number 7"
                    and "seen" not in near[-3:]
                    and after[:2] != ["i", "had"]  # "Friday I had her for one hour"
                )
            ):
                _recall_around(note, hit.start, hit.end)
    for index, word in enumerate(words):
        # The earlier of two values, as in "was 3+ now 1+" or "95 mL, was 40".
        if word in ("was", "were", "been") and index + 1 < len(words):
            later = words[index + 1 : index + 7]
            preceding = words[index - 1] if index else ""
            follows = preceding in (",", "(", ";", "-", "--", "—", "/", "/") or (
                preceding in ("it", "which", "that") and index > 1
            )
            for step, word_after in enumerate(later):
                if word_after in ("now", "today", "currently") and _has_value(
                    note, index + 1, index + 1 + step
                ):
                    mark(note, index, _before_last(note, index + 1, index + 1 + step), Talk.EARLIER)
                    break
            else:
                if (
                    follows
                    and preceding not in {"it", "that"}
                    and index + 1 < len(words)
                    and words[index + 1].startswith("#")
                    and not _scored_session(note, index)
                ):
                    mark(note, index, index + 2, Talk.RECALLED)


def _scored_session(note: Note, index: int) -> bool:
    """ "pain was 6/10 ..., after was 3" keeps its scores: only the first words after it matter."""
    after = note.words[index + 2 : index + 5]
    return bool(
        {
            "before",
            "after",
            "on",
            "→",
            "coming",
            "at",
            "upon",
            "when",
            "walking",
            "initially",
            "pre",
            "start",
            "arrival",
            "minutes",
            "min",
            "%",
        }.intersection(after)
    )


def _before_last(note: Note, start: int, end: int) -> int:
    """ "was 3+ last week, 1+ now": of two values the one right before "now" is of now."""
    words = note.words
    last = words[end - 1]
    value = last.startswith("#") or last in _VALUE_WORDS
    follows = words[end + 1 : end + 2] == ["#"]
    if value and not follows and _has_value(note, start, end - 1):
        return end - 1
    return end


def _has_value(note: Note, start: int, end: int) -> bool:
    return any(word.startswith("#") or word in _VALUE_WORDS for word in note.words[start:end])


def _recall_around(note: Note, start: int, end: int) -> None:
    words = note.words
    sentence = note.sentence(start)
    left = start
    while (
        words[start] != "used"
        and left > sentence.start
        and words[left - 1] not in _STRONG_ENDS
        and words[left - 1] not in _WAS
        and start - left < 10
    ):
        left -= 1
    if left > sentence.start and words[left - 1] in _WAS:
        left -= 1
    leads = end < sentence.end and words[end] in (
        "he",
        "she",
        "it",
        "they",
        "was",
        "pain",
        "her",
        "his",
        "pt",
        "were",
        "had",
    )
    if left < start and not leads and _has_value(note, left, start):
        mark(note, left, end, Talk.RECALLED)
        return
    right = end
    while (
        right < sentence.end
        and words[right] not in _STRONG_ENDS
        and right - end < 12
        and words[right - 1] not in _OVER
        and not (words[start] == "used" and words[right] in ("is", "are"))
    ):
        right += 1
    if right == end and right < sentence.end and words[right] == ",":
        right += 1
        while right < sentence.end and words[right] not in _STRONG_ENDS and right - end < 12:
            right += 1
    mark(note, start, right, Talk.RECALLED)
