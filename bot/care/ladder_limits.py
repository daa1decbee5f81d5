"""What a ladder must hold to, so that no change of it can make a concern go unheard.

The limits follow the urgencies of the red-flag table: emergent in minutes, urgent within 1 hour,
soon within 24 hours. They are the clinic's defaults, never medical advice.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from bot.care.concern import Severity
from bot.care.ladder import Ladder, RungHours, Tell

MOST_RUNGS: Final = 8
MOST_MOMENTS: Final = 24
_HOUR: Final = 60


@dataclass(frozen=True)
class Limit:
    """The longest waits of a severity, in minutes; `resolve_hours` until it climbs again."""

    first: int
    between: int
    top: int
    repeat: int
    resolve_hours: int
    may_wait_for_work: bool = False


LIMITS: Final[dict[Severity, Limit]] = {
    Severity.EMERGENT: Limit(first=1, between=10, top=20, repeat=10, resolve_hours=12),
    Severity.URGENT: Limit(first=15, between=30, top=60, repeat=60, resolve_hours=72),
    Severity.SOON: Limit(
        first=4 * _HOUR,
        between=24 * _HOUR,
        top=48 * _HOUR,
        repeat=24 * _HOUR,
        resolve_hours=14 * 24,
        may_wait_for_work=True,
    ),
}


def problems(ladder: Ladder, severity: Severity, outside: Set[str]) -> tuple[str, ...]:
    """Every reason for which a ladder can't be used; none if it can.

    `outside` are the names of the channels outside Slack that are set up.
    """
    return tuple(_shape(ladder, outside)) or tuple(_waits(ladder, severity))


def _shape(ladder: Ladder, outside: Set[str]) -> Iterator[str]:
    if len(ladder.rungs) > MOST_RUNGS:
        yield f"There are more than {MOST_RUNGS} rungs."
    if len(ladder.moments) > MOST_MOMENTS:
        yield f"It tells people more than {MOST_MOMENTS} times before the top."
    told = {rung.tell for rung in ladder.rungs}
    if not told & {Tell.SURGEON, Tell.COVERING_SURGEON, Tell.EVERYBODY}:
        yield "No rung tells a surgeon."
    if not told & {Tell.COORDINATOR, Tell.COORDINATORS, Tell.EVERYBODY}:
        yield "No rung tells a coordinator, so nobody would know that the surgeons are silent."
    if not ladder.moments[0].rung.tell.is_a_person:
        yield "The first rung tells no person."
    for rung in ladder.rungs:
        if rung.tell is Tell.OUTSIDE and rung.outside not in outside:
            yield f"The outside channel “{rung.outside}” is not set up."
        if rung.times > 1 and rung.every_minutes < 1:
            yield "A rung that is told more than once needs the minutes between."


def _waits(ladder: Ladder, severity: Severity) -> Iterator[str]:
    limit = LIMITS[severity]
    name = severity.label.lower()
    at = [moment.after_minutes for moment in ladder.moments]
    if at[0] > limit.first:
        yield f"The first is told after {spell(at[0])}: {name} allows {spell(limit.first)}."
    gaps = [later - earlier for earlier, later in pairwise(at)]
    if max(gaps, default=0) > limit.between:
        yield (
            f"Nobody is told for {spell(max(gaps))}: {name} allows {spell(limit.between)} "
            "between two rungs."
        )
    if at[-1] > limit.top:
        yield f"The top is reached after {spell(at[-1])}: {name} allows {spell(limit.top)}."
    if ladder.repeat_minutes > limit.repeat:
        yield (
            f"After the top everybody is told every {spell(ladder.repeat_minutes)}: {name} allows "
            f"{spell(limit.repeat)}."
        )
    if ladder.resolve_hours > limit.resolve_hours:
        yield (
            f"It climbs again only {ladder.resolve_hours} hours after it is acknowledged: {name} "
            f"allows {limit.resolve_hours}."
        )
    waits = any(rung.hours is RungHours.WORKING_HOURS for rung in ladder.rungs)
    if waits and not limit.may_wait_for_work:
        yield f"A rung waits for working hours: {name} is told at any hour."


def spell(minutes: int) -> str:
    """`10 min`, `4 h`, `1 h 30 min`."""
    hours, rest = divmod(minutes, _HOUR)
    parts = [f"{hours} h"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} min")
    return " ".join(parts)
