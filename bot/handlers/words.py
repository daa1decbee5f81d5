"""From errors to words: which cause each has, and what is told of it."""

from typing import Final

from bot.boundary import Failed, note_tampered
from bot.services.errors import (
    AccountCannotTreat,
    AlreadyReferred,
    DateProblem,
    DeedRefused,
    EntryHasProblems,
    FieldsHaveProblems,
    FormHasProblems,
    LadderRefused,
    LicenceProblem,
    NotInEmergencyGroup,
    NotRegistered,
    NotYourConcern,
    NotYourPart,
    NotYours,
    OwnConcern,
    RecordIsErased,
    RoomCannotBeUsed,
    SessionHasProblems,
    TextProblem,
    TherapistCannotBeChosen,
    TooLate,
    VisitProblem,
)
from bot.services.trouble import StoreBusy, StoreFull, StoreTrouble
from bot.views.carried import Tampered
from bot.views.errors import Cause, Words, with_reference, words_for

# Errors that have words of their own; all others get a reference.
FORESEEN: Final = (DeedRefused, Tampered)


def words_of(error: Exception) -> Words:
    """What to tell somebody about an error that was foreseen."""
    match error:
        case NotRegistered():
            return words_for(Cause.NOT_REGISTERED, needed=error.needed)
        case NotYours():
            return words_for(Cause.NOT_YOURS)
        case NotYourPart():
            return words_for(Cause.NOT_YOUR_PART)
        case NotInEmergencyGroup():
            return words_for(Cause.NOT_IN_EMERGENCY_GROUP)
        case RecordIsErased():
            return words_for(Cause.RECORD_IS_ERASED)
        case OwnConcern():
            return words_for(Cause.OWN_CONCERN)
        case NotYourConcern():
            return words_for(Cause.NOT_YOUR_CONCERN)
        case AccountCannotTreat():
            return words_for(Cause.ACCOUNT_CANNOT_TREAT, standing=error.standing)
        case TherapistCannotBeChosen():
            return words_for(
                Cause.THERAPIST_CANNOT_BE_CHOSEN,
                reason=error.reason.value,
                standing=error.standing,
            )
        case LicenceProblem() if error.is_self:
            return words_for(Cause.LICENCE_PROBLEM, reason=error.found.value)
        case LicenceProblem():
            return words_for(Cause.THERAPIST_CANNOT_BE_CHOSEN, reason="not_clear")
        case EntryHasProblems():
            return words_for(Cause.ENTRY_HAS_PROBLEMS)
        case SessionHasProblems():
            return words_for(Cause.SESSION_HAS_PROBLEMS)
        case FieldsHaveProblems():
            return words_for(Cause.FIELDS_HAVE_PROBLEMS)
        case FormHasProblems():
            return words_for(Cause.FORM_HAS_PROBLEMS)
        case AlreadyReferred():
            return words_for(Cause.ALREADY_REFERRED, case_code=error.case_code)
        case VisitProblem():
            return words_for(Cause.VISIT_PROBLEM, words=error.words)
        case DateProblem():
            return words_for(Cause.DATE_PROBLEM, words=error.words)
        case LadderRefused():
            return words_for(Cause.LADDER_REFUSED, words=" ".join(error.reasons))
        case TextProblem():
            return words_for(Cause.TEXT_PROBLEM, words=error.words)
        case TooLate():
            return words_for(Cause.TOO_LATE, reason=error.standing)
        case RoomCannotBeUsed():
            return words_for(Cause.ROOM_CANNOT_BE_USED, reason=error.reason.value)
        case Tampered():
            note_tampered(error.where)
            return words_for(Cause.TAMPERED)
        case _:
            return words_for(Cause.UNEXPECTED)


def words_of_failure(failed: Failed) -> Words:
    """What to tell somebody about an error that was not: with the reference to quote."""
    match failed.error:
        case StoreBusy() | TimeoutError():
            cause = Cause.STORE_BUSY
        case StoreFull():
            cause = Cause.STORE_FULL
        case StoreTrouble():
            cause = Cause.STORE_UNREACHABLE
        case _:
            cause = Cause.UNEXPECTED
    return with_reference(words_for(cause), failed.reference)
