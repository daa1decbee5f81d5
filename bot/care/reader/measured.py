"""Signs that are in the numbers: a temperature, a pulse, a drain that gives much more."""

from bot.care.codes import FieldName, RedFlagCode, Region, Side
from bot.care.lexicon import Hit

from .draft import Draft
from .note import Note
from .tokens import Kind
from .wordsets import set_of

FASTEST_PULSE = 250
_PULSE_BEFORE = set_of("pulse hr bpm heartrate heart")
_PULSE_AFTER = set_of("bpm beats")
_EARLIER = set_of("was from vs than before yesterday last previously")
_NOT_ML = frozenset(("MIN", "HOUR", "CM", "INCH"))


def add_measured(note: Note, draft: Draft, present: dict[str, list[Hit]]) -> None:
    """Add to the present signs what the numbers say, and take away a fever that they deny."""
    _fever(note, draft, present)
    for code, at in (
        (RedFlagCode.PALPITATIONS, fast_pulse(note)),
        (RedFlagCode.DRAIN_PROBLEM, _drain_jump(note, draft)),
        (RedFlagCode.CALF_DVT, _thicker_calf(note, draft)),
    ):
        if at is not None:
            present.setdefault(code.value, []).append(_hit(at, code))


def _hit(at: int, code: RedFlagCode) -> Hit:
    return Hit(at, at + 1, "flag", code.value, (at,))


def _fever(note: Note, draft: Draft, present: dict[str, list[Hit]]) -> None:
    temperature = draft.number(FieldName.TEMPERATURE_C)
    if temperature is None:
        return
    if temperature < note.rules.thresholds.temperature_c:
        present.pop(RedFlagCode.FEVER.value, None)
        return
    at = _place(note, draft, FieldName.TEMPERATURE_C)
    present.setdefault(RedFlagCode.FEVER.value, []).append(_hit(at, RedFlagCode.FEVER))


def _place(note: Note, draft: Draft, name: FieldName) -> int:
    """The token that a number was read from."""
    start = draft.spans[name][0][0]
    return next(i for i, token in enumerate(note.tokens) if token.start == start)


def fast_pulse(note: Note) -> int | None:
    """The number of a pulse at rest that is too fast, if the note names one."""
    least = note.rules.thresholds.pulse_per_minute
    for index in note.numbers:
        token = note.tokens[index]
        if token.kind is not Kind.NUMBER or not least <= token.value <= FASTEST_PULSE:
            continue
        before = note.words[max(0, index - 5) : index]
        after = note.words[index + 1 : index + 4]
        named = _PULSE_BEFORE.intersection(before) or _PULSE_AFTER.intersection(after)
        if named and note.is_now(index):
            return index
    return None


def _thicker_calf(note: Note, draft: Draft) -> int | None:
    """ "R calf 42 cm, L 38 cm": where the calves are measured, if one is much thicker."""
    calves = {g.get("side"): g["cm"] for g in draft.girths if g["site"] == Region.CALVES}
    left, right = calves.get(Side.LEFT), calves.get(Side.RIGHT)
    if left is None or right is None:
        return None
    if abs(left - right) < note.rules.thresholds.calf_difference_cm:
        return None
    start = draft.places[FieldName.GIRTHS][Region.CALVES][0][0]
    return next(i for i, token in enumerate(note.tokens) if token.end > start)


def _drain_jump(note: Note, draft: Draft) -> int | None:
    """ "110 mL in 24 h, the day before it was 45": much more than it was."""
    output = draft.number(FieldName.DRAIN_ML)
    if output is None:
        return None
    limits = note.rules.thresholds
    here = _place(note, draft, FieldName.DRAIN_ML)
    for index in range(here + 1, min(here + 20, len(note.tokens))):
        token = note.tokens[index]
        if token.kind is not Kind.NUMBER or note.topic_at.get(index + 1, "") in _NOT_ML:
            continue
        earlier = _EARLIER.intersection(note.words[max(here, index - 3) : index])
        rise = output - token.value
        if (
            earlier
            and token.value >= 5
            and rise >= limits.drain_up_ml
            and (output >= token.value * limits.drain_up_times)
        ):
            return here
    return None
