"""`careloop parse-note`: what the reader makes of notes."""

import sys

import typer

from bot.care.reader.lines import read_lines


def parse_note() -> None:
    """Read session notes: JSON lines in (`id`, `posted_on`, `text`), JSON lines out."""
    raise typer.Exit(read_lines(sys.stdin, sys.stdout))
