"""Case codes: what a referral is called wherever a name must not be said."""

import re
import secrets

# No vowels (a code never spells a word) and none of the pairs that are misread on a phone or
# misheard on the telephone (0/O, 1/I/L, 5/S, 2/Z, 8/B, N/M keeps M).
ALPHABET = "234679CDFGHJKMPQRTVWXY"
_SHAPE = re.compile(rf"^[{ALPHABET}]{{4}}-[{ALPHABET}]{{2}}$")


def new_case_code() -> str:
    """A random code such as `K7QF-3M`: 22^6, about 113 million, never derived from the patient."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(6))
    return f"{letters[:4]}-{letters[4:]}"


def read_case_code(text: str) -> str | None:
    """The code that somebody typed, in any case, with or without its hyphen; None if it is none."""
    letters = re.sub(r"[\s\-\u2010-\u2015]", "", text).upper()
    code = f"{letters[:4]}-{letters[4:]}"
    return code if _SHAPE.match(code) else None
