"""Why a patient's record is erased, and when the rule says that it may be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

# Six years: how long HIPAA asks for documentation to be kept, 45 CFR 164.316(b)(2)(i) and
# 164.530(j)(2). Many states ask longer for medical records; the clinic sets its own.
DEFAULT_YEARS: Final = 6


class ErasureReason(StrEnum):
    """Why a record was erased. A closed set: the audit takes no free words."""

    PATIENT_ASKED = "patient_asked"
    RETENTION = "retention"
    WRONG_PATIENT = "wrong_patient"
    DUPLICATE = "duplicate"
    TEST_RECORD = "test_record"
    COURT_ORDER = "court_order"


@dataclass(frozen=True)
class RecordAge:
    """All records of one person: when the last of their cases was closed, and what keeps them."""

    # None while a case of theirs is open.
    closed_at: datetime | None
    is_held: bool


class Fate(StrEnum):
    """What the rule says of a record today."""

    OPEN = "open"
    KEPT = "kept"
    HELD = "held"
    GOES = "goes"


def goes_at(closed_at: datetime, years: int) -> datetime:
    """When a record that was closed at `closed_at` may go: so many calendar years later."""
    try:
        return closed_at.replace(year=closed_at.year + years)
    except ValueError:  # The 29th of February: the day after, so that no day is missing.
        return closed_at.replace(year=closed_at.year + years, month=3, day=1)


def fate_of(record: RecordAge, years: int, now: datetime) -> Fate:
    """What the rule says. A hold wins over age, and an open case over both."""
    if record.closed_at is None:
        return Fate.OPEN
    if now < goes_at(record.closed_at, years):
        return Fate.KEPT
    return Fate.HELD if record.is_held else Fate.GOES


def last_of(closings: Sequence[datetime | None]) -> datetime | None:
    """When the last of several cases was closed; None while one of them is open."""
    times = [at for at in closings if at is not None]
    return max(times) if times and len(times) == len(closings) else None
