"""Words that people wrote about a patient, without what says who the patient is."""

import re
from typing import Final

from bot.care.request import Identifiers

HIDDEN: Final = "[patient]"
# A shorter name may also be a word ("Will", "May"): it is hidden only as it is written.
_SURELY_A_NAME: Final = 5
_LEAST_DIGITS: Final = 5


def without_identifiers(words: str, who: Identifiers) -> str:
    """`words` with the patient's names, record number and telephone number hidden."""
    for part in sorted(re.findall(r"[^\W\d_]{2,}", who.name), key=len, reverse=True):
        flags = re.IGNORECASE if len(part) >= _SURELY_A_NAME else re.NOFLAG
        words = re.sub(rf"\b{re.escape(part)}\b", HIDDEN, words, flags=flags)
    for number in (who.record_number, who.phone):
        found = re.findall(r"\w", number)
        if len(found) >= _LEAST_DIGITS:
            loose = r"\W{0,2}".join(re.escape(one) for one in found)
            words = re.sub(rf"\b{loose}\b", HIDDEN, words, flags=re.IGNORECASE)
    return words
