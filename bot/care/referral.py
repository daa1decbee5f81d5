"""The life of a referral: its states, what moves it, and who owes the next step by when.

The states map to FHIR Task and ServiceRequest as the design's table has it. Every state that is
not final has exactly one next step, with one owner: no referral waits for nobody.
"""

from dataclasses import dataclass
from datetime import datetime
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
    def is_treatment_under_way(self) -> bool:
        return self in _UNDER_WAY

    @property
    def takes_updates(self) -> bool:
        """Whether what a therapist reports is kept as an update; on hold there may be signs."""
        return self in _UNDER_WAY or self is ReferralState.ON_HOLD


_FINAL = {ReferralState.CLOSED, ReferralState.CANCELLED}
_UNDER_WAY = {ReferralState.ACCEPTED, ReferralState.SCHEDULED, ReferralState.IN_PROGRESS}


class Move(StrEnum):
    """What somebody does to a referral that changes its state."""

    ACCEPT = "accept"
    DECLINE = "decline"
    LOG_SESSION = "log_session"
    CLOSE_DECLINED = "close_declined"


_MOVES: dict[tuple[ReferralState, Move], ReferralState] = {
    (ReferralState.REQUESTED, Move.ACCEPT): ReferralState.ACCEPTED,
    (ReferralState.INFO_NEEDED, Move.ACCEPT): ReferralState.ACCEPTED,
    (ReferralState.REQUESTED, Move.DECLINE): ReferralState.DECLINED,
    (ReferralState.INFO_NEEDED, Move.DECLINE): ReferralState.DECLINED,
    (ReferralState.ACCEPTED, Move.LOG_SESSION): ReferralState.IN_PROGRESS,
    (ReferralState.SCHEDULED, Move.LOG_SESSION): ReferralState.IN_PROGRESS,
    (ReferralState.IN_PROGRESS, Move.LOG_SESSION): ReferralState.IN_PROGRESS,
    (ReferralState.DECLINED, Move.CLOSE_DECLINED): ReferralState.CLOSED,
}


def after(state: ReferralState, move: Move) -> ReferralState | None:
    """The state that `move` leads to, or None where it has no effect in `state`."""
    return _MOVES.get((state, move))


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


def owed_in(state: ReferralState) -> tuple[Step, Part] | None:
    """What is owed in `state` and by whom; None in a final state."""
    return _STEPS.get(state)


def next_step(
    state: ReferralState, since: datetime, hours: WorkingHours, rhythm: Rhythm
) -> NextStep | None:
    """What is owed in `state`, entered or last moved at `since`; None in a final state.

    `hours` are the owner's: a due time falls on their working day, in their own time zone.
    """
    owed = owed_in(state)
    if owed is None:
        return None
    step, owner = owed
    if step is Step.NEXT_UPDATE:
        due = rhythm.next_update_due(since, hours)
    elif step is Step.FIRST_SESSION:
        due = hours.after_working_days(since, _DAYS_TO_FIRST_SESSION)
    elif step is Step.REVIEW:
        due = hours.after_working_days(since, _DAYS_TO_REVIEW)
    else:
        due = hours.after_working_days(since, _DAYS_TO_ANSWER)
    return NextStep(step, owner, due)
