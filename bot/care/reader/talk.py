"""Marks the words of a note that are not about this patient in this session.

A small ConText of our own (after Harkema 2009): cues from the rules file, each with a
direction and an end. What is asked, warned of, recalled, planned or about somebody else
is marked token by token, so that each field can choose what it leaves out.
"""

from .note import Note, Talk
from .wordsets import set_of

_QUESTION_WORDS = set_of(
    """
    can could may should would do does did is are ok okay what when which how shall will want
    wanna any who why am thoughts mind where whats hows were was has have might
    """
)
_DEMONSTRATIVES = set_of("this that it these there")
_HARMLESS = set_of(
    """
    normal ok okay safe fine alright allowed expected typical common possible worth time
    """
)
_CLAUSE_ENDS = frozenset(('"',)) | set_of(", ( ) - -- — but : and so")
_STRONG_ENDS = set_of(
    """
    , ( ) -- — but now today currently came so vs because although which ; →
    """
)
_WAS = set_of("was were been had from vs than versus wasnt")


def mark_talk(note: Note) -> None:
    """Fill `note.talk`."""
    _questions(note)
    _reported_questions(note)
    _worries(note)
    _warnings(note)
    _others(note)
    for start in {note.sentence(hit.start).start for hit in note.context.get("elsewhere", ())}:
        sentence = note.sentence(start)
        _mark(note, sentence.start, sentence.end, Talk.OTHER)
    _plans(note)
    _recalled(note)


def _mark(note: Note, start: int, end: int, talk: int) -> None:
    for index in range(max(0, start), min(end, len(note.talk))):
        note.talk[index] |= talk


def _questions(note: Note) -> None:
    words = note.words
    for sentence in note.sentences:
        if sentence.mark != "?":
            continue
        at_boundary = True
        for index in range(sentence.start, sentence.end):
            word = words[index]
            if at_boundary and word in _QUESTION_WORDS:
                if not _wonders_at_finding(words, index, sentence.end):
                    _mark(note, index, sentence.end, Talk.ASKED)
                break
            if word in ("would", "correct") and words[sentence.end - 1] != "warm":
                _mark(note, sentence.start, sentence.end, Talk.ASKED)
                break
            at_boundary = word in _CLAUSE_ENDS or (
                at_boundary
                and word in ("hey", "hi", "dr", "doc", "doctor", "q", "question", "also", "just")
            )


def _wonders_at_finding(words: list[str], index: int, end: int) -> bool:
    """ "Could this be a seroma?" names a finding; "is it normal ..." asks in general."""
    after = words[index + 1 : index + 3]
    return (
        words[index] in ("is", "could", "might", "can", "would", "are", "was")
        and bool(_DEMONSTRATIVES.intersection(after[:1]))
        and not _HARMLESS.intersection(words[index:end])
    )


def _reported_questions(note: Note) -> None:
    for hit in note.context.get("question", ()):
        _mark(note, hit.start, min(note.sentence(hit.start).end, hit.end + 30), Talk.ASKED)


def _worries(note: Note) -> None:
    """What the patient is afraid of ("she is worried about a blood clot"), a few words long."""
    for hit in note.context.get("worry", ()):
        _mark(note, hit.start, min(note.sentence(hit.start).end, hit.end + 3), Talk.ASKED)


def _warnings(note: Note) -> None:
    for hit in note.context.get("warning", ()):
        end = note.sentence(hit.start).end
        if (
            note.words[hit.start] == "if"
            and hit.start
            and note.words[hit.start - 1] in ("as", "see", "felt", "feels", "ok", "fine", "okay")
        ):
            continue
        _mark(note, hit.start, min(end, hit.end + 40), Talk.WARNED)


def _others(note: Note) -> None:
    words = note.words
    reports = {i for hit in note.context.get("reports", ()) for i in hit.parts}
    for hit in note.context.get("other_person", ()):
        sentence = note.sentence(hit.start)
        before = words[hit.start - 2 : hit.start]
        if "about" in before or (
            "for" in before and "was" in words[max(0, hit.start - 4) : hit.start]
        ):
            _mark(note, sentence.start, sentence.end, Talk.OTHER)
            continue
        if any(i in reports for i in range(hit.end, min(hit.end + 4, sentence.end))):
            continue
        end = hit.end
        while end < min(sentence.end, hit.end + 40) and words[end] not in (
            "she",
            "shes",
            "pt",
            "patient",
            "her",
            "client",
            "but",
            "he",
            "his",
            "my",
            ")",
            "so",
        ):
            if words[end] == "," and not _carries_on(words, end, sentence.end):
                break
            if words[end] in ("mld", "we", "i"):
                break
            end += 1
        _mark(note, hit.start, end, Talk.OTHER)
    for index, word in enumerate(words):
        if word == "own" and index and words[index - 1] == "my" and index not in note.quoted:
            sentence = note.sentence(index)
            _mark(note, sentence.start, sentence.end, Talk.OTHER)


def _carries_on(words: list[str], comma: int, end: int) -> bool:
    """Whether a list goes on after the comma ("fever, chills")."""
    return comma + 1 < end and words[comma + 1] in (
        "and",
        "or",
        "chills",
        "cough",
        "fever",
        "vomiting",
        "who",
        "has",
        "had",
    )


def _plans(note: Note) -> None:
    section = False
    for sentence in note.sentences:
        first = note.words[sentence.start : sentence.start + 2]
        if (
            len(first) == 2
            and first[1] in (":", "-", ")", "/", "&")
            and first[0]
            in (
                "p",
                "plan",
                "s",
                "o",
                "a",
                "t",
                "tx",
                "treatment",
                "subjective",
                "objective",
                "assessment",
                "i",
                "intervention",
            )
        ):
            section = first[0] in ("p", "plan")
        if section:
            _mark(note, sentence.start, sentence.end, Talk.PLANNED)
    for hit in note.found.get("visit", ()):
        if hit.code == "planned":
            sentence = note.sentence(hit.start)
            end = hit.end
            while end < min(sentence.end, hit.end + 40) and note.words[end] not in (
                ",",
                "(",
                "but",
            ):
                end += 1
            _mark(note, hit.start, end, Talk.PLANNED)


_VALUE_WORDS = set_of(
    """
    woody moderate mild severe marked trace hard firm ropey soft none gone minimal slight
    massive significant large same
    """
)


def _recalled(note: Note) -> None:
    for hit in note.topics:
        if hit.code == "DAY" and note.words[hit.start - 2 : hit.start] == ["(", "#"]:
            _mark(note, hit.start - 1, hit.end, Talk.RECALLED)  # "abd 90.5 (91.5 mon)"
    words = note.words
    for hit in note.topics:
        if hit.code == "LAST":
            _recall_around(note, hit.start, hit.end)
        elif hit.code in {"DAY", "MONTH"}:
            near = words[max(0, hit.start - 8) : hit.start]
            after = words[hit.end : hit.end + 4]
            was = next(
                (
                    i
                    for i in range(hit.start - 1, max(-1, hit.start - 8), -1)
                    if words[i] in ("was", "were", "from")
                ),
                None,
            )
            if (
                was is not None
                and _has_value(note, was, hit.start)
                and not {"completed", "done", "seen", "treated", ":"}.intersection(
                    words[was : hit.start]
                )
            ) or (
                ("was" in after or "were" in after or "had" in after[:3])
                and "session" not in near[-3:]
                and "seen" not in near[-3:]
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
                    _mark(note, index, index + 1 + step, Talk.EARLIER)
                    break
            else:
                if (
                    follows
                    and preceding not in {"it", "that"}
                    and index + 1 < len(words)
                    and words[index + 1].startswith("#")
                    and not _scored_session(note, index)
                ):
                    _mark(note, index, index + 2, Talk.RECALLED)


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


def _has_value(note: Note, start: int, end: int) -> bool:
    return any(word.startswith("#") or word in _VALUE_WORDS for word in note.words[start:end])


def _recall_around(note: Note, start: int, end: int) -> None:
    words = note.words
    sentence = note.sentence(start)
    left = start
    while (
        left > sentence.start
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
        _mark(note, left, end, Talk.RECALLED)
        return
    right = end
    while right < sentence.end and words[right] not in _STRONG_ENDS and right - end < 12:
        right += 1
    if right == end and right < sentence.end and words[right] == ",":
        right += 1
        while right < sentence.end and words[right] not in _STRONG_ENDS and right - end < 12:
            right += 1
    _mark(note, start, right, Talk.RECALLED)
