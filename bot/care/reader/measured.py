"""Signs that are in the numbers: a temperature, a pulse, a drain that gives much more."""

from bot.care.codes import FieldName, RedFlagCode, Region, Side
from bot.care.lexicon import Hit

from .draft import Draft
from .note import Note
from .tokens import Kind
from .two_sides import drain_series, unlike_sides
from .wordsets import set_of

FASTEST_PULSE = 250
_PULSE_BEFORE = set_of("pulse hr bpm heartrate heart")
_PULSE_AFTER = set_of("bpm beats")
_AT_WRIST = set_of("wrist radial pulse")
_WATCHES = set_of("fitbit watch oura garmin monitor oximeter")
_RESTING = set_of("sitting resting rest couch lying still bed")
_EARLIER = set_of("was from vs than before yesterday last previously")
_OXYGEN = set_of("spo o oxygen ox sats saturation saturations oximeter oximetry pulseox")
_LOWEST_OXYGEN = 50
_RATES = set_of("rr respirations resp resps respiratory breathing")
_FASTEST_BREATHING = 60
_ORIENTED = set_of("ox aox o oriented aaox aao")
_FULLY_ORIENTED = 3
_NOT_ML = frozenset(("MIN", "HOUR", "CM", "INCH"))


def add_measured(note: Note, draft: Draft, present: dict[str, list[Hit]]) -> None:
    """Add to the present signs what the numbers say, and take away a fever that they deny."""
    _fever(note, draft, present)
    for code, at in (
        (RedFlagCode.PALPITATIONS, fast_pulse(note)),
        (RedFlagCode.DYSPNEA, _low_oxygen(note)),
        (RedFlagCode.DYSPNEA, _fast_breathing(note)),
        (RedFlagCode.CONFUSION, _half_oriented(note)),
        (RedFlagCode.DRAIN_PROBLEM, _drain_jump(note, draft)),
        (RedFlagCode.DRAIN_PROBLEM, drain_series(note)),
        (RedFlagCode.CALF_DVT, _thicker_calf(note, draft)),
        *([unlike] if (unlike := unlike_sides(note)) else []),
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
        named = (
            _PULSE_BEFORE.intersection(before)
            or _PULSE_AFTER.intersection(after)
            or _AT_WRIST.intersection(note.words[index + 1 : index + 5])
            or (
                _WATCHES.intersection(before)
                and _RESTING.intersection(note.words[index + 1 : index + 8])
            )
        )
        if named and note.is_now(index):
            return index
    return None


def _low_oxygen(note: Note) -> int | None:
    """ "spo2 86", "O2 sat 88%", "sats 90 and dropping": too little oxygen in the blood."""
    for index in note.numbers:
        token = note.tokens[index]
        low = _LOWEST_OXYGEN <= token.value < note.rules.thresholds.oxygen_percent
        if token.kind is not Kind.NUMBER or not low or note.topic_at.get(index + 1) in _NOT_ML:
            continue
        before = note.words[max(note.sentence(index).start, index - 6) : index]
        if not _OXYGEN.isdisjoint(before) and note.is_now(index):
            return index
        percent = note.words[index + 1 : index + 2] == ["%"]
        if percent and "sat" in before and note.is_now(index):
            return index
    return None


def _fast_breathing(note: Note) -> int | None:
    """ "RR 30", "respirations 28": breaths a minute at rest."""
    for index in note.numbers:
        token = note.tokens[index]
        fast = note.rules.thresholds.breaths_per_minute <= token.value <= _FASTEST_BREATHING
        if token.kind is not Kind.NUMBER or not fast or note.topic_at.get(index + 1) in _NOT_ML:
            continue
        before = note.words[max(note.sentence(index).start, index - 4) : index]
        if not _RATES.isdisjoint(before) and note.is_now(index):
            return index
    return None


def _half_oriented(note: Note) -> int | None:
    """ "A&Ox2", "A+O x1 only", "oriented x2": not to person, place and time."""
    words = note.words
    for index in note.numbers:
        token = note.tokens[index]
        if token.kind is not Kind.NUMBER or token.value >= _FULLY_ORIENTED:
            continue
        before = words[max(0, index - 4) : index]
        if before[-1:] == ["x"]:
            before = before[:-1]
        elif before[-1:] != ["ox"] and before[-1:] != ["aox"]:
            continue
        alert = before[-1:] == ["oriented"] or "a" in before[-3:-1] or before[-1:] == ["aox"]
        if before and before[-1] in _ORIENTED and alert and note.is_now(index):
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
        if note.sentence_of[index] != note.sentence_of[here] and earlier == {"from"}:
            continue  # "Drain 30 mL. From 6 Norco a day down to 2"
        rise = output - token.value
        if (
            earlier
            and token.value >= 5
            and rise >= limits.drain_up_ml
            and (output >= token.value * limits.drain_up_times)
        ):
            return here
    return None
