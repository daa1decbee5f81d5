"""The escalation ladder: who is told of a concern, and when, until a person acknowledges.

The times are the clinic's default (the red-flag table gives the urgencies: emergent in minutes,
urgent within 1 hour, soon within 24 hours). A concern keeps a copy of the ladder it was raised
under, so a later change of the default does not alter one that is running.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from bot.care.concern import Severity


class Tell(StrEnum):
    """Whom a rung reaches, named by part played, so that absences and changes are followed."""

    SURGEON = "surgeon"
    COVERING_SURGEON = "covering_surgeon"
    COORDINATORS = "coordinators"


class Rung(BaseModel):
    """One step: `after_minutes` from the raising of the concern, `tell` is told."""

    model_config = ConfigDict(frozen=True)

    tell: Tell
    after_minutes: int = Field(ge=0)


class Ladder(BaseModel):
    """The rungs in order; after the last one it is told again every `repeat_minutes`."""

    model_config = ConfigDict(frozen=True)

    rungs: tuple[Rung, ...] = Field(min_length=1)
    repeat_minutes: int = Field(gt=0)
    resolve_hours: int = Field(gt=0)

    def rung(self, step: int) -> Rung:
        """The rung of `step` (0-based); beyond the top it is the last one again."""
        return self.rungs[min(step, len(self.rungs) - 1)]

    def due(self, step: int, raised_at: datetime) -> datetime:
        """When `step` is due if nobody has acknowledged by then."""
        top = len(self.rungs) - 1
        minutes = self.rung(step).after_minutes + max(0, step - top) * self.repeat_minutes
        return raised_at + timedelta(minutes=minutes)

    def is_beyond_top(self, step: int) -> bool:
        return step >= len(self.rungs)

    def resolve_by(self, acknowledged_at: datetime) -> datetime:
        return acknowledged_at + timedelta(hours=self.resolve_hours)


def _ladder(minutes: tuple[int, int, int], repeat: int, resolve_hours: int) -> Ladder:
    told = (Tell.SURGEON, Tell.COVERING_SURGEON, Tell.COORDINATORS)
    rungs = tuple(Rung(tell=t, after_minutes=m) for t, m in zip(told, minutes, strict=True))
    return Ladder(rungs=rungs, repeat_minutes=repeat, resolve_hours=resolve_hours)


DEFAULT_LADDERS: dict[Severity, Ladder] = {
    Severity.EMERGENT: _ladder((0, 3, 6), repeat=10, resolve_hours=4),
    Severity.URGENT: _ladder((0, 15, 30), repeat=30, resolve_hours=24),
    Severity.SOON: _ladder((0, 4 * 60, 24 * 60), repeat=24 * 60, resolve_hours=72),
}
