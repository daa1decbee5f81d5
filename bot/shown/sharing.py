"""A wish to share a case, as its messages show it. People as Slack user ids."""

from dataclasses import dataclass
from datetime import datetime

from bot.care.sharing import SharedPart, ShareStanding


@dataclass(frozen=True)
class ShownShare:
    """A wish to share a case, and how it stands.

    `own_code` is the asker's own case of the same patient, empty if there is none yet.
    """

    share_id: str
    case_code: str
    surgeon: str
    therapist: str
    asked_by: str
    asked_at: datetime
    lapses_at: datetime
    standing: ShareStanding
    answered_by: str | None = None
    parts: tuple[SharedPart, ...] = ()
    own_code: str = ""
