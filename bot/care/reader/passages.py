"""Stretches of the text, as written."""

from bot.care.codes import FieldName

from .draft import Draft
from .note import Note, Sentence


def put(draft: Draft, name: FieldName, start: int, end: int) -> None:
    text = draft.note.text
    while start < end and text[start] in " \t\n\r,:;-\u2013\u2014•*\"'\u201c\u201d":
        start += 1
    while end > start and text[end - 1] in ' \t\n\r"\u201c\u201d,;':
        end -= 1
    if end > start:
        draft.plain[name] = text[start:end]
        draft.spans[name] = [(start, end)]


def sentence_bounds(note: Note, sentence: Sentence) -> tuple[int, int]:
    end = note.tokens[sentence.end - 1].end
    if (sentence.mark == "?" and sentence.end < len(note.tokens)) or (
        sentence.mark == "." and sentence.end < len(note.tokens)
    ):
        end = note.tokens[sentence.end].end
    return note.tokens[sentence.start].start, end


def sentence_holding(note: Note, offset: int) -> Sentence | None:
    for sentence in note.sentences:
        if note.tokens[sentence.start].start <= offset < note.tokens[sentence.end - 1].end + 1:
            return sentence
    return None
