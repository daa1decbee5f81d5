"""Signs in two measures set side by side: one side against the other, or today against before."""

from itertools import pairwise

from bot.care.codes import RedFlagCode

from .note import Note
from .tokens import Kind
from .wordsets import set_of

LEAST_CM = 15
UNLIKE_CM = 2.0
_LEFT = set_of("left l lt")
_RIGHT = set_of("right r rt")
_LEGS = set_of("calf calves leg legs thigh thighs shin ankle ankles le")
_ALIKE = set_of("both equal even same matched alike")
_BEFORE = set_of("last were was before previously on prior earlier previous monday friday")
_LITTLE = set_of("trace none no nil zero slight minimal # normal clear")
_REACH = 4
_LOOK_BACK = 10
_DRAINS = set_of("drain drains jp jps output outputs bulb bulbs")
_STEPS = set_of(
    ", then and → now but today it its is was this morning ml cc mls ccs - yesterday last night"
)
_STEPPED = set_of("then → now today")
_HAD_BEEN = set_of("been around about averaging averaged usually running ran steady")
_TO_SIDE = set_of("cm in on the at ( inches")
_TODAY = set_of("today now")
_NOT_ML = frozenset(("MIN", "HOUR", "CM", "INCH"))


def unlike_sides(note: Note) -> tuple[RedFlagCode, int] | None:
    """ "calf L 41 / R 36.5, last visit both 36.5", "arm L 34, R 31; on Friday both were 31"."""
    for first in note.numbers:
        second = _other_side(note, first)
        if second is None or not note.is_now(first):
            continue
        one, other = note.tokens[first].value, note.tokens[second].value
        if min(one, other) < LEAST_CM:
            continue
        apart = abs(one - other)
        around = note.words[max(0, first - _LOOK_BACK) : second + 2]
        if not _LEGS.isdisjoint(around):
            if apart >= note.rules.thresholds.calf_difference_cm:
                return RedFlagCode.CALF_DVT, first
        elif apart >= UNLIKE_CM and _were_alike(note, second):
            return RedFlagCode.ASYMMETRY, first
    return _unlike_grades(note)


def _unlike_grades(note: Note) -> tuple[RedFlagCode, int] | None:
    """ "abdomen R = 2+ edema, L = trace. Last visit both trace"."""
    words = note.words
    for index, word in enumerate(words):
        if word != "#+" or note.tokens[index].value < 2 or not note.is_now(index):
            continue
        side = _side_before(words, index)
        other = _LEFT if side is _RIGHT else _RIGHT
        if side is None or other.isdisjoint(words[index : index + _REACH]):
            continue
        if _LITTLE.isdisjoint(words[index + 1 : index + 7]) or not _were_alike(note, index):
            continue
        around = words[max(0, index - _LOOK_BACK) : index + _REACH]
        if _LEGS.isdisjoint(around):
            return RedFlagCode.ASYMMETRY, index
        return RedFlagCode.CALF_DVT, index
    return None


def _side_before(words: list[str], index: int) -> frozenset[str] | None:
    """The side that a measure is of: the nearest one named just before it."""
    for word in reversed(words[max(0, index - _REACH) : index]):
        if word.startswith("#"):
            return None
        if word in _LEFT:
            return _LEFT
        if word in _RIGHT:
            return _RIGHT
    return None


def _side_after(words: list[str], index: int) -> frozenset[str] | None:
    """The side that stands after its measure ("38 on the right", "34 L")."""
    for word in words[index + 1 : index + 1 + _REACH]:
        if word not in _TO_SIDE:
            return _LEFT if word in _LEFT else _RIGHT if word in _RIGHT else None
    return None


def _other_side(note: Note, first: int) -> int | None:
    """The number of the other side, right after that of one side."""
    words = note.words
    if note.tokens[first].kind is not Kind.NUMBER:
        return None
    find = _side_before if _side_before(words, first) is not None else _side_after
    side = find(words, first)
    if side is None:
        return None
    for second in range(first + 2, min(first + _REACH + 4, len(words))):
        if words[second] != "#" or note.tokens[second].kind is not Kind.NUMBER:
            continue
        other = find(words, second)
        if other is None or other is side or _elsewhere(note, first, second):
            return None  # "L thigh 57.5 cm, R knee 42 cm"
        return second
    return None


def _elsewhere(note: Note, first: int, second: int) -> bool:
    """Whether the second measure is of another place than the first."""
    regions = note.found.get("region", [])
    own = note.near(regions, max(note.sentence(first).start, first - _REACH), first)
    next_to = note.near(regions, first, second)
    return bool(own and next_to) and own[-1].code != next_to[-1].code


def _were_alike(note: Note, index: int) -> bool:
    after = note.words[index + 1 : index + 13]
    return not (_ALIKE.isdisjoint(after) or _BEFORE.isdisjoint(after))


def drain_series(note: Note) -> int | None:
    """ "JP outputs: 20, 22, 19, then 85": the last is much more than the one before."""
    limits = note.rules.thresholds
    numbers = [i for i in note.numbers if note.tokens[i].kind is Kind.NUMBER]
    run = 1
    for before, last in pairwise(numbers):
        between = note.words[before + 1 : last]
        run = run + 1 if between and _STEPS.issuperset(between) else 1
        led = note.words[max(0, before - 2) : before]
        stepped = not (_STEPPED.isdisjoint(between) and _HAD_BEEN.isdisjoint(led))
        if run < 2 or (run < 3 and not stepped):
            continue
        if "yesterday" in note.words[last : last + 3] or not _TODAY.isdisjoint(led):
            continue  # "today 30, yesterday 95"
        if note.topic_at.get(last + 1, "") in _NOT_ML or not note.is_now(last):
            continue
        sentence = note.sentence(before)
        if _DRAINS.isdisjoint(note.words[sentence.start : before]):
            continue
        was, is_now = note.tokens[before].value, note.tokens[last].value
        if is_now - was >= limits.drain_up_ml and is_now >= was * limits.drain_up_times:
            return last
    return None
