"""Access in an emergency: what is asked for, and how long it lasts.

45 CFR 164.312(a)(2)(ii): procedures for obtaining necessary electronic protected health information
during an emergency. Whoever is in the group says why, and reads; nothing can be changed with it.
"""

from datetime import timedelta
from typing import Final

DEFAULT_HOURS: Final = 4
MOST_HOURS: Final = 72
LONGEST_REASON: Final = 500
_SHORTEST_REASON: Final = 10


def lasts(hours: int) -> timedelta:
    """How long an access lasts. Raises `ValueError` for what is not meant to be one."""
    if not 1 <= hours <= MOST_HOURS:
        raise ValueError("emergency access is short")
    return timedelta(hours=hours)


def reason_problem(reason: str) -> str | None:
    """What is wrong with a reason, in words; None if it says something."""
    if len(reason) < _SHORTEST_REASON or len(reason.split()) < 2:
        return "Say in a few words what has happened: the pair and the coordinators read it."
    if len(reason) > LONGEST_REASON:
        return f"Please keep it under {LONGEST_REASON} characters."
    return None
