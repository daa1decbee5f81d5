"""Reads one note: `read_note(text, posted_on, rules)`."""

from dataclasses import dataclass, field
from datetime import date

from bot.care.codes import (
    FieldName,
    MedicationChange,
    RedFlagCode,
    Region,
    Side,
    Technique,
    Tolerance,
)
from bot.care.lexicon import Hit
from bot.care.rules import ClinicalRules

from .days import find_days
from .draft import Draft, Span, Spans, Value
from .duration import read_duration
from .facts import read_facts
from .flags import RedFlag, SignReader, Signs
from .fluids import read_drain, read_temperature
from .garment import read_garment
from .girths import read_girths
from .grades import read_grades
from .next_visit import read_next_visit
from .note import Note
from .scores import read_scores
from .session_date import read_session_date
from .session_number import read_session_number
from .talk import mark_talk
from .texts import read_texts
from .tokens import Kind
from .treatment import read_treatment
from .update import is_update
from .wordsets import set_of

_WITH_NO_SHOW = frozenset(
    (
        FieldName.NO_SHOW, FieldName.RED_FLAGS, FieldName.TEMPERATURE_C, FieldName.CONCERN,
        FieldName.PATIENT_QUOTE, FieldName.PLAN_CHANGE_REQUEST, FieldName.NEXT_VISIT,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class GirthReading:
    """One circumference in centimetres."""

    site: Region
    cm: float
    side: Side | None = None


@dataclass(frozen=True)
class Reading:
    """What a note says. Every field that the note does not state is None or empty.

    `spans` gives for each key the places in the original text (code points, end exclusive):
    a list of (start, end), or for list-valued keys one such list an item, by its code.
    """

    is_update: bool
    session_number: int | None = None
    session_date: date | None = None
    duration_min: int | None = None
    techniques: tuple[Technique, ...] = ()
    regions: tuple[Region, ...] = ()
    pain_before: float | None = None
    pain_after: float | None = None
    swelling_grade: int | None = None
    girths: tuple[GirthReading, ...] = ()
    bruising: int | None = None
    fibrosis: int | None = None
    garment_hours: float | None = None
    drain_ml: float | None = None
    temperature_c: float | None = None
    sleep: float | None = None
    anxiety: float | None = None
    satisfaction: float | None = None
    pgic: int | None = None
    tolerance: Tolerance | None = None
    medication_change: MedicationChange | None = None
    red_flags: tuple[RedFlag, ...] = ()
    red_flags_denied: bool = False
    concern: str | None = None
    patient_quote: str | None = None
    plan_change_request: str | None = None
    next_visit: date | None = None
    no_show: bool = False
    spans: dict[str, list[Span] | dict[str, list[Span]]] = field(default_factory=dict)
    contract: dict[str, Value] = field(default_factory=dict)

    def fields(self) -> dict[str, Value]:
        """The contract's object: `is_update` always, every other key only where stated."""
        return dict(self.contract)


LONGEST_NOTE = 4_000
SLICE = 2_000


def read_note(text: str, posted_on: date, rules: ClinicalRules) -> Reading:
    """Read a note as posted on a day (in the author's time zone). Never raises on any text.

    Of a text longer than LONGEST_NOTE characters (no therapist types that; somebody pasted
    a report) the fields are read from the first part, and the warning signs from all of it.
    """
    cut = _cut(text, 0, LONGEST_NOTE)
    note = Note(text[:cut], posted_on, rules)
    draft = Draft(note)
    if note.tokens:
        _read(note, draft)
    if cut < len(text):
        _signs_of_the_rest(text, cut, draft)
    update = draft.values.get(FieldName.IS_UPDATE, False) is True
    return _reading(draft, text, update)


def _read(note: Note, draft: Draft) -> None:
    mark_talk(note)
    read_texts(note, draft)
    for read_measure in (
        read_session_number,
        read_duration,
        read_girths,
        read_garment,
        read_drain,
        read_temperature,
    ):
        read_measure(note, draft)
    signs = SignReader(note).read()
    flags = _flags(note, draft, signs)
    read_scores(note, draft)
    read_grades(note, draft)
    read_treatment(note, draft)
    days = find_days(note)
    forward = read_next_visit(note, draft, days)
    read_session_date(note, draft, days, forward)
    read_facts(note, draft)
    for code, hits in flags.items():
        for hit in hits:
            draft.add(FieldName.RED_FLAGS, code, hit.start, hit.end)
    if not flags:
        _denied(note, draft, signs)
    draft.values[FieldName.IS_UPDATE] = is_update(note, draft)


def _cut(text: str, start: int, length: int) -> int:
    """Where to cut a text: at the last line or word end before `length` more characters."""
    end = start + length
    if len(text) <= end:
        return len(text)
    for mark in ("\n", ". ", " "):
        at = text.rfind(mark, start + length // 2, end)
        if at >= 0:
            return at + 1
    return end


def _signs_of_the_rest(text: str, start: int, draft: Draft) -> None:
    """Add the warning signs of the slices after `start`; the same slice is read once."""
    note = draft.note
    found: dict[str, list[Span]] = {}
    seen: dict[str, dict[str, list[Span]]] = {}
    while start < len(text):
        end = _cut(text, start, SLICE)
        part = text[start:end]
        if part not in seen:
            seen[part] = _signs_of(Note(part, note.posted_on, note.rules, signs_only=True))
        for code, spans in seen[part].items():
            found.setdefault(code, []).extend((a + start, b + start) for a, b in spans)
        start = end
    for code, spans in found.items():
        flags = draft.values.setdefault(FieldName.RED_FLAGS, [])
        places = draft.spans.setdefault(FieldName.RED_FLAGS, {})
        if isinstance(flags, list) and isinstance(places, dict):
            if code not in flags:
                flags.append(code)  # type: ignore[arg-type]
            places.setdefault(code, []).extend(spans)
    if found:
        draft.values[FieldName.IS_UPDATE] = True
        draft.drop(FieldName.RED_FLAGS_DENIED)


def _signs_of(note: Note) -> dict[str, list[Span]]:
    if not note.tokens:
        return {}
    mark_talk(note)
    flags = _flags(note, Draft(note), SignReader(note).read())
    return {code: [note.span(hit.start, hit.end) for hit in hits] for code, hits in flags.items()}


def _flags(note: Note, draft: Draft, signs: Signs) -> dict[str, list[Hit]]:
    """The present signs after the rules on numbers and the most specific code only."""
    present = signs.present
    temperature = draft.values.get(FieldName.TEMPERATURE_C)
    limit = note.rules.thresholds.temperature_c
    if isinstance(temperature, (int, float)):
        if temperature >= limit:
            place = draft.spans[FieldName.TEMPERATURE_C]
            index = next(i for i, t in enumerate(note.tokens) if [(t.start, t.end)] == place)
            present.setdefault("fever", []).append(Hit(index, index + 1, "flag", "fever", (index,)))
        else:
            present.pop("fever", None)
    pulse = _fast_pulse(note)
    if pulse is not None:
        present.setdefault("palpitations", []).append(pulse)
    return _most_specific(note, present)


def _fast_pulse(note: Note) -> Hit | None:
    for index, token in enumerate(note.tokens):
        if (
            token.kind is Kind.NUMBER
            and note.rules.thresholds.pulse_per_minute <= token.value <= 250
        ):
            near = note.words[max(0, index - 5) : index]
            after = note.words[index + 1 : index + 4]
            if (
                {"pulse", "hr", "bpm", "heartrate", "heart"}.intersection(near)
                or "bpm" in after
                or "beats" in after
            ) and note.is_now(index):
                return Hit(index, index + 1, "flag", "palpitations", (index,))
    return None


_LEG_WORDS = set_of("calf calves leg legs thigh thighs shin ankle foot knee")
_WOUND_WORDS = set_of(
    """
    incision incisions wound navel umbilicus umbilical button stitches suture sutures it
    drainage discharge pus scar surrounding around port
    """
)


def _most_specific(note: Note, present: dict[str, list[Hit]]) -> dict[str, list[Hit]]:
    def sentences(code: str) -> set[int]:
        return {note.sentence_of[hit.start] for hit in present.get(code, ())}

    def about(hit: Hit, words: frozenset[str]) -> bool:
        left, right = max(0, hit.start - 8), hit.end + 8
        return bool(words.intersection(note.words[left:right]))

    def drop(code: str, absorbed: list[Hit]) -> None:
        kept = [hit for hit in present.get(code, ()) if hit not in absorbed]
        if kept:
            present[code] = kept
        else:
            present.pop(code, None)

    if "calf_dvt" in present:
        legs = sentences("calf_dvt")
        for code in ("warmth", "redness", "asymmetry"):
            drop(
                code,
                [
                    h
                    for h in present.get(code, ())
                    if note.sentence_of[h.start] in legs or about(h, _LEG_WORDS)
                ],
            )
    if "wound_infection" in present:
        places = sentences("wound_infection")
        for code in ("warmth", "redness"):
            drop(
                code,
                [
                    h
                    for h in present.get(code, ())
                    if note.sentence_of[h.start] in places or about(h, _WOUND_WORDS)
                ],
            )
    if "cauda_equina" in present and "syncope" in present:
        falls = sentences("syncope")
        drop(
            "cauda_equina",
            [
                h
                for h in present["cauda_equina"]
                if note.sentence_of[h.start] in falls
                and {"gave", "giving", "give"}.intersection(note.words[h.start : h.end])
            ],
        )
    if "cauda_equina" in present:
        drop(
            "numbness",
            [
                h
                for h in present.get("numbness", ())
                if note.sentence_of[h.start] in sentences("cauda_equina")
            ],
        )
    if "garment_injury" in present:
        near = sentences("garment_injury")
        for code in ("skin_necrosis", "redness", "warmth"):
            drop(code, [h for h in present.get(code, ()) if note.sentence_of[h.start] in near])
    if "neuro_deficit" in present:
        for code in ("numbness", "asymmetry"):
            drop(
                code,
                [
                    h
                    for h in present.get(code, ())
                    if note.sentence_of[h.start] in sentences("neuro_deficit")
                    and about(h, set_of("face facial arm mouth"))
                ],
            )
    if "rigid_abdomen" in present:
        places = sentences("rigid_abdomen")
        drop(
            "disproportionate_pain",
            [
                h
                for h in present.get("disproportionate_pain", ())
                if note.sentence_of[h.start] in places
                and not {"proportion", "disproportionate"}.intersection(note.words[h.start : h.end])
            ],
        )
    if "drain_problem" in present:
        drop(
            "redness",
            [
                h
                for h in present.get("redness", ())
                if note.sentence_of[h.start] in sentences("drain_problem")
                and about(h, frozenset(("bright", "fluid", "output", "drainage")))
            ],
        )
        drop(
            "wound_infection",
            [
                h
                for h in present.get("wound_infection", ())
                if note.sentence_of[h.start] in sentences("drain_problem")
                and not {"pus", "purulent", "incision"}.intersection(note.words[h.start : h.end])
            ],
        )
    return present


def _denied(note: Note, draft: Draft, signs: Signs) -> None:
    words: dict[int, Hit] = {hit.parts[-1]: hit for hit in signs.denied}
    for index, word in enumerate(note.words):
        if word == "afebrile" or (word == "a" and note.words[index + 1 : index + 2] == ["febrile"]):
            words[index] = Hit(index, index + 1, "flag", "fever", (index,))
    general = signs.general_denial
    spans: list[Span] = []
    signs_denied = _separate(words)
    if general:
        spans = [note.span(hit.start, hit.end) for hit in general]
    elif len(signs_denied) >= 2:
        spans = [note.span(hit.start, hit.end) for hit in signs_denied]
    if spans:
        draft.values[FieldName.RED_FLAGS_DENIED] = True
        draft.spans[FieldName.RED_FLAGS_DENIED] = sorted(set(spans))


def _separate(words: dict[int, Hit]) -> list[Hit]:
    """Denied hits that do not share words: as many signs as were named."""
    kept: list[Hit] = []
    taken: set[int] = set()
    for hit in sorted(words.values(), key=lambda h: (h.end - h.start, h.start)):
        span = range(hit.start, hit.end)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(hit)
    return kept


def _reading(draft: Draft, text: str, update: bool) -> Reading:
    values, spans = draft.values, draft.spans
    if not update:
        values, spans = {}, {}
    elif FieldName.NO_SHOW in values:
        values = {k: v for k, v in values.items() if k in _WITH_NO_SHOW}
        spans = {k: v for k, v in spans.items() if k in _WITH_NO_SHOW}
    contract: dict[str, Value] = {FieldName.IS_UPDATE.value: update}
    contract.update(
        {
            name.value: values[name]
            for name in FieldName
            if name in values and name is not FieldName.IS_UPDATE
        }
    )
    shown: dict[str, Spans] = {
        name.value: spans[name] for name in FieldName if name in spans and name.value in contract
    }
    return _typed(draft.note, text, contract, shown)


def _typed(note: Note, text: str, contract: dict[str, Value], spans: dict[str, Spans]) -> Reading:
    typed: dict[str, object] = dict(contract)
    for name in ("session_date", "next_visit"):
        if name in typed:
            typed[name] = date.fromisoformat(str(typed[name]))
    typed["techniques"] = tuple(Technique(t) for t in contract.get("techniques", ()))  # type: ignore[union-attr, arg-type]
    typed["regions"] = tuple(Region(r) for r in contract.get("regions", ()))  # type: ignore[union-attr, arg-type]
    typed["girths"] = tuple(
        GirthReading(Region(g["site"]), float(g["cm"]), Side(g["side"]) if "side" in g else None)  # type: ignore[index, arg-type]
        for g in contract.get("girths", ())  # type: ignore[union-attr]
    )
    if "tolerance" in typed:
        typed["tolerance"] = Tolerance(str(typed["tolerance"]))
    if "medication_change" in typed:
        typed["medication_change"] = MedicationChange(str(typed["medication_change"]))
    places = spans.get("red_flags", {})
    typed["red_flags"] = tuple(
        _red_flag(
            note,
            text,
            RedFlagCode(str(code)),
            places[str(code)] if isinstance(places, dict) else [],
        )
        for code in contract.get("red_flags", ())  # type: ignore[union-attr]
    )
    return Reading(**typed, spans=spans, contract=contract)  # type: ignore[arg-type]


def _red_flag(note: Note, text: str, code: RedFlagCode, spans: list[Span]) -> RedFlag:
    rule = note.rules.flags[code]
    said = min(spans, key=lambda span: (span[0], -span[1]))
    return RedFlag(
        code,
        rule.urgency,
        rule.hold,
        note.rules.version,
        text[said[0] : said[1]],
        tuple(spans),
    )
