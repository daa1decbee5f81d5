"""Who may do what in a referral. Deny by default: what is not in the table is refused."""

from enum import StrEnum

from bot.care.people import Part
from bot.care.referral import Move


class Deed(StrEnum):
    """Everything that somebody can do, as the gate and the audit name it."""

    REFER = "refer"
    DRAFT_REFERRAL = "draft_referral"
    KEEP_TEMPLATE = "keep_template"
    LOOK_FOR_PATIENT = "look_for_patient"
    ASK_TO_SHARE = "ask_to_share"
    SEE_SHARE_ASKED = "see_share_asked"
    ANSWER_SHARE = "answer_share"
    SEE_SHARED = "see_shared"
    ACCEPT = "accept"
    DECLINE = "decline"
    CLOSE = "close"
    ASK_INFORMATION = "ask_information"
    GIVE_INFORMATION = "give_information"
    BOOK = "book"
    HOLD = "hold"
    CANCEL = "cancel"
    TAKE_BACK_CANCEL = "take_back_cancel"
    CONFIRM_CANCEL = "confirm_cancel"
    COMPLETE = "complete"
    CANNOT_FINISH = "cannot_finish"
    ASK_ABOUT_OUTCOME = "ask_about_outcome"
    ANSWER_OUTCOME = "answer_outcome"
    REVIEW = "review"
    REFER_ON = "refer_on"
    REFER_AGAIN = "refer_again"
    WRITE_IN_THREAD = "write_in_thread"
    REVISE_WORDS = "revise_words"
    REPLACE_IDENTIFIERS = "replace_identifiers"
    WITHDRAW_WORDS = "withdraw_words"
    LOG_SESSION = "log_session"
    CONFIRM_UPDATE = "confirm_update"
    SET_UPDATE_ASIDE = "set_update_aside"
    MOVE_UPDATE = "move_update"
    CLEAR_HOLD = "clear_hold"
    WITHDRAW_CONCERN = "withdraw_concern"
    RAISE_CONCERN = "raise_concern"
    ACKNOWLEDGE_CONCERN = "acknowledge_concern"
    RESOLVE_CONCERN = "resolve_concern"
    SEE_CONCERN = "see_concern"
    HAND_ON_CONCERN = "hand_on_concern"
    DECLINE_CONCERN = "decline_concern"
    EDIT_LADDER = "edit_ladder"
    EDIT_CLINIC = "edit_clinic"
    SEE_PATIENT = "see_patient"
    SEE_CASE = "see_case"
    READ_CASE = "read_case"
    INVITE = "invite"
    TAKE_BACK_INVITATION = "take_back_invitation"
    NAME_ANOTHER = "name_another"
    CLOSE_FOR_ABSENT = "close_for_absent"
    SEE_PROGRESS = "see_progress"
    SEE_PLAN = "see_plan"
    PROPOSE_PLAN = "propose_plan"
    ANSWER_PLAN = "answer_plan"
    EXPORT_PLAN = "export_plan"
    NAME_ROOM = "name_room"
    REGISTER_PERSON = "register_person"
    ANSWER_CHECKIN = "answer_checkin"
    SET_RHYTHM = "set_rhythm"
    SET_WORKING_TIME = "set_working_time"
    SEE_WORKING_TIME = "see_working_time"
    ENTER_ABSENCE = "enter_absence"
    END_ABSENCE = "end_absence"
    SEE_DIRECTORY = "see_directory"
    ENTER_PROFILE = "enter_profile"
    VERIFY_LICENCE = "verify_licence"
    WARN_OF_LICENCE = "warn_of_licence"
    HAND_OVER = "hand_over"
    NUDGE = "nudge"
    ESCALATE = "escalate"
    MEND = "mend"
    SUSPEND_ROOM = "suspend_room"
    RESUME_ROOM = "resume_room"
    ERASE_PATIENT = "erase_patient"
    SET_LEGAL_HOLD = "set_legal_hold"
    LIFT_LEGAL_HOLD = "lift_legal_hold"
    REPORT_RETENTION = "report_retention"
    CLOSE_VIEW = "close_view"
    NAME_FOR_EMERGENCIES = "name_for_emergencies"
    EMERGENCY_ACCESS = "emergency_access"
    END_EMERGENCY_ACCESS = "end_emergency_access"
    SEE_WHY_OPENED = "see_why_opened"


_PAIR = frozenset({Part.SURGEON, Part.THERAPIST})
# Who covers does what the absent would do, in their time: a case waits for nobody's holiday.
_SURGEONS = frozenset({Part.SURGEON, Part.COVERING_SURGEON})
_THERAPISTS = frozenset({Part.THERAPIST, Part.COVERING_THERAPIST})
_TREATING = _SURGEONS | _THERAPISTS
# Who was invited reads the case and does nothing in it; who the patient is stays with the treating.
_READING = _TREATING | {Part.INVITED, Part.EMERGENCY}

_MAY: dict[Deed, frozenset[Part]] = {
    Deed.ACCEPT: _THERAPISTS,
    Deed.DECLINE: _THERAPISTS,
    Deed.CLOSE: frozenset({Part.SURGEON}),
    Deed.ASK_INFORMATION: _THERAPISTS,
    Deed.GIVE_INFORMATION: _SURGEONS,
    Deed.BOOK: _THERAPISTS,
    Deed.HOLD: _TREATING,
    Deed.CANCEL: _SURGEONS,
    Deed.TAKE_BACK_CANCEL: _SURGEONS,
    Deed.CONFIRM_CANCEL: _THERAPISTS,
    Deed.COMPLETE: _THERAPISTS,
    Deed.CANNOT_FINISH: _THERAPISTS,
    Deed.ASK_ABOUT_OUTCOME: _SURGEONS,
    Deed.ANSWER_OUTCOME: _THERAPISTS,
    Deed.REVIEW: _SURGEONS,
    # A new referral is its surgeon's own.
    Deed.REFER_ON: frozenset({Part.SURGEON}),
    Deed.REFER_AGAIN: frozenset({Part.SURGEON}),
    Deed.WRITE_IN_THREAD: _TREATING,
    Deed.REVISE_WORDS: _TREATING,
    # Of a reply, only its author: the service asks that too.
    Deed.REPLACE_IDENTIFIERS: _TREATING,
    Deed.WITHDRAW_WORDS: _TREATING,
    Deed.LOG_SESSION: _THERAPISTS,
    # Of an update, only its author: the service asks that too.
    Deed.CONFIRM_UPDATE: _THERAPISTS,
    Deed.SET_UPDATE_ASIDE: _THERAPISTS,
    Deed.MOVE_UPDATE: _THERAPISTS,
    Deed.CLEAR_HOLD: _SURGEONS,
    # Only whoever raised it, or on whose words a rule did: the service asks that too.
    Deed.WITHDRAW_CONCERN: _TREATING,
    Deed.RAISE_CONCERN: _TREATING,
    # A coordinator who is told at the top of a ladder may say that they have it in hand; they see
    # that there is a concern and how urgent it is, not its words.
    Deed.ACKNOWLEDGE_CONCERN: _TREATING | {Part.COORDINATOR},
    Deed.RESOLVE_CONCERN: _TREATING,
    Deed.SEE_CONCERN: _READING,
    # To a surgeon, by name, who must accept: until then the ladder goes on. In what concerns that
    # concern, and in nothing else, whoever was asked stands in as one who covers.
    Deed.HAND_ON_CONCERN: _SURGEONS | {Part.COORDINATOR},
    Deed.DECLINE_CONCERN: _SURGEONS,
    # In an emergency, who the patient is may be what is needed.
    Deed.SEE_PATIENT: _TREATING | {Part.EMERGENCY},
    Deed.SEE_PROGRESS: _TREATING,
    # Only what one was asked oneself, or covers: the service asks that too.
    Deed.ANSWER_CHECKIN: _TREATING | {Part.COORDINATOR},
    Deed.SET_RHYTHM: _TREATING,
    # What is next, with whom, until when: what coordination needs, and nothing clinical.
    Deed.SEE_CASE: _TREATING | {Part.COORDINATOR},
    # The card and what was said: whoever treats, and a colleague who was let in to read.
    Deed.READ_CASE: _READING,
    # Only the two themselves let somebody in: who covers does not stay.
    Deed.INVITE: _PAIR,
    Deed.TAKE_BACK_INVITATION: _PAIR,
    # Only where the account of one of the two is gone: the service asks that too.
    Deed.NAME_ANOTHER: frozenset({Part.COORDINATOR}),
    Deed.CLOSE_FOR_ABSENT: frozenset({Part.COORDINATOR}),
    Deed.SEE_PLAN: _READING,
    Deed.PROPOSE_PLAN: _TREATING,
    # Of a proposal, the other side countersigns or declines: the service asks that too.
    Deed.ANSWER_PLAN: _TREATING,
    # As with letting somebody in: who covers does not stay.
    Deed.SEE_SHARE_ASKED: _PAIR,
    Deed.ANSWER_SHARE: _PAIR,
    # Only what was agreed to be shown to them, by name: the service asks that too.
    Deed.SEE_SHARED: frozenset({Part.SHARED_WITH, Part.INVITED, Part.COVERING_SURGEON}),
    # Of the emergency group, and saying why: the gate asks the first, the service the second.
    Deed.EMERGENCY_ACCESS: frozenset({Part.EMERGENCY}),
    # Why somebody else opened the case: who treats, and who answers for the group.
    Deed.SEE_WHY_OPENED: _TREATING | {Part.COORDINATOR},
}


# Which deed each move is, where it is one of the two sides' own.
DEED_OF: dict[Move, Deed] = {
    Move.ACCEPT: Deed.ACCEPT,
    Move.DECLINE: Deed.DECLINE,
    Move.ASK_INFORMATION: Deed.ASK_INFORMATION,
    Move.GIVE_INFORMATION: Deed.GIVE_INFORMATION,
    Move.BOOK: Deed.BOOK,
    Move.HOLD: Deed.HOLD,
    Move.RESUME: Deed.CLEAR_HOLD,
    Move.CANCEL: Deed.CANCEL,
    Move.ASK_TO_CANCEL: Deed.CANCEL,
    Move.TAKE_BACK_CANCEL: Deed.TAKE_BACK_CANCEL,
    Move.CONFIRM_CANCEL: Deed.CONFIRM_CANCEL,
    Move.COMPLETE: Deed.COMPLETE,
    Move.CANNOT_FINISH: Deed.CANNOT_FINISH,
    Move.ASK_ABOUT_OUTCOME: Deed.ASK_ABOUT_OUTCOME,
    Move.ANSWER_OUTCOME: Deed.ANSWER_OUTCOME,
    Move.REVIEW: Deed.REVIEW,
    Move.CLOSE_DECLINED: Deed.CLOSE,
    Move.REFER_ON: Deed.REFER_ON,
    Move.NAME_ANOTHER: Deed.NAME_ANOTHER,
    Move.CLOSE_FOR_ABSENT: Deed.CLOSE_FOR_ABSENT,
}


def may(part: Part, deed: Deed) -> bool:
    """Whether somebody who is `part` of a referral may do `deed` in it."""
    return part in _MAY.get(deed, frozenset())
