"""The most specific code only: where two signs are one thing, one of them gives way."""

from bot.care.lexicon import Hit
from bot.care.rules import Absorption

from .note import Note
from .wordsets import set_of

NEAR = 8
_PLACES = set_of("incision wound scar navel drain site skin hand foot eye groin")


def most_specific(note: Note, present: dict[str, list[Hit]]) -> dict[str, list[Hit]]:
    """The present signs without those that another one absorbs; see `[[absorb]]` of the rules."""
    if len(present) < 2:
        return present
    for rule in note.rules.file.absorb:
        winners = present.get(rule.by.value)
        if winners is None:
            continue
        places = {note.sentence_of[hit.start] for hit in winners}
        for code in rule.takes:
            kept = [
                hit
                for hit in present.get(code.value, ())
                if not _gives_way(note, rule, hit, places)
            ]
            if kept:
                present[code.value] = kept
            else:
                present.pop(code.value, None)
    return present


def _goes_on(note: Note, hit: Hit, places: set[int]) -> bool:
    """ "Left calf sore. ... it's warm": the sentence after it names no place of its own."""
    number = note.sentence_of[hit.start]
    if number - 1 not in places:
        return False
    sentence = note.sentence(hit.start)
    own = note.near(note.found.get("region", []), sentence.start, sentence.end)
    return not own and not _PLACES.intersection(note.words[sentence.start : sentence.end])


def _gives_way(note: Note, rule: Absorption, hit: Hit, places: set[int]) -> bool:
    around = set(note.words[max(0, hit.start - NEAR) : hit.end + NEAR])
    own = set(note.words[hit.start : hit.end])
    here = note.sentence_of[hit.start] in places or _goes_on(note, hit, places)
    return (
        (here or not rule.or_near.isdisjoint(around))
        and (not rule.near or not rule.near.isdisjoint(around))
        and (not rule.inside or not rule.inside.isdisjoint(own))
        and rule.unless.isdisjoint(own)
    )
