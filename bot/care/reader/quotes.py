"""The patient's own words in quotation marks."""

import re

from bot.care.codes import FieldName

from .draft import Draft
from .note import Note
from .passages import put

_QUOTE = re.compile(r'["\u201c\u201d\u201e«»]')


_SINGLE_QUOTE = re.compile(
    r"(?:says?|said|told me|states|stated|reports|pt|patient|goes|quote|"
    r":)[\s:,]*[\u2018'](?=\w)([^\u2018\u2019'\n]{2,}(?:['\u2019]\w[^\u2018\u2019'\n]*){0,6})[\u2019'](?!\w)",
    re.IGNORECASE,
)


_SINGLE_SAID = re.compile(
    r"(?<!\w)[\u2018'](?=\w)([^\u2018\u2019'\n]{2,}(?:['\u2019]\w[^\u2018\u2019'\n]*){0,6})[\u2019'](?!\w)"
    r",? (?:she|he|pt|patient|says|said)\b",
    re.IGNORECASE,
)


_SAYING = re.compile(
    r"\b(?:says?|said|saying|sez|told|tells|states?|stated|reports?|reported|goes|"
    r"quote|asked|asks|asking|words|pt|patient|client|exclaimed|mentioned|texted|"
    r"wrote|writes|joked|laughed|feels|felt|describes?|described|"
    r"calls|called|commented|claims|answered|whispered|cried|she|he|s|subjective|"
    r"her|his|adds?|added|replied|admitted|comments?)\b[^\"\u201c\u201d]*$",
    re.IGNORECASE,
)


_NOT_PATIENT = re.compile(
    r"\b(?:you|dr\.?|doctor|doc|surgeon|husband|wife|spouse|mother|mom|mum|father|"
    r"dad|daughter|son|sister|brother|partner|boyfriend|girlfriend|friend|nurse|"
    r"aunt|uncle|caregiver|pa|office|secretary|receptionist|neighbou?r|"
    r"mother-in-law|niece|protocol|order|orders|prescription|rx|"
    r"sheet (?:says|said|reads)|note|chart|"
    r"label|portal|instructions|i|roommate|cousin|bf|gf|hubby|fianc[eé]e?|physician|np|handout|"
    r"op report|report|my(?! (?:\d|session|slot|table|hands|office|appt|appointment|next|last))|"
    r"insurance|front desk|sign|paper)\b"
    r"(?:'s)?[^\"\u201c\u201d.!?\n]{0,40}$",
    re.IGNORECASE,
)


_PATIENT_LATE = re.compile(
    r"\b(?:she|he|pt|patient|client|they|her words|his words)\b", re.IGNORECASE
)


_NOT_PATIENT_AFTER = re.compile(
    r"^[\s,.:\-\u2013\u2014]*(?:(?:is |was )?(?:what )?(?:her |his |the |my |"
    r"your )?(?:husband|wife|spouse|mother|mom|mum|father|dad|daughter|son|sister|"
    r"brother|partner|boyfriend|girlfriend|friend|nurse|aunt|caregiver|surgeon|"
    r"doctor)\b|you (?:wrote|said|told)|(?:says?|said) (?:her|his|the|"
    r"my) (?:husband|wife|mother|mom|son|daughter|friend|sister|partner|spouse|dad|"
    r"father))",
    re.IGNORECASE,
)


# "finally I can turn my head". Her aunt had a stroke: another sentence, and no speaker.
_NEXT_SENTENCE = re.compile(
    r"^\s*[.!?]*\s+(?:Her|His|The|My) (?!\S+ (?:says?|said|told|texted|wrote|adds?|added)\b)"
)
# She told me "...", her husband said "...": the next words are another's.
_NEXT_SPEAKER = re.compile(
    r"^[\s,.;]+(?:and |but |while |then )?(?:her|his|the) \S+ (?:\S+ )?"
    r"(?:says?|said|told me|adds?|added|goes|was like)[\s,:]*[\"\u201c]",
    re.IGNORECASE,
)


_SCARE = re.compile(
    r"\b(?:seems?|seemed|looks?|looked|called|so-called|the|a|bit|kind of|sort of|"
    r"labeled|marked|says on|acting|little|of|in|on|my|says: the|an|named)\s*$",
    re.IGNORECASE,
)


def quoted_ranges(text: str) -> list[tuple[int, int]]:
    marks = [m.start() for m in _QUOTE.finditer(text) if not _is_inch(text, m.start())]
    return list(zip(marks[::2], marks[1::2], strict=False))


def _is_inch(text: str, at: int) -> bool:
    return (
        text[at] in '"\u201d'
        and at > 0
        and text[at - 1].isdigit()
        and not (at + 1 < len(text) and text[at + 1].isalnum())
    )


MOST_QUOTES = 40


def quote(note: Note, draft: Draft) -> None:
    text = note.text
    marks = [m.start() for m in _QUOTE.finditer(text) if not _is_inch(text, m.start())]
    index = 0
    while index < min(len(marks), MOST_QUOTES):
        start = marks[index] + 1
        if index + 1 < len(marks):
            end = marks[index + 1]
        else:
            newline = text.find("\n", start)
            end = newline if newline >= 0 else len(text)
        if _is_patients(text, marks[index], start, end):
            _put_quote(draft, start, end)
            return
        index += 2
    if not marks and ("'" in text or "\u2018" in text):
        single = _SINGLE_QUOTE.search(text)
        if single is None:
            single = _SINGLE_SAID.search(text)
        if single and not _NOT_PATIENT.search(
            text[max(0, single.start() - 40) : single.start(1) - 1]
        ):
            _put_quote(draft, single.start(1), single.end(1))


def _put_quote(draft: Draft, start: int, end: int) -> None:
    text = draft.note.text
    while end > start and text[end - 1] in " ,.":
        end -= 1
    put(draft, FieldName.PATIENT_QUOTE, start, end)


def _is_patients(text: str, mark: int, start: int, end: int) -> bool:
    words = text[start:end].split()
    if not words:
        return False
    before = text[max(0, mark - 70) : mark]
    clause = re.split(r"[.!?\n;|](?=\s|$)", before)[-1]
    after = text[end + 1 : end + 50]
    over = _NEXT_SENTENCE.match(after)
    if over is None and _NOT_PATIENT_AFTER.match(after) and not _NEXT_SPEAKER.match(after):
        return False
    teller = _NOT_PATIENT.search(clause)
    if teller is not None:
        rest = clause[teller.start() :]
        by_patient = _PATIENT_LATE.search(clause)
        own = re.match(
            r"(?:my|i|note|report|pa|sign|you|doctor|doc|dr\.?)\b", teller.group(), re.IGNORECASE
        )
        if (
            by_patient is None
            or (by_patient.start() < teller.start() and own is None)
            or (
                teller.start() < by_patient.start()
                and re.search(
                    r"\b(?:says?|said|told|wrote)\b",
                    rest[: max(0, by_patient.start() - teller.start())],
                )
            )
        ):
            told_me = re.search(
                r"\b(?:told|tells|tell|asked|asks|ask|telling|texted|to|for|"
                r"with)\s+(?:\w+\s+)?(?:me|you|husband|wife|the doctor|i|my|doc|doctor|"
                r"her husband|his wife|the surgeon|dr\.?)\b",
                clause,
                re.IGNORECASE,
            )
            if not (told_me and by_patient is not None and by_patient.start() <= told_me.start()):
                return False
    said = (
        _SAYING.search(clause) is not None
        or re.match(
            r"[\s,.:\-\u2013\u2014]*(?:she|he|pt|patient|they|says|said|client|her words)\b",
            after,
            re.IGNORECASE,
        )
        is not None
    )
    if len(words) <= 2 and (not said or _SCARE.search(clause)):
        return False
    return said or len(words) >= 3
