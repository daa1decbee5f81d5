"""What people are asked about the cases that they share: when, when not, and in which order.

Nudges are few: one digest a person and day, at the start of their own working day. Each reason to
keep one back is a guard of its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.care.referral import ReferralState, Step
from bot.care.rhythm import Every
from bot.care.working_time import WorkingHours

# Told on a morning, once more after this many working days, then only a coordinator.
ASK_AGAIN_AFTER_WORKING_DAYS: Final = 2
MOST_TELLINGS: Final = 2
# Whoever has just written about a case is not asked about it the next morning.
FRESH: Final = timedelta(hours=24)
LONGEST_SNOOZE_DAYS: Final = 30
_A_DAY_WITHOUT_ANSWER: Final = timedelta(hours=12)
# Longer than a weekend: what fell due on Friday evening is first asked about on Monday.
_DAYS_WITHOUT_ASKING: Final = timedelta(days=3)


class CheckInKind(StrEnum):
    """Why somebody is asked.

    A `step` of the referral is overdue; the surgeon's `weekly` look; the `joint` one of both at the
    halves of the plan; the other side asks for another `plan`; somebody has been `silent`, which a
    coordinator is told; a `proposal` of a change of plan waits for a signature.
    """

    STEP = "step"
    WEEKLY = "weekly"
    JOINT = "joint"
    PLAN = "plan"
    SILENT = "silent"
    PROPOSAL = "proposal"


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


_SESSIONS: Final = {Step.FIRST_SESSION, Step.NEXT_UPDATE}
# What waits for nobody while treatment is on hold: the hold itself does.
NOT_ON_HOLD: Final = {CheckInKind.WEEKLY, CheckInKind.JOINT}


def is_about_a_session(step: Step | None) -> bool:
    """Whether a session is expected: it can be logged, or the patient did not come."""
    return step in _SESSIONS


def answers_to(kind: CheckInKind, step: Step | None) -> frozenset[Answer]:
    """The answers that settle it in place; a step is otherwise settled by being done."""
    if kind in {CheckInKind.WEEKLY, CheckInKind.JOINT}:
        return frozenset({Answer.ALL_WELL, Answer.CHANGE_PLAN})
    if kind is CheckInKind.STEP:
        return frozenset({Answer.NO_SHOW}) if is_about_a_session(step) else frozenset()
    if kind is CheckInKind.PROPOSAL:
        return frozenset()  # a signature is given on the proposal itself
    return frozenset({Answer.SEEN})


@dataclass(frozen=True)
class Asked:
    """One open check-in, as far as a nudge needs to know of it. Times are UTC.

    `last_word` is when the person asked last wrote or decided something in the case; `every` how
    often they wish to be asked about it.
    """

    kind: CheckInKind
    due: datetime
    state: ReferralState
    told: int = 0
    told_at: datetime | None = None
    snoozed_until: datetime | None = None
    last_word: datetime | None = None
    every: Every = Every.WEEK


class Guard(StrEnum):
    """Why a nudge is kept back now."""

    NOT_DUE = "not_due"
    QUIET_HOURS = "quiet_hours"
    AWAY = "away"
    PAUSED = "paused"
    ON_HOLD = "on_hold"
    FRESH_UPDATE = "fresh_update"
    SNOOZED = "snoozed"
    ALREADY_TOLD = "already_told"


def guards(asked: Asked, hours: WorkingHours, now: datetime) -> frozenset[Guard]:
    """Every reason not to ask now; none of them, and it is asked. `hours` are the reader's."""
    day = hours.day_of(now)
    digest = hours.digest_on(day)
    away = hours.away_on(day) is not None
    fresh_until, again = _fresh_until(asked), _again(asked, hours)
    # What came up since the day's digest waits for the next one.
    too_late = digest < _came_up(asked, hours) <= now
    quiet = not hours.is_open(now) or now < digest or too_late
    holds = {
        Guard.NOT_DUE: now < asked.due,
        Guard.QUIET_HOURS: quiet and not away,
        Guard.AWAY: away,
        Guard.PAUSED: hours.is_paused(day),
        Guard.ON_HOLD: _waits_for_a_hold(asked),
        Guard.FRESH_UPDATE: fresh_until is not None and now < fresh_until,
        Guard.SNOOZED: asked.snoozed_until is not None and now < asked.snoozed_until,
        Guard.ALREADY_TOLD: asked.told > 0 and (again is None or now < again),
    }
    return frozenset(guard for guard, is_so in holds.items() if is_so)


def next_ask(asked: Asked, hours: WorkingHours, now: datetime) -> datetime | None:
    """The first moment from `now` on at which no guard holds: a digest of the reader's.

    None while nothing is to be asked: treatment is on hold, or it was told often enough.
    """
    if _waits_for_a_hold(asked) or (asked.told > 0 and _again(asked, hours) is None):
        return None
    if not guards(asked, hours, now):
        return now
    return hours.next_digest(max(now, _came_up(asked, hours)))


def starts_anew(asked: Asked) -> datetime | None:
    """When a weekly check-in is due, if its reader has spoken since it was; None if it stands.

    Who writes in a case has looked at it: the week counts from there.
    """
    if asked.kind is not CheckInKind.WEEKLY or asked.last_word is None:
        return None
    due = asked.last_word + timedelta(days=asked.every.days)
    return due if due > asked.due else None


def is_carried_along(asked: Asked, now: datetime) -> bool:
    """Whether it stands in a digest that is sent for another reason: it is due and still open."""
    snoozed = asked.snoozed_until is not None and now < asked.snoozed_until
    return asked.told > 0 and now >= asked.due and not snoozed and not _waits_for_a_hold(asked)


def calls_a_coordinator(told: int) -> bool:
    """Whether somebody has been asked often enough without an answer."""
    return told >= MOST_TELLINGS


def is_for_the_week(due: datetime, told_at: datetime | None, now: datetime) -> bool:
    """Whether a coordinator reads of it in the week's overview: it was asked about on an earlier
    day without an answer, or nobody could be asked for days."""
    if told_at is not None and now - told_at >= _A_DAY_WITHOUT_ANSWER:
        return True
    return now - due >= _DAYS_WITHOUT_ASKING


def halves_reached(given: int, planned: int) -> tuple[int, ...]:
    """Which joint check-ins are due: 1 after the first half of the sessions, 2 after the whole."""
    first = -(-planned // 2)
    if first >= planned:
        return (2,) if given >= planned else ()
    return tuple(half for half, at in ((1, first), (2, planned)) if given >= at)


# -- order -----------------------------------------------------------------------------------

_NEED: Final = {
    CheckInKind.STEP: 1,
    CheckInKind.SILENT: 2,
    CheckInKind.PROPOSAL: 3,
    CheckInKind.PLAN: 4,
    CheckInKind.JOINT: 5,
    CheckInKind.WEEKLY: 6,
}


@dataclass(frozen=True)
class Need:
    """What decides the place in a digest."""

    kind: CheckInKind
    due: datetime
    step: Step | None = None
    has_concern: bool = False
    case_code: str = ""


def by_need(need: Need) -> tuple[bool, bool, int, datetime, str]:
    """A key to sort by: cases with an open concern, then what somebody else waits for, then the
    oldest. A session that was expected waits for nobody but the record. What is as urgent goes by
    the case, not by chance: a digest has not room for everything, and the next one asks for the
    same first."""
    is_a_session = need.kind is CheckInKind.STEP and is_about_a_session(need.step)
    someone_waits = need.kind in {CheckInKind.STEP, CheckInKind.PROPOSAL} and not is_a_session
    return (not need.has_concern, not someone_waits, _NEED[need.kind], need.due, need.case_code)


def in_order(needs: Iterable[tuple[Need, str]]) -> list[str]:
    """The names of some check-ins by need."""
    return [name for _, name in sorted(needs, key=lambda one: (*by_need(one[0]), one[1]))]


# -- inside ----------------------------------------------------------------------------------


def _waits_for_a_hold(asked: Asked) -> bool:
    return asked.state is ReferralState.ON_HOLD and asked.kind in NOT_ON_HOLD


def _came_up(asked: Asked, hours: WorkingHours) -> datetime:
    """From when on it is to be asked, if it were always a good time."""
    moments = [asked.due, asked.snoozed_until, _fresh_until(asked), _again(asked, hours)]
    return max(one for one in moments if one is not None)


def _fresh_until(asked: Asked) -> datetime | None:
    """Until when the reader's own last word stands for an answer."""
    if asked.last_word is None:
        return None
    if asked.kind is CheckInKind.WEEKLY:
        return asked.last_word + timedelta(days=asked.every.days)
    if asked.kind is CheckInKind.STEP:
        return asked.last_word + FRESH
    return None


def _again(asked: Asked, hours: WorkingHours) -> datetime | None:
    """When it is asked once more; None if it was asked often enough, or never yet."""
    if asked.told_at is None or asked.told >= MOST_TELLINGS:
        return None
    day = hours.day_of(asked.told_at)
    for _ in range(ASK_AGAIN_AFTER_WORKING_DAYS):
        day = hours.working_day_from(day + timedelta(days=1))
    return hours.digest_on(day)
