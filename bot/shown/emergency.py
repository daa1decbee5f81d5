"""What is shown of access in an emergency: plain values. People by their Slack ids."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class ShownEmergency:
    """An access: whose, to which case, until when; `ended_at` once it is over."""

    access_id: str
    referral_id: str
    case_code: str
    person: str
    began_at: datetime
    ends_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True)
class ShownEmergencyReason:
    """An access with its reason, which says nothing of who the patient is."""

    access: ShownEmergency
    reason: str


@dataclass(frozen=True)
class ShownMember:
    """Somebody of the emergency group."""

    person_id: str
    slack_user_id: str
    since: datetime


@dataclass(frozen=True)
class ShownEmergencies:
    """What somebody's Home tab says of it: whether they are in the group, and what they hold."""

    is_member: bool = False
    running: tuple[ShownEmergency, ...] = ()
