"""The note reader: free text in, the contract's fields and their words out."""

from bot.care.codes import (
    FieldName,
    MedicationChange,
    RedFlagCode,
    Region,
    Side,
    Technique,
    Tolerance,
    Urgency,
)

from .flags import RedFlag
from .read import read_note
from .reading import PossibleSign, Reading

__all__ = [
    "FieldName", "MedicationChange", "PossibleSign", "Reading", "RedFlag", "RedFlagCode",
    "Region", "Side", "Technique", "Tolerance", "Urgency", "read_note",
]  # fmt: skip
