"""Words that people wrote about a patient, without what says who the patient is."""

from typing import Final

from bot.care.identifiers import find_known, replace
from bot.care.request import Identifiers

HIDDEN: Final = "[patient]"


def without_identifiers(words: str, who: Identifiers) -> str:
    """`words` with the patient's names, birth date, record number and telephone number hidden."""
    return replace(words, find_known(words, [who]), HIDDEN)
