"""What was done, and where."""

from bot.care.codes import FieldName
from bot.care.lexicon import Hit, longest
from bot.care.rules import LEGS

from .draft import Draft
from .note import Note
from .regions import treated_regions
from .techniques import done_techniques
from .wordsets import set_of


def read_treatment(note: Note, draft: Draft) -> None:
    """Fill `techniques` and `regions`."""
    named = {
        i for hit in note.found.get("technique", ()) if hit.end - hit.start > 1 for i in hit.parts
    }
    regions = [
        hit
        for hit in longest(note.found.get("region", ()))
        if hit.start not in named and not _coming_back(note, hit) and not _operation(note, hit)
    ]
    techniques = done_techniques(note)
    for hit in techniques:
        draft.add(FieldName.TECHNIQUES, hit.code, [note.span(hit.start, hit.end)])
    for hit in treated_regions(note, regions, techniques):
        for code in ("thighs", "calves") if hit.code == LEGS else (hit.code,):
            draft.add(FieldName.REGIONS, code, [note.span(hit.start, hit.end)])


_SINCE = set_of("week weeks wk day days pod post patient pt lady client surgery op #")


def _operation(note: Note, hit: Hit) -> bool:
    """ "BBL wk 2": the operation, and not the area."""
    words = note.words
    alone = words[hit.start] == "bbl" and hit.end - hit.start == 1
    return alone and not _SINCE.isdisjoint(words[hit.end : hit.end + 1])


_BACK_BEFORE = set_of(
    "came come coming comes go going went gets get be call called calls text "
    "texted cut cutting pulled scaled welcome hear heard bring brought write wrote "
    "rolled roll rolling fell lean leaned leans lay lying arched "
    "feels switch report step dial set moved right sent held laid lay"
)


_BACK_AFTER = set_of(
    "to on in at for thurs next again tomorrow from home work with then this & by "
    "if , after the asap soon"
)


def _coming_back(note: Note, hit: Hit) -> bool:
    """ "back Thursday", "back 1/4", "came back": not the body's back."""
    words = note.words
    if hit.code != "back" or words[hit.start] != "back":
        return False
    after = words[hit.end : hit.end + 1]
    if note.topic_at.get(hit.end) in ("DAY", "MONTH") or (
        after and after[0] in ("#/#", "#-#-#", "#/#/#")
    ):
        return True
    if words[hit.start - 1 : hit.start] and words[hit.start - 1] in _BACK_BEFORE:
        return True
    opens = hit.start == note.sentence(hit.start).start
    return bool(
        opens
        and after
        and after[0] in ("in", "on", "next", "tomorrow", "again", "for", "to", "this")
    )
