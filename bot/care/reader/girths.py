"""Circumferences by site and side, in centimetres."""

from bot.care.codes import FieldName, Region, Side
from bot.care.lexicon import Hit, longest

from .draft import Draft, Girth, Span
from .note import Note, Talk
from .tokens import Kind
from .wordsets import set_of

CM_PER_INCH = 2.54


_BETWEEN_SITE_AND_NUMBER = set_of(
    """
    : = - is was now at girth circumference circ measures measured measuring measurement around
    of the , ( ) today level line umbilicus mid midpoint under bust navel upper lower left right
    l r both a about → currently she he we size came in to waist hip abdomen comes and & down
    taken still reads over across circ . approx site has with contracted relaxed equal even
    same symmetrical each
    """
)


_LIMBS = set_of("calf calves knee knees arm arms neck thigh thighs ankle ankles")
_SITES = frozenset(region.value for region in Region)
_SIDES = {
    "left": Side.LEFT,
    "l": Side.LEFT,
    "right": Side.RIGHT,
    "r": Side.RIGHT,
    "lt": Side.LEFT,
    "rt": Side.RIGHT,
}


_EARLIER = set_of(
    """
    was were before previously from prev prior vs last formerly earlier than been had initially
    baseline versus start started pre
    """
)


def read_girths(note: Note, draft: Draft) -> None:
    regions = longest(note.found.get("region", ()))
    girths: list[Girth] = []
    spans: dict[str, list[Span]] = {}
    seen: set[tuple[str, str]] = set()
    for index in note.numbers:
        token = note.tokens[index]
        if token.kind is not Kind.NUMBER or not 5 <= token.value <= 250:
            continue
        unit = _unit(note, index)
        if unit is None:
            continue
        if not note.is_now(index, allow=Talk.PLANNED) or _earlier(note, index):
            continue
        region = _site_before(note, index, regions) or (
            None if unit == "" else _site_after(note, index, regions)
        )
        if region is None or region.code not in _SITES:
            continue
        cm = round(token.value * CM_PER_INCH, 1) if unit == "INCH" else token.value
        if not 15 <= cm <= 220 and not (
            region.code in ("arms", "knees", "calves", "neck") and cm >= 10
        ):
            continue
        side = _side(note, region, index)
        key = (region.code, side or "")
        if key in seen:
            continue
        seen.add(key)
        girth: Girth = {"site": region.code, "cm": int(cm) if cm == int(cm) else cm}
        if side:
            girth["side"] = side.value
        girths.append(girth)
        follows = unit and index + 1 < len(note.words) and not note.words[index + 1].startswith("#")
        end = index + (2 if follows else 1)
        spans.setdefault(region.code, []).append(
            note.span(min(region.start, index), max(end, region.end))
        )
    if girths:
        draft.girths = girths
        draft.places[FieldName.GIRTHS] = spans


def _unit(note: Note, index: int) -> str | None:
    """ "CM" or "INCH" after the number; "" where a girth is named without a unit."""
    following = index + 1
    if following < len(note.words) and note.words[following] == "-":
        following += 1
    code = note.topic_at.get(following, "")
    beside = note.words[following : following + 3]
    if beside in (["on", "the", "left"], ["on", "the", "right"]) and any(
        note.topic_at.get(i, "") == "CM" for i in range(max(0, index - 10), index)
    ):
        return "CM"
    if beside[:1] in (["→"], ["to"]) and beside[1:2] == ["#"]:
        return None  # "95 → 92.5 cm": the later one counts
    if code in ("CM", "INCH"):
        after = note.words[following + 1 : following + 3]
        if (
            code == "INCH"
            and note.words[following] == "in"
            and after[:1]
            and after[0] in ("the", "her", "his", "a", "last", "on", "this", "total")
        ):
            return None
        if note.words[following] == "in" and note.words[index - 1 : index] == ["came"]:
            return None
        if after[:1] and after[0] in (
            "below",
            "above",
            "from",
            "lump",
            "gap",
            "long",
            "wide",
            "patch",
            "less",
            "smaller",
            "down",
            "opening",
            "area",
            "under",
            "distal",
            "proximal",
            "x",
            "larger",
            "bigger",
            "more",
            "difference",
            "increase",
            "decrease",
            "deep",
            "spot",
        ):
            return None if after[0] not in ("down", "less", "from", "under") else code
        return code
    window = note.words[max(0, index - 9) : index]
    if {
        "girth",
        "circumference",
        "circ",
        "girths",
        "circumferences",
        "measures",
        "measured",
        "measurements",
        "measurement",
    }.intersection(window):
        if following < len(note.words) and (note.words[following] in ("%", "min", "x") or code):
            return None
        if note.tokens[index].value >= 20:
            limb = not _LIMBS.isdisjoint(note.words[max(0, index - 3) : index])
            sure = note.tokens[index].value >= 55 or limb or "cm" in note.words
            return "CM" if sure else None
    ahead = note.words[index - 1] if index else ""
    placed = note.words[index + 1 : index + 3] in (["at", "the"], ["around", "the"])
    timed = note.topic_at.get(index + 1, "") in ("MIN", "HOUR")
    if (
        not timed
        and (ahead in _LIMBS or ahead in _SIDES or placed)
        and any(note.topic_at.get(i) == "CM" for i in range(max(0, index - 8), index))
    ):
        return "CM" if note.tokens[index].value >= 20 else None  # "R calf 40 cm L calf 39.5"
    if ahead in _LIMBS and note.words[index - 2 : index - 1] and note.words[index - 2] in _SIDES:
        unit = note.topic_at.get(index + 1, "")
        beside_it = note.words[index + 1 : index + 3]
        paired = (
            not _SIDES.keys().isdisjoint(beside_it)
            or note.tokens[index - 3].kind is Kind.NUMBER
            or note.tokens[index - 4].kind is Kind.NUMBER
        )
        fits = 20 <= note.tokens[index].value <= 90
        if paired and fits and unit not in ("MIN", "HOUR", "ML"):
            return "CM"  # "R thigh 60.5 L thigh 60"
    if _listed_girth(note, index):
        return "CM"
    region = any(h.end == index for h in note.near(note.found.get("region", []), index - 3, index))
    if region and note.words[index + 1 : index + 3] in ([",", "was"], ["(", "was"], ["(", "prev"]):
        return "CM" if note.tokens[index].value >= 60 else None  # "waist 88, was 86"
    # A list with the unit once at its end: "R 41, L 40.5 cm", "abd 92 / waist 84 cm"
    if note.tokens[index].value >= 20:
        for later in range(index + 1, min(index + 14, len(note.words))):
            if note.topic_at.get(later, "") == "CM" and note.tokens[later - 1].kind is Kind.NUMBER:
                return "CM"
            word = note.words[later]
            if (
                word in ("\n", ".", ";", "|", "→", "MIN")
                or note.topic_at.get(later, "") in ("MIN", "HOUR", "ML", "INCH", "PAIN", "SLEEP")
                or word in ("%",)
            ):
                return None
    return None


_TRUNK = frozenset(("abdomen", "flanks", "hips"))
_NO_MINUTES = 70  # a list of regions may end in minutes: "MLD abd 60"
_USUAL_MINUTES = frozenset((75, 80, 85, 90, 95, 100, 105, 110, 120))


def _listed_girth(note: Note, index: int) -> bool:
    """ "abd 91.5 (93 last wk), hips 104.": no unit, and too much for minutes or a score."""
    value = note.tokens[index].value
    placed = any(
        hit.end == index and hit.code in _TRUNK
        for hit in note.near(note.found.get("region", []), index - 3, index)
    )
    ends = note.words[index + 1 : index + 2] in ([], [","], ["."], [";"], ["("], ["\n"], ["|"])
    return placed and ends and value >= _NO_MINUTES and value not in _USUAL_MINUTES


def _earlier(note: Note, index: int) -> bool:
    before = note.words[max(0, index - 3) : index]
    if before and before[-1] in _EARLIER:
        return not (
            before[-1] == "was" and len(before) > 1 and before[-2] not in (",", "(", "which", "it")
        )
    if (
        len(before) > 1
        and before[-2] in _EARLIER
        and before[-1] in (":", "at", "from", "a", "of", "still", "about", "time", "week")
    ):
        return before[-2] != "was"
    return False


def _site_before(note: Note, index: int, regions: list[Hit]) -> Hit | None:
    at = index - 1
    steps = 0
    floor = note.sentence(index).start
    while at >= floor and steps < 8:
        for region in regions:
            if region.end - 1 == at:
                return region
        token = note.tokens[at]
        if note.words[at] == "→" and note.tokens[at - 1].kind is Kind.NUMBER:
            at -= 2  # "L arm 33.5→32.8cm"
            continue
        if note.words[at] not in _BETWEEN_SITE_AND_NUMBER or token.kind is Kind.NUMBER:
            break  # "R knee 41 cm, L 40": the number of the other side stands between
        at -= 1
        steps += 1
    return _paired_site(note, index, regions, floor)


def _paired_site(note: Note, index: int, regions: list[Hit], floor: int) -> Hit | None:
    """ "thighs R 61.5 cm L 61 cm": the second number takes the site of the first."""
    words = note.words
    sided = words[max(floor, index - 3) : index] + words[index + 2 : index + 3]
    if not any(word in _SIDES for word in sided):
        return None
    for region in reversed(regions):
        if floor <= region.start < index and index - region.end <= 12:
            return region
    return None


def _site_after(note: Note, index: int, regions: list[Hit]) -> Hit | None:
    """ "92 cm at the abdomen", "36 in waist"."""
    at = index + 2
    for region in regions:
        if at <= region.start <= at + 4 and all(
            w
            in (
                "at",
                "around",
                "the",
                "over",
                "on",
                "her",
                "left",
                "right",
                "l",
                "r",
                "for",
                "of",
                "-",
                "(",
                "level",
                "his",
            )
            for w in note.words[at : region.start]
        ):
            after = note.words[region.end : region.end + 3]
            led = {"at", "around"}.intersection(note.words[at - 1 : region.start])
            if not led and any(word == "#" for word in after[:2]):
                return None
            return region
    return None


def _side(note: Note, region: Hit, index: int) -> Side | None:
    words = note.words
    between = words[region.end : index]
    for word in reversed(between):
        if word in _SIDES:
            return _SIDES[word]
    for word in reversed(words[max(0, region.start - 2) : region.start]):
        if word in _SIDES:
            return _SIDES[word]
        if word in (",", "and", ";"):
            break
    following = words[index + 1 : index + 5]
    for position, word in enumerate(following):
        if (
            word in ("left", "right")
            and (position < 3 or following[1:3] == ["on", "the"])
            and (
                position + 2 > len(following) - 1 or following[position + 1 : position + 2] != ["#"]
            )
            and not any(w in (",", "and", "\n", "&", "/", ".", "vs") for w in following[:position])
        ):
            return _SIDES[word]
    return None
