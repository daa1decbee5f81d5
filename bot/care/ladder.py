"""The escalation ladder: who is told of a concern, and when, until a person acknowledges.

The times are the clinic's default (the red-flag table gives the urgencies: emergent in minutes,
urgent within 1 hour, soon within 24 hours). A concern keeps a copy of the ladder it was raised
under, so a later change of the clinic's ladder does not alter one that is running.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from pydantic import BaseModel, ConfigDict, Field

from bot.care.concern import Severity
from bot.care.working_time import WorkingHours

_MINUTES_IN_AN_HOUR = 60
_HOURS_IN_A_DAY = 24


class Tell(StrEnum):
    """Whom a rung reaches, named by part played, so that absences and changes are followed."""

    SURGEON = "surgeon"
    COVERING_SURGEON = "covering_surgeon"
    COORDINATOR = "coordinator_on_duty"
    COORDINATORS = "coordinators"
    CLINIC_CHANNEL = "clinic_channel"
    OUTSIDE = "outside"
    EVERYBODY = "everybody"

    @property
    def label(self) -> str:
        return _PARTS[self]

    @property
    def is_a_person(self) -> bool:
        """Whether somebody is told who can answer for it; a channel or a pager only calls."""
        return self not in {Tell.CLINIC_CHANNEL, Tell.OUTSIDE}


_PARTS = {
    Tell.SURGEON: "The surgeon",
    Tell.COVERING_SURGEON: "Who covers for the surgeon",
    Tell.COORDINATOR: "The coordinator on duty",
    Tell.COORDINATORS: "Every coordinator",
    Tell.CLINIC_CHANNEL: "The clinic channel",
    Tell.OUTSIDE: "A channel outside Slack",
    Tell.EVERYBODY: "Everybody: surgeons and coordinators",
}


class RungHours(StrEnum):
    """Whether a rung waits for its reader's working hours. What is urgent never does."""

    AROUND_THE_CLOCK = "around_the_clock"
    WORKING_HOURS = "working_hours"

    @property
    def label(self) -> str:
        return {"around_the_clock": "At any hour", "working_hours": "In working hours only"}[
            self.value
        ]


class Rung(BaseModel):
    """One step: `after_minutes` from the start of the ladder, `tell` is told.

    Told `times` in all, `every_minutes` apart, while the ladder goes on. `outside` names the
    channel outside Slack, where `tell` is one.
    """

    model_config = ConfigDict(frozen=True)

    tell: Tell
    after_minutes: int = Field(ge=0)
    times: int = Field(default=1, ge=1, le=10)
    every_minutes: int = Field(default=0, ge=0)
    hours: RungHours = RungHours.AROUND_THE_CLOCK
    outside: str = ""


class Moment(BaseModel):
    """A rung at one of its times: `after_minutes` from the start."""

    model_config = ConfigDict(frozen=True)

    rung: Rung
    after_minutes: int


class Ladder(BaseModel):
    """The rungs; after the last moment everybody is told again every `repeat_minutes`.

    At the last moment, the top, it is said aloud that nobody has answered. `version` is that of
    the clinic's ladder it was copied from; 0 is the default.
    """

    model_config = ConfigDict(frozen=True)

    rungs: tuple[Rung, ...] = Field(min_length=1)
    repeat_minutes: int = Field(gt=0)
    resolve_hours: int = Field(gt=0)
    version: int = 0

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        """Every telling in order. A concern's steps count these."""
        found = [
            Moment(rung=rung, after_minutes=rung.after_minutes + again * rung.every_minutes)
            for rung in self.rungs
            for again in range(rung.times)
        ]
        return tuple(sorted(found, key=lambda moment: moment.after_minutes))

    def rung(self, step: int) -> Rung | None:
        """The rung of `step` (0-based); None beyond the top, where everybody is told again."""
        return self.moments[step].rung if step < len(self.moments) else None

    def is_top(self, step: int) -> bool:
        """Whether everybody who could be told was told by this step."""
        return step >= len(self.moments) - 1

    def starts(self, at: datetime, hours: WorkingHours) -> datetime:
        """From when the minutes count: at once, or from the next working hour of who is first."""
        if self.moments[0].rung.hours is RungHours.WORKING_HOURS:
            return hours.next_working_moment(at)
        return at

    def due(self, step: int, started: datetime, hours: WorkingHours) -> datetime:
        """When `step` is due if nobody has acknowledged by then.

        `started` is what `starts` gave, `hours` are those of the rung's reader.
        """
        rung = self.moments[min(step, len(self.moments) - 1)].rung
        at = started + self.until(step)
        waits = rung.hours is RungHours.WORKING_HOURS
        return hours.next_working_moment(at) if waits else at

    def until(self, step: int) -> timedelta:
        """From the start to `step`; beyond the top each is a repetition later."""
        top = len(self.moments) - 1
        minutes = self.moments[min(step, top)].after_minutes
        return timedelta(minutes=minutes + max(0, step - top) * self.repeat_minutes)

    def again(self) -> "Ladder":
        """The ladder of a concern that somebody took and nobody has resolved.

        The rungs are the same, but from the top on everybody is told again only as often as there
        is time to resolve it, at least daily: nobody hears a call every few minutes for days.
        """
        calm = min(self.resolve_hours, _HOURS_IN_A_DAY) * _MINUTES_IN_AN_HOUR
        return self.model_copy(update={"repeat_minutes": max(self.repeat_minutes, calm)})

    def resolve_by(self, acknowledged_at: datetime) -> datetime:
        return acknowledged_at + timedelta(hours=self.resolve_hours)


def _rungs(
    told: tuple[Tell, ...],
    minutes: tuple[int, ...],
    hours: RungHours = RungHours.AROUND_THE_CLOCK,
) -> tuple[Rung, ...]:
    return tuple(
        Rung(tell=tell, after_minutes=after, hours=hours)
        for tell, after in zip(told, minutes, strict=True)
    )


_FOUR = (Tell.SURGEON, Tell.COVERING_SURGEON, Tell.COORDINATOR, Tell.EVERYBODY)
_THREE = (Tell.SURGEON, Tell.COVERING_SURGEON, Tell.EVERYBODY)

DEFAULT_LADDERS: dict[Severity, Ladder] = {
    Severity.EMERGENT: Ladder(
        rungs=_rungs(_FOUR, (0, 3, 6, 10)), repeat_minutes=10, resolve_hours=4
    ),
    Severity.URGENT: Ladder(
        rungs=_rungs(_FOUR, (0, 15, 30, 60)), repeat_minutes=30, resolve_hours=24
    ),
    Severity.SOON: Ladder(
        rungs=_rungs(_THREE, (0, 4 * 60, 24 * 60), RungHours.WORKING_HOURS),
        repeat_minutes=24 * 60,
        resolve_hours=72,
    ),
}
