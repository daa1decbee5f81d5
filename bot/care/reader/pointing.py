"""What "it" stands for: "The left lower leg worries me. It's swollen and tender."."""

import itertools

from bot.care.lexicon import Hit, Lexicon

from .wordsets import set_of

LONGEST = 16
_POINTING = set_of("it its")
_LEFT_OR_RIGHT = set_of("left right l r lt rt one")
_LIMBS = set_of("calf leg thigh shin")
_THINGS = _LIMBS | set_of("incision scar wound navel umbilicus drain lump bruise")
_OTHER_PLACES = set_of(
    "arm arms hand foot face chin neck chest breast breasts flank flanks abdomen belly hip hips "
    "knee knees calves thighs legs shoulder shoulders garment faja binder weather room pain"
)
_SIGNS = ("flag", "never", "weak")


def pointed_at(
    words: list[str], bounds: list[tuple[int, int]], techniques: list[Hit], lexicon: Lexicon
) -> list[Hit]:
    """Signs in sentences that say "it" of what the sentence before them named last.

    `bounds` are the sentences, as words from and to. A sentence that tells what was treated is
    none that "it" points to, and of two legs it is not said which.
    """
    hits: list[Hit] = []
    for (before_start, before_end), (start, end) in itertools.pairwise(bounds):
        said = words[start:end]
        if end - start > LONGEST or _POINTING.isdisjoint(said):
            continue
        if not (_THINGS - _LIMBS).isdisjoint(said) or not _OTHER_PLACES.isdisjoint(said):
            continue
        thing = _last_named(words, before_start, before_end)
        if thing is None or any(before_start <= t.start < before_end for t in techniques):
            continue
        at = next(i for i, word in enumerate(said) if word in _POINTING)
        said[at] = thing
        hits.extend(
            hit._replace(
                start=hit.start + start,
                end=hit.end + start,
                parts=tuple(part + start for part in hit.parts),
            )
            for hit in lexicon.find(said)
            if hit.family in _SIGNS and at in hit.parts and not hit.members
        )
    return hits


def _last_named(words: list[str], start: int, end: int) -> str | None:
    for index in range(end - 1, start - 1, -1):
        word = words[index]
        if word in _OTHER_PLACES:
            return None
        if word in _LIMBS:
            sided = not _LEFT_OR_RIGHT.isdisjoint(words[max(start, index - 2) : index])
            return "calf" if sided else None
        if word in _THINGS:
            return word
    return None
