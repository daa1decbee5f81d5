"""One climb of a ladder: who is told now, who is passed over, and when somebody is told next.

Whoever can't hear is told all the same, and passed over at once: the next rung is told with them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.care.ladder import Ladder, Tell
from bot.care.working_time import WorkingHours


class Way(StrEnum):
    """How somebody is told."""

    SLACK = "slack"
    CLINIC_CHANNEL = "clinic_channel"
    OUTSIDE = "outside"


class Hearing(StrEnum):
    """What is known of whether somebody can hear now."""

    UNKNOWN = "unknown"
    HEARS = "hears"
    DO_NOT_DISTURB = "do_not_disturb"
    AWAY = "away"

    @property
    def can_hear(self) -> bool:
        """Where nothing is known, a rung is given its time."""
        return self in {Hearing.UNKNOWN, Hearing.HEARS}


class Fate(StrEnum):
    """What became of an attempt to tell somebody."""

    OWED = "owed"
    DELIVERED = "delivered"
    TRIED = "tried"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"


@dataclass(frozen=True)
class Target:
    """A person (their id), or a place by its name."""

    way: Way
    to: str
    hearing: Hearing = Hearing.UNKNOWN


@dataclass(frozen=True)
class RungReach:
    """Whom a rung reaches now, and whose working hours it keeps."""

    targets: tuple[Target, ...]
    hours: WorkingHours


@dataclass(frozen=True)
class Telling:
    """Those who are told at a step."""

    step: int
    targets: tuple[Target, ...]


@dataclass(frozen=True)
class Place:
    """Where a climb stands: the step that comes next, from 0, and from when its minutes count."""

    step: int
    started: datetime


@dataclass(frozen=True)
class Climbed:
    """What a climb comes to. `next_due` is always later than the moment of the climb."""

    tellings: tuple[Telling, ...]
    place: Place
    next_due: datetime
    nobody_left: bool
    """The top was reached: everybody who could be told was told, and nobody has answered."""


@dataclass
class _Climb:
    ladder: Ladder
    started: datetime
    now: datetime
    reach: Sequence[RungReach]
    step: int
    told: set[str]
    tellings: list[Telling] = field(default_factory=list)

    def is_due(self) -> bool:
        return self.due() <= self.now

    def due(self) -> datetime:
        return self.ladder.due(self.step, self.started, self._at(self.step).hours)

    def tell(self) -> bool:
        """Tell the step that comes next; whether somebody who can hear is told by it.

        Nobody is told twice in one climb.
        """
        wanted = self._at(self.step).targets
        targets = tuple(one for one in wanted if one.to not in self.told)
        self.told |= {one.to for one in targets}
        if targets:
            self.tellings.append(Telling(self.step, targets))
        self.step += 1
        return any(target.hearing.can_hear for target in wanted)

    def _at(self, step: int) -> RungReach:
        """Beyond the top everybody is told, in the hours of the last rung."""
        rungs = self.ladder.rungs
        rung = self.ladder.rung(step)
        if rung is not None and rung.tell is not Tell.EVERYBODY:
            return self.reach[rungs.index(rung)]
        everybody = dict.fromkeys(one for reach in self.reach for one in reach.targets)
        last = self.reach[rungs.index(rung or self.ladder.moments[-1].rung)]
        return RungReach(tuple(everybody), last.hours)


def climb(
    ladder: Ladder,
    place: Place,
    now: datetime,
    reach: Sequence[RungReach],
    *,
    at_once: bool = False,
    just_told: Collection[str] = (),
) -> Climbed:
    """Tell every step that is due, and go on at once past those who can't hear.

    `reach` has an entry for each of the ladder's rungs. `at_once`: the step that comes next is
    told now, whenever it is due, as those before it can't hear; `just_told` are those, who are not
    told twice. After the top everybody is told
    again; repetitions that were missed are not made up for.
    """
    under_way = _Climb(ladder, place.started, now, reach, place.step, set(just_told))
    go_on = at_once
    while not ladder.is_top(under_way.step) and (go_on or under_way.is_due()):
        go_on = not under_way.tell()
    nobody_left = go_on or under_way.is_due()
    if nobody_left:
        under_way.tell()
        _skip_what_was_missed(under_way)
        # Also where the top was reached before its time, everybody is told again after one repeat.
        repeats = now + timedelta(minutes=ladder.repeat_minutes)
        under_way.started = min(place.started, repeats - ladder.until(under_way.step))
    return Climbed(
        tuple(under_way.tellings),
        Place(under_way.step, under_way.started),
        under_way.due(),
        nobody_left,
    )


def _skip_what_was_missed(under_way: _Climb) -> None:
    """The next step is in the future: who slept through ten repetitions hears one."""
    repeat = timedelta(minutes=under_way.ladder.repeat_minutes)
    missed = int((under_way.now - under_way.due()) / repeat)
    under_way.step += max(0, missed)
    while under_way.is_due():
        under_way.step += 1
