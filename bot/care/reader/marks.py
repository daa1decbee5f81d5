"""Marking words with why they are not about this session."""

from .note import Note


def mark(note: Note, start: int, end: int, talk: int) -> None:
    for index in range(max(0, start), min(end, len(note.talk))):
        note.talk[index] |= talk
