"""What is shown of those who may read a case beside the two who treat."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ShownLetIn:
    """A colleague who may read a case, and who let them in, or took it back. Slack user ids."""

    invitation_id: str
    colleague: str
    by: str
    at: datetime
    is_ended: bool = False


@dataclass(frozen=True)
class ShownCircle:
    """Everybody who may read a case by invitation."""

    referral_id: str
    case_code: str
    let_in: tuple[ShownLetIn, ...]
    may_invite: bool
