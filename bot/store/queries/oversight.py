"""Looking for what nothing will ever come of by itself, and how the work stands."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement
from sqlmodel import and_, col, func, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.checkins import MOST_TELLINGS, CheckInKind, CheckInState
from bot.care.concern import ConcernState, Severity
from bot.care.people import Standing
from bot.care.referral import ReferralState
from bot.store.queries.timers import STILL_WAITS, set_timer
from bot.store.tables.checkins import CheckIn
from bot.store.tables.concerns import Acknowledgement, Concern
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral
from bot.store.tables.work import (
    InboxEvent,
    InboxState,
    OutboxRow,
    OutboxState,
    Timer,
    TimerKind,
    TimerState,
)

# What one look takes up of a kind; the next look takes the rest.
_MOST: Final = 100
_UNSENT = (OutboxState.PENDING, OutboxState.SENDING, OutboxState.AMBIGUOUS)
_UNSETTLED_CONCERNS = tuple(state for state in ConcernState if not state.is_settled)
_UNREAD = (InboxState.WAITING, InboxState.WORKING)


async def unclaimed_timers(
    session: AsyncSession, *, due_before: datetime, alive: datetime
) -> Sequence[Timer]:
    """Timers that were due before then and that nobody holds, the oldest first."""
    wanted = (
        select(Timer)
        .where(
            Timer.state == TimerState.WAITING,
            Timer.due_at <= due_before,
            or_(col(Timer.lease_until).is_(None), col(Timer.lease_until) <= alive),
        )
        .order_by(col(Timer.due_at))
        .limit(_MOST)
    )
    return (await session.exec(wanted)).all()


async def concerns_without_timer(session: AsyncSession) -> Sequence[str]:
    """Concerns that are not settled and that nothing will ever be asked of again: nobody has
    acknowledged it and its ladder stands still, or somebody has and no time to resolve it runs."""
    waits = select(Timer.id).where(Timer.subject == Concern.id, STILL_WAITS).exists()
    wanted = (
        select(Concern.id).where(col(Concern.state).in_(_UNSETTLED_CONCERNS), ~waits).limit(_MOST)
    )
    return (await session.exec(wanted)).all()


async def has_waiting_timer(session: AsyncSession, subject: str) -> bool:
    wanted = select(Timer.id).where(Timer.subject == subject, STILL_WAITS)
    return (await session.exec(wanted)).first() is not None


async def referrals_without_step(
    session: AsyncSession, states: Iterable[ReferralState]
) -> Sequence[str]:
    """Referrals in `states` that wait for nobody."""
    wanted = (
        select(Referral.id)
        .where(col(Referral.state).in_(list(states)), col(Referral.next_step).is_(None))
        .limit(_MOST)
    )
    return (await session.exec(wanted)).all()


async def steps_without_timer(session: AsyncSession) -> Sequence[str]:
    """Referrals whose next step will never be asked for. One that was asked for is no finding."""
    wanted = (
        select(Referral.id)
        .where(
            col(Referral.next_due).is_not(None),
            ~select(Timer.id).where(_is_of_this_step(), _was_not_lost()).exists(),
        )
        .limit(_MOST)
    )
    return (await session.exec(wanted)).all()


async def step_has_timer(session: AsyncSession, referral: Referral) -> bool:
    wanted = select(Timer.id).where(
        Timer.subject == referral.id,
        Timer.kind == TimerKind.STEP_DUE,
        Timer.step == referral.step_number,
        _was_not_lost(),
    )
    return (await session.exec(wanted)).first() is not None


async def checkins_without_digest(
    session: AsyncSession, not_on_hold: Collection[CheckInKind]
) -> Sequence[str]:
    """Open check-ins that somebody is still to be asked, and in no digest to come.

    What was told as often as it is told needs none, and what is `not_on_hold` none during a hold.
    """
    digest = (
        select(Timer.id)
        .where(Timer.subject == CheckIn.person_id, Timer.kind == TimerKind.DIGEST, STILL_WAITS)
        .exists()
    )
    held = and_(
        col(Referral.state) == ReferralState.ON_HOLD, col(CheckIn.kind).in_(list(not_on_hold))
    )
    wanted = (
        select(CheckIn.id)
        .join(Referral, col(Referral.id) == CheckIn.referral_id)
        .join(Person, col(Person.id) == CheckIn.person_id)
        .where(
            CheckIn.state == CheckInState.OPEN,
            CheckIn.told < MOST_TELLINGS,
            Person.standing == Standing.MEMBER,
            ~held,
            ~digest,
        )
        .limit(_MOST)
    )
    return (await session.exec(wanted)).all()


async def has_digest_to_come(session: AsyncSession, person_id: str) -> bool:
    wanted = select(Timer.id).where(
        Timer.subject == person_id, Timer.kind == TimerKind.DIGEST, STILL_WAITS
    )
    return (await session.exec(wanted)).first() is not None


def _is_of_this_step() -> ColumnElement[bool]:
    return and_(
        col(Timer.subject) == Referral.id,
        col(Timer.kind) == TimerKind.STEP_DUE,
        col(Timer.step) == Referral.step_number,
    )


def _was_not_lost() -> ColumnElement[bool]:
    return col(Timer.state).in_((TimerState.WAITING, TimerState.DONE))


async def restore_timer(
    session: AsyncSession, kind: TimerKind, subject: str, step: int, due_at: datetime
) -> None:
    """Have it wait again, whatever became of it. Done twice it changes nothing more."""
    await set_timer(session, kind, subject, step, due_at)
    await session.exec(
        update(Timer)
        .where(
            col(Timer.subject) == subject,
            col(Timer.kind) == kind,
            col(Timer.step) == step,
            col(Timer.state) != TimerState.WAITING,
        )
        .values(
            state=TimerState.WAITING, due_at=due_at, attempts=0, lease_owner=None, lease_until=None
        )
    )


async def parked_messages(session: AsyncSession) -> Sequence[OutboxRow]:
    wanted = (
        select(OutboxRow)
        .where(OutboxRow.state == OutboxState.PARKED)
        .order_by(col(OutboxRow.seq).desc())
        .limit(_MOST)
    )
    return (await session.exec(wanted)).all()


async def owed_under(session: AsyncSession, keys: Sequence[str]) -> set[str]:
    """Which of these outbox keys were owed already."""
    wanted = select(OutboxRow.dedupe_key).where(col(OutboxRow.dedupe_key).in_(keys))
    return set((await session.exec(wanted)).all())


async def parked_events(session: AsyncSession) -> Sequence[InboxEvent]:
    wanted = (
        select(InboxEvent)
        .where(InboxEvent.state == InboxState.FAILED)
        .order_by(col(InboxEvent.seq).desc())
        .limit(_MOST)
    )
    return (await session.exec(wanted)).all()


# -- how the work stands ---------------------------------------------------------------------


@dataclass(frozen=True)
class Backlog:
    """How many wait, and since when the oldest one does."""

    count: int
    oldest: datetime | None


@dataclass(frozen=True)
class WorkNow:
    """How the work stands: counts and times, nothing of whom it is about."""

    timers_due: Backlog
    outbox: dict[int, Backlog]
    outbox_parked: int
    inbox: Backlog
    inbox_parked: int
    open_concerns: dict[Severity, Backlog]


async def work_now(session: AsyncSession, now: datetime) -> WorkNow:
    """What waits now: timers that are due, messages by priority, events, open concerns."""
    due = (
        await session.exec(
            select(func.count(), func.min(Timer.due_at)).where(
                Timer.state == TimerState.WAITING, Timer.due_at <= now
            )
        )
    ).one()
    unsent = await session.exec(
        select(OutboxRow.priority, func.count(), func.min(OutboxRow.owed_at))
        .where(col(OutboxRow.state).in_(_UNSENT))
        .group_by(col(OutboxRow.priority))
    )
    parked = select(func.count()).where(OutboxRow.state == OutboxState.PARKED)
    unread = (
        await session.exec(
            select(func.count(), func.min(InboxEvent.received_at)).where(
                col(InboxEvent.state).in_(_UNREAD)
            )
        )
    ).one()
    failed = select(func.count()).where(InboxEvent.state == InboxState.FAILED)
    concerns = await session.exec(
        select(Concern.severity, func.count(), func.min(Concern.raised_at))
        .where(Concern.state == ConcernState.OPEN)
        .group_by(col(Concern.severity))
    )
    return WorkNow(
        timers_due=Backlog(*due),
        outbox={priority: Backlog(count, oldest) for priority, count, oldest in unsent},
        outbox_parked=(await session.exec(parked)).one(),
        inbox=Backlog(*unread),
        inbox_parked=(await session.exec(failed)).one(),
        open_concerns={Severity(kind): Backlog(count, oldest) for kind, count, oldest in concerns},
    )


async def acknowledged_since(
    session: AsyncSession, since: datetime
) -> Sequence[tuple[Severity, datetime, datetime]]:
    """Concerns that somebody acknowledged for the first time after `since`: severity, raised,
    acknowledged. Who takes over what another has, or what was not resolved in time, is none."""
    wanted = (
        select(Concern.severity, Concern.raised_at, Acknowledgement.at)
        .join(Acknowledgement, col(Acknowledgement.concern_id) == Concern.id)
        .where(Acknowledgement.number == 1, col(Acknowledgement.at) > since)
        .order_by(col(Acknowledgement.at))
    )
    found = (await session.exec(wanted)).all()
    return [(Severity(severity), raised, at) for severity, raised, at in found]
