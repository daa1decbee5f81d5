"""What is shown while a referral is filled in: plain values that services read and views draw."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.care.directory import Reason
from bot.care.referral import ReferralState
from bot.care.referral_form import Draft
from bot.care.rules import Evidence, Screening


@dataclass(frozen=True)
class ShownTemplate:
    """A template of one's own."""

    id: str
    name: str


@dataclass(frozen=True)
class ShownWaiting:
    """A draft that was not sent; it says nothing of whom it is about."""

    draft_id: str
    changed_at: datetime


@dataclass(frozen=True)
class ShownScreen:
    """What the screen asks: what holds, what needs clearance, and that for the chosen areas."""

    version: str
    source: str
    hold: tuple[Screening, ...]
    clearance: tuple[Screening, ...]
    there: tuple[Screening, ...]


@dataclass(frozen=True)
class ShownSuggestion:
    """A therapist who could be asked, by Slack user id, and why."""

    person: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class ShownOwnCase:
    """One's own case of the same patient."""

    case_code: str
    therapist: str
    state: ReferralState
    is_same_reason: bool


@dataclass(frozen=True)
class ShownElsewhere:
    """That the patient is in care with others. Who, and how often, stays with them."""

    was_looked: bool = True
    """False where too many patients were looked for today."""
    can_ask: bool = False
    waits: bool = False
    declined: bool = False
    shared: tuple[str, ...] = ()
    """The wishes to share that were agreed to."""

    @property
    def is_there(self) -> bool:
        return self.can_ask or self.waits or self.declined or bool(self.shared)


@dataclass(frozen=True)
class ShownFormStep:
    """One step of the form, with what it needs beside the answers so far.

    `draft_id` is empty until the first step is saved; `is_again` says that a finished case is
    opened again, whose patient is known.
    """

    draft_id: str
    draft: Draft
    today: date
    is_again: bool = False
    templates: tuple[ShownTemplate, ...] = ()
    waiting: ShownWaiting | None = None
    screen: ShownScreen | None = None
    evidence: Evidence | None = None
    suggestions: tuple[ShownSuggestion, ...] = ()
    own_cases: tuple[ShownOwnCase, ...] = ()
    elsewhere: ShownElsewhere = ShownElsewhere()
    word: str = ""
    """Something to be said at the top."""
