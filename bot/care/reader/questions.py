"""Marks what is asked: a question about a sign is not the sign."""

from bot.care.codes import RedFlagCode

from .marks import mark
from .note import Note, Talk
from .warned import SENDS, clause_start
from .wordsets import set_of

_QUESTION_WORDS = set_of(
    """
    can could may should would do does did is are ok okay what when which how shall will want
    wanna any who why am thoughts mind where whats hows were was has have might
    """
)


_TELLING = set_of("has have had did does")
# What turns them into a question where it follows: "has she", "is the skin".
_SUBJECTS = set_of(
    """
    i we you she he it they this that these those there the her his my your pt patient any a an
    anyone somebody someone swelling pain numbness redness warmth bruising drainage
    """
)


_DEMONSTRATIVES = set_of("this that it these there")


_HARMLESS = set_of(
    """
    normal ok okay safe fine alright allowed expected typical common possible worth time limit
    rule protocol guideline way reason risk chance cutoff number policy point true
    """
)

_LEADS_QUESTION = set_of("at for in on by from with until after under above")
_WHICH = (["what"], ["which"], ["how"])
_ASKED_FOR = (["do", "you"], ["should", "i"], ["should", "she"], ["can", "i"], ["do", "we"])


_CLAUSE_ENDS = frozenset(('"',)) | set_of(", ( ) - -- — but : and so")


def mark_questions(note: Note) -> None:
    """What is asked, reported as asked, or feared."""
    _asked(note)
    _reported_questions(note)
    _worries(note)


def _asked(note: Note) -> None:
    words = note.words
    for sentence in note.sentences:
        if sentence.mark != "?":
            continue
        first = clause_start(note, sentence.end)
        first += words[first] == ":"
        led = words[first] in _LEADS_QUESTION and words[first + 1 : first + 2] in _WHICH
        if led and any(words[i : i + 2] in _ASKED_FOR for i in range(first, sentence.end)):
            mark(note, first, sentence.end, Talk.ASKED)  # "at what number do you want a call?"
            continue
        at_boundary = True
        for index in range(sentence.start, sentence.end):
            word = words[index]
            filler = word in ("ok", "okay") and words[index + 1 : index + 2] != ["to"]
            told = index > sentence.start and word in _TELLING and words[index + 1] not in _SUBJECTS
            if at_boundary and word in _QUESTION_WORDS and not filler and not told:
                if not _wonders_at_finding(words, index, sentence.end):
                    mark(note, index, sentence.end, Talk.ASKED)
                break
            if word == "or" and index > first and not SENDS.isdisjoint(words[index:][:5]):
                mark(note, first, sentence.end, Talk.ASKED)  # "calf pain, you or the ER?"
                break
            if word in ("would", "correct") and words[sentence.end - 1] != "warm":
                mark(note, sentence.start, sentence.end, Talk.ASKED)
                break
            at_boundary = word in _CLAUSE_ENDS or (
                at_boundary
                and word in ("hey", "hi", "dr", "doc", "doctor", "q", "question", "also", "just")
            )


def _wonders_at_finding(words: list[str], index: int, end: int) -> bool:
    """ "Could this be a seroma?" names a finding; "is it normal ..." asks in general."""
    after = words[index + 1 : index + 3]
    if after in (["there", "anything"], ["there", "any"]):
        return False  # "is there anything published on MLD after a DVT?"
    named = (
        words[index] in ("could", "might")
        and "be" in words[index:end]
        and after[:1]
        in (
            ["the"],
            ["her"],
            ["his"],
        )
    )  # "could the redness be an allergy?"
    if named and not _HARMLESS.intersection(words[index:end]):
        return True
    return (
        words[index] in ("is", "could", "might", "can", "would", "are", "was")
        and bool(_DEMONSTRATIVES.intersection(after[:1]))
        and not _HARMLESS.intersection(words[index:end])
    )


def _reported_questions(note: Note) -> None:
    lost = [hit for hit in note.found.get("flag", ()) if hit.code == RedFlagCode.CONFUSION]
    for hit in note.context.get("question", ()):
        if any(sign.start <= hit.start < sign.end for sign in lost):
            continue  # "she keeps asking what year it is": that is the sign
        mark(note, hit.start, min(note.sentence(hit.start).end, hit.end + 30), Talk.ASKED)


def _worries(note: Note) -> None:
    """What the patient is afraid of ("she is worried about a blood clot"), a few words long."""
    for hit in note.context.get("worry", ()):
        mark(note, hit.start, min(note.sentence(hit.start).end, hit.end + 3), Talk.ASKED)
