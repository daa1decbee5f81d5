"""Who takes part in a referral, and in what part."""

from enum import StrEnum


class Role(StrEnum):
    """What somebody is registered as in this workspace."""

    SURGEON = "surgeon"
    THERAPIST = "therapist"
    COORDINATOR = "coordinator"

    @property
    def label(self) -> str:
        return {"surgeon": "surgeon", "therapist": "massage therapist"}.get(self.value, self.value)


class Part(StrEnum):
    """What somebody is to one referral at one moment: what they may do follows from it."""

    SURGEON = "surgeon"
    THERAPIST = "therapist"
    COVERING_SURGEON = "covering_surgeon"
    COORDINATOR = "coordinator"
    # Of the emergency group, after saying why, for a short time: may read, and nothing else.
    EMERGENCY = "emergency"
    OUTSIDER = "outsider"
    COVERING_THERAPIST = "covering_therapist"
    # A colleague whom one of the two let read this case.
    INVITED = "invited"
    # A surgeon of the same patient with whom one of the two agreed to share what they chose.
    SHARED_WITH = "shared_with"

    @property
    def is_surgeons_side(self) -> bool:
        return self in {Part.SURGEON, Part.COVERING_SURGEON}

    @property
    def is_therapists_side(self) -> bool:
        return self in {Part.THERAPIST, Part.COVERING_THERAPIST}


class Standing(StrEnum):
    """What Slack says of an account. Only full members of this workspace work with patients."""

    MEMBER = "member"
    GUEST = "guest"
    BOT = "bot"
    DEACTIVATED = "deactivated"
    FOREIGN = "foreign"
    UNKNOWN = "unknown"

    @property
    def may_treat(self) -> bool:
        return self is Standing.MEMBER


class TherapistProblem(StrEnum):
    """Why somebody can't be chosen as the therapist."""

    NOT_REGISTERED = "not_registered"
    NOT_A_THERAPIST = "not_a_therapist"
    NOT_A_MEMBER = "not_a_member"
    IS_THE_SURGEON = "is_the_surgeon"
    NOT_CLEAR = "not_clear"
    NOT_ACCEPTING = "not_accepting"
