"""What is shown of the directory: plain values that services read and views make blocks of."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from bot.care.credentials import UsState
from bot.care.directory import Profile, Reason, Record, Wish
from bot.care.licence import LicenceStanding, Refusal
from bot.care.people import Role
from bot.care.working_time import Weekday


@dataclass(frozen=True)
class ShownLicence:
    """A licence; people are Slack user ids. `verified_by` is empty where the operator did it."""

    id: str
    person: str
    number: str
    state: UsState
    expires_on: date
    verified_at: datetime | None = None
    verified_by: str = ""
    refusal: Refusal | None = None


@dataclass(frozen=True)
class ShownLicenceEnd:
    """A licence that ends, as one reader is told: `days` left on the day of the digest, negative
    once it has ended; `case_codes` the care of its owner that is under way."""

    licence: ShownLicence
    days: int
    is_renewed: bool = False
    case_codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownAway:
    """From and through when somebody is away, and who covers (Slack user id, or none)."""

    first: date
    last: date
    covered_by: str | None


@dataclass(frozen=True)
class Hours:
    """On which days somebody works, and from when to when on their own clock."""

    days: frozenset[Weekday]
    start: time
    end: time


@dataclass(frozen=True)
class ShownEntry:
    """One person's entry, as `viewer_role` sees it today."""

    person_id: str
    person: str
    role: Role
    profile: Profile
    standing: LicenceStanding
    today: date
    time_zone: str
    licence: ShownLicence | None = None
    """The one that counts, or counted last."""
    pending: ShownLicence | None = None
    """One that nobody has looked up yet, or that was refused."""
    lymphatic_seen_by: str = ""
    lymphatic_seen_at: datetime | None = None
    hours: Hours | None = None
    absences: tuple[ShownAway, ...] = ()
    covered_by: str | None = None
    open_cases: int = 0
    record: Record = field(default_factory=Record)
    """With whoever looks; for a coordinator and for oneself, of all."""
    is_own: bool = False
    may_refer: bool = False
    """Whether whoever looks may refer somebody to them now."""

    @property
    def needs_licence(self) -> bool:
        return self.role is not Role.COORDINATOR


@dataclass(frozen=True)
class ShownColleague:
    """Somebody who was found, and why in this place of the list."""

    entry: ShownEntry
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class ShownNetwork:
    """Who was found for a wish."""

    wish: Wish
    found: tuple[ShownColleague, ...]


@dataclass(frozen=True)
class ShownHandover:
    """Whose account is gone, who has their open work now, and which cases these are."""

    left: str
    stand_in: str
    case_codes: tuple[str, ...]
    waits_for_a_coordinator: bool = False
    """Whether nobody of their own part has it: a coordinator says who goes on."""
