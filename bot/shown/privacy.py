"""What is shown of erased records and closed channels: plain values."""

from dataclasses import dataclass
from datetime import datetime

from bot.care.erasing import ErasureReason
from bot.care.rooms import RoomTrouble


@dataclass(frozen=True)
class ShownErased:
    """That the record of a case was erased: all that is left to say of it."""

    case_code: str
    at: datetime
    because: ErasureReason
    thread_link: str | None = None


@dataclass(frozen=True)
class ShownSuspension:
    """That nothing is posted in a pair's channel, and whose it is; people by their Slack ids."""

    why: RoomTrouble
    surgeon: str
    therapist: str
    is_ended: bool
    # Whoever is in the channel and not part of its referrals.
    strangers: tuple[str, ...] = ()
