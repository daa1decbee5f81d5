"""What a note says: the contract's object, the words that it came from, the signs to act on."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.care.codes import FieldName, RedFlagCode
from bot.care.lexicon import Hit

from .draft import Draft, Span, Spans, Value
from .flags import RedFlag

_WITH_NO_SHOW = frozenset(
    (
        FieldName.NO_SHOW, FieldName.RED_FLAGS, FieldName.TEMPERATURE_C, FieldName.CONCERN,
        FieldName.PATIENT_QUOTE, FieldName.PLAN_CHANGE_REQUEST, FieldName.NEXT_VISIT,
    )
)  # fmt: skip
_KEYS = tuple((name, name.value) for name in FieldName if name is not FieldName.IS_UPDATE)


@dataclass(frozen=True, slots=True)
class PossibleSign:
    """The therapist broke off or sent for help, and no warning sign was understood.

    Not a red flag: a person has to look. `words` are those that say it, at `span`.
    """

    words: str
    span: Span


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read. `contract` holds the contract's keys without `is_update`, where stated.

    `spans` gives for each key the places in the original text (code points, end exclusive):
    a list of (start, end), or for list-valued keys one such list an item, by its code. The typed
    form of the fields is `bot.care.session.SessionFields`.
    """

    is_update: bool
    red_flags: tuple[RedFlag, ...] = ()
    possible_sign: PossibleSign | None = None
    spans: Mapping[str, Spans] = field(default_factory=dict)
    contract: Mapping[str, Value] = field(default_factory=dict)
    unread: str | None = None
    """The reference of a failure: the words are kept, and nothing was read from them."""

    @property
    def session_number(self) -> int | None:
        """The number that the note gives its session."""
        number = self.contract.get(FieldName.SESSION_NUMBER.value)
        return number if isinstance(number, int) else None

    def fields(self) -> dict[str, Value]:
        """The contract's object: `is_update` always, every other key only where stated."""
        return {FieldName.IS_UPDATE.value: self.is_update, **self.contract}


def reading_of(draft: Draft, text: str, alarm: Hit | None) -> Reading:
    """The reading of a text, once everything was put into the draft."""
    if not draft.plain.get(FieldName.IS_UPDATE, False):
        return Reading(is_update=False)
    contract: dict[str, Value] = {}
    spans: dict[str, Spans] = {}
    missed = FieldName.NO_SHOW in draft
    stated = {*draft.plain, *draft.codes, FieldName.GIRTHS}
    if missed:
        stated &= _WITH_NO_SHOW
    for name, key in _KEYS:
        if name not in stated:
            continue
        value = draft.value(name)
        if value is None:
            continue
        contract[key] = value
        places = draft.spans_of(name)
        if places is not None:
            spans[key] = places
    found = draft.places.get(FieldName.RED_FLAGS, {})
    flags = tuple(_red_flag(draft, text, RedFlagCode(code), found[code]) for code in found)
    possible = None
    if alarm is not None and not flags:
        start, end = draft.note.span(alarm.start, alarm.end)
        possible = PossibleSign(text[start:end], (start, end))
    return Reading(
        is_update=True, red_flags=flags, possible_sign=possible, spans=spans, contract=contract
    )


def _red_flag(draft: Draft, text: str, code: RedFlagCode, spans: list[Span]) -> RedFlag:
    rules = draft.note.rules
    rule = rules.flags[code]
    start, end = min(spans, key=lambda span: (span[0], -span[1]))
    words = text[start:end]
    return RedFlag(code, rule.urgency, rule.hold, rules.version, words, tuple(spans))
