"""Timers: set, cleared, claimed under a lease, finished by the deed that they caused."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Integer, bindparam, literal_column
from sqlmodel import and_, col, func, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.ids import new_id
from bot.store.queries.once import insert_once
from bot.store.tables.work import Timer, TimerKind, TimerState

# What a concern waits for. None of it waits behind a reminder, however many are due.
ALARMS: Final = (
    TimerKind.LADDER_RUNG,
    TimerKind.CONCERN_UNRESOLVED,
    TimerKind.LADDER_HEARING,
)
# Further than the ordinal of any day, which is what a digest's step is.
_BESIDE: Final = 10_000_000
_MOST_BESIDE: Final = 100
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
_THIS = and_(
    col(Timer.subject) == bindparam("of_subject"),
    col(Timer.kind) == bindparam("of_kind"),
    col(Timer.step) == bindparam("of_step"),
)
# Waits early enough, and nobody has claimed it; then nobody can before the commit.
_PIN = (
    select(Timer.id)
    .where(
        _THIS,
        Timer.state == TimerState.WAITING,
        col(Timer.due_at) <= bindparam("at"),
        col(Timer.lease_owner).is_(None),
    )
    .with_for_update(read=True, skip_locked=True)
)
_BRING_BACK = (
    update(Timer)
    .where(
        _THIS,
        or_(
            col(Timer.state) != TimerState.WAITING,
            and_(col(Timer.due_at) > bindparam("at"), col(Timer.lease_owner).is_(None)),
        ),
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
_NEXT_FREE = _NEXT_DUE.where(
    or_(col(Timer.lease_until).is_(None), col(Timer.lease_until) <= bindparam("alive"))
)

_MAY_BE_CLAIMED = (
    col(Timer.state) == TimerState.WAITING,
    col(Timer.due_at) <= bindparam("now"),
    or_(col(Timer.lease_until).is_(None), col(Timer.lease_until) <= bindparam("alive")),
)
_ALARM_DUE = select(Timer.id).where(*_MAY_BE_CLAIMED, col(Timer.kind).in_(ALARMS)).limit(1)
_DUE = (
    select(Timer)
    .where(*_MAY_BE_CLAIMED)
    .order_by(col(Timer.due_at), col(Timer.id))
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
    .execution_options(populate_existing=True)
)
_DUE_OF_KINDS = _DUE.where(col(Timer.kind).in_(bindparam("of_kinds", expanding=True)))
_TAKE = (
    update(Timer)
    .where(col(Timer.id).in_(bindparam("ids", expanding=True)))
    .values(
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until"),
        attempts=col(Timer.attempts) + 1,
    )
    .execution_options(synchronize_session=False)
)
# SQLite keeps no statistics, and takes the index of states, in which a million may wait, for as
# good a way as the key: whoever looks up by a key hides the state from it.
STILL_WAITS: Final[ColumnElement[bool]] = (
    func.coalesce(col(Timer.state), literal_column("''")) == TimerState.WAITING
)
_HOLDERS = select(Timer.id, Timer.lease_owner).where(
    col(Timer.id).in_(bindparam("ids", expanding=True)), STILL_WAITS
)
_DONE = (
    update(Timer)
    .where(
        col(Timer.id).in_(bindparam("ids", expanding=True)),
        STILL_WAITS,
        col(Timer.lease_owner).in_(bindparam("owners", expanding=True)),
    )
    .values(state=TimerState.DONE, lease_owner=None, lease_until=None)
    .execution_options(synchronize_session=False)
)


async def set_timer(
    session: AsyncSession, kind: TimerKind, subject: str, step: int, due_at: datetime
) -> None:
    """Set a timer once: the same subject, kind and step is not set a second time."""
    await _set_once(session, kind, subject, step, due_at)


async def _set_once(
    session: AsyncSession, kind: TimerKind, subject: str, step: int, due_at: datetime
) -> bool:
    values = {
        "id": new_id(),
        "kind": kind,
        "subject": subject,
        "step": step,
        "due_at": due_at,
        "state": TimerState.WAITING,
        "attempts": 0,
    }
    return await insert_once(session, Timer, values, "subject", "kind", "step")


async def set_anew(
    session: AsyncSession, kind: TimerKind, subject: str, step: int, due_at: datetime
) -> None:
    """Set a timer, or move it, also one that was done: it is due at `due_at` and not before."""
    await set_timer(session, kind, subject, step, due_at)
    await session.exec(
        update(Timer)
        .where(
            col(Timer.subject) == subject,
            col(Timer.kind) == kind,
            col(Timer.step) == step,
            or_(col(Timer.due_at) != due_at, col(Timer.state) != TimerState.WAITING),
        )
        .values(due_at=due_at, state=TimerState.WAITING, lease_owner=None, lease_until=None)
    )


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
    kinds: Sequence[TimerKind] = tuple(TimerKind),
) -> Sequence[Timer]:
    """Claim up to `most` due timers of these kinds, the earliest first, that nobody holds.

    Gives them as they were a moment before: of the lease only the caller knows yet. `now` is the
    bot's clock; `alive` the machine's time, by which leases go.
    """
    wanted = _DUE if len(kinds) == len(TimerKind) else _DUE_OF_KINDS
    which: dict[str, object] = {"now": now, "alive": alive, "most": most}
    if wanted is _DUE_OF_KINDS:
        which["of_kinds"] = kinds
    found = (await session.exec(wanted, params=which)).all()
    if found:
        taken = {"ids": [one.id for one in found], "owner": owner, "until": lease_until}
        await session.exec(_TAKE, params=taken)
    return found


async def alarm_is_due(session: AsyncSession, *, now: datetime, alive: datetime) -> bool:
    """Whether `claim_due` finds one of `ALARMS`: a look, so that finding none costs no write."""
    due = await session.exec(_ALARM_DUE, params={"now": now, "alive": alive})
    return due.first() is not None


async def are_held(session: AsyncSession, owners: Mapping[str, str]) -> frozenset[str]:
    """Which of these timers, by id, their owner still holds, and are still to be done.

    They are not locked here: who changes a case locks the case first and its timers after, and a
    deed that has locked its timer first would wait for them while they wait for it. `finish` looks
    again.
    """
    found = (await session.exec(_HOLDERS, params={"ids": list(owners)})).all()
    return frozenset(timer for timer, owner in found if owner == owners[timer])


async def finish(session: AsyncSession, owners: Mapping[str, str]) -> bool:
    """Their work is done, by id and owner; False if another process has one of them by now.

    One that this work, or another deed, has set once more or cleared stays as that left it.
    """
    ours = {"ids": list(owners), "owners": list(set(owners.values()))}
    done = await session.exec(_DONE, params=ours)
    if done.rowcount == len(owners):
        return True
    taken_over = select(Timer.id).where(
        col(Timer.id).in_(owners),
        STILL_WAITS,
        col(Timer.lease_owner).is_not(None),
    )
    return (await session.exec(taken_over)).first() is None


async def next_due(session: AsyncSession) -> datetime | None:
    """When the earliest waiting timer is due, also one that somebody is at."""
    return (await session.exec(_NEXT_DUE)).first()


async def next_free(session: AsyncSession, alive: datetime) -> datetime | None:
    """When the earliest timer is due that nobody is at, by leases at `alive`."""
    return (await session.exec(_NEXT_FREE, params={"alive": alive})).first()


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
    """Set a timer, or bring one back that was cleared or done; of two times the earlier holds.

    What is written in this transaction is seen by whoever carries the timer out. One that waits is
    locked until the commit, so that nobody claims it before; one that is claimed may be under way
    already, and not see it: then another one is set beside it, with a step of its own.
    """
    for again in range(_MOST_BESIDE):
        beside = step + again * _BESIDE
        which = {"of_subject": subject, "of_kind": kind, "of_step": beside, "at": due_at}
        if (await session.exec(_PIN, params=which)).first() is not None:
            return
        if await _set_once(session, kind, subject, beside, due_at):
            return
        if (await session.exec(_BRING_BACK, params=which)).rowcount:
            return
    raise AssertionError("a timer is claimed over and over")
