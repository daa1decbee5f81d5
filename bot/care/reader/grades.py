"""Grades in words and numbers: swelling, bruising, fibrosis."""

from bot.care.codes import FieldName
from bot.care.lexicon import Hit, longest

from .draft import Draft
from .note import Note, Talk
from .tokens import Kind
from .wordsets import set_of

_SWELLING = {"none": 0, "trace": 1, "moderate": 2, "marked": 3, "massive": 4}
_BRUISING = {
    "none": 0,
    "trace": 1,
    "fading": 1,
    "moderate": 2,
    "marked": 3,
    "extensive": 3,
    "massive": 3,
}
_FIBROSIS = {
    "none": 0,
    "trace": 1,
    "soft": 1,
    "moderate": 2,
    "firm": 2,
    "marked": 3,
    "hard": 3,
    "massive": 3,
}
_SCALES = {
    "SWELLING": (FieldName.SWELLING_GRADE, _SWELLING, 4),
    "BRUISING": (FieldName.BRUISING, _BRUISING, 3),
    "FIBROSIS": (FieldName.FIBROSIS, _FIBROSIS, 3),
}
_STEPPED_OVER = set_of(
    """
    is are was now still at to : = - the of in on her his a an and & + both l r left right lower
    upper low inner outer with w grade pitting bilateral around over along near only very now
    currently today looks feels has been remains stage about down up almost , ( level mostly all
    palpable seems appears side pt she went from gr improving improved better decreased reduced
    → > there mainly rather quite score scale before after pre post
    """
)
_FAR = 9
_THEN = frozenset(("→", "to", "now", ">", "today", "after", "post"))


def read_grades(note: Note, draft: Draft) -> None:
    """Fill the graded fields: the current value, the highest of several sites."""
    words = longest(note.found.get("grade", ()))
    by_start: dict[int, list[Hit]] = {}
    for hit in note.found.get("grade", ()):
        by_start.setdefault(hit.start, []).append(hit)
    by_end = {hit.end: hit for hit in words}
    regions = {i for hit in note.found.get("region", ()) for i in range(hit.start, hit.end)}
    best: dict[FieldName, tuple[int, int, int]] = {}
    for topic in note.topics:
        if topic.code not in _SCALES or not note.is_now(
            topic.start, allow=Talk.PLANNED | Talk.RECALLED | Talk.EARLIER
        ):
            continue
        name, scale, highest = _SCALES[topic.code]
        found = _after(note, topic, scale, highest, by_start, regions)
        said = _before(note, topic, scale, by_end) if found is None or found[2] in regions else None
        if found is None or (said is not None and said[0] > found[0]):
            found = said  # "mod swelling lower abd, mild flanks": the highest
        if found is None:
            found = _shared(note, topic, by_start, regions)
        if found is not None and (name not in best or found[0] > best[name][0]):
            best[name] = found
    if FieldName.SWELLING_GRADE not in best and (plus := _bare_pluses(note, regions)) is not None:
        best[FieldName.SWELLING_GRADE] = plus
    if FieldName.FIBROSIS not in best and (scar := _scar_tissue(note, words)) is not None:
        best[FieldName.FIBROSIS] = scar
    for name, (value, start, end) in best.items():
        draft.put(name, value, start, end)


def _bare_pluses(note: Note, regions: set[int]) -> tuple[int, int, int] | None:
    """ "waist 34 in, 2+.", "2+ calves, 1+ thighs": a number with a plus is a pitting grade."""
    found: list[tuple[int, int, int]] = []
    for index in note.numbers:
        token = note.tokens[index]
        if not token.plus or token.value > 4 or not note.is_now(index):
            continue
        start = note.sentence(index).start
        named = any(
            start <= t.start < index and index - t.end <= 3 and t.code not in ("CM", "INCH", "MIN")
            for t in note.topics
        )
        ends = note.words[index + 1 : index + 2] in ([], ["."], [","], ["\n"], [";"])
        sided = not regions.isdisjoint(range(index + 1, index + 4))
        if not named and (ends or sided):
            found.append((int(token.third or token.value), index, index + 1))
    return max(found) if found else None


_LIKE_WOOD = {"woody": 3, "wooden": 3, "ropey": 2, "ropy": 2}
_TISSUE = set_of("scar scars tissue tissues")


def _scar_tissue(note: Note, grades: list[Hit]) -> tuple[int, int, int] | None:
    """ "scar still woody", "scar tissue feels ropey": said of a scar, it is fibrosis."""
    for hit in grades:
        value = _LIKE_WOOD.get(note.words[hit.start])
        start = max(note.sentence(hit.start).start, hit.start - 4)
        near = note.words[start : hit.start] + note.words[hit.end : hit.end + 1]
        if value is None or not note.is_now(hit.start, allow=Talk.PLANNED):
            continue
        if not _TISSUE.isdisjoint(near) and not _negated(note, hit.start):
            return value, hit.start, hit.end
    return None


def _shared(
    note: Note, topic: Hit, by_start: dict[int, list[Hit]], regions: set[int]
) -> tuple[int, int, int] | None:
    """ "bruising and swelling minimal": the grade that the next thing named has."""
    _, scale, highest = _SCALES[topic.code]
    if note.words[topic.end : topic.end + 1] not in (["and"], ["/"], ["&"], ["+"], [","]):
        return None
    other = next((t for t in note.topics if t.start == topic.end + 1 and t.code in _SCALES), None)
    return _after(note, other, scale, highest, by_start, regions) if other else None


def _after(
    note: Note,
    topic: Hit,
    scale: dict[str, int],
    highest: int,
    by_start: dict[int, list[Hit]],
    regions: set[int],
) -> tuple[int, int, int] | None:
    index = topic.end
    sentence_end = note.sentence(topic.start).end
    best: tuple[int, int, int] | None = None
    idle = 0
    while index < sentence_end and idle < _FAR:
        token = note.tokens[index]
        now = note.is_now(index, allow=Talk.PLANNED)
        if token.kind in (Kind.NUMBER, Kind.FRACTION):
            value = (
                int(token.third or token.value)
                if token.third and token.kind is Kind.NUMBER
                else int(token.value)
            )
            fits = (
                token.value <= highest
                and (token.kind is Kind.NUMBER or token.over in (3, 4))
                and _topic_at(note, index + 1) not in ("CM", "MIN", "HOUR", "INCH", "ML")
            )
            if fits and now:
                best = (
                    (value, topic.start, index + 1)
                    if best is None
                    or value > best[0]
                    or note.words[index - 1] in _THEN
                    or _said_after(note, index + 1)
                    or note.words[index - 2 : index] == ["today", "grade"]
                    else best
                )
            elif not fits and now:
                break
            index += 1
            idle = 0
            continue
        hit = next(
            (h for h in sorted(by_start.get(index, ()), key=lambda h: -h.end) if h.code in scale),
            None,
        )
        if hit is not None:
            if best is not None and note.words[index - 1] == "," and _of_next(note, hit):
                break  # "bruises gone, mild fibrosis"
            if (
                now
                and not _negated(note, hit.start)
                and not (hit.code == "none" and _no_of_next(note, hit))
            ):
                value = scale[hit.code]
                if (
                    best is None
                    or value > best[0]
                    or note.words[hit.start - 1] in ("→", "to", "now", ">")
                    or _said_after(note, hit.end)
                ):
                    best = (value, topic.start, hit.end)
            elif now and hit.code == "none":
                break
            index, idle = hit.end, 0
            continue
        word = note.words[index]
        if best is not None and (word == "(" or (word == "was" and note.words[index - 1] == ",")):
            break  # "soft now (firm in June)", "nearly gone, was severe at Christmas"
        if _topic_at(note, index) in _SCALES or _topic_at(note, index) in (
            "PAIN",
            "SLEEP",
            "ANXIETY",
            "GARMENT",
            "SATISFACTION",
            "DRAIN",
            "SESSION",
            "TEMP",
            "PGIC",
        ):
            break
        if word == "but" and any(
            h.code == "fading" for i in (index + 1, index + 2) for h in by_start.get(i, ())
        ):
            index += 1  # "bruised but fading"
            continue
        if word in ("than", "but") and best is None:
            return None
        if best is not None and word not in _STEPPED_OVER and index not in regions and now:
            break
        if now and word not in _STEPPED_OVER and index not in regions:
            idle += 3
        index += 1
    return best


def _of_next(note: Note, hit: Hit) -> bool:
    """Whether a grade stands right before the next thing that is graded."""
    return _topic_at(note, hit.end) in _SCALES


def _said_after(note: Note, index: int) -> bool:
    """ "3+ before, 2+ after": the time of a grade may stand after it."""
    return note.words[index : index + 1] in (["after"], ["afterwards"], ["post"], ["leaving"])


def _no_of_next(note: Note, hit: Hit) -> bool:
    """ "swelling 2+, no redness": the no belongs to what follows."""
    words = note.words
    if words[hit.start] not in ("no", "without", "free"):
        return False
    after = words[hit.end] if hit.end < len(words) else "\n"
    return after not in (",", ".", "\n", ";", "|", ")", "]", "•", "!", "/", "today", "now", "-")


def _negated(note: Note, index: int) -> bool:
    return index > 0 and note.words[index - 1] in (
        "not",
        "no",
        "isnt",
        "wasnt",
        "never",
        "less",
        "more",
    )


def _before(
    note: Note, topic: Hit, scale: dict[str, int], by_end: dict[int, Hit]
) -> tuple[int, int, int] | None:
    """ "no bruising", "mild swelling", "2+ pitting edema", "grade 2 swelling"."""
    index = topic.start
    words = note.words
    back = index
    while back > 0 and index - back < 4:
        hit = by_end.get(back)
        if hit is not None and hit.code in scale and note.is_now(hit.start, allow=Talk.PLANNED):
            if words[hit.start - 1 : hit.start] == ["→"] or _negated(note, hit.start):
                return None  # "no significant swelling" is no grade
            if _takes_previous(note, hit):
                return None
            return scale[hit.code], hit.start, topic.end
        token = note.tokens[back - 1]
        if (
            token.kind is Kind.NUMBER
            and (token.plus or words[back - 2 : back - 1] == ["grade"])
            and token.value <= 4
            and topic.code == "SWELLING"
        ):
            return int(token.third or token.value), back - 1, topic.end
        if words[back - 1] not in (
            "new",
            "visible",
            "of",
            "any",
            "the",
            "some",
            "residual",
            "further",
            "more",
            "pitting",
            "remaining",
            "post",
            "op",
            "overall",
            "or",
            "/",
            "and",
            "little",
            "signs",
            "sign",
            "bit",
            "a",
            "left",
            "right",
            "l",
            "r",
            "more",
            "bruising",
            "swelling",
            "fibrosis",
            "edema",
            "redness",
            ",",
            "lower",
            "upper",
        ) and not _is_region(note, back - 1):
            return None
        back -= 1
    return None


def _takes_previous(note: Note, hit: Hit) -> bool:
    """Whether the grade word belongs to a name just before it: "swelling mild bruising gone"."""
    index = hit.start - 1
    return (
        index >= 0
        and any(t.end == hit.start and t.code in _SCALES for t in note.topics)
        and note.words[hit.start] not in ("no", "without")
    )


def _is_region(note: Note, index: int) -> bool:
    return any(h.end > index for h in note.near(note.found.get("region", []), index - 3, index + 1))


def _topic_at(note: Note, index: int) -> str:
    return note.topic_at.get(index, "")
