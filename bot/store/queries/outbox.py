"""What is owed: written once, claimed in order under a lease, and settled with its fate."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import ValidationError
from sqlalchemy import Integer, bindparam
from sqlalchemy.orm import aliased
from sqlmodel import and_, col, func, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.ids import new_id
from bot.notices import Notice, Priority, read_notice
from bot.store.queries.once import insert_all_once, insert_once
from bot.store.queries.rooms import HELD_BACK
from bot.store.tables.work import OutboxOperation, OutboxRow, OutboxState
from bot.store.vault import Cell, SealBroken, Vault

_UNFINISHED = (OutboxState.PENDING, OutboxState.SENDING, OutboxState.AMBIGUOUS)
_CLAIMABLE = (OutboxState.PENDING, OutboxState.AMBIGUOUS)


# How old what people see may become while a lot is being said.
_REDRAWS_WAIT = timedelta(seconds=5)


# -- statements -------------------------------------------------------------------------------
# Built once: building a statement takes longer than running it, that of a claim ten times.

_earlier = aliased(OutboxRow)
_BLOCKED = (
    select(col(_earlier.seq))
    .where(
        col(_earlier.lane) == OutboxRow.lane,
        col(_earlier.seq) < OutboxRow.seq,
        col(_earlier.priority) <= OutboxRow.priority,
        col(_earlier.state).in_(_UNFINISHED),
        # What waits for its channel to be settled keeps nothing waiting behind it: each row
        # finds the channel closed by itself, and all lose the mark when it is opened.
        or_(col(_earlier.error).is_(None), col(_earlier.error) != HELD_BACK),
    )
    .exists()
)
# What changes one message goes in the order in which it was owed, whatever is more urgent.
_changes_before = aliased(OutboxRow)
_OVERTAKES = (
    select(col(_changes_before.seq))
    .where(
        col(_changes_before.target_key) == OutboxRow.target_key,
        col(_changes_before.seq) < OutboxRow.seq,
        col(_changes_before.state).in_(_UNFINISHED),
    )
    .exists()
)
_waiting = aliased(OutboxRow)
_SOMETHING_NEW_WAITS = (
    select(col(_waiting.seq))
    .where(
        col(_waiting.state) == OutboxState.PENDING,
        col(_waiting.priority) < int(Priority.REDRAW),
        col(_waiting.not_before) <= bindparam("now"),
    )
    .exists()
)
_MAY_GO = (
    col(OutboxRow.state).in_(_CLAIMABLE),
    col(OutboxRow.not_before) <= bindparam("now"),
)
# The few that are urgent are found by their priority: SQLite keeps no statistics, and would look
# through all that may go by now. So their time is hidden from its choice of an index.
_URGENT_MAY_GO = (
    col(OutboxRow.state).in_(_CLAIMABLE),
    col(OutboxRow.priority) == int(Priority.URGENT),
    func.coalesce(col(OutboxRow.not_before), col(OutboxRow.not_before)) <= bindparam("now"),
)
_HEADS_AMONG = (
    select(OutboxRow)
    .where(
        ~_BLOCKED,
        ~_OVERTAKES,
        or_(
            col(OutboxRow.priority) < int(Priority.REDRAW),
            col(OutboxRow.owed_at) <= bindparam("long_ago"),
            ~_SOMETHING_NEW_WAITS,
        ),
    )
    .order_by(col(OutboxRow.priority), col(OutboxRow.seq))
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True, of=OutboxRow)
)
_HEADS = _HEADS_AMONG.where(*_MAY_GO)
_URGENT_HEADS = _HEADS_AMONG.where(*_URGENT_MAY_GO)
_SOMETHING = select(OutboxRow.seq).where(*_MAY_GO).limit(1)
_SOMETHING_URGENT = select(OutboxRow.seq).where(*_URGENT_MAY_GO).limit(1)
_WAITING_REDRAW = select(OutboxRow.seq).where(
    OutboxRow.target_key == bindparam("target_key"), OutboxRow.state == OutboxState.PENDING
)
_HELD = (
    select(OutboxRow)
    .where(
        OutboxRow.id == bindparam("row_id"),
        OutboxRow.state == OutboxState.SENDING,
        OutboxRow.lease_owner == bindparam("owner"),
        OutboxRow.attempts == bindparam("attempt"),
    )
    .with_for_update()
)
_POSTED = select(OutboxRow).where(OutboxRow.dedupe_key == bindparam("dedupe_key"))
_WAKE = (
    update(OutboxRow)
    .where(
        col(OutboxRow.lane) == bindparam("of_lane"),
        col(OutboxRow.state) == OutboxState.PENDING,
        col(OutboxRow.not_before) > bindparam("at"),
    )
    .values(not_before=bindparam("at"))
    .execution_options(synchronize_session=False)
)
_NEXT_DUE = select(func.min(OutboxRow.not_before)).where(col(OutboxRow.state).in_(_CLAIMABLE))


def _cell(row_id: str) -> Cell:
    return Cell("outbox", "notice_sealed", row_id)


async def owe(
    session: AsyncSession,
    vault: Vault,
    key_id: str,
    *,
    now: datetime,
    lane: str,
    notice: Notice,
    dedupe_key: str,
    priority: Priority,
    operation: OutboxOperation,
    target_key: str | None = None,
) -> bool:
    """Owe something once; tells whether it is new."""
    values = await row_to_owe(
        session,
        vault,
        key_id,
        now=now,
        lane=lane,
        notice=notice,
        dedupe_key=dedupe_key,
        priority=priority,
        operation=operation,
        target_key=target_key,
    )
    return await insert_once(session, OutboxRow, values, "dedupe_key")


async def row_to_owe(
    session: AsyncSession,
    vault: Vault,
    key_id: str,
    *,
    now: datetime,
    lane: str,
    notice: Notice,
    dedupe_key: str,
    priority: Priority,
    operation: OutboxOperation,
    target_key: str | None = None,
) -> dict[str, object]:
    """The row of something owed, sealed; for `owe_all`."""
    row_id = new_id()
    return {
        "id": row_id,
        "dedupe_key": dedupe_key,
        "operation": operation,
        "kind": notice.kind,
        "lane": lane,
        "key_id": key_id,
        "notice_sealed": await vault.seal(session, key_id, _cell(row_id), notice.model_dump_json()),
        "target_key": target_key,
        "priority": int(priority),
        "state": OutboxState.PENDING,
        "attempts": 0,
        "not_before": now,
        "owed_at": now,
    }


async def owe_all(session: AsyncSession, rows: Sequence[Mapping[str, object]]) -> None:
    """Owe each once, in their order."""
    await insert_all_once(session, OutboxRow, rows, "dedupe_key")


async def owe_redraw(
    session: AsyncSession,
    vault: Vault,
    key_id: str,
    *,
    now: datetime,
    notice: Notice,
    target_key: str,
) -> None:
    """Owe that a posted message is drawn anew.

    A redraw that still waits is drawn from the state of its own moment, so it serves for this
    change too. One that is being sent may have been drawn before it, so another one follows.
    """
    waiting = await session.exec(_WAITING_REDRAW, params={"target_key": target_key})
    if waiting.first() is None:
        await owe(
            session,
            vault,
            key_id,
            now=now,
            lane=redraw_lane(target_key),
            notice=notice,
            dedupe_key=f"redraw:{target_key}:{new_id()}",
            priority=Priority.REDRAW,
            operation=OutboxOperation.REDRAW,
            target_key=target_key,
        )


async def read(session: AsyncSession, vault: Vault, row: OutboxRow) -> Notice | None:
    """What is owed; None where that can't be read: somebody changed the row, or it is of a kind
    that only another version of the bot knows."""
    try:
        return read_notice(await vault.open(session, row.key_id, _cell(row.id), row.notice_sealed))
    except (SealBroken, ValidationError):
        return None


async def claim(
    session: AsyncSession,
    *,
    now: datetime,
    owner: str,
    lease_until: datetime,
    most: int,
    only_urgent: bool = False,
) -> Sequence[tuple[OutboxRow, bool]]:
    """Claim up to `most` rows that may go out now, urgent ones first, each the head of its lane.

    Gives each row with whether it is ambiguous: it may have been posted already, and has to be
    looked for before it is posted. Claimed rows are `sending` from here on. While something new
    waits to be said, redraws wait too, for a while: many changes become one redraw.
    """
    wanted = _URGENT_HEADS if only_urgent else _HEADS
    may_go = {"now": now, "long_ago": now - _REDRAWS_WAIT, "most": most}
    rows = (await session.exec(wanted, params=may_go)).all()
    claimed = [(row, row.state is OutboxState.AMBIGUOUS) for row in rows]
    for row in rows:
        row.state = OutboxState.SENDING
        row.lease_owner = owner
        row.lease_until = lease_until
        row.attempts += 1
        session.add(row)
    return claimed


async def has_claimable(session: AsyncSession, now: datetime, *, only_urgent: bool = False) -> bool:
    """Whether `claim` may find something: a look, so that finding nothing costs no write."""
    wanted = _SOMETHING_URGENT if only_urgent else _SOMETHING
    return (await session.exec(wanted, params={"now": now})).first() is not None


async def hold(session: AsyncSession, row_id: str, owner: str, attempt: int) -> OutboxRow | None:
    """The row, if `owner` still holds it for its `attempt`; locked.

    Each claim is another attempt: whoever lost the row by standing still for too long does not
    settle the attempt of somebody else, nor a later one of its own.
    """
    held = {"row_id": row_id, "owner": owner, "attempt": attempt}
    return (await session.exec(_HELD, params=held)).first()


async def posted(session: AsyncSession, dedupe_key: str) -> OutboxRow | None:
    """The row that was owed under `dedupe_key`, whatever became of it."""
    return (await session.exec(_POSTED, params={"dedupe_key": dedupe_key})).first()


async def posted_to_change(session: AsyncSession, dedupe_key: str) -> OutboxRow | None:
    """As `posted`, locked until the transaction ends: nobody claims it meanwhile."""
    wanted = select(OutboxRow).where(OutboxRow.dedupe_key == dedupe_key).with_for_update()
    return (await session.exec(wanted)).first()


async def release(session: AsyncSession, *, alive: datetime | None, look_at: datetime) -> int:
    """Rows whose sender died may have been posted or not: they are looked for at `look_at`.

    A sender is taken for dead when its lease ended before `alive` (UTC, the machine's time);
    whoever asks lets go of its own, too, whose fate it could not write down. With None every lease
    ends: for a process that is the only one.
    """
    abandoned = update(OutboxRow).where(col(OutboxRow.state) == OutboxState.SENDING)
    if alive is not None:
        abandoned = abandoned.where(col(OutboxRow.lease_until) <= alive)
    done = await session.exec(
        abandoned.values(
            state=OutboxState.AMBIGUOUS,
            not_before=look_at,
            lease_owner=None,
            lease_until=None,
        )
    )
    return done.rowcount


async def hold_posts(session: AsyncSession, until: datetime) -> None:
    """What is no more urgent than usual and waits to be posted waits until then."""
    await session.exec(
        update(OutboxRow)
        .where(
            col(OutboxRow.state) == OutboxState.PENDING,
            col(OutboxRow.operation) == OutboxOperation.POST,
            col(OutboxRow.priority) > int(Priority.URGENT),
            col(OutboxRow.not_before) < until,
        )
        .values(not_before=until)
    )


async def wake_lane(session: AsyncSession, lane: str, now: datetime) -> None:
    """What waited for its destination need not wait any longer."""
    await session.exec(_WAKE, params={"of_lane": lane, "at": now})


async def wake_redraw(session: AsyncSession, key: str, now: datetime) -> None:
    """What is posted under `key` is there: its redraw, if one is owed, need not wait for it."""
    await wake_lane(session, redraw_lane(key), now)


def redraw_lane(key: str) -> str:
    """Where what changes the message of that outbox key stands in line."""
    return f"redraw:{key}"


async def next_due(session: AsyncSession) -> datetime | None:
    """When something may be sent or looked for."""
    return (await session.exec(_NEXT_DUE)).first()


async def count_unfinished(session: AsyncSession, now: datetime) -> int:
    """Rows that are on their way or may go out by `now`."""
    on_the_way = OutboxRow.state == OutboxState.SENDING
    may_go = and_(col(OutboxRow.state).in_(_CLAIMABLE), col(OutboxRow.not_before) <= now)
    wanted = select(func.count()).select_from(OutboxRow).where(or_(on_the_way, may_go))
    return (await session.exec(wanted)).one()


async def unsent_of_kind(session: AsyncSession, kind: str) -> Sequence[OutboxRow]:
    """Urgent messages of a kind that Slack has not taken yet, the oldest first."""
    wanted = (
        select(OutboxRow)
        .where(
            col(OutboxRow.state).in_(_UNFINISHED),
            OutboxRow.priority == int(Priority.URGENT),
            OutboxRow.kind == kind,
            OutboxRow.operation == OutboxOperation.POST,
        )
        .order_by(col(OutboxRow.seq))
    )
    return (await session.exec(wanted)).all()
