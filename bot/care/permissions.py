"""Who may do what in a referral. Deny by default: what is not in the table is refused."""

from enum import StrEnum

from bot.care.people import Part


class Deed(StrEnum):
    """Everything that somebody can do, as the gate and the audit name it."""

    REFER = "refer"
    ACCEPT = "accept"
    DECLINE = "decline"
    CLOSE = "close"
    WRITE_IN_THREAD = "write_in_thread"
    REVISE_WORDS = "revise_words"
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
    SEE_PATIENT = "see_patient"
    SEE_CASE = "see_case"
    SEE_PROGRESS = "see_progress"
    NAME_ROOM = "name_room"
    REGISTER_PERSON = "register_person"
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


_PAIR = frozenset({Part.SURGEON, Part.THERAPIST})
_SURGEONS = frozenset({Part.SURGEON, Part.COVERING_SURGEON})
_TREATING = _PAIR | _SURGEONS

_MAY: dict[Deed, frozenset[Part]] = {
    Deed.ACCEPT: frozenset({Part.THERAPIST}),
    Deed.DECLINE: frozenset({Part.THERAPIST}),
    Deed.CLOSE: frozenset({Part.SURGEON}),
    Deed.WRITE_IN_THREAD: _TREATING,
    Deed.REVISE_WORDS: _TREATING,
    Deed.WITHDRAW_WORDS: _TREATING,
    Deed.LOG_SESSION: frozenset({Part.THERAPIST}),
    # Of an update, only its author: the service asks that too.
    Deed.CONFIRM_UPDATE: frozenset({Part.THERAPIST}),
    Deed.SET_UPDATE_ASIDE: frozenset({Part.THERAPIST}),
    Deed.MOVE_UPDATE: frozenset({Part.THERAPIST}),
    Deed.CLEAR_HOLD: _SURGEONS,
    # Only whoever raised it, or on whose words a rule did: the service asks that too.
    Deed.WITHDRAW_CONCERN: _TREATING,
    Deed.RAISE_CONCERN: _TREATING,
    # A coordinator who is told at the top of a ladder may say that they have it in hand; they see
    # that there is a concern and how urgent it is, not its words.
    Deed.ACKNOWLEDGE_CONCERN: _TREATING | {Part.COORDINATOR},
    Deed.RESOLVE_CONCERN: _TREATING,
    Deed.SEE_CONCERN: _TREATING,
    Deed.SEE_PATIENT: _TREATING,
    Deed.SEE_PROGRESS: _TREATING,
    Deed.SEE_CASE: _TREATING | {Part.COORDINATOR},
}


def may(part: Part, deed: Deed) -> bool:
    """Whether somebody who is `part` of a referral may do `deed` in it."""
    return part in _MAY.get(deed, frozenset())
