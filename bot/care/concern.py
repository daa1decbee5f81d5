"""Concerns: how urgent, where they stand, and what was decided."""

import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from bot.care.people import Part


class Severity(StrEnum):
    """How soon a person must have heard; the names are those of the red-flag rules."""

    EMERGENT = "emergent"
    URGENT = "urgent"
    SOON = "soon"

    @property
    def label(self) -> str:
        return _SEVERITIES[self][0]

    @property
    def meaning(self) -> str:
        """What the word asks for, for the person who chooses it."""
        return _SEVERITIES[self][1]


_SEVERITIES = {
    Severity.EMERGENT: ("Emergent", "Call emergency services first; answer within minutes"),
    Severity.URGENT: ("Urgent", "Hold massage; answer within 1 hour"),
    Severity.SOON: ("Soon", "Answer within 24 hours"),
}


class Category(StrEnum):
    """What a concern is about: for whoever reads it first, and for counting."""

    CIRCULATION = "circulation"
    WOUND = "wound"
    INFECTION = "infection"
    SWELLING = "swelling"
    PAIN = "pain"
    NERVES = "nerves"
    GARMENT_OR_DRAIN = "garment_or_drain"
    MEDICINE = "medicine"
    WELLBEING = "wellbeing"
    OTHER = "other"

    @property
    def label(self) -> str:
        return _CATEGORIES[self]


_CATEGORIES = {
    Category.CIRCULATION: "Heart, lungs, circulation",
    Category.WOUND: "Wound or scar",
    Category.INFECTION: "Infection or fever",
    Category.SWELLING: "Swelling or fluid",
    Category.PAIN: "Pain",
    Category.NERVES: "Numbness or weakness",
    Category.GARMENT_OR_DRAIN: "Garment or drain",
    Category.MEDICINE: "Medicine",
    Category.WELLBEING: "Mood or safety",
    Category.OTHER: "Something else",
}


class Sbar(BaseModel):
    """What stands beside the situation in the SBAR form (situation, background, assessment,
    recommendation); each part may be left out, and the situation alone is a quick concern.

    `photos` are Slack's ids of files.
    """

    model_config = ConfigDict(frozen=True)

    background: str = ""
    assessment: str = ""
    recommendation: str = ""
    photos: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return self == NOTHING_BESIDE


NOTHING_BESIDE = Sbar()


class ConcernState(StrEnum):
    """Seen is not acknowledged, acknowledged is not resolved; resolved stays resolved.

    A concern that was raised by mistake is withdrawn, with a reason that is kept and told.
    """

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is to be done about it."""
        return self in {ConcernState.RESOLVED, ConcernState.WITHDRAWN}


class ConcernSource(StrEnum):
    """Who or what raised a concern: a person in so many words, or a rule that spoke."""

    PERSON = "person"
    RED_FLAG = "red_flag"


class Decision(StrEnum):
    """What the person who acknowledges reads back."""

    CONTINUE = "continue"
    HOLD = "hold"
    MODIFY = "modify"
    SEE_PATIENT = "see_patient"
    EMERGENCY = "emergency"

    @property
    def label(self) -> str:
        """As a choice in a form."""
        return _DECISIONS[self][0]

    @property
    def told(self) -> str:
        """As the rest of a sentence that starts with who decided."""
        return _DECISIONS[self][1]

    @property
    def needs_reading(self) -> bool:
        """Whether only somebody who can read the concern may decide so: whatever lets treatment
        go on."""
        return self in {Decision.CONTINUE, Decision.MODIFY}


_DECISIONS = {
    Decision.CONTINUE: ("Continue treatment", "treatment continues"),
    Decision.HOLD: ("Hold treatment", "hold treatment until cleared"),
    Decision.MODIFY: ("Modify the plan", "the plan is to be modified"),
    Decision.SEE_PATIENT: ("See the patient", "will see the patient"),
    Decision.EMERGENCY: ("Send to emergency", "send the patient to emergency care"),
}


@dataclass(frozen=True)
class Worry:
    """What somebody is worried about, in so many words, and how soon it has to be heard."""

    words: str
    severity: Severity


_ANY_DECISION = tuple(Decision)
_UNREAD = tuple(one for one in Decision if not one.needs_reading)
# How far ahead seeing the patient may be and still be an answer. The clinic's default.
LATEST_VISIT = {
    Severity.EMERGENT: timedelta(days=1),
    Severity.URGENT: timedelta(days=3),
    Severity.SOON: timedelta(days=14),
}


def decisions_of(part: Part, *, holds: bool) -> tuple[Decision, ...]:
    """What somebody may decide who is `part` of the referral; `holds`: treatment is on hold for it.

    The plan and the clearing of a hold are the surgeon's; a coordinator has not read the concern.
    """
    if part is Part.COORDINATOR:
        return _UNREAD
    if part.is_therapists_side:
        return _UNREAD if holds else (Decision.CONTINUE, *_UNREAD)
    return _ANY_DECISION


def keeps_on_hold(state: ConcernState, decision: Decision | None, *, holds: bool) -> bool:
    """Whether treatment stays on hold for this concern, whatever is answered to another one.

    `holds` says that a rule has put it on hold for it. What is settled keeps nothing on hold; what
    nobody has answered does, and so does every answer but to let treatment go on.
    """
    if state.is_settled or decision is Decision.CONTINUE:
        return False
    return holds or decision in {Decision.HOLD, Decision.EMERGENCY}


_CUE = re.compile(
    r"^\W{0,3}concerns?[*_]{0,2}\s*[:\-\u2013\u2014][*_]{0,2}\s*(?P<words>.+)",
    re.IGNORECASE | re.DOTALL,
)


def concern_in(text: str) -> str | None:
    """The words after a leading `concern:` of a thread reply; None if it does not start so."""
    found = _CUE.match(text.strip())
    return found["words"].strip() if found else None
