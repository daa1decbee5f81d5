"""The network of colleagues: what an entry says, and who is found in which order and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.care.codes import Technique
from bot.care.credentials import Credential, Language, LymphaticTraining, PrivacyRole
from bot.care.indications import Indication
from bot.care.people import Role
from bot.care.text import clean_line

MOST_PLACES: Final = 5
LONGEST_PLACE: Final = 60
MOST_CAPACITY: Final = 200


class Profile(BaseModel):
    """What somebody says of their own work. Nothing in it is about a patient."""

    model_config = ConfigDict(frozen=True)

    credentials: tuple[Credential, ...] = ()
    procedures: tuple[Indication, ...] = ()
    techniques: tuple[Technique, ...] = ()
    languages: tuple[Language, ...] = ()
    places: tuple[str, ...] = ()
    lymphatic: LymphaticTraining | None = None
    lymphatic_until: date | None = None
    # How many patients at a time; None where it was not said.
    capacity: int | None = None
    is_accepting: bool = True
    # The last day without new patients; None where it is open.
    not_before: date | None = None
    privacy_role: PrivacyRole | None = None

    def accepts_on(self, today: date) -> bool:
        """Whether new patients may come. "Not until" a day ends by itself."""
        return self.is_accepting or (self.not_before is not None and today > self.not_before)

    def missing(self, role: Role) -> tuple[str, ...]:
        """What an entry still lacks, in words, for a reminder."""
        if role is Role.COORDINATOR:
            return ()
        wanted: list[tuple[str, object]] = [
            ("credentials", self.credentials),
            ("procedures", self.procedures),
            ("languages", self.languages),
            ("places", self.places),
            ("covered entity or business associate", self.privacy_role),
        ]
        if role is Role.THERAPIST:
            wanted += [("techniques", self.techniques), ("capacity", self.capacity)]
        return tuple(name for name, value in wanted if not value)


def places_of(text: str) -> tuple[str, ...]:
    """Places as they were typed, parted by commas, semicolons or lines; each once."""
    found: dict[str, str] = {}
    for part in text.replace(";", ",").replace("\n", ",").split(","):
        place = clean_line(part)
        if place:
            found.setdefault(place.casefold(), place)
    return tuple(found.values())


def place_problem(places: tuple[str, ...]) -> str:
    """What is wrong with the places; empty if nothing is."""
    if len(places) > MOST_PLACES:
        return f"Write at most {MOST_PLACES} places."
    if any(len(place) > LONGEST_PLACE for place in places):
        return f"Write each place with at most {LONGEST_PLACE} characters."
    return ""


@dataclass(frozen=True)
class Record:
    """What came of the referrals between two colleagues, or of all of one person's."""

    referrals: int = 0
    answered: int = 0
    # Mean time from request to answer, in working or other hours, whole minutes; None if none was.
    minutes_to_answer: int | None = None
    # Ended one way or the other, declined ones left out.
    ended: int = 0
    completed: int = 0
    updates: int = 0
    updates_on_time: int = 0

    @property
    def share_completed(self) -> float | None:
        return self.completed / self.ended if self.ended else None

    @property
    def share_on_time(self) -> float | None:
        return self.updates_on_time / self.updates if self.updates else None


@dataclass(frozen=True)
class Wish:
    """What is looked for. What is left out does not matter."""

    role: Role | None = None
    procedure: Indication | None = None
    technique: Technique | None = None
    place: str = ""
    language: Language | None = None
    only_available: bool = False


@dataclass(frozen=True)
class Candidate:
    """Somebody who may be found, as things stand today."""

    person_id: str
    role: Role
    profile: Profile
    is_clear: bool
    is_away: bool
    lymphatic_seen: bool
    open_cases: int
    # With whoever looks; None for somebody who refers to nobody.
    together: Record | None

    @property
    def free(self) -> int | None:
        """Places for new patients; None where capacity is not known."""
        if self.profile.capacity is None:
            return None
        return max(0, self.profile.capacity - self.open_cases)

    def is_available(self, today: date) -> bool:
        """Whether somebody can be referred to them now."""
        accepts = self.profile.accepts_on(today) and self.free != 0
        return self.is_clear and accepts and not self.is_away


class Reason(StrEnum):
    """Why somebody stands where they do in the list, the weightiest first."""

    AVAILABLE = "available"
    FULL = "full"
    NOT_ACCEPTING = "not_accepting"
    AWAY = "away"
    NOT_CLEAR = "not_clear"
    PROCEDURE = "procedure"
    TECHNIQUE = "technique"
    LYMPHATIC = "lymphatic"
    PLACE = "place"
    LANGUAGE = "language"
    COMPLETED = "completed"
    ANSWERS_FAST = "answers_fast"
    ON_TIME = "on_time"
    NEW_TO_YOU = "new_to_you"


@dataclass(frozen=True)
class Found:
    """Somebody who was found, and the reasons for their place in the list."""

    candidate: Candidate
    reasons: tuple[Reason, ...]


_FAST_MINUTES: Final = 8 * 60
_MOSTLY: Final = 0.8


def find(
    candidates: Iterable[Candidate], wish: Wish, today: date, most: int | None = None
) -> list[Found]:
    """Who fits `wish`, in the order of the reasons: those who can take somebody now come first,
    then those certified for lymphatic drainage, then by what was done together. The first `most`,
    or all."""
    fitting = [one for one in candidates if _fits(one, wish, today)]
    in_order = sorted(fitting, key=lambda one: _order(one, today))
    return [Found(one, _reasons(one, wish, today)) for one in in_order[:most]]


def _fits(one: Candidate, wish: Wish, today: date) -> bool:
    profile = one.profile
    return (
        (wish.role is None or one.role is wish.role)
        and (wish.procedure is None or wish.procedure in profile.procedures)
        and (wish.technique is None or wish.technique in profile.techniques)
        and (wish.language is None or wish.language in profile.languages)
        and (not wish.place or _is_there(profile, wish.place))
        and (not wish.only_available or one.is_available(today))
    )


def _is_there(profile: Profile, place: str) -> bool:
    wanted = clean_line(place).casefold()
    return any(wanted in one.casefold() for one in profile.places)


def _reasons(one: Candidate, wish: Wish, today: date) -> tuple[Reason, ...]:
    profile, together = one.profile, one.together or Record()
    share, on_time = together.share_completed, together.share_on_time
    holds = {
        Reason.AVAILABLE: one.is_available(today),
        Reason.NOT_CLEAR: not one.is_clear,
        Reason.AWAY: one.is_away,
        Reason.NOT_ACCEPTING: not profile.accepts_on(today),
        Reason.FULL: one.free == 0,
        Reason.PROCEDURE: wish.procedure is not None,
        Reason.TECHNIQUE: wish.technique is not None,
        Reason.LYMPHATIC: one.lymphatic_seen,
        Reason.PLACE: bool(wish.place),
        Reason.LANGUAGE: wish.language is not None,
        Reason.COMPLETED: share is not None and share >= _MOSTLY,
        Reason.ANSWERS_FAST: (
            together.minutes_to_answer is not None and together.minutes_to_answer <= _FAST_MINUTES
        ),
        Reason.ON_TIME: on_time is not None and on_time >= _MOSTLY,
        Reason.NEW_TO_YOU: one.together is not None and together.referrals == 0,
    }
    return tuple(reason for reason in Reason if holds[reason])


def _order(one: Candidate, today: date) -> tuple[bool, bool, float, float, int, int, str]:
    together = one.together or Record()
    share, on_time = together.share_completed, together.share_on_time
    return (
        not one.is_available(today),
        not one.lymphatic_seen,
        -(share if share is not None else 0.5),
        -(on_time if on_time is not None else 0.5),
        together.minutes_to_answer if together.minutes_to_answer is not None else _FAST_MINUTES,
        -(one.free if one.free is not None else 1),
        one.person_id,
    )


class EntryField(StrEnum):
    """The fields of the forms in which an entry is made."""

    CREDENTIALS = "credentials"
    PROCEDURES = "procedures"
    TECHNIQUES = "techniques"
    NUMBER = "number"
    STATE = "state"
    EXPIRES_ON = "expires_on"
    LYMPHATIC = "lymphatic"
    LYMPHATIC_UNTIL = "lymphatic_until"
    LANGUAGES = "languages"
    PLACES = "places"
    CAPACITY = "capacity"
    ACCEPTING = "accepting"
    NOT_BEFORE = "not_before"
    PRIVACY_ROLE = "privacy_role"
