"""What is said with each move of a referral: reasons as lists, words, and the outcome."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.care.progress import Series
from bot.care.referral import Move

LONGEST_WORDS: Final = 2000


class DeclineReason(StrEnum):
    NO_APPOINTMENT = "no_appointment"
    OUT_OF_SCOPE = "out_of_scope"
    NOT_SAFE_NOW = "not_safe_now"
    TOO_FAR = "too_far"
    PAYMENT = "payment"
    PATIENT_WISHES = "patient_wishes"

    @property
    def label(self) -> str:
        return _DECLINES[self]


_DECLINES = {
    DeclineReason.NO_APPOINTMENT: "No free appointment in time",
    DeclineReason.OUT_OF_SCOPE: "Not what I am trained in",
    DeclineReason.NOT_SAFE_NOW: "Massage is not safe for this patient now",
    DeclineReason.TOO_FAR: "Too far for the patient",
    DeclineReason.PAYMENT: "The payer does not cover it with me",
    DeclineReason.PATIENT_WISHES: "The patient wishes somebody else",
}


class HoldReason(StrEnum):
    NOT_WELL = "not_well"
    RESULT_AWAITED = "result_awaited"
    WOUND = "wound"
    PATIENT_AWAY = "patient_away"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _HOLDS[self]


_HOLDS = {
    HoldReason.NOT_WELL: "The patient is not well",
    HoldReason.RESULT_AWAITED: "A result or visit is awaited",
    HoldReason.WOUND: "The wound has to heal first",
    HoldReason.PATIENT_AWAY: "The patient is away",
    HoldReason.OTHER: "Something else",
}


class CancelReason(StrEnum):
    NOT_NEEDED = "not_needed"
    PATIENT_WISHES = "patient_wishes"
    OTHER_TREATMENT = "other_treatment"
    NOT_SAFE = "not_safe"
    MISTAKE = "mistake"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _CANCELS[self]


_CANCELS = {
    CancelReason.NOT_NEEDED: "Not needed any more",
    CancelReason.PATIENT_WISHES: "The patient does not wish it",
    CancelReason.OTHER_TREATMENT: "Another treatment comes first",
    CancelReason.NOT_SAFE: "Not safe any more",
    CancelReason.MISTAKE: "It was sent by mistake",
    CancelReason.OTHER: "Something else",
}


class StopReason(StrEnum):
    PATIENT_STOPPED = "patient_stopped"
    UNREACHABLE = "unreachable"
    NO_BENEFIT = "no_benefit"
    NOT_SAFE = "not_safe"
    THERAPIST = "therapist"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _STOPS[self]


_STOPS = {
    StopReason.PATIENT_STOPPED: "The patient does not go on",
    StopReason.UNREACHABLE: "The patient can't be reached",
    StopReason.NO_BENEFIT: "It does not help",
    StopReason.NOT_SAFE: "Not safe any more",
    StopReason.THERAPIST: "I can't go on myself",
    StopReason.OTHER: "Something else",
}

Reason = DeclineReason | HoldReason | CancelReason | StopReason
REASONS: Final[dict[Move, type[Reason]]] = {
    Move.DECLINE: DeclineReason,
    Move.HOLD: HoldReason,
    Move.CANCEL: CancelReason,
    Move.ASK_TO_CANCEL: CancelReason,
    Move.CANNOT_FINISH: StopReason,
}
# What is written is the point of these; for the others a reason from the list is enough.
NEEDS_WORDS: Final = frozenset(
    {
        Move.ASK_INFORMATION,
        Move.GIVE_INFORMATION,
        Move.ASK_ABOUT_OUTCOME,
        Move.ANSWER_OUTCOME,
        Move.REVIEW,
    }
)


def reason_of(move: Move, code: str | None) -> Reason | None:
    """The reason that was kept for a move; None where there is none, or a list has changed."""
    among = REASONS.get(move)
    if among is None or code not in {one.value for one in among}:
        return None
    return among(code)


def problem(move: Move, reason: Reason | None, words: str) -> str:
    """What is missing or too long in what was said with a move; empty if nothing is."""
    if len(words) > LONGEST_WORDS:
        return f"This has {len(words):,} characters; at most {LONGEST_WORDS:,} can be kept."
    if move in NEEDS_WORDS and not words:
        return "Write a few words for the other side."
    if move in REASONS and reason is None and not words:
        return "Choose a reason, or write one."
    return ""


class Goals(StrEnum):
    """How far the goals of the referral were met."""

    ALL = "all"
    MOST = "most"
    SOME = "some"
    NONE = "none"

    @property
    def label(self) -> str:
        return _GOALS[self]


_GOALS = {
    Goals.ALL: "All met",
    Goals.MOST: "Mostly met",
    Goals.SOME: "Partly met",
    Goals.NONE: "Not met",
}


class FromTo(BaseModel):
    """A value at the first session that stated it and at the last."""

    model_config = ConfigDict(frozen=True)

    label: str
    first: float
    last: float
    sessions: int


class Outcome(BaseModel):
    """The outcome report: the numbers from first to last session, and what they answer."""

    model_config = ConfigDict(frozen=True)

    sessions_given: int
    sessions_planned: int
    numbers: tuple[FromTo, ...] = ()
    goals: Goals
    # The answer to the clinical question, and what is advised from here.
    answer: str
    advice: str = ""


def numbers_of(series: Iterable[Series]) -> tuple[FromTo, ...]:
    """Each measured value from first to last, those with at least two points."""
    return tuple(
        FromTo(
            label=one.key.label,
            first=one.points[0].value,
            last=one.points[-1].value,
            sessions=len(one.points),
        )
        for one in series
        if len(one.points) > 1
    )
