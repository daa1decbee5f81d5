"""Reads notes as JSON lines: the work of `careloop parse-note`."""

import json
import sys
from datetime import date
from pathlib import Path
from typing import TextIO

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.care.rules import load_rules

from .read import read_note


class NoteLine(BaseModel):
    """One line of input; other keys are ignored. `posted_on` is the author's own day."""

    model_config = ConfigDict(extra="ignore", strict=False)

    id: str | int
    posted_on: date
    text: str


def read_lines(
    stdin: TextIO, stdout: TextIO, stderr: TextIO | None = None, rules_file: Path | None = None
) -> int:
    """Write `{"id", "fields", "spans"}` for each line of `stdin`; 0 if every line was read.

    `spans` has the keys of `fields` (without `is_update`). Each holds a list of
    `[start, end]` in the original text, in code points, end exclusive; for the list-valued
    keys (`techniques`, `regions`, `girths`, `red_flags`) an object with one such list for
    each code: `{"red_flags": {"fever": [[4, 9]]}}`; girths go by their site.
    A line that can't be read is told on `stderr`, the rest is still read, and 1 is returned.
    Raises RulesError if the rules file is wrong.
    """
    complaints = stderr or sys.stderr
    rules = load_rules(rules_file)
    failed = False
    for number, line in enumerate(stdin, 1):
        if not line.strip():
            continue
        try:
            note = NoteLine.model_validate_json(line)
        except ValidationError as problem:
            failed = True
            complaints.write(f"line {number} was not read: {_why(problem)}\n")
            continue
        reading = read_note(note.text, note.posted_on, rules)
        answer = {"id": note.id, "fields": reading.fields(), "spans": reading.spans}
        stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 1 if failed else 0


def _why(problem: ValidationError) -> str:
    """The first problem in words, without the note's own words."""
    first = problem.errors(include_input=False, include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return f"{place}: {first['msg']}" if place else first["msg"]
