"""Reads one note: `read_note(text, posted_on, rules)`."""

from datetime import date

from bot.care.codes import FieldName
from bot.care.lexicon import Hit
from bot.care.rules import ClinicalRules

from .days import find_days
from .draft import Draft, Span
from .drain import read_drain
from .duration import read_duration
from .facts import read_facts
from .flags import SignReader, Signs
from .garment import read_garment
from .girths import read_girths
from .grades import read_grades
from .measured import add_measured, fast_pulse
from .next_visit import read_next_visit
from .note import Note
from .reading import Reading, reading_of
from .scores import read_scores
from .session_date import read_session_date
from .session_number import read_session_number
from .specific import most_specific
from .talk import mark_talk
from .temperature import read_temperature
from .texts import read_texts
from .treatment import read_treatment
from .update import is_update

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
    alarm = _read(note, draft) if note.tokens else None
    if cut < len(text):
        _signs_of_the_rest(text, cut, draft)
    return reading_of(draft, text, alarm)


def _read(note: Note, draft: Draft) -> Hit | None:
    """Fill the draft; give the words that sound the alarm, if any do."""
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
        draft.add(FieldName.RED_FLAGS, code, _places(note, hits))
    if not flags:
        _denied(note, draft, signs)
    draft.plain[FieldName.IS_UPDATE] = is_update(note, draft, signs.alarm)
    return signs.alarm


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
    """Add the warning signs of the slices after `start`.

    The same slice is read once, and a sign that was found needs no more places.
    """
    note = draft.note
    named = set(draft.codes.get(FieldName.RED_FLAGS, ()))
    found: dict[str, list[Span]] = {}
    seen: set[str] = set()
    while start < len(text):
        end = _cut(text, start, SLICE)
        part = text[start:end]
        if part not in seen:
            seen.add(part)
            slice_of_it = Note(part, note.posted_on, note.rules, signs_only=True)
            for code, spans in _signs_of(slice_of_it, named).items():
                found.setdefault(code, []).extend((a + start, b + start) for a, b in spans)
            named.update(found)
        start = end
    for code, spans in found.items():
        draft.add(FieldName.RED_FLAGS, code, spans)
    if found:
        draft.plain[FieldName.IS_UPDATE] = True
        draft.drop(FieldName.RED_FLAGS_DENIED)


def _signs_of(note: Note, named: set[str]) -> dict[str, list[Span]]:
    """The signs of a slice. One that names none but those that were found before is left alone."""
    possible = {hit.code for kind in ("flag", "weak") for hit in note.found.get(kind, ())}
    if possible <= named and fast_pulse(note) is None:
        return {}
    mark_talk(note)
    flags = _flags(note, Draft(note), SignReader(note).read())
    return {code: _places(note, hits) for code, hits in flags.items()}


def _places(note: Note, hits: list[Hit]) -> list[Span]:
    return sorted({note.span(hit.start, hit.end) for hit in hits})


def _flags(note: Note, draft: Draft, signs: Signs) -> dict[str, list[Hit]]:
    """The present signs after those in numbers, the most specific code only."""
    add_measured(note, draft, signs.present)
    return most_specific(note, signs.present)


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
    elif len(signs_denied) + sum(_are_two(note, hit) for hit in signs_denied) >= 2:
        spans = [note.span(hit.start, hit.end) for hit in signs_denied]
    if spans:
        draft.plain[FieldName.RED_FLAGS_DENIED] = True
        draft.spans[FieldName.RED_FLAGS_DENIED] = sorted(set(spans))


def _are_two(note: Note, hit: Hit) -> bool:
    """ "f/c" is fever and chills."""
    return note.words[hit.start : hit.end] == ["f", "/", "c"]


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
