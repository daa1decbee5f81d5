"""Marks the words of a note that are not about this patient in this session.

A small ConText of our own (after Harkema 2009): cues from the rules file, each with a
direction and an end. What is asked, warned of, recalled, planned or about somebody else
is marked token by token, so that each field can choose what it leaves out.
"""

from bot.care.lexicon import Hit

from .marks import mark
from .note import Note, Talk
from .others import mark_others
from .questions import mark_questions
from .recalled import recalled
from .tokens import Kind
from .warned import mark_warnings
from .wordsets import set_of

LONGEST_ASIDE = 40  # words; a longer sentence is dictation without full stops
ASIDE = 6


def mark_talk(note: Note) -> None:
    """Fill `note.talk`."""
    mark_questions(note)
    mark_warnings(note)
    mark_others(note)
    wrong = [h for h in note.context.get("elsewhere", ()) if note.words[h.start] == "wrong"]
    if wrong:
        mark(note, 0, len(note.talk), Talk.OTHER)
    for start in {note.sentence(hit.start).start for hit in note.context.get("elsewhere", ())}:
        sentence = note.sentence(start)
        if sentence.end - sentence.start <= LONGEST_ASIDE:
            mark(note, sentence.start, sentence.end, Talk.OTHER)
    for hit in note.context.get("elsewhere", ()):
        sentence = note.sentence(hit.start)
        first, last = max(sentence.start, hit.start - ASIDE), min(sentence.end, hit.end + ASIDE)
        mark(note, first, last, Talk.OTHER)
    _plans(note)
    recalled(note)


_DONE_BEGINS = set_of("tx treatment session visit sess today treated did done rx performed gave")


_OWN_REPORT = set_of("my this the session visit treatment progress short")
_PRESCRIBES = set_of("put started gave prescribed switched stopped took changed increased")


def _is_done(note: Note, hit: Hit) -> bool:
    """ "my report on visit 4", "her PCP put her on celecoxib": no plan, for all its words."""
    word, before, after = (
        note.words[hit.start],
        note.words[hit.start - 1 : hit.start],
        note.words[hit.end : hit.end + 1],
    )
    if word == "home" and after in (["visit"], ["visits"], ["session"]):
        return True  # where it took place
    return (word == "report" and not _OWN_REPORT.isdisjoint(before)) or (
        word == "pcp" and not _PRESCRIBES.isdisjoint(after)
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
        if note.topic_at.get(sentence.start + 1) == "MIN":
            section = False  # "P: next 9/17\n60 min MLD": what was done stands under the plan
        opens = bool(sentence.start) and note.tokens[sentence.start - 1].kind is Kind.BREAK
        if section and opens and first[:1] and first[0] in _DONE_BEGINS and first[1:] != [":"]:
            section = False  # "P: next appt Sat.\nTx #4, MLD abd, 75 min"
        if section:
            mark(note, sentence.start, sentence.end, Talk.PLANNED)
    for hit in note.found.get("visit", ()):
        if hit.code == "planned" and not _is_done(note, hit):
            sentence = note.sentence(hit.start)
            end = hit.end
            while end < min(sentence.end, hit.end + 40) and note.words[end] not in (
                ",",
                "(",
                "but",
            ):
                end += 1
            mark(note, hit.start, end, Talk.PLANNED)
