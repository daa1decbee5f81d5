"""The life of a referral: its states, what moves it, and who owes the next step by when.

The states map to FHIR Task and ServiceRequest as the design's table has it. Every state that is
not final has exactly one next step, with one owner: no referral waits for nobody.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.care.people import Part
from bot.care.plan import Rhythm
from bot.care.working_time import WorkingHours


class ReferralState(StrEnum):
    """Where a referral stands. `closed`, `cancelled` are final."""

    REQUESTED = "requested"
    INFO_NEEDED = "info_needed"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    ON_HOLD = "on_hold"
    CANCEL_REQUESTED = "cancel_requested"
    COMPLETED = "completed"
    CLOSED = "closed"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    NOT_COMPLETED = "not_completed"

    @property
    def is_final(self) -> bool:
        return self in _FINAL

    @property
    def is_an_end(self) -> bool:
        """Whether the work has ended this way; closing it says nothing new about that."""
        return self in _REVIEWED | {ReferralState.DECLINED, ReferralState.CANCELLED}

    @property
    def is_treatment_under_way(self) -> bool:
        return self in _UNDER_WAY

    @property
    def needs_a_therapist(self) -> bool:
        """Whether it takes up one of a therapist's places: asked for, or in treatment."""
        return self.takes_updates or self in {ReferralState.REQUESTED, ReferralState.INFO_NEEDED}

    @property
    def was_answered(self) -> bool:
        """Whether the therapist has accepted or declined."""
        return self not in {ReferralState.REQUESTED, ReferralState.INFO_NEEDED}

    @property
    def takes_updates(self) -> bool:
        """Whether what a therapist reports is kept as an update: also on hold, where there may be
        signs, and while the therapist is asked to end it."""
        return self in _UNDER_WAY | {ReferralState.ON_HOLD, ReferralState.CANCEL_REQUESTED}


_FINAL = {ReferralState.CLOSED, ReferralState.CANCELLED}
_REVIEWED = {ReferralState.COMPLETED, ReferralState.NOT_COMPLETED}
_UNDER_WAY = {ReferralState.ACCEPTED, ReferralState.SCHEDULED, ReferralState.IN_PROGRESS}


class Move(StrEnum):
    """What somebody does to a referral: most of it changes its state."""

    ACCEPT = "accept"
    DECLINE = "decline"
    ASK_INFORMATION = "ask_information"
    GIVE_INFORMATION = "give_information"
    BOOK = "book"
    LOG_SESSION = "log_session"
    MISS_SESSION = "miss_session"
    HOLD = "hold"
    KEEP_HOLD = "keep_hold"
    RESUME = "resume"
    CANCEL = "cancel"
    ASK_TO_CANCEL = "ask_to_cancel"
    TAKE_BACK_CANCEL = "take_back_cancel"
    CONFIRM_CANCEL = "confirm_cancel"
    COMPLETE = "complete"
    CANNOT_FINISH = "cannot_finish"
    ASK_ABOUT_OUTCOME = "ask_about_outcome"
    ANSWER_OUTCOME = "answer_outcome"
    REVIEW = "review"
    CLOSE_DECLINED = "close_declined"
    REFER_ON = "refer_on"
    # A coordinator's, where the account of one of the two is gone.
    NAME_ANOTHER = "name_another"
    CLOSE_FOR_ABSENT = "close_for_absent"


_STATE = ReferralState
# What has an end of its own keeps it and is closed; all else is cancelled.
_ENDED_FOR_THEM = {
    state: _STATE.CLOSED if state in _REVIEWED | {_STATE.DECLINED} else _STATE.CANCELLED
    for state in ReferralState
    if state not in _FINAL
}
_MOVES: dict[Move, dict[ReferralState, ReferralState]] = {
    Move.ACCEPT: dict.fromkeys((_STATE.REQUESTED, _STATE.INFO_NEEDED), _STATE.ACCEPTED),
    Move.DECLINE: dict.fromkeys((_STATE.REQUESTED, _STATE.INFO_NEEDED), _STATE.DECLINED),
    Move.ASK_INFORMATION: {_STATE.REQUESTED: _STATE.INFO_NEEDED},
    Move.GIVE_INFORMATION: {_STATE.INFO_NEEDED: _STATE.REQUESTED},
    Move.BOOK: {
        _STATE.ACCEPTED: _STATE.SCHEDULED,
        _STATE.SCHEDULED: _STATE.SCHEDULED,
        _STATE.IN_PROGRESS: _STATE.IN_PROGRESS,
    },
    Move.LOG_SESSION: dict.fromkeys(_UNDER_WAY, _STATE.IN_PROGRESS),
    # A missed visit is no session: the next one is due anew.
    Move.MISS_SESSION: {
        _STATE.ACCEPTED: _STATE.ACCEPTED,
        _STATE.SCHEDULED: _STATE.ACCEPTED,
        _STATE.IN_PROGRESS: _STATE.IN_PROGRESS,
    },
    Move.HOLD: dict.fromkeys(_UNDER_WAY, _STATE.ON_HOLD),
    Move.KEEP_HOLD: {_STATE.ON_HOLD: _STATE.ON_HOLD},
    # Before the start the surgeon ends it alone; after it the therapist is asked.
    Move.CANCEL: dict.fromkeys(
        (_STATE.REQUESTED, _STATE.INFO_NEEDED, _STATE.ACCEPTED, _STATE.SCHEDULED),
        _STATE.CANCELLED,
    ),
    Move.ASK_TO_CANCEL: dict.fromkeys(
        (_STATE.IN_PROGRESS, _STATE.ON_HOLD), _STATE.CANCEL_REQUESTED
    ),
    Move.CONFIRM_CANCEL: {_STATE.CANCEL_REQUESTED: _STATE.CANCELLED},
    Move.COMPLETE: {_STATE.IN_PROGRESS: _STATE.COMPLETED},
    Move.CANNOT_FINISH: dict.fromkeys(
        (*_UNDER_WAY, _STATE.ON_HOLD, _STATE.CANCEL_REQUESTED), _STATE.NOT_COMPLETED
    ),
    Move.ASK_ABOUT_OUTCOME: {
        _STATE.COMPLETED: _STATE.COMPLETED,
        _STATE.NOT_COMPLETED: _STATE.NOT_COMPLETED,
    },
    Move.ANSWER_OUTCOME: {
        _STATE.COMPLETED: _STATE.COMPLETED,
        _STATE.NOT_COMPLETED: _STATE.NOT_COMPLETED,
    },
    Move.REVIEW: dict.fromkeys((_STATE.COMPLETED, _STATE.NOT_COMPLETED), _STATE.CLOSED),
    Move.CLOSE_DECLINED: {_STATE.DECLINED: _STATE.CLOSED},
    Move.REFER_ON: {_STATE.DECLINED: _STATE.CLOSED},
    Move.NAME_ANOTHER: _ENDED_FOR_THEM,
    Move.CLOSE_FOR_ABSENT: _ENDED_FOR_THEM,
}
# These lead back to where the referral stood before.
_BACK: dict[Move, ReferralState] = {
    Move.RESUME: _STATE.ON_HOLD,
    Move.TAKE_BACK_CANCEL: _STATE.CANCEL_REQUESTED,
}


def after(
    state: ReferralState, move: Move, before: ReferralState | None = None
) -> ReferralState | None:
    """The state that `move` leads to, or None where it has no effect in `state`.

    `before` is where the referral stood when it was put on hold or its end was asked for.
    """
    if _BACK.get(move) is state:
        return before or ReferralState.IN_PROGRESS
    return _MOVES.get(move, {}).get(state)


class Step(StrEnum):
    """What is owed next."""

    ANSWER = "answer"
    GIVE_INFORMATION = "give_information"
    FIRST_SESSION = "first_session"
    NEXT_UPDATE = "next_update"
    CLEAR_HOLD = "clear_hold"
    CONFIRM_CANCEL = "confirm_cancel"
    REVIEW = "review"
    REFER_ELSEWHERE = "refer_elsewhere"
    ANSWER_QUESTION = "answer_question"

    @property
    def label(self) -> str:
        """What the owner is asked to do, in a few words."""
        return _STEP_LABELS[self]


_STEP_LABELS = {
    Step.ANSWER: "Accept or decline the referral",
    Step.GIVE_INFORMATION: "Answer the therapist's question",
    Step.FIRST_SESSION: "Post the first session update",
    Step.NEXT_UPDATE: "Post the next session update",
    Step.CLEAR_HOLD: "Clear or stop the treatment",
    Step.CONFIRM_CANCEL: "Confirm the cancellation",
    Step.REVIEW: "Review the outcome",
    Step.REFER_ELSEWHERE: "Refer elsewhere or close",
    Step.ANSWER_QUESTION: "Answer the surgeon's question",
}

_STEPS: dict[ReferralState, tuple[Step, Part]] = {
    ReferralState.REQUESTED: (Step.ANSWER, Part.THERAPIST),
    ReferralState.INFO_NEEDED: (Step.GIVE_INFORMATION, Part.SURGEON),
    ReferralState.ACCEPTED: (Step.FIRST_SESSION, Part.THERAPIST),
    ReferralState.SCHEDULED: (Step.FIRST_SESSION, Part.THERAPIST),
    ReferralState.IN_PROGRESS: (Step.NEXT_UPDATE, Part.THERAPIST),
    ReferralState.ON_HOLD: (Step.CLEAR_HOLD, Part.SURGEON),
    ReferralState.CANCEL_REQUESTED: (Step.CONFIRM_CANCEL, Part.THERAPIST),
    ReferralState.COMPLETED: (Step.REVIEW, Part.SURGEON),
    ReferralState.DECLINED: (Step.REFER_ELSEWHERE, Part.SURGEON),
    ReferralState.NOT_COMPLETED: (Step.REVIEW, Part.SURGEON),
}
# While the surgeon's question about the outcome waits for its answer.
_ASKED = (Step.ANSWER_QUESTION, Part.THERAPIST)

# Working days from entering the state to the time that the step is due.
_DAYS_TO_ANSWER = 1
_DAYS_TO_FIRST_SESSION = 2
_DAYS_TO_REVIEW = 3


@dataclass(frozen=True)
class NextStep:
    """What is owed, by whom, and until when (UTC)."""

    step: Step
    owner: Part
    due: datetime


def owed_in(state: ReferralState, *, asked: bool = False) -> tuple[Step, Part] | None:
    """What is owed in `state` and by whom; None in a final state.

    `asked`: the surgeon has asked about the outcome, and the therapist is to answer first.
    """
    return _ASKED if asked and state in _REVIEWED else _STEPS.get(state)


def next_step(
    state: ReferralState,
    since: datetime,
    hours: WorkingHours,
    rhythm: Rhythm,
    *,
    asked: bool = False,
    visit: date | None = None,
    start_by: date | None = None,
) -> NextStep | None:
    """What is owed in `state`, entered or last moved at `since`; None in a final state.

    `hours` are the owner's: a due time falls on their working day, in their own time zone. A
    `visit` that is booked is due on its evening; until one is, treatment that is to `start_by` a
    day is due by then.
    """
    owed = owed_in(state, asked=asked)
    if owed is None:
        return None
    step, owner = owed
    if step in {Step.FIRST_SESSION, Step.NEXT_UPDATE} and visit is not None:
        due = hours.closing(visit)
    elif step is Step.NEXT_UPDATE:
        due = rhythm.next_update_due(since, hours)
    elif step is Step.FIRST_SESSION:
        due = _first_session_due(since, hours, start_by)
    elif step is Step.REVIEW:
        due = hours.after_working_days(since, _DAYS_TO_REVIEW)
    else:
        due = hours.after_working_days(since, _DAYS_TO_ANSWER)
    return NextStep(step, owner, due)


def _first_session_due(since: datetime, hours: WorkingHours, start_by: date | None) -> datetime:
    """Two working days on, or sooner: the evening of the last working day before `start_by` has
    passed."""
    due = hours.after_working_days(since, _DAYS_TO_FIRST_SESSION)
    day = hours.day_of(due)
    while start_by is not None and (day > start_by or not hours.is_working_day(day)):
        if day <= hours.day_of(since):
            return hours.evening_of(day)
        day -= timedelta(days=1)
    return hours.closing(day)
