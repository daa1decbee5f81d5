"""Events: kept before they are acknowledged, claimed in order, settled by the deed they cause."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, bindparam
from sqlmodel import and_, col, func, or_, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.database import Database
from bot.store.queries.once import insert_at_once, insert_once
from bot.store.tables.work import InboxEvent, InboxState, Submission
from bot.store.url import DatabaseKind
from bot.store.vault import Cell, SealBroken, Vault

# What every reply asks is built once: building a statement takes longer than running it.
_CLAIMABLE = or_(
    and_(
        col(InboxEvent.state) == InboxState.WAITING,
        col(InboxEvent.not_before) <= bindparam("now"),
    ),
    and_(
        col(InboxEvent.state) == InboxState.WORKING,
        col(InboxEvent.lease_until) <= bindparam("alive"),
    ),
)
_SOMETHING = select(InboxEvent.seq).where(_CLAIMABLE).limit(1)
_OLDEST = (
    select(InboxEvent)
    .where(_CLAIMABLE)
    .order_by(col(InboxEvent.seq))
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_NEXT_DUE = select(func.min(InboxEvent.not_before)).where(InboxEvent.state == InboxState.WAITING)
# Whoever settles an event does not hold its row.
_SETTLE = (
    update(InboxEvent)
    .where(col(InboxEvent.event_key) == bindparam("of_event"))
    .values(state=InboxState.DONE, payload_sealed=None, lease_owner=None, lease_until=None)
    .execution_options(synchronize_session=False)
)


@dataclass(frozen=True)
class Arrived:
    """An event as it came: `key` is Slack's event id, `payload` its JSON."""

    key: str
    kind: str
    payload: str
    attempts: int = 1


def payload_cell(event_key: str) -> Cell:
    return Cell("inbox", "payload_sealed", event_key)


async def keep(
    database: Database,
    vault: Vault,
    events: Sequence[Arrived],
    *,
    now: datetime,
    owner: str,
    lease_until: datetime,
) -> list[Arrived]:
    """Store events, sealed, in a transaction of their own; gives those that were not stored yet.

    They are claimed by `owner` from the start, who works on them next; should that process die,
    the lease ends and another one finds them.
    """
    rows: dict[str, Mapping[str, object]] = {
        event.key: {
            "event_key": event.key,
            "kind": event.kind,
            "key_id": vault.mailbox_key,
            "payload_sealed": vault.seal_mail(payload_cell(event.key), event.payload),
            "state": InboxState.WORKING,
            "attempts": 1,
            "not_before": now,
            "lease_owner": owner,
            "lease_until": lease_until,
            "received_at": now,
        }
        for event in events
    }
    if database.kind is DatabaseKind.SQLITE:
        new = await insert_at_once(database, InboxEvent, list(rows.values()), "event_key")
    else:
        async with database.transaction() as session:
            new = {
                key
                for key, row in rows.items()
                if await insert_once(session, InboxEvent, row, "event_key")
            }
    by_key = {event.key: event for event in events}
    return [event for key, event in by_key.items() if key in new]


async def claim(
    session: AsyncSession,
    vault: Vault,
    *,
    now: datetime,
    alive: datetime,
    owner: str,
    lease_until: datetime,
    most: int,
) -> Sequence[Arrived]:
    """Claim up to `most` events that wait or whose worker died, the oldest first.

    `now` is the bot's clock; `alive` the machine's time, by which leases go. An event that somebody
    changed can't be read: it is left for a person, and keeps no other back.
    """
    wanted = {"now": now, "alive": alive, "most": most}
    claimed: list[Arrived] = []
    for event in (await session.exec(_OLDEST, params=wanted)).all():
        session.add(event)
        if event.payload_sealed is None:  # only what is worked off has none
            event.state, event.lease_owner, event.lease_until = InboxState.DONE, None, None
            continue
        event.state = InboxState.WORKING
        event.lease_owner = owner
        event.lease_until = lease_until
        event.attempts += 1
        try:
            payload = await vault.open(
                session, event.key_id, payload_cell(event.event_key), event.payload_sealed
            )
        except SealBroken:
            event.state, event.lease_owner, event.lease_until = InboxState.FAILED, None, None
            continue
        claimed.append(Arrived(event.event_key, event.kind, payload, event.attempts))
    return claimed


async def has_claimable(session: AsyncSession, *, now: datetime, alive: datetime) -> bool:
    """Whether `claim` would find something: a look, so that finding nothing costs no write."""
    found = await session.exec(_SOMETHING, params={"now": now, "alive": alive})
    return found.first() is not None


async def settle(session: AsyncSession, event_key: str) -> None:
    """The event is worked off. What it said lives on in the record, so the payload goes."""
    await session.exec(_SETTLE, params={"of_event": event_key})


async def put_back(
    session: AsyncSession, event_key: str, owner: str, not_before: datetime, *, failed: bool
) -> bool:
    """The event could not be worked off: try again at `not_before`, or leave it for a person.

    Tells whether that was `owner`'s to say: whoever stood still for so long that another process
    took the event over, and perhaps worked it off, changes nothing.
    """
    done = await session.exec(
        update(InboxEvent)
        .where(
            col(InboxEvent.event_key) == event_key,
            col(InboxEvent.state) == InboxState.WORKING,
            col(InboxEvent.lease_owner) == owner,
        )
        .values(
            state=InboxState.FAILED if failed else InboxState.WAITING,
            not_before=not_before,
            lease_owner=None,
            lease_until=None,
        )
    )
    return done.rowcount > 0


async def next_due(session: AsyncSession) -> datetime | None:
    """When an event that was put back may be tried again."""
    return (await session.exec(_NEXT_DUE)).first()


async def count_unfinished(session: AsyncSession) -> int:
    wanted = (
        select(func.count())
        .select_from(InboxEvent)
        .where(col(InboxEvent.state).in_((InboxState.WAITING, InboxState.WORKING)))
    )
    return (await session.exec(wanted)).one()


async def release_all(session: AsyncSession, owner: str | None = None) -> None:
    """Free every claim of `owner`; everybody's for a process that knows that it is the only one."""
    held = update(InboxEvent).where(col(InboxEvent.state) == InboxState.WORKING)
    if owner is not None:
        held = held.where(col(InboxEvent.lease_owner) == owner)
    await session.exec(held.values(state=InboxState.WAITING, lease_owner=None, lease_until=None))


async def was_submitted(session: AsyncSession, view_id: str) -> bool:
    """Whether this modal was carried out before."""
    wanted = select(Submission.view_id).where(Submission.view_id == view_id)
    return (await session.exec(wanted)).first() is not None


async def note_submission(
    session: AsyncSession, view_id: str, result: str, now: datetime
) -> str | None:
    """Remember what came of this modal; if it had been carried out before, what came of it then."""
    values = {"view_id": view_id, "result": result, "at": now}
    if await insert_once(session, Submission, values, "view_id"):
        return None
    found = await session.exec(select(Submission.result).where(Submission.view_id == view_id))
    return found.one()
