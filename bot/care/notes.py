"""One message, one note; or two, when somebody writes up two sessions at once.

Two notes are told apart by their headings: lines that begin with the number of a session, the
numbers being different. Anything else stays one note: splitting what belongs together would be
worse than asking.
"""

import re
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from typing import Final

_HEADING: Final = re.compile(
    r"^[\s*_>•\-]{0,6}(?:session|sess|visit|tx|treatment)\.?\s{0,3}(?:no\.?|number|#)?\s{0,3}"
    r"(?P<number>[0-9]{1,3})\b(?!\s*(?:min|of\s+[0-9]{1,3}\s+min))",
    re.IGNORECASE | re.MULTILINE,
)
# Messages of the same person within this many seconds may be one note, sent in two.
CONTINUES_WITHIN: Final = 60.0


def split_notes(text: str) -> list[str]:
    """The notes in a message, in order; their words are the message's, none left out."""
    headings: list[tuple[int, str]] = []
    for found in _HEADING.finditer(text):
        if not headings or headings[-1][1] != found["number"]:
            headings.append((found.start(), found["number"]))
    if len({number for _, number in headings}) < 2 or len(headings) != len(
        {number for _, number in headings}
    ):
        return [text]
    starts = [0, *(start for start, _ in headings[1:])]
    ends = [*starts[1:], len(text)]
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]


def places_of(
    before: Sequence[str], after: Sequence[str], moved: Collection[int] = ()
) -> list[int | None]:
    """Where each note of a message is after an edit; None where it was taken out.

    One that is gone stood where another came: it was edited. If more of them went than came, the
    first ones were edited, but none of `moved`: those belong to other patients, and another's words
    must not become theirs.
    """
    found: list[int | None] = [None] * len(before)
    old, new = [one.strip() for one in before], [one.strip() for one in after]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for kind, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        there = iter(range(new_from, new_to))
        is_even = old_to - old_from == new_to - new_from
        for at in range(old_from, old_to):
            if kind in {"equal", "replace"} and (is_even or at not in moved):
                found[at] = next(there, None)
    return found
