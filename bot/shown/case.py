"""What is shown: plain values that services read from the store and views make blocks of.

People are given as Slack user ids (Slack shows their names, and knows them best), times as aware
UTC (Slack shows them in the reader's own time zone).
"""

from dataclasses import dataclass
from datetime import date, datetime, time

from bot.care.checkins import Answer, CheckInKind, CheckInState
from bot.care.concern import (
    NOTHING_BESIDE,
    Category,
    ConcernSource,
    ConcernState,
    Decision,
    Sbar,
    Severity,
)
from bot.care.escalation import Fate, Hearing
from bot.care.indications import Indication
from bot.care.ladder import Ladder
from bot.care.people import Role
from bot.care.plan import Frequency
from bot.care.progress import Goal, LastSession, Progress
from bot.care.referral import ReferralState, Step
from bot.care.request import Identifiers, Request
from bot.care.rhythm import Every
from bot.care.session import Hit, SessionFields
from bot.care.working_time import Weekday
from bot.shown.course import ShownNext
from bot.shown.directory import ShownEntry, ShownLicence, ShownLicenceEnd
from bot.shown.emergency import ShownEmergencies
from bot.shown.sharing import ShownShare


@dataclass(frozen=True)
class ShownStep:
    """The one next step of a referral."""

    step: Step
    owner: str
    due: datetime
    is_overdue: bool


@dataclass(frozen=True)
class ShownTold:
    """An attempt to tell somebody: a person, or a place by its name (empty: the clinic channel)."""

    at: datetime
    person: str | None = None
    place: str = ""
    hearing: Hearing = Hearing.UNKNOWN
    fate: Fate = Fate.OWED
    fate_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True)
class ShownTaking:
    """Somebody acknowledged a concern, with what they decided."""

    by: str
    at: datetime
    decision: Decision
    note: str = ""
    visit_at: datetime | None = None


@dataclass(frozen=True)
class ShownHandover:
    """A concern was passed on to a surgeon; `accepted` None while they have not answered."""

    number: int
    by: str
    to: str
    at: datetime
    accepted: bool | None = None
    waits: bool = False


@dataclass(frozen=True)
class ShownConcern:
    """A concern, who knows of it, and what comes next if nobody acknowledges."""

    id: str
    case_code: str
    severity: Severity
    state: ConcernState
    raised_by: str
    raised_at: datetime
    told: tuple[ShownTold, ...]
    next_told: tuple[str, ...]
    next_at: datetime | None
    next_places: tuple[str, ...] = ()
    """Names of channels outside Slack that are next; empty for the clinic channel."""
    thread_link: str | None = None
    # The two whose thread it is: only they can follow the link.
    pair: tuple[str, ...] = ()
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    decision: Decision | None = None
    decision_note: str = ""
    resolved_by: str | None = None
    resolved_at: datetime | None = None
    source: ConcernSource = ConcernSource.PERSON
    update_number: int | None = None
    """The session update that a rule spoke on."""
    holds: bool = False
    words_are_gone: bool = False
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    category: Category | None = None
    visit_at: datetime | None = None
    is_unanswered: bool = False
    """Whether everybody was told who could be, and nobody has answered."""
    telephone: str = ""
    taken_before: tuple[ShownTaking, ...] = ()
    """Earlier acknowledgements: it was not resolved in time, or was taken over."""
    handovers: tuple[ShownHandover, ...] = ()
    round: int = 0
    """How often it has begun to climb again."""
    hits: tuple[Hit, ...] = ()
    """The rules that spoke, as the case's own channel may read them."""
    is_on_hold: bool = False
    """Whether the treatment is on hold, for this concern or for another."""


@dataclass(frozen=True)
class ShownConcernWords:
    """A concern with its words: only for those who treat, and only when they open it."""

    concern: ShownConcern
    words: str
    resolution: str = ""
    hits: tuple[Hit, ...] = ()
    """The rules that raised it, the most urgent first."""
    withdrawal: str = ""
    sbar: Sbar = NOTHING_BESIDE
    photos: tuple[str, ...] = ()
    """The addresses of the photos in Slack, which shows them to whoever they are shared with."""


@dataclass(frozen=True)
class ShownToAcknowledge:
    """A concern for whoever may take it: the words only for those who treat, and what they may
    decide."""

    concern: ShownConcern
    decisions: tuple[Decision, ...]
    words: str | None = None
    hits: tuple[Hit, ...] = ()
    sbar: Sbar = NOTHING_BESIDE
    now: datetime | None = None
    photos: tuple[str, ...] = ()
    """As in `ShownConcernWords`."""


@dataclass(frozen=True)
class ShownTelling:
    """Who would be told at a moment; `places` as in `ShownTold`."""

    at: datetime
    people: tuple[str, ...]
    places: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownLadder:
    """A severity's ladder, what is wrong with it if it is a draft, and who would be told when."""

    severity: Severity
    ladder: Ladder
    reasons: tuple[str, ...] = ()
    preview: tuple[ShownTelling, ...] = ()
    example: str = ""
    """The code of the case that the preview is made for; empty where there is none."""
    changed_by: str | None = None
    changed_at: datetime | None = None
    outside: tuple[str, ...] = ()
    """The channels outside Slack that are set up."""


@dataclass(frozen=True)
class ShownLadders:
    """All ladders, and which telephone to use when nobody answers."""

    ladders: tuple[ShownLadder, ...]
    telephone: str


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
    next_therapist: ShownNext | None = None
    """Who could be asked next, once this therapist has declined."""
    visit_at: datetime | None = None
    continues: str = ""
    """The code of the case that this one goes on from."""
    patient_says: "ShownReading | None" = None
    """The newest session in which the patient was asked how they are."""
    last_session: LastSession | None = None
    plan_asked: "ShownQuestion | None" = None
    """The newest change of plan that was asked for, while the plan was not changed since."""
    plan_number: int = 1
    """The version of the treatment plan that is in force."""
    is_plan_change_open: bool = False
    """Whether a change of it waits for an answer."""
    is_left: bool = False
    """One of the two has left, and a coordinator says who goes on."""
    files: int = 0
    """How many files came with the referral."""
    file_links: tuple[str, ...] = ()
    """Their addresses; none where somebody reads along who may not see the patient's details."""


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
    goals: tuple[Goal, ...] = ()


@dataclass(frozen=True)
class ShownUpdate:
    """The bot's answer to a reply that is kept."""

    case_code: str
    number: int
    revision: int
    is_withdrawn: bool
    entry_id: str = ""
    author: str = ""
    surgeon: str = ""
    reading: "ShownReading | None" = None
    confirmed_by: str | None = None
    is_from_form: bool = False
    is_set_aside: bool = False
    moved_to: str = ""
    """The code of the case that it was moved to."""
    plan_number: int | None = None
    """The version of the treatment plan that it followed; None if that is not known."""
    moved_from: str = ""
    """The code of the case in whose thread it was written."""
    is_one_of_several: bool = False
    """Whether other updates stand in the same message."""


@dataclass(frozen=True)
class ShownReading:
    """What was read from an update or filled into a form."""

    number: int
    fields: SessionFields
    is_confirmed: bool
    step: int = 0
    session: int = 0
    """Which session given it is, by its day and what its note says; 0 if it is none."""
    possible_sign: str | None = None
    """The words of a therapist who broke off or sent for help, where no sign was understood."""
    unread: str | None = None
    """The reference of a reader that failed."""
    same_number_on: date | None = None
    """The day of another session that has the number which this note gives itself."""


@dataclass(frozen=True)
class ShownConfirmation:
    """What its author is asked to save, edit or set aside."""

    entry_id: str
    case_code: str
    reading: ShownReading
    asks_for_feedback: bool
    can_be_moved: bool


@dataclass(frozen=True)
class ShownForm:
    """What a session form starts with. `entry_id` is the update that it corrects, if it does."""

    referral_id: str
    case_code: str
    start: SessionFields
    today: date
    asks_for_feedback: bool
    entry_id: str = ""
    number: int = 0
    goals: tuple[str, ...] = ()
    """What the referral is meant to reach."""


@dataclass(frozen=True)
class ShownFeedback:
    """What a session update has of the patient's own account."""

    entry_id: str
    case_code: str
    reading: ShownReading


@dataclass(frozen=True)
class ShownHold:
    """A hold, for whoever may clear it."""

    referral_id: str
    case_code: str
    today: date
    open_concerns: tuple[ShownQuestion, ...] = ()


@dataclass(frozen=True)
class ShownMove:
    """The open cases that an update may be moved to: their ids and codes."""

    entry_id: str
    case_code: str
    targets: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class ShownPatient:
    """Who the patient is and what was asked for; in a modal that somebody opened on purpose."""

    case_code: str
    identifiers: Identifiers
    request: Request
    today: date
    file_links: tuple[str, ...] = ()


@dataclass(frozen=True)
class ShownAbsence:
    """Somebody is away, from the first day to the last on their own clock."""

    id: str
    who: str
    first: date
    last: date
    covered_by: str | None = None
    is_ended: bool = False


@dataclass(frozen=True)
class ShownSchedule:
    """Somebody's working time as it holds now.

    `region` is the person's own choice, None where the clinic's holds; `every` None for as usual.
    """

    role: Role
    zone: str
    days: frozenset[Weekday]
    start: time
    end: time
    digest: time
    clinic_region: str
    region: str | None = None
    every: Every | None = None
    paused_until: date | None = None
    absences: tuple[ShownAbsence, ...] = ()


@dataclass(frozen=True)
class ShownLine:
    """One line of a digest: what is due in a case, by its code, and how it stands now.

    `asked` is who is asked and `other` the other side of the case; `about` of a coordinator's line
    is the line that nobody answered. `rests_until` is in the future.
    """

    checkin_id: str
    case_code: str
    kind: CheckInKind
    due: datetime
    asked: str
    other: str
    referral_id: str
    state: CheckInState = CheckInState.OPEN
    step: Step | None = None
    half: int = 0
    told: int = 0
    rests_until: date | None = None
    answer: Answer | None = None
    answered_by: str | None = None
    thread_link: str | None = None
    about: "ShownLine | None" = None
    away_until: date | None = None
    is_overview: bool = False
    version_id: str = ""
    """Of a proposal: the version of the plan that waits."""


@dataclass(frozen=True)
class ShownDigest:
    """What waits for one person, in the order of need."""

    reader: str
    lines: tuple[ShownLine, ...]
    licences: tuple[ShownLicenceEnd, ...] = ()

    @property
    def has_something_open(self) -> bool:
        return bool(self.open_lines) or any(not one.is_renewed for one in self.licences)

    @property
    def open_lines(self) -> tuple[ShownLine, ...]:
        return tuple(line for line in self.lines if line.state is CheckInState.OPEN)

    @property
    def waiting(self) -> tuple[ShownLine, ...]:
        """What asks for something now: open, not put off, and the reader's to answer."""
        return tuple(
            line for line in self.open_lines if line.rests_until is None and not line.is_overview
        )


@dataclass(frozen=True)
class ShownAnswer:
    """What somebody answered to a check-in, for its thread; `words` as they are in the record."""

    case_code: str
    kind: CheckInKind
    by: str
    words: str
    wants_another_plan: bool


@dataclass(frozen=True)
class ShownRhythm:
    """How often the two of a case are asked; None where each one's own choice holds."""

    referral_id: str
    case_code: str
    therapist: Every | None
    surgeon: Every | None
    joint: bool


@dataclass(frozen=True)
class ShownHome:
    """What the Home tab tells one person."""

    role: Role
    cases: tuple[ShownCase, ...]
    schedule: ShownSchedule | None = None
    entry: ShownEntry | None = None
    to_verify: tuple[ShownLicence, ...] = ()
    # Of colleagues whom they cover for now, and cases that they were let into.
    covered: tuple[ShownCase, ...] = ()
    let_in: tuple[ShownCase, ...] = ()
    emergencies: ShownEmergencies | None = None
    # What colleagues ask them to share, and what is shared with them.
    asked_to_share: tuple[ShownShare, ...] = ()
    shared_with: tuple[ShownShare, ...] = ()
    # What waits for their answer in cases that are not among these.
    asked_of: tuple[ShownConcern, ...] = ()
    # Whose it is: a Slack user id.
    reader: str = ""
