"""The words for everything that can go wrong: what happened, and what to do now.

Written for somebody who is tired and between two patients. "Not yours" and "not there" have the
same words, so that an answer never tells whether a case exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from slack_sdk.models.blocks import Block

from bot.care.licence import LicenceStanding
from bot.care.people import Role, Standing, TherapistProblem
from bot.care.rooms import RoomProblem
from bot.care.text import clean
from bot.views.message import Message, section, small_print
from bot.views.text import escape, literal


class Cause(StrEnum):
    """Why something was not done."""

    NOT_REGISTERED = "not_registered"
    NOT_YOURS = "not_yours"
    NOT_YOUR_PART = "not_your_part"
    RECORD_IS_ERASED = "record_is_erased"
    NOT_IN_EMERGENCY_GROUP = "not_in_emergency_group"
    OWN_CONCERN = "own_concern"
    NOT_YOUR_CONCERN = "not_your_concern"
    ACCOUNT_CANNOT_TREAT = "account_cannot_treat"
    THERAPIST_CANNOT_BE_CHOSEN = "therapist_cannot_be_chosen"
    LICENCE_PROBLEM = "licence_problem"
    FORM_HAS_PROBLEMS = "form_has_problems"
    ENTRY_HAS_PROBLEMS = "entry_has_problems"
    ALREADY_REFERRED = "already_referred"
    SESSION_HAS_PROBLEMS = "session_has_problems"
    FIELDS_HAVE_PROBLEMS = "fields_have_problems"
    TEXT_PROBLEM = "text_problem"
    DATE_PROBLEM = "date_problem"
    VISIT_PROBLEM = "visit_problem"
    LADDER_REFUSED = "ladder_refused"
    TOO_LATE = "too_late"
    ROOM_CANNOT_BE_USED = "room_cannot_be_used"
    TAMPERED = "tampered"
    STORE_BUSY = "store_busy"
    STORE_FULL = "store_full"
    STORE_UNREACHABLE = "store_unreachable"
    SLACK_TROUBLE = "slack_trouble"
    UNEXPECTED = "unexpected"


@dataclass(frozen=True)
class Words:
    """What somebody reads when something was not done. `title` fits a modal's title."""

    title: str
    what_happened: str
    what_to_do: str
    reference: str = ""

    @property
    def line(self) -> str:
        """All of it in one paragraph of plain text, for a field of a form or a short answer."""
        ends = f" (Reference {self.reference})" if self.reference else ""
        return f"{self.what_happened} {self.what_to_do}".strip() + ends


def with_reference(words: Words, reference: str) -> Words:
    """The same, with the number under which a coordinator finds it in the log."""
    return replace(words, reference=reference)


def shown_at_fields(errors: Mapping[str, str]) -> dict[str, str]:
    """What is said at the fields of a form, which Slack shows as plain text.

    It may quote what was typed: nothing of that turns the reading direction or is markup anywhere.
    """
    return {field: literal(words) for field, words in errors.items()}


def draw_words(words: Words) -> Message:
    """As a message that only the person who acted sees."""
    blocks: list[Block] = [section(escape(words.what_happened), escape(words.what_to_do))]
    if words.reference:
        blocks.append(small_print(f"Reference {escape(words.reference)}"))
    return Message(escape(words.title), blocks)


_ASK_COORDINATOR = "Please ask a coordinator."

_CONSTANT: dict[Cause, Words] = {
    Cause.NOT_YOURS: Words(
        "Not available",
        "This case is not available to you.",
        "If you treat this patient, ask a coordinator to add you.",
    ),
    Cause.NOT_YOUR_PART: Words(
        "Not yours to do",
        "Nothing was changed: this is for somebody else on the case.",
        "The card at the top of the thread shows whose turn it is.",
    ),
    Cause.NOT_IN_EMERGENCY_GROUP: Words(
        "Not in this group",
        "Emergency access is for those whom a coordinator has named for it.",
        "Ask a coordinator. If a patient is in danger, call the emergency services first.",
    ),
    Cause.RECORD_IS_ERASED: Words(
        "The record was erased",
        "The record of this case was erased. Nothing of it can be read, and nothing new is kept.",
        "If you are worried about the patient, use the telephone.",
    ),
    Cause.OWN_CONCERN: Words(
        "Another person answers",
        "You raised this concern, so another person has to acknowledge it.",
        "They have been told. If you need an answer now, use the telephone.",
    ),
    Cause.NOT_YOUR_CONCERN: Words(
        "Not yours to withdraw",
        "Only the person who raised a concern can withdraw it.",
        "If you have dealt with it, acknowledge it and then resolve it.",
    ),
    Cause.FORM_HAS_PROBLEMS: Words(
        "Please check the form",
        "Nothing was sent yet.",
        "Please correct the marked fields and send it again.",
    ),
    Cause.ENTRY_HAS_PROBLEMS: Words(
        "Please check the form",
        "Your entry was not changed yet.",
        "Please correct the marked fields and save it again.",
    ),
    Cause.SESSION_HAS_PROBLEMS: Words(
        "Please check the form",
        "The session was not saved yet.",
        "Please correct the marked fields and save it again.",
    ),
    Cause.FIELDS_HAVE_PROBLEMS: Words(
        "Please check the form",
        "Nothing was saved yet.",
        "Please correct the marked fields and save it again.",
    ),
    Cause.TAMPERED: Words(
        "Not understood",
        "Nothing was changed: this button or form is out of date.",
        "Open the case again and use the buttons on its card.",
    ),
    Cause.STORE_BUSY: Words(
        "Not saved yet",
        "Nothing was saved: the record is busy.",
        "Please wait a few seconds and try again.",
    ),
    Cause.STORE_FULL: Words(
        "Not saved",
        "Nothing was saved: the record has no space left.",
        "Please tell a coordinator now. If it concerns a patient's safety, use the telephone.",
    ),
    Cause.STORE_UNREACHABLE: Words(
        "Not saved",
        "Nothing was saved: the record can't be reached at the moment.",
        "Please try again in a few minutes. If it concerns a patient's safety, use the telephone.",
    ),
    Cause.SLACK_TROUBLE: Words(
        "Slack does not answer",
        "Slack did not answer, so this could not be shown.",
        "Please try again in a minute. What you saved before is safe.",
    ),
    Cause.UNEXPECTED: Words(
        "Something went wrong",
        "This did not work, and the mistake is ours.",
        "Please try again. If it happens twice, give a coordinator the reference.",
    ),
}

_STANDINGS: dict[Standing, str] = {
    Standing.GUEST: "is a guest account",
    Standing.BOT: "is a bot",
    Standing.DEACTIVATED: "is deactivated",
    Standing.FOREIGN: "belongs to another organization",
    Standing.UNKNOWN: "is not known in this workspace",
}


def words_for(
    cause: Cause,
    *,
    needed: Role | None = None,
    standing: Standing | None = None,
    reason: str | None = None,
    case_code: str = "",
    words: str = "",
) -> Words:
    """What to tell somebody about `cause`; the values are those that its error carries.

    `needed` belongs to NOT_REGISTERED; `standing` to ACCOUNT_CANNOT_TREAT and, with `reason` (a
    value of `TherapistProblem`), to THERAPIST_CANNOT_BE_CHOSEN; `reason` also to
    ROOM_CANNOT_BE_USED (a value of `RoomProblem`), LICENCE_PROBLEM (of `LicenceStanding`) and
    TOO_LATE (what `TooLate.standing` says); `case_code` to ALREADY_REFERRED; `words`, whole
    sentences, to TEXT_, DATE_ and VISIT_PROBLEM and LADDER_REFUSED.
    """
    match cause:
        case Cause.NOT_REGISTERED:
            found = _not_registered(needed)
        case Cause.ACCOUNT_CANNOT_TREAT:
            found = _account(standing)
        case Cause.THERAPIST_CANNOT_BE_CHOSEN:
            found = _therapist(TherapistProblem(reason or ""), standing)
        case Cause.LICENCE_PROBLEM:
            found = _licence(LicenceStanding(reason or ""))
        case Cause.ALREADY_REFERRED:
            found = _already_referred(case_code)
        case Cause.ROOM_CANNOT_BE_USED:
            found = _room(RoomProblem(reason or ""))
        case Cause.TOO_LATE:
            found = _too_late(reason)
        case Cause.DATE_PROBLEM:
            found = Words(
                "Please check the day",
                clean(words) or "This day can't be taken.",
                "Nothing was changed yet.",
            )
        case Cause.VISIT_PROBLEM:
            found = Words(
                "Please check the time",
                clean(words) or "This time can't be taken.",
                "Nothing was sent.",
            )
        case Cause.LADDER_REFUSED:
            found = Words(
                "Not saved", clean(words) or "It could leave nobody told.", "Nothing was changed."
            )
        case Cause.TEXT_PROBLEM:
            found = Words("Please check the text", clean(words) or "This text can't be kept.", "")
        case _:
            found = _CONSTANT[cause]
    return found


def _not_registered(needed: Role | None) -> Words:
    if needed is None:
        return Words(
            "Not registered yet",
            "Careloop does not know you yet.",
            "Please ask a coordinator to register you.",
        )
    return Words(
        "Not registered for this",
        f"This is for {_PLURALS[needed]}, and you are not registered as one.",
        "If you should be, please ask a coordinator.",
    )


_PLURALS = {
    Role.SURGEON: "surgeons",
    Role.THERAPIST: "massage therapists",
    Role.COORDINATOR: "coordinators",
}


def _account(standing: Standing | None) -> Words:
    why = _STANDINGS.get(standing, "is not a full member") if standing else "is not a full member"
    return Words(
        "Account can't be used",
        f"Your account {why}. Only full members of this workspace work with patients here.",
        _ASK_COORDINATOR,
    )


def _therapist(choice: TherapistProblem, standing: Standing | None) -> Words:
    free = "Please choose somebody else; `/network` shows who is free."
    why = _STANDINGS.get(standing, "is not a full member") if standing else "is not a full member"
    happened = {
        TherapistProblem.NOT_REGISTERED: "This person is not registered with Careloop.",
        TherapistProblem.NOT_A_THERAPIST: "This person is not registered as a massage therapist.",
        TherapistProblem.NOT_A_MEMBER: f"This account {why}, so it can't receive patients.",
        TherapistProblem.IS_THE_SURGEON: "This is you. A referral goes to another person.",
        TherapistProblem.NOT_CLEAR: (
            "This therapist has no verified licence that is valid today, so nobody can be referred "
            "to them."
        ),
        TherapistProblem.NOT_ACCEPTING: "This therapist takes no new patients at the moment.",
    }[choice]
    to_do = {
        TherapistProblem.IS_THE_SURGEON: "Please choose a massage therapist.",
        TherapistProblem.NOT_A_MEMBER: "Please choose somebody else.",
        TherapistProblem.NOT_CLEAR: free,
        TherapistProblem.NOT_ACCEPTING: free,
    }.get(choice, "Please choose somebody else, or ask a coordinator to register them.")
    return Words("Choose somebody else", happened, to_do)


def _licence(standing: LicenceStanding) -> Words:
    happened = {
        LicenceStanding.NONE: "Your licence is not in the directory yet.",
        LicenceStanding.UNVERIFIED: "A coordinator has not verified your licence yet.",
        LicenceStanding.EXPIRED: "Your licence has expired.",
    }.get(standing, "Your licence does not count today.")
    to_do = {
        LicenceStanding.UNVERIFIED: "Please ask a coordinator. Care that is under way goes on.",
    }.get(standing, "Please enter it with `/network`. Care that is under way goes on.")
    return Words("About your licence", happened, to_do)


def _already_referred(case_code: str) -> Words:
    return Words(
        "Referred already",
        f"This patient already has an open referral to this therapist: {case_code}.",
        "Please go on in its thread. Nothing new was sent.",
    )


_ROOMS: dict[RoomProblem, tuple[str, str]] = {
    RoomProblem.NOT_PRIVATE: (
        "This channel is not private, so others could read about patients.",
        "Please choose a private channel.",
    ),
    RoomProblem.SHARED: (
        "This channel is shared with another organization.",
        "Please choose one that only your workspace can see.",
    ),
    RoomProblem.ARCHIVED: ("This channel is archived.", "Please choose another one."),
    RoomProblem.BOT_NOT_IN_IT: (
        "Careloop is not in this channel, so it can't post there.",
        "Please add Careloop to the channel and try again.",
    ),
    RoomProblem.PAIR_NOT_IN_IT: (
        "The surgeon or the therapist is not in this channel.",
        "Please add both and try again.",
    ),
    RoomProblem.OTHERS_IN_IT: (
        "Others are in this channel, and they would read about patients.",
        "Please choose a channel with only the two of them and Careloop.",
    ),
    RoomProblem.TAKEN: (
        "This channel already belongs to another pair.",
        "Please choose another one.",
    ),
    RoomProblem.PAIR_HAS_ONE: (
        "This pair already has a channel.",
        "Their referrals stay there. Nothing was changed.",
    ),
    RoomProblem.SAME: ("This pair uses this channel already.", "There is nothing to do."),
}


def _room(choice: RoomProblem) -> Words:
    happened, to_do = _ROOMS[choice]
    return Words("About this channel", happened, to_do)


def _too_late(standing: str | None) -> Words:
    if standing == "not_acknowledged":
        return Words(
            "Acknowledge it first",
            "Nobody has acknowledged this concern yet, so it can't be resolved.",
            "Please acknowledge it first, then resolve it.",
        )
    if standing == "read_again":
        return Words(
            "Out of date",
            "This update was changed since, so nothing was saved by this click.",
            "The thread shows how it reads now.",
        )
    if standing == "nobody_left":
        return Words(
            "Both are here",
            "The surgeon and the therapist of this case can both be reached, so it stays theirs.",
            "Nothing was changed.",
        )
    if standing == "draft_gone":
        return Words(
            "This draft is gone",
            "It was sent, put away, or nobody came back to it for 3 days.",
            "Your open referrals are on the Home tab. To start anew, type `/refer`.",
        )
    if standing == "template_gone":
        return Words(
            "This template is gone",
            "It was deleted in the meantime.",
            "Choose another one, or none.",
        )
    if standing == "not_finished":
        return Words(
            "Not finished yet",
            "This case is still open, so it can't be opened again.",
            "Please go on in its thread.",
        )
    if standing == "licence_answered":
        return Words(
            "Answered already",
            "Another coordinator has answered this licence, or it was entered anew.",
            "Nothing was changed.",
        )
    if standing == "share_answered":
        return Words(
            "Answered already",
            "This was answered, or the question has ended by itself.",
            "Nothing was changed. The message shows how it stands.",
        )
    if standing == "too_many_looks":
        return Words(
            "Enough for today",
            "You have looked for many patients today, so nobody was asked.",
            "Please ask a coordinator, or try again tomorrow.",
        )
    if standing == "plan_waits":
        return Words(
            "One change at a time",
            "Another change of this plan waits for an answer.",
            "Please answer that one first, in the thread.",
        )
    if standing == "plan_answered":
        return Words(
            "Answered already",
            "That proposal has been answered in the meantime, so nothing was sent.",
            "The thread shows how the plan stands now.",
        )
    if standing == "checkin_settled":
        return Words(
            "Settled already",
            "This was settled already, so nothing was changed by this click.",
            "Thank you.",
        )
    if standing == "hold_concern_open":
        return Words(
            "Acknowledge it first",
            "A concern that holds the treatment is not acknowledged yet.",
            "Please acknowledge it first; you can let treatment go on there.",
        )
    return Words(
        "Already moved on",
        "The case has moved on, and this no longer applies.",
        "Nothing was changed. The card at the top of the thread shows where it stands.",
    )
