"""Notices: what the bot owes somebody, as facts. A view makes words of them when they are sent.

Services write notices, the clockwork sends them, views draw them; this is the vocabulary that the
three share. A notice holds identifiers of things and what can't be looked up later, never words:
what it shows is read from the store at the moment of sending, so it can't be stale.
"""

from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.care.attached import ReplyWord
from bot.care.identifiers import Kind
from bot.care.oversight import Finding


class Priority(IntEnum):
    """What goes first. Urgent rows overtake everything and wait for no pace."""

    URGENT = 0
    NORMAL = 5
    REDRAW = 8


class PlaceKind(StrEnum):
    """Where a notice goes."""

    PERSON = "person"
    ROOM = "room"
    THREAD = "thread"
    CLINIC = "clinic"
    EAR = "ear"
    DIGEST = "digest"
    OUTSIDE = "outside"
    VIEW = "view"


class Place(BaseModel):
    """Where a notice goes: a person's direct messages, a pair's channel, a referral's thread.

    `subject` is a person id, a room id, a referral id; empty for the clinic channel. An ear is one
    person's in a thread: what is said into it only they see, and it is kept nowhere. A digest goes
    to a person's direct messages too, in a lane of its own: nothing else waits behind it. Outside
    is a channel beyond Slack, by its name in the settings. A view is a modal that somebody opened.
    """

    model_config = ConfigDict(frozen=True)

    kind: PlaceKind
    subject: str = ""

    @property
    def lane(self) -> str:
        """Rows of one lane are sent in the order in which they were owed."""
        return f"{self.kind}:{self.subject}"

    @classmethod
    def of_lane(cls, lane: str) -> "Place":
        kind, _, subject = lane.partition(":")
        return cls(kind=PlaceKind(kind), subject=subject)


def to_person(person_id: str) -> Place:
    return Place(kind=PlaceKind.PERSON, subject=person_id)


def to_room(room_id: str) -> Place:
    return Place(kind=PlaceKind.ROOM, subject=room_id)


def to_thread(referral_id: str) -> Place:
    return Place(kind=PlaceKind.THREAD, subject=referral_id)


def to_digest(person_id: str) -> Place:
    return Place(kind=PlaceKind.DIGEST, subject=person_id)


def to_ear(referral_id: str, person_id: str) -> Place:
    return Place(kind=PlaceKind.EAR, subject=f"{referral_id}:{person_id}")


def to_outside(name: str) -> Place:
    return Place(kind=PlaceKind.OUTSIDE, subject=name)


TO_CLINIC = Place(kind=PlaceKind.CLINIC)


class _Notice(BaseModel):
    model_config = ConfigDict(frozen=True)


class OpenRoom(_Notice):
    """The pair's private channel is to be made and both invited. Not a message: an errand."""

    kind: Literal["open_room"] = "open_room"
    room_id: str


class CaseCard(_Notice):
    """The card at the top of a referral's thread; always drawn from the state of the moment."""

    kind: Literal["case_card"] = "case_card"
    referral_id: str


class ReferralReceived(_Notice):
    """To the therapist: somebody refers a patient to you."""

    kind: Literal["referral_received"] = "referral_received"
    referral_id: str


class ReferralAnswered(_Notice):
    """To the surgeon and into the thread: the therapist has accepted or declined."""

    kind: Literal["referral_answered"] = "referral_answered"
    referral_id: str
    accepted: bool


class UpdateKept(_Notice):
    """Into the thread: a reply is kept as a session update; redrawn when revised or withdrawn."""

    kind: Literal["update_kept"] = "update_kept"
    entry_id: str


class ConfirmUpdate(_Notice):
    """Into its author's ear: what was read, to be saved, edited or set aside. Nothing waits on it.

    `step` is the reading that it shows: once another one holds, it has nothing to say.
    """

    kind: Literal["confirm_update"] = "confirm_update"
    entry_id: str
    step: int


class Typed(StrEnum):
    """What somebody typed an identifier into."""

    REPLY = "entry"
    CONCERN = "concern"
    REFERRAL = "referral"


class IdentifiersTyped(_Notice):
    """Into its author's ear: what was typed says who a patient is. The kinds, never the words."""

    kind: Literal["identifiers_typed"] = "identifiers_typed"
    referral_id: str
    typed: Typed
    subject_id: str
    found: tuple[Kind, ...]


class WordOnReply(_Notice):
    """Into its author's ear: of a reply something was not read, or it is no session."""

    kind: Literal["word_on_reply"] = "word_on_reply"
    referral_id: str
    word: ReplyWord


class UpdateMoved(_Notice):
    """Into the thread where an update was written: it belongs to another case and is there now."""

    kind: Literal["update_moved"] = "update_moved"
    entry_id: str


class HoldAnswered(_Notice):
    """Into the thread: the surgeon's side has cleared a hold, or keeps it until a day."""

    kind: Literal["hold_answered"] = "hold_answered"
    referral_id: str
    by_id: str
    cleared: bool


class ConcernWithdrawn(_Notice):
    """Into the thread, and to all who were told: the concern was raised by mistake, and why."""

    kind: Literal["concern_withdrawn"] = "concern_withdrawn"
    concern_id: str


class CoverAsked(_Notice):
    """To whoever covers: somebody is away and named them; redrawn when that is taken back."""

    kind: Literal["cover_asked"] = "cover_asked"
    absence_id: str


class DigestDue(_Notice):
    """To one person: what waits for them today; redrawn as its lines are settled."""

    kind: Literal["digest"] = "digest"
    digest_id: str


class CheckInAnswered(_Notice):
    """Into the thread: somebody has answered a check-in, with these words of the record."""

    kind: Literal["checkin_answered"] = "checkin_answered"
    checkin_id: str
    entry_id: str
    wish: bool = False


class ConcernPosted(_Notice):
    """Into the thread: a concern, who knows of it, and what is next; redrawn as that changes."""

    kind: Literal["concern_posted"] = "concern_posted"
    concern_id: str


class ConcernAlert(_Notice):
    """To one person on the ladder; redrawn without its buttons once it is settled."""

    kind: Literal["concern_alert"] = "concern_alert"
    concern_id: str
    person_id: str
    step: int


class ConcernDecided(_Notice):
    """Into the thread: who acknowledged and what was decided; `number` counts the takings."""

    kind: Literal["concern_decided"] = "concern_decided"
    concern_id: str
    number: int = 1


class ConcernResolved(_Notice):
    """Into the thread: the concern is resolved."""

    kind: Literal["concern_resolved"] = "concern_resolved"
    concern_id: str


class ConcernUnanswered(_Notice):
    """The top of the ladder was reached and nobody has acknowledged, in a round from 0.

    `in_clinic`: said where people look who do not treat.
    """

    kind: Literal["concern_unanswered"] = "concern_unanswered"
    concern_id: str
    round: int = 0
    in_clinic: bool = False


class ConcernCalled(_Notice):
    """Into the clinic channel, as a rung of a ladder: a concern waits for an answer."""

    kind: Literal["concern_called"] = "concern_called"
    concern_id: str
    step: int


class ConcernPassedOn(_Notice):
    """To a surgeon who is asked to take a concern: they accept it, or can't."""

    kind: Literal["concern_passed_on"] = "concern_passed_on"
    concern_id: str
    number: int


class ConcernPassedBack(_Notice):
    """To whoever passed a concern on: the surgeon who was asked can't take it."""

    kind: Literal["concern_passed_back"] = "concern_passed_back"
    concern_id: str
    number: int


class OutsideCall(_Notice):
    """Beyond Slack, by e-mail, SMS or pager: a concern waits. Nothing of the patient in it."""

    kind: Literal["outside_call"] = "outside_call"
    concern_id: str
    step: int
    slack_is_silent: bool = False


class CaseMoved(_Notice):
    """Into the thread, and to the other side: a move was made, and why."""

    kind: Literal["case_moved"] = "case_moved"
    referral_id: str
    move_id: str


class LicenceEntered(_Notice):
    """To a coordinator: a licence is to be looked up; redrawn once somebody has."""

    kind: Literal["licence_entered"] = "licence_entered"
    licence_id: str


class LicenceAnswered(_Notice):
    """To its owner: a licence was verified, or was not, and why."""

    kind: Literal["licence_answered"] = "licence_answered"
    licence_id: str


class WorkHandedOver(_Notice):
    """To whoever has it now: an account is gone, and its open work is theirs."""

    kind: Literal["work_handed_over"] = "work_handed_over"
    left_id: str
    stand_in_id: str


class TrendAsked(_Notice):
    """Into the thread: the trend as a picture, for whoever asked."""

    kind: Literal["trend"] = "trend"
    referral_id: str
    asked_by: str
    asked_at: datetime


class ReportAsked(_Notice):
    """Into the thread: the progress report as a document, for whoever asked."""

    kind: Literal["progress_report"] = "progress_report"
    referral_id: str
    asked_by: str
    asked_at: datetime


class ReportInWords(_Notice):
    """Into the thread: the progress report in plain words, a message each part, from 0."""

    kind: Literal["progress_report_in_words"] = "progress_report_in_words"
    referral_id: str
    asked_by: str
    part: int


class PlanProposed(_Notice):
    """Into the thread: a change of the plan, for the other side to sign; redrawn once answered."""

    kind: Literal["plan_proposed"] = "plan_proposed"
    version_id: str


class PlanAnswered(_Notice):
    """Into the thread: a change of the plan is in force, declined or taken back."""

    kind: Literal["plan_answered"] = "plan_answered"
    version_id: str


class LetIn(_Notice):
    """To a colleague who may read a case, and into its thread; redrawn when that has ended."""

    kind: Literal["let_in"] = "let_in"
    invitation_id: str
    in_thread: bool = False


class ShareAsked(_Notice):
    """To one of a pair: a colleague asks them to share a case; redrawn once that is settled."""

    kind: Literal["share_asked"] = "share_asked"
    share_id: str


class ShareAnswered(_Notice):
    """To whoever asked a pair to share a case: their answer; into the thread what is shared."""

    kind: Literal["share_answered"] = "share_answered"
    share_id: str
    in_thread: bool = False


class SeatInRoom(_Notice):
    """Somebody is to be added to a pair's channel, or removed: an errand, by what holds then."""

    kind: Literal["seat_in_room"] = "seat_in_room"
    room_id: str
    person_id: str


class DeliveryFailed(_Notice):
    """To a coordinator: something owed could not be delivered, and why."""

    kind: Literal["delivery_failed"] = "delivery_failed"
    failed_row: str
    failed_kind: str
    error: str
    referral_id: str = ""


class SomethingStuck(_Notice):
    """To a coordinator: the auditor found what it can't mend."""

    kind: Literal["something_stuck"] = "something_stuck"
    finding: Finding


class RecordErased(_Notice):
    """To the pair, and in the place of the case card: the record of a case was erased."""

    kind: Literal["record_erased"] = "record_erased"
    referral_id: str


class RoomSuspended(_Notice):
    """To the pair and the coordinators: nothing is posted in a channel; redrawn once settled."""

    kind: Literal["room_suspended"] = "room_suspended"
    suspension_id: str


class EmergencyOpened(_Notice):
    """To whoever opened a case by emergency access, to its pair and to the coordinators; redrawn
    once that has ended."""

    kind: Literal["emergency_opened"] = "emergency_opened"
    access_id: str
    person_id: str


class CloseView(_Notice):
    """A modal that nobody has touched for a while shows nothing any more. An errand."""

    kind: Literal["close_view"] = "close_view"
    view_id: str


class TakeDown(_Notice):
    """A message of an erased case is to be deleted in Slack. Not a message: an errand.

    `referral_id` is the case in whose thread it is; empty for a direct message.
    """

    kind: Literal["take_down"] = "take_down"
    referral_id: str = ""


Notice = Annotated[
    OpenRoom
    | CaseCard
    | ReferralReceived
    | ReferralAnswered
    | UpdateKept
    | ConfirmUpdate
    | UpdateMoved
    | IdentifiersTyped
    | WordOnReply
    | HoldAnswered
    | CoverAsked
    | DigestDue
    | CheckInAnswered
    | ConcernPosted
    | ConcernAlert
    | ConcernDecided
    | ConcernResolved
    | ConcernWithdrawn
    | ConcernUnanswered
    | CaseMoved
    | LicenceEntered
    | LicenceAnswered
    | WorkHandedOver
    | ConcernCalled
    | ConcernPassedOn
    | ConcernPassedBack
    | OutsideCall
    | TrendAsked
    | ReportAsked
    | ReportInWords
    | PlanProposed
    | PlanAnswered
    | LetIn
    | ShareAsked
    | ShareAnswered
    | SeatInRoom
    | DeliveryFailed
    | SomethingStuck
    | RecordErased
    | TakeDown
    | RoomSuspended
    | EmergencyOpened
    | CloseView,
    Field(discriminator="kind"),
]

_NOTICES: TypeAdapter[Notice] = TypeAdapter(Notice)


def read_notice(json: str) -> Notice:
    """The notice that was stored as `json`."""
    return _NOTICES.validate_json(json)


def referral_of(notice: Notice) -> str:
    """The referral that a notice speaks of, if it names one; else empty."""
    if isinstance(
        notice,
        CaseCard
        | ReferralReceived
        | ReferralAnswered
        | HoldAnswered
        | CaseMoved
        | IdentifiersTyped
        | WordOnReply
        | TrendAsked
        | ReportAsked
        | ReportInWords
        | RecordErased
        | TakeDown,
    ):
        return notice.referral_id
    return ""
