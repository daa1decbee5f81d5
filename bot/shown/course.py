"""What is shown of a referral's course: a move, what may be done next, and its whole life."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.care.course import FromTo, Outcome, Reason
from bot.care.directory import Reason as Found
from bot.care.referral import Move, ReferralState


@dataclass(frozen=True)
class ShownMove:
    """One move: who made it (Slack user id), when, and what was said."""

    move: Move
    by: str
    at: datetime
    led_to: ReferralState
    reason: Reason | None = None
    words: str = ""
    outcome: Outcome | None = None


@dataclass(frozen=True)
class ShownOffer:
    """What somebody may do in a case now, in the order in which it is offered."""

    referral_id: str
    case_code: str
    state: ReferralState
    moves: tuple[Move, ...]
    # One of the two, who say who else may read it.
    is_in_pair: bool = False


@dataclass(frozen=True)
class ShownStart:
    """What a form for a move starts with."""

    referral_id: str
    case_code: str
    move: Move
    today: date
    other_side: str
    """Slack user id of who is told."""
    question: str = ""
    """What was asked, where the move answers it."""
    sessions_given: int = 0
    sessions_planned: int = 0
    numbers: tuple[FromTo, ...] = ()
    outcome: Outcome | None = None


@dataclass(frozen=True)
class ShownLife:
    """A referral from the first move to the last, also when it is closed."""

    case_code: str
    state: ReferralState
    created_at: datetime
    moves: tuple[ShownMove, ...]
    continues: str = ""
    """The code of the case that it goes on from."""


@dataclass(frozen=True)
class ShownNext:
    """The therapist who is asked next by one click."""

    person_id: str
    person: str
    reasons: tuple[Found, ...] = ()
