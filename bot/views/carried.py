"""What buttons and modals carry, and bring back: small identifiers, never authority.

A client can send anything back, so everything is read strictly: another shape, another version or
anything beside it is `Tampered`. Who may do the deed is asked of the store each time.
"""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.care.referral import Move
from bot.care.referral_form import FormStep

# One of the closed set of moves.
_MOVES = f"^({'|'.join(Move)})$"
_STEPS = f"^({'|'.join(FormStep)})$"
Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
# Where the question "is this right?" is taken back; empty if the form was not opened from it.
Question = Annotated[str, StringConstraints(pattern=r"^(https?://[!-~]{1,500})?$")]
# Not `Literal[1]`, which takes `true` as well.
Version = Annotated[int, Field(ge=1, le=1)]


class Action(StrEnum):
    """Every button, by the deed that a click asks for. The `action_id`s of the bot."""

    REFER = "refer"
    FORM_STEP = "refer_step"
    CHOOSE_THERAPIST = "refer_choose_therapist"
    RESUME_DRAFT = "refer_resume_draft"
    DISCARD_DRAFT = "refer_discard_draft"
    ACCEPT = "accept_referral"
    DECLINE = "decline_referral"
    CLOSE = "close_referral"
    SEE_PATIENT = "see_patient"
    RAISE_CONCERN = "raise_concern"
    ACKNOWLEDGE = "acknowledge_concern"
    READ_CONCERN = "read_concern"
    RESOLVE = "resolve_concern"
    WITHDRAW_CONCERN = "withdraw_concern"
    HAND_ON_CONCERN = "hand_on_concern"
    DECLINE_CONCERN = "decline_concern"
    LADDERS = "ladders"
    EDIT_LADDER = "edit_ladder"
    ADD_RUNG = "add_rung"
    CHANGE_RUNG = "change_rung"
    EDIT_TELEPHONE = "edit_telephone"
    LOG_SESSION = "log_session"
    SAVE_UPDATE = "save_update"
    EDIT_UPDATE = "edit_update"
    NOT_AN_UPDATE = "not_an_update"
    MOVE_UPDATE = "move_update"
    ASK_PATIENT = "ask_patient"
    ASK_AGAIN = "ask_again"
    ANSWER_HOLD = "answer_hold"
    SEE_PLAN = "see_plan"
    SEE_PROPOSAL = "see_plan_proposal"
    COUNTERSIGN_PLAN = "countersign_plan"
    AMEND_PLAN = "amend_plan"
    DECLINE_PLAN = "decline_plan"
    TAKE_BACK_PLAN = "take_back_plan"
    WHO_GOES_ON = "who_goes_on"
    CIRCLE = "who_may_read"
    TAKE_BACK_INVITATION = "take_back_invitation"
    READ_CASE = "read_case"
    NAME_ROOM = "name_room"
    ALL_WELL = "checkin_all_well"
    NO_SHOW = "checkin_no_show"
    SEEN = "checkin_seen"
    LOG_FROM_DIGEST = "checkin_log_session"
    WISH = "checkin_change_plan"
    TOMORROW = "checkin_tomorrow"
    SNOOZE = "checkin_snooze"
    RHYTHM = "case_rhythm"
    WORKING_TIME = "working_time"
    ABSENCE = "enter_absence"
    END_ABSENCE = "end_absence"
    MORE = "more"
    MAKE_MOVE = "make_move"
    SEE_LIFE = "see_life"
    REFER_ON = "refer_on"
    REFER_AGAIN = "refer_again"
    FIND_COLLEAGUE = "find_colleague"
    SEE_COLLEAGUE = "see_colleague"
    REFER_TO = "refer_to"
    OWN_ENTRY = "own_entry"
    ENTER_WORK = "enter_work"
    ENTER_LICENCE = "enter_licence"
    ENTER_PRACTICE = "enter_practice"
    ANSWER_LICENCE = "answer_licence"
    TEMPLATES = "templates"
    RENAME_TEMPLATE = "rename_template"
    DELETE_TEMPLATE = "delete_template"
    ASK_TO_SHARE = "ask_to_share"
    AGREE_TO_SHARE = "agree_to_share"
    DECLINE_SHARE = "decline_share"
    SEE_SHARED = "see_shared"
    REPLACE_IDENTIFIERS = "replace_identifiers"
    EMERGENCY = "emergency_access"
    READ_IN_EMERGENCY = "read_in_emergency"
    WHY_EMERGENCY = "why_emergency"
    END_EMERGENCY = "end_emergency"
    EMERGENCY_GROUP = "emergency_group"
    LEAVE_EMERGENCY_GROUP = "leave_emergency_group"
    TREND = "show_trend"
    REPORT = "progress_report"
    # A link: Slack reports the click, and there is nothing to do but to acknowledge it.
    OPEN_THREAD = "open_thread"


class Tampered(Exception):
    """What came back is not what was sent. `where` names the place, never the contents."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


class Carried(BaseModel):
    """Something to be written into a button's `value` or a view's `private_metadata`."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    v: Version = 1

    def write(self) -> str:
        return self.model_dump_json()

    @classmethod
    def read(cls, text: str | None) -> Self:
        """What was written. Raises `Tampered` for everything else."""
        try:
            return cls.model_validate_json(text or "")
        except ValidationError:
            raise Tampered(cls.__name__) from None


class AboutReferral(Carried):
    """Which referral is meant."""

    referral_id: Id


class AboutConcern(Carried):
    """Which concern is meant."""

    concern_id: Id


class AboutUpdate(Carried):
    """Which session update is meant, and which reading of it was shown."""

    entry_id: Id
    step: Annotated[int, Field(ge=0, le=1_000_000)]


class AboutSession(Carried):
    """Which referral a session is logged for; and which update is corrected, if one is."""

    referral_id: Id
    entry_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,64}$")] = ""
    question: Question = ""


class AboutTyped(Carried):
    """What somebody typed an identifier into, and which one of these."""

    typed: Annotated[str, StringConstraints(pattern=r"^(entry|concern|referral)$")]
    subject_id: Id


class AboutAsked(Carried):
    """Which session update is meant, and the question about it that a form was opened from."""

    entry_id: Id
    question: Question = ""


class AboutCheckIn(Carried):
    """Which check-in is meant."""

    checkin_id: Id


class AboutAbsence(Carried):
    """Which absence is meant."""

    absence_id: Id


class AboutMove(Carried):
    """Which referral is meant, and which move in it."""

    referral_id: Id
    move: Annotated[str, StringConstraints(pattern=_MOVES)]


class AboutNext(Carried):
    """Which referral is meant, and who is asked next."""

    referral_id: Id
    person_id: Id


class AboutInvitation(Carried):
    """Which invitation into a case is meant."""

    invitation_id: Id


class AboutEmergency(Carried):
    """Which access in an emergency is meant."""

    access_id: Id


class AboutTemplate(Carried):
    """Which template is meant."""

    template_id: Id


class AboutShare(Carried):
    """Which wish to share a case is meant."""

    share_id: Id


class AboutPerson(Carried):
    """Which person of the directory is meant."""

    person_id: Id


class AboutLicence(Carried):
    """Which licence is meant."""

    licence_id: Id


class AboutPlanVersion(Carried):
    """Which version of a plan is meant."""

    version_id: Id


class AboutPlan(Carried):
    """Whose plan is changed; and which proposal that answers, if it does."""

    referral_id: Id
    amends_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,64}$")] = ""


class AboutDraft(Carried):
    """Which draft of a referral is meant, and which step of its form.

    Before it is kept there is no draft; then `person` is the therapist who is chosen already.
    """

    draft_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{0,64}$")] = ""
    step: Annotated[str, StringConstraints(pattern=_STEPS)]
    person: Annotated[str, StringConstraints(pattern=r"^([UW][A-Z0-9]{1,20})?$")] = ""


class AboutStep(Carried):
    """Where a button of the referral form leads; with it, who is chosen, if somebody is."""

    step: Annotated[str, StringConstraints(pattern=_STEPS)]
    person: Annotated[str, StringConstraints(pattern=r"^([UW][A-Z0-9]{1,20})?$")] = ""


class Nothing(Carried):
    """A form that is about nothing yet."""
