"""One message, one note; or two, when somebody writes up two sessions at once.

Two notes are told apart by their headings: lines that begin with the number of a session, the
numbers being different. Anything else stays one note: splitting what belongs together would be
worse than asking.
"""

import re
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
