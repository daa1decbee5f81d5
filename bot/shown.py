"""What is shown: plain values that services read from the store and views make blocks of.

People are given as Slack user ids (Slack shows their names, and knows them best), times as aware
UTC (Slack shows them in the reader's own time zone).
"""

from dataclasses import dataclass
from datetime import date, datetime

from bot.care.concern import ConcernState, Decision, Severity
from bot.care.indications import Indication
from bot.care.people import Role
from bot.care.plan import Frequency
from bot.care.progress import LastSession, Progress
from bot.care.referral import ReferralState, Step
from bot.care.request import Identifiers, Request


@dataclass(frozen=True)
class ShownStep:
    """The one next step of a referral."""

    step: Step
    owner: str
    due: datetime
    is_overdue: bool


@dataclass(frozen=True)
class ShownConcern:
    """A concern, who knows of it, and what comes next if nobody acknowledges."""

    id: str
    case_code: str
    severity: Severity
    state: ConcernState
    raised_by: str
    raised_at: datetime
    told: tuple[tuple[str, datetime], ...]
    next_told: tuple[str, ...]
    next_at: datetime | None
    thread_link: str | None = None
    # The two whose thread it is: only they can follow the link.
    pair: tuple[str, ...] = ()
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    decision: Decision | None = None
    decision_note: str = ""
    resolved_by: str | None = None
    resolved_at: datetime | None = None


@dataclass(frozen=True)
class ShownConcernWords:
    """A concern with its words: only for those who treat, and only when they open it."""

    concern: ShownConcern
    words: str
    resolution: str = ""


@dataclass(frozen=True)
class ShownCase:
    """A referral as the thread and the Home tab show it: no identifiers."""

    referral_id: str
    case_code: str
    indication: Indication
    state: ReferralState
    surgeon: str
    therapist: str
    next_step: ShownStep | None
    updates: int
    sessions: int
    frequency: Frequency
    concerns: tuple[ShownConcern, ...]
    thread_link: str | None = None
    decline_reason: str = ""
    last_session: LastSession | None = None


@dataclass(frozen=True)
class ShownQuestion:
    """Something that waits for an answer: a concern by its urgency, never with its words, or the
    sentence in which the therapist asks to change the plan."""

    day: date
    severity: Severity | None = None
    state: ConcernState | None = None
    decision: Decision | None = None
    request: str = ""


@dataclass(frozen=True)
class ShownProgress:
    """A treatment over time, as a picture or report shows it: no identifiers.

    `today` is the day of whoever asked, `postoperative_day` whole days since surgery by then.
    """

    case_code: str
    indication: Indication
    postoperative_day: int | None
    sessions_planned: int
    frequency: Frequency
    progress: Progress
    last: LastSession | None
    questions: tuple[ShownQuestion, ...]
    today: date


@dataclass(frozen=True)
class ShownUpdate:
    """The bot's answer to a reply that is kept."""

    case_code: str
    number: int
    revision: int
    is_withdrawn: bool


@dataclass(frozen=True)
class ShownPatient:
    """Who the patient is and what was asked for; in a modal that somebody opened on purpose."""

    case_code: str
    identifiers: Identifiers
    request: Request
    today: date


@dataclass(frozen=True)
class ShownHome:
    """What the Home tab tells one person."""

    role: Role
    cases: tuple[ShownCase, ...]
