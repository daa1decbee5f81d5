"""Why a deed was not done. One type a cause; what people read is written in `bot.views.errors`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.care.directory import EntryField
from bot.care.licence import LicenceStanding
from bot.care.people import Role, Standing, TherapistProblem
from bot.care.referral_form import Field
from bot.care.rooms import RoomProblem
from bot.care.session_form import SessionField


class DeedRefused(Exception):
    """The deed was not done, and nothing was changed."""


class NotRegistered(DeedRefused):
    """Whoever acts is unknown to Careloop, or not in the part that this needs."""

    def __init__(self, needed: Role | None = None) -> None:
        super().__init__()
        self.needed = needed


class NotYours(DeedRefused):
    """The case is somebody else's, or there is none: one answer, so that it tells nothing."""


class NotInEmergencyGroup(DeedRefused):
    """Somebody asks for access in an emergency whom no coordinator has named for that."""


class NotYourPart(DeedRefused):
    """The person belongs to the case, but this is for somebody else in it to do."""


class RecordIsErased(DeedRefused):
    """The record of this case was erased: nothing of it can be read or changed any more."""

    def __init__(self, case_code: str, at: datetime) -> None:
        super().__init__()
        self.case_code = case_code
        self.at = at


class OwnConcern(DeedRefused):
    """Somebody wants to acknowledge the concern that they raised: another person has to."""


class NotYourConcern(DeedRefused):
    """Somebody wants to withdraw a concern that another person raised."""


class AccountCannotTreat(DeedRefused):
    """A guest, a bot, a deactivated or a foreign account."""

    def __init__(self, standing: Standing) -> None:
        super().__init__()
        self.standing = standing


class TherapistCannotBeChosen(DeedRefused):
    """The chosen therapist is unknown, no therapist, no member, or the surgeon."""

    def __init__(self, reason: TherapistProblem, standing: Standing | None = None) -> None:
        super().__init__()
        self.reason = reason
        self.standing = standing


class LicenceProblem(DeedRefused):
    """Somebody has no verified licence that counts today, so nothing new is started with them."""

    def __init__(self, found: LicenceStanding, *, is_self: bool) -> None:
        super().__init__()
        self.found = found
        self.is_self = is_self


class EntryHasProblems(DeedRefused):
    """Fields of a directory entry have to be put right first."""

    def __init__(self, problems: Mapping[EntryField, str]) -> None:
        super().__init__()
        self.problems = dict(problems)


class FormHasProblems(DeedRefused):
    """Fields of the form have to be put right first."""

    def __init__(self, problems: Mapping[Field, str]) -> None:
        super().__init__()
        self.problems = dict(problems)


class SessionHasProblems(DeedRefused):
    """Fields of the session form have to be put right first."""

    def __init__(self, problems: Mapping[SessionField, str]) -> None:
        super().__init__()
        self.problems = dict(problems)


class FieldsHaveProblems(DeedRefused):
    """Fields of a form have to be put right first; `problems` by the field's name."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__()
        self.problems = dict(problems)


class AlreadyReferred(DeedRefused):
    """The same patient has an unfinished referral between the same two people."""

    def __init__(self, case_code: str) -> None:
        super().__init__()
        self.case_code = case_code


class TextProblem(DeedRefused):
    """A text is empty or too long for what it is meant for."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words


class DateProblem(DeedRefused):
    """A day is missing or makes no sense for what it is meant for."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.words = words


class VisitProblem(DateProblem):
    """The time at which the patient is to be seen is missing, past, or too late for the concern."""


class LadderRefused(DeedRefused):
    """A ladder under which a concern could go unheard; `reasons` are whole sentences."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__()
        self.reasons = tuple(reasons)


class TooLate(DeedRefused):
    """The thing has moved on, and what was asked no longer applies."""

    def __init__(self, standing: str) -> None:
        super().__init__()
        self.standing = standing


class RoomCannotBeUsed(DeedRefused):
    """The channel named for a pair is not fit for it."""

    def __init__(self, reason: RoomProblem) -> None:
        super().__init__()
        self.reason = reason
