"""The most specific code only: where two signs are one thing, one of them gives way."""

from bot.care.lexicon import Hit
from bot.care.rules import Absorption

from .note import Note

NEAR = 8


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


def _gives_way(note: Note, rule: Absorption, hit: Hit, places: set[int]) -> bool:
    around = set(note.words[max(0, hit.start - NEAR) : hit.end + NEAR])
    own = set(note.words[hit.start : hit.end])
    return (
        (note.sentence_of[hit.start] in places or not rule.or_near.isdisjoint(around))
        and (not rule.near or not rule.near.isdisjoint(around))
        and (not rule.inside or not rule.inside.isdisjoint(own))
        and rule.unless.isdisjoint(own)
    )
