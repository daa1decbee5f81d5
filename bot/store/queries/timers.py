"""Timers: set, cleared, claimed under a lease, finished by the deed that they caused."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import col, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.ids import new_id
from bot.store.queries.once import insert_once
from bot.store.tables.work import Timer, TimerKind, TimerState

# What every reply asks is built once: building a statement takes longer than running it. Nobody
# who writes these holds a timer in hand, so no object is looked through for what has changed.
_CLEAR = (
    update(Timer)
    .where(
        col(Timer.subject) == bindparam("of_subject"),
        col(Timer.kind).in_(bindparam("of_kinds", expanding=True)),
        col(Timer.state) == TimerState.WAITING,
    )
    .values(state=TimerState.CLEARED)
    .execution_options(synchronize_session=False)
)
_BRING_BACK = (
    update(Timer)
    .where(
        col(Timer.subject) == bindparam("of_subject"),
        col(Timer.kind) == bindparam("of_kind"),
        col(Timer.step) == bindparam("of_step"),
        or_(col(Timer.state) != TimerState.WAITING, col(Timer.due_at) > bindparam("at")),
    )
    .values(state=TimerState.WAITING, due_at=bindparam("at"), lease_owner=None, lease_until=None)
    .execution_options(synchronize_session=False)
)
_NEXT_DUE = (
    select(Timer.due_at)
    .where(Timer.state == TimerState.WAITING)
    .order_by(col(Timer.due_at))
    .limit(1)
)


async def set_timer(
    session: AsyncSession, kind: TimerKind, subject: str, step: int, due_at: datetime
) -> None:
    """Set a timer once: the same subject, kind and step is not set a second time."""
    values = {
        "id": new_id(),
        "kind": kind,
        "subject": subject,
        "step": step,
        "due_at": due_at,
        "state": TimerState.WAITING,
        "attempts": 0,
    }
    await insert_once(session, Timer, values, "subject", "kind", "step")


async def clear_timers(session: AsyncSession, subject: str, kinds: Sequence[TimerKind]) -> None:
    """Clear what still waits for `subject`."""
    await session.exec(_CLEAR, params={"of_subject": subject, "of_kinds": kinds})


async def due_of(
    session: AsyncSession, kind: TimerKind, subject: str, step: int
) -> datetime | None:
    """When a timer that still waits is due; None if it does not."""
    wanted = select(Timer.due_at).where(
        Timer.subject == subject,
        Timer.kind == kind,
        Timer.step == step,
        Timer.state == TimerState.WAITING,
    )
    return (await session.exec(wanted)).first()


async def claim_due(
    session: AsyncSession,
    *,
    now: datetime,
    alive: datetime,
    owner: str,
    lease_until: datetime,
    most: int,
) -> Sequence[Timer]:
    """Claim up to `most` due timers, the earliest first, that nobody holds.

    `now` is the bot's clock; `alive` the machine's time, by which leases go.
    """
    wanted = (
        select(Timer)
        .where(
            Timer.state == TimerState.WAITING,
            Timer.due_at <= now,
            or_(col(Timer.lease_until).is_(None), col(Timer.lease_until) <= alive),
        )
        .order_by(col(Timer.due_at), col(Timer.id))
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    claimed = (await session.exec(wanted)).all()
    for timer in claimed:
        timer.lease_owner = owner
        timer.lease_until = lease_until
        timer.attempts += 1
        session.add(timer)
    return claimed


async def is_held(session: AsyncSession, timer_id: str, owner: str) -> bool:
    """Whether `owner` still holds a timer that is still to be done; locks it."""
    wanted = (
        select(Timer)
        .where(
            Timer.id == timer_id,
            Timer.lease_owner == owner,
            Timer.state == TimerState.WAITING,
        )
        .with_for_update()
    )
    return (await session.exec(wanted)).first() is not None


async def are_held(session: AsyncSession, owners: Mapping[str, str]) -> frozenset[str]:
    """As `is_held` for many timers, by id; gives those that are."""
    wanted = (
        select(Timer.id, Timer.lease_owner)
        .where(col(Timer.id).in_(owners), Timer.state == TimerState.WAITING)
        .order_by(col(Timer.id))
        .with_for_update()
    )
    found = (await session.exec(wanted)).all()
    return frozenset(timer for timer, owner in found if owner == owners[timer])


async def finish_all(session: AsyncSession, timer_ids: Collection[str]) -> None:
    """As `finish` for many timers."""
    await session.exec(
        update(Timer)
        .where(
            col(Timer.id).in_(timer_ids),
            col(Timer.state) == TimerState.WAITING,
            col(Timer.lease_owner).is_not(None),
        )
        .values(state=TimerState.DONE, lease_owner=None, lease_until=None)
    )


async def finish(session: AsyncSession, timer_id: str) -> None:
    """Its work is done; unless that work has set it once more, which frees the lease."""
    await session.exec(
        update(Timer)
        .where(
            col(Timer.id) == timer_id,
            col(Timer.state) == TimerState.WAITING,
            col(Timer.lease_owner).is_not(None),
        )
        .values(state=TimerState.DONE, lease_owner=None, lease_until=None)
    )


async def next_due(session: AsyncSession) -> datetime | None:
    """When the earliest waiting timer is due."""
    return (await session.exec(_NEXT_DUE)).first()


async def release_all(session: AsyncSession) -> None:
    """Free every lease: for a process that knows that it is the only one."""
    await session.exec(
        update(Timer)
        .where(col(Timer.state) == TimerState.WAITING, col(Timer.lease_owner).is_not(None))
        .values(lease_owner=None, lease_until=None)
    )


async def put_timer(
    session: AsyncSession, kind: TimerKind, subject: str, step: int, due_at: datetime
) -> None:
    """Set a timer, or bring one back that was cleared or done; of two times the earlier holds."""
    await set_timer(session, kind, subject, step, due_at)
    which = {"of_subject": subject, "of_kind": kind, "of_step": step, "at": due_at}
    await session.exec(_BRING_BACK, params=which)
