"""The patient's own account: asked for every few sessions, not always."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.care.codes import MedicationChange
from bot.care.session import SessionFields
from bot.care.text import clean

# The session before the clinic asks again; more often is a burden and tells little more.
EVERY: Final = 4


def is_asked_at(session: int) -> bool:
    """Whether the patient is asked at the `session`-th session given (from 1)."""
    return session > 0 and session % EVERY == 0


def was_asked(fields: SessionFields) -> bool:
    """Whether the patient was asked already. Sleep alone is often noted without asking more."""
    scored = (fields.satisfaction, fields.anxiety, fields.pgic)
    return any(value is not None for value in scored)


def has_scales(fields: SessionFields) -> bool:
    """Whether one of the scales that are asked for at times stands in it."""
    return fields.sleep is not None or was_asked(fields)


def has_feedback(fields: SessionFields) -> bool:
    """Whether there is an account of the patient's to show. Sleep alone is a value among others,
    and would hide the last time that they were asked."""
    return fields.rating is not None or was_asked(fields)


@dataclass(frozen=True)
class FilledFeedback:
    """What the patient says, as it was filled in; scores are 0-10, `pgic` 1-7."""

    rating: Decimal | None = None
    patient_quote: str = ""
    satisfaction: Decimal | None = None
    sleep: Decimal | None = None
    anxiety: Decimal | None = None
    pgic: int | None = None
    medication_change: MedicationChange | None = None

    def onto(self, fields: SessionFields) -> SessionFields:
        """`fields` with this account in the place of what they had of it."""
        return fields.model_copy(
            update={
                "rating": _score(self.rating),
                "patient_quote": clean(self.patient_quote) or None,
                "satisfaction": _score(self.satisfaction),
                "sleep": _score(self.sleep),
                "anxiety": _score(self.anxiety),
                "pgic": self.pgic,
                "medication_change": self.medication_change,
            }
        )


def _score(value: Decimal | None) -> float | None:
    return float(value) if value is not None else None
