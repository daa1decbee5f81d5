"""What people are asked about the cases that they share, and how it is settled."""

from enum import StrEnum


class CheckInKind(StrEnum):
    """Why somebody is asked.

    A `step` of the referral is overdue; the surgeon's `weekly` look; the `joint` one of both at the
    halves of the plan; the other side asks for another `plan`; somebody has been `silent`, which a
    coordinator is told.
    """

    STEP = "step"
    WEEKLY = "weekly"
    JOINT = "joint"
    PLAN = "plan"
    SILENT = "silent"


class CheckInState(StrEnum):
    """Whether it still waits for an answer. `moot` is what needs none any more."""

    OPEN = "open"
    SETTLED = "settled"
    MOOT = "moot"


class Answer(StrEnum):
    """How a check-in was settled."""

    DONE = "done"
    NO_SHOW = "no_show"
    ALL_WELL = "all_well"
    CHANGE_PLAN = "change_plan"
    SEEN = "seen"
