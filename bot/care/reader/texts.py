"""The therapist's own words: a concern, a request; and the patient's words in quotes."""

import re

from bot.care.codes import FieldName

from .draft import Draft
from .note import Note
from .passages import put, sentence_bounds, sentence_holding
from .quotes import quote, quoted_ranges
from .requests import request
from .wordsets import set_of

_CONCERN = re.compile(
    r"(?<![\w])(?:(?:my |main |only |one |biggest |a |some )*concerns? ?(?:is that|"
    r"is|are|:|-|=|about|that|with|re|over)|concerned (?:about|that|with|for|by)|"
    r"concerned,? |worr(?:ied|ying|y|ies) (?:about|that|is|for)|"
    r"worried (?=(?:this|she|shes|she's|he|hes|he's|it|its|it's|they|the|her|his|we|there)\b)|"
    r"i'?m worried|a bit worried|heads[ -]?up(?: that|:|,| -)?|"
    r"(?:just )?flagging(?: that| for you| this)?|flag for you|wanted to flag|"
    r"want to flag|i flag)\s*[:,\-\u2013\u2014]*\s*(?:that\s+)?",
    re.IGNORECASE,
)


_NO_CONCERN = re.compile(
    r"(?:\bno|\bnot|\bwithout|\bnothing|\bisn'?t|\bw/o|\bzero|n't|\bno new|"
    r"\bnot too|\bdenies|\bany|\bnone|\bnot really|\bno other|\bno major|\bless|"
    r"\baddress\w*)\s*(?:\w+\s+)?$",
    re.IGNORECASE,
)


_PATIENT_WORRIES = re.compile(
    r"\b(?:she|he|they|pt|patient|client|husband|wife|mom|mother|family|daughter|"
    r"son|she's|he's|shes|hes|they're|her|his|spouse|who)(?:'s| is| was| seems|"
    r" seemed| are| gets| got| also| still| really| very| just| feels| felt|"
    r" has been| main| biggest| only)*\s*$",
    re.IGNORECASE,
)


_EMPTY = re.compile(r"^(?:none|no|nil|n/?a|nothing|0|-+|na)?[\s.!]*$", re.IGNORECASE)


_ADVISE = re.compile(
    r"\b(?:pls|please|plz|kindly) (?:advise|advice|let me know how to proceed|guide)\b",
    re.IGNORECASE,
)


def read_texts(note: Note, draft: Draft) -> None:
    """Fill the three texts, as written."""
    quote(note, draft)
    _concern(note, draft)
    request(note, draft)


_KINDLY = ("please", "pls", "plz", "kindly")
_CUE_WORDS = set_of(
    """
    concern concerns concerned worried worry worries worrying heads flagging flag
    """
)


def _concern(note: Note, draft: Draft) -> None:
    text = note.text
    if _CUE_WORDS.intersection(note.words) or "headsup" in note.words:
        quoted = quoted_ranges(text)
        for match in _CONCERN.finditer(text):
            before = text[max(0, match.start() - 40) : match.start()]
            if (
                _NO_CONCERN.search(before)
                or _PATIENT_WORRIES.search(before)
                or any(a < match.start() < b for a, b in quoted)
            ):
                continue
            sentence = sentence_holding(note, match.start())
            if sentence is None:
                continue
            end = sentence_bounds(note, sentence)[1]
            start = match.end()
            if start >= end:  # the cue stands alone: the next sentence is the concern
                following = note.sentence_of[sentence.start] + 1
                if following >= len(note.sentences) or (
                    note.text[match.end() - 1 : match.end()] not in (":", " ", "\n")
                    and ":" not in match.group()
                ):
                    continue
                start, end = sentence_bounds(note, note.sentences[following])
            words = text[start:end].strip()
            if _EMPTY.match(words) or words.lower().startswith(
                ("none", "no concern", "n/a", "flag")
            ):
                continue
            put(
                draft,
                FieldName.CONCERN,
                start,
                end - text[start:end].rstrip().endswith((".", "!")) if True else end,
            )
            return
    kindly = any(word in note.normal for word in _KINDLY)
    advise = _ADVISE.search(text) if kindly else None
    if advise and len(text) - advise.end() < 40:
        sentence = sentence_holding(note, advise.start())
        if sentence is None:
            return
        start, _ = sentence_bounds(note, sentence)
        if advise.start() - start > 12:
            put(draft, FieldName.CONCERN, start, advise.start())
            return
        index = note.sentence_of[sentence.start] - 1
        if index >= 0:
            start, end = sentence_bounds(note, note.sentences[index])
            put(draft, FieldName.CONCERN, start, end)
