"""How often each side is asked how a treatment goes, beside the plan's own sessions."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.care.people import Role


class Every(StrEnum):
    """How often somebody is asked about one case."""

    SESSION = "session"
    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    FOUR_WEEKS = "four_weeks"
    NEVER = "never"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def days(self) -> int:
        """Days from one question to the next; 0 for after each session, and for never."""
        return _DAYS[self]


_LABELS: Final = {
    Every.SESSION: "After each expected session",
    Every.WEEK: "Once a week",
    Every.TWO_WEEKS: "Every 2 weeks",
    Every.FOUR_WEEKS: "Every 4 weeks",
    Every.NEVER: "Not at all",
}
_DAYS: Final = {
    Every.SESSION: 0,
    Every.WEEK: 7,
    Every.TWO_WEEKS: 14,
    Every.FOUR_WEEKS: 28,
    Every.NEVER: 0,
}

# A therapist who is never asked is one whose silence nobody notices: that can't be chosen.
CHOICES: Final[dict[Role, tuple[Every, ...]]] = {
    Role.THERAPIST: (Every.SESSION, Every.WEEK, Every.TWO_WEEKS),
    Role.SURGEON: (Every.WEEK, Every.TWO_WEEKS, Every.FOUR_WEEKS, Every.NEVER),
    Role.COORDINATOR: (),
}
DEFAULTS: Final[dict[Role, Every]] = {
    Role.THERAPIST: Every.SESSION,
    Role.SURGEON: Every.WEEK,
}


@dataclass(frozen=True)
class CaseRhythm:
    """How often the two of a case are asked; None where each one's own choice holds."""

    therapist: Every | None = None
    surgeon: Every | None = None
    joint: bool = True

    def of(self, role: Role, own: Every | None) -> Every:
        """What holds for one side: the case's rhythm, else the person's own, else the usual one."""
        chosen = self.therapist if role is Role.THERAPIST else self.surgeon
        return chosen or own or DEFAULTS[role]
