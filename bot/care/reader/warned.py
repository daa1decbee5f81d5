"""Marks what is warned of: what would be an emergency, and not what is there."""

from .marks import mark
from .note import Note, Talk
from .wordsets import set_of

_NO_WARNING = set_of("as see felt feels ok fine okay sure unsure")
_REACTS = set_of(
    """
    hurt hurts cry cries crying cried scream screams screaming screamed yell yells yelps winces
    flinches jumps sobs sobbing gasps worse sore
    """
)


def mark_warnings(note: Note) -> None:
    """What was said to be watched for, reported or acted on if it came."""
    signs = note.found.get("flag", ())
    for hit in note.context.get("warning", ()):
        end = note.sentence(hit.start).end
        if note.words[hit.start] == "if" and hit.start in note.quoted:
            continue  # the patient's own "better off if I was dead"
        before = note.words[hit.start - 1] if hit.start else ""
        if note.words[hit.start] == "if" and (
            before in _NO_WARNING
            or before in _REACTS  # "screams if the sheet touches it"
            or any(sign.start < hit.start < sign.end for sign in signs)  # "better off if I died"
        ):
            continue  # what is, and not what may come
        mark(note, hit.start, min(end, hit.end + 40), Talk.WARNED)
    _instructions(note)
    _rules(note)


SENDS = set_of("er 911 call ed emergency a&e ambulance")
_SENDS_AWAY = SENDS | set_of(
    "phone ring text stop contact message dont straight clinic office surgeon doctor you hospital"
)
_POINTS_BACK = set_of("that which this it")


def _rules(note: Note) -> None:
    """ "(calf swelling, chest pain = ER)": what a sign would mean, and none that is there."""
    words = note.words
    for index, word in enumerate(words):
        if word in ("means", "mean") and words[index - 1] not in _POINTS_BACK:
            if not _SENDS_AWAY.isdisjoint(words[index + 1 : index + 4]):
                mark(note, clause_start(note, index), index, Talk.WARNED)
            continue
        away = _SENDS_AWAY if word == "=" else SENDS
        if word not in ("=", "→") or not away.intersection(words[index + 1 : index + 3]):
            continue
        start = note.sentence(index).start
        opened = [i for i in range(start, index) if words[i] in ("(", ":")]
        told = [i for i in range(start, index) if words[i] in _TELLS]
        listed = bool(opened) and words[opened[-1] - 1] in _TELLS  # "told: crooked face -> 911"
        if opened and (word == "=" or words[opened[-1]] == "(" or listed):
            mark(note, opened[-1], index, Talk.WARNED)
        elif told and word == "=":
            mark(note, told[0], index, Talk.WARNED)  # "told her not being able to pee = ER"


def clause_start(note: Note, index: int) -> int:
    """Where the clause before `index` begins: after a colon or a bracket, or with the sentence."""
    start = note.sentence(index).start
    opened = [i for i in range(start, index) if note.words[i] in (":", "(", ";")]
    return opened[-1] if opened else start


_TELLS = set_of(
    """
    told tell advised instructed reminded educated warned taught explained knows know repeated rule
    """
)


def _instructions(note: Note) -> None:
    """ "Told pt and husband: any fever, pus -> call you" warns to the end of the sentence."""
    words = note.words
    for index, word in enumerate(words):
        if word != "any" or not index:
            continue
        sentence = note.sentence(index)
        before = words[max(sentence.start, index - 9) : index]
        after = words[index : sentence.end]
        called = {"→", "call", "calls", "er", "911", "phone", "ring", "text"}.intersection(after)
        if _TELLS.intersection(before) or (called and index == sentence.start):
            mark(note, index, sentence.end, Talk.WARNED)
