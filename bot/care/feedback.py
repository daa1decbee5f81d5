"""The patient's own account: asked for every few sessions, not always."""

from typing import Final

from bot.care.session import SessionFields

# The session before the clinic asks again; more often is a burden and tells little more.
EVERY: Final = 4


def is_asked_at(session: int) -> bool:
    """Whether the patient is asked at the `session`-th session given (from 1)."""
    return session > 0 and session % EVERY == 0


def has_feedback(fields: SessionFields) -> bool:
    """Whether the patient was asked: one of the scales stands in it."""
    scored = (fields.satisfaction, fields.sleep, fields.anxiety, fields.pgic)
    return any(value is not None for value in scored)
