"""What should have happened and did not: how it is called, and when it counts as late."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.care.referral import ReferralState, owed_in

# What is due is carried out within seconds; a few of the machine's hiccups are no finding.
LATE_AFTER: Final = timedelta(minutes=2)
# A timer that was begun so often and never ended fails each time: only a person can mend that.
_MOST_ATTEMPTS: Final = 5


class Finding(StrEnum):
    """Something that lies where nothing will ever come of it by itself."""

    OVERDUE_TIMER = "overdue_timer"
    CONCERN_WITHOUT_TIMER = "concern_without_timer"
    REFERRAL_WITHOUT_STEP = "referral_without_step"
    STEP_WITHOUT_TIMER = "step_without_timer"
    CHECKIN_WITHOUT_DIGEST = "checkin_without_digest"
    PARKED_MESSAGE = "parked_message"
    PARKED_EVENT = "parked_event"


def is_late(due_at: datetime, now: datetime) -> bool:
    """Whether what was due then should long have been carried out."""
    return now - due_at >= LATE_AFTER


def needs_a_person(attempts: int) -> bool:
    """Whether trying once more will not help: it was begun often and never came to an end."""
    return attempts >= _MOST_ATTEMPTS


# In every state but the final ones somebody owes something.
STATES_WITH_A_STEP: Final = frozenset(state for state in ReferralState if owed_in(state))
