"""Referrals, the threads they live in, and what was said there."""

from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.people import Role
from bot.care.referral import ReferralState
from bot.store.queries.by_id import row, row_or_none
from bot.store.tables.people import Person, Room
from bot.store.tables.referrals import Patient, Referral
from bot.store.tables.threads import Entry, EntryKind, Revision, Visit

_FINAL = [state for state in ReferralState if state.is_final]

# What every reply asks is built once: building a statement takes longer than running it.
_IN_THREAD = (
    select(Referral)
    .join(Room, col(Room.id) == Referral.room_id)
    .where(
        Room.team_id == bindparam("team_id"),
        Room.channel_id == bindparam("channel_id"),
        Referral.thread_ts == bindparam("thread_ts"),
    )
    .with_for_update(of=Referral)
)
_THREAD_OF = (
    select(Room.channel_id, Referral.thread_ts)
    .join(Room, col(Room.id) == Referral.room_id)
    .where(Referral.id == bindparam("referral_id"))
)
_ENTRY_AT = select(Entry).where(
    Entry.channel_id == bindparam("channel_id"), Entry.ts == bindparam("ts")
)
_ENTRY_AT_TO_CHANGE = _ENTRY_AT.with_for_update()
_HIGHEST_NUMBER = select(func.max(Entry.number)).where(
    Entry.referral_id == bindparam("referral_id")
)
_COUNT_OF_UPDATES = (
    select(func.count())
    .select_from(Entry)
    .where(
        Entry.referral_id == bindparam("referral_id"),
        Entry.kind == EntryKind.UPDATE,
        col(Entry.withdrawn_at).is_(None),
        col(Entry.set_aside_at).is_(None),
        col(Entry.moved_to_id).is_(None),
        or_(col(Entry.visit).is_(None), Entry.visit == Visit.GIVEN),
    )
)
_COUNT_OF_UPDATES_UP_TO = _COUNT_OF_UPDATES.where(col(Entry.number) <= bindparam("up_to"))
_JOINED_TO = (
    select(Entry)
    .where(Entry.joins_id == bindparam("entry_id"))
    .order_by(col(Entry.ts), col(Entry.number), col(Entry.id))
)
_REPLY_BEFORE = (
    select(Entry)
    .where(
        Entry.referral_id == bindparam("referral_id"),
        Entry.author_id == bindparam("author_id"),
        col(Entry.ts).is_not(None),
        col(Entry.ts) < bindparam("ts"),
    )
    .order_by(col(Entry.ts).desc())
    .limit(1)
)
_OPEN_REFERRALS = (
    select(Referral)
    .where(col(Referral.next_due).is_not(None))
    .order_by(col(Referral.next_due))
    .limit(20)
)
_OPEN_OF_SURGEON = _OPEN_REFERRALS.where(Referral.surgeon_id == bindparam("whose"))
_OPEN_OF_THERAPIST = _OPEN_REFERRALS.where(Referral.therapist_id == bindparam("whose"))
_OPEN_OF_TEAM = _OPEN_REFERRALS.where(Referral.team_id == bindparam("whose"))


async def referral(session: AsyncSession, referral_id: str) -> Referral | None:
    return await row_or_none(session, Referral, referral_id)


async def referral_to_change(session: AsyncSession, referral_id: str) -> Referral | None:
    """As `referral`, locked until the transaction ends: two clicks at once take turns."""
    wanted = select(Referral).where(Referral.id == referral_id).with_for_update()
    wanted = wanted.execution_options(populate_existing=True)
    return (await session.exec(wanted)).first()


async def referral_in_thread(
    session: AsyncSession, team_id: str, channel_id: str, thread_ts: str
) -> Referral | None:
    """The referral whose thread this is, locked until the transaction ends."""
    place = {"team_id": team_id, "channel_id": channel_id, "thread_ts": thread_ts}
    return (await session.exec(_IN_THREAD, params=place)).first()


async def thread_of(session: AsyncSession, referral_id: str) -> tuple[str | None, str] | None:
    """A referral's channel, if it is there yet, and its thread; None while there is none."""
    found = (await session.exec(_THREAD_OF, params={"referral_id": referral_id})).first()
    if found is None:
        return None
    channel_id, thread_ts = found
    return None if thread_ts is None else (channel_id, thread_ts)


async def code_is_taken(session: AsyncSession, team_id: str, case_code: str) -> bool:
    wanted = select(Referral.id).where(Referral.team_id == team_id, Referral.case_code == case_code)
    return (await session.exec(wanted)).first() is not None


async def referral_by_code(session: AsyncSession, team_id: str, case_code: str) -> Referral | None:
    wanted = select(Referral).where(Referral.team_id == team_id, Referral.case_code == case_code)
    return (await session.exec(wanted)).first()


async def patient(session: AsyncSession, patient_id: str) -> Patient:
    return await row(session, Patient, patient_id)


async def open_referral_of_pair(
    session: AsyncSession, identity_index: bytes, surgeon_id: str, therapist_id: str
) -> Referral | None:
    """An unfinished referral of the same person between the same two."""
    wanted = (
        select(Referral)
        .join(Patient, col(Patient.id) == Referral.patient_id)
        .where(
            Patient.identity_index == identity_index,
            Referral.surgeon_id == surgeon_id,
            Referral.therapist_id == therapist_id,
            col(Referral.state).not_in(_FINAL),
        )
        .limit(1)
    )
    return (await session.exec(wanted)).first()


async def continuation_of(session: AsyncSession, referral_id: str) -> Referral | None:
    """The first referral that goes on from this one."""
    wanted = (
        select(Referral)
        .where(Referral.continues_id == referral_id)
        .order_by(col(Referral.created_at))
        .limit(1)
    )
    return (await session.exec(wanted)).first()


async def open_threads(session: AsyncSession) -> Sequence[tuple[Referral, Room]]:
    """Every unfinished referral that has a thread, with the channel it is in."""
    wanted = (
        select(Referral, Room)
        .join(Room, col(Room.id) == Referral.room_id)
        .where(
            col(Referral.state).not_in(_FINAL),
            col(Referral.thread_ts).is_not(None),
            col(Room.channel_id).is_not(None),
        )
        .order_by(col(Referral.created_at))
    )
    return (await session.exec(wanted)).all()


async def open_referrals_of(session: AsyncSession, person: Person) -> Sequence[Referral]:
    """What concerns somebody, the soonest due first: their own open referrals; a coordinator's are
    the workspace's. Only what is open has a due time: ix_referrals_surgeon_due, _therapist_due and
    _team_due give them in order, and none that has ended."""
    if person.role is Role.SURGEON:
        found = await session.exec(_OPEN_OF_SURGEON, params={"whose": person.id})
    elif person.role is Role.THERAPIST:
        found = await session.exec(_OPEN_OF_THERAPIST, params={"whose": person.id})
    else:
        found = await session.exec(_OPEN_OF_TEAM, params={"whose": person.team_id})
    return found.all()


async def entry_at(session: AsyncSession, channel_id: str, ts: str) -> Entry | None:
    place = {"channel_id": channel_id, "ts": ts}
    return (await session.exec(_ENTRY_AT, params=place)).first()


async def entry_at_to_change(session: AsyncSession, channel_id: str, ts: str) -> Entry | None:
    """As `entry_at`, locked; for who has locked its referral before."""
    place = {"channel_id": channel_id, "ts": ts}
    return (await session.exec(_ENTRY_AT_TO_CHANGE, params=place)).first()


async def entry(session: AsyncSession, entry_id: str) -> Entry | None:
    return await row_or_none(session, Entry, entry_id)


async def entry_to_change(session: AsyncSession, entry_id: str) -> Entry:
    """As `entry`, locked and read anew; it is known to be there."""
    wanted = (
        select(Entry)
        .where(Entry.id == entry_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(wanted)).one()


async def entries_of(session: AsyncSession, referral_id: str) -> Sequence[Entry]:
    wanted = (
        select(Entry)
        .where(Entry.referral_id == referral_id)
        .order_by(col(Entry.recorded_at), col(Entry.ts))
    )
    return (await session.exec(wanted)).all()


async def highest_number(session: AsyncSession, referral_id: str) -> int:
    """The number of the newest session update, withdrawn or not; 0 if there is none."""
    found = await session.exec(_HIGHEST_NUMBER, params={"referral_id": referral_id})
    return found.one() or 0


async def revisions_of(session: AsyncSession, entry_id: str) -> Sequence[Revision]:
    wanted = select(Revision).where(Revision.entry_id == entry_id).order_by(col(Revision.revision))
    return (await session.exec(wanted)).all()


async def last_update(session: AsyncSession, referral_id: str) -> Entry | None:
    """The newest session update that was not withdrawn."""
    wanted = (
        select(Entry)
        .where(
            Entry.referral_id == referral_id,
            Entry.kind == EntryKind.UPDATE,
            col(Entry.withdrawn_at).is_(None),
        )
        .order_by(col(Entry.number).desc())
        .limit(1)
    )
    return (await session.exec(wanted)).first()


async def count_of_updates(
    session: AsyncSession, referral_id: str, up_to: int | None = None
) -> int:
    """How many sessions were given: updates that stand and tell of no missed visit; with `up_to`
    only those of at most that number."""
    if up_to is None:
        found = await session.exec(_COUNT_OF_UPDATES, params={"referral_id": referral_id})
    else:
        found = await session.exec(
            _COUNT_OF_UPDATES_UP_TO, params={"referral_id": referral_id, "up_to": up_to}
        )
    return found.one()


async def known_replies(
    session: AsyncSession, referral_id: str
) -> list[tuple[str, list[str], bool]]:
    """Each entry's `ts`, the timestamps of its wordings, and whether it stands."""
    wanted = (
        select(Entry, Revision.said_ts)
        .join(Revision, col(Revision.entry_id) == Entry.id)
        .where(Entry.referral_id == referral_id, col(Entry.ts).is_not(None))
        .order_by(col(Entry.ts), col(Revision.revision))
    )
    found: dict[str, tuple[str, list[str], bool]] = {}
    for entry_row, said_ts in await session.exec(wanted):
        ts = entry_row.ts or ""
        known = found.setdefault(ts, (ts, [], entry_row.withdrawn_at is None))
        known[1].append(said_ts)
    return list(found.values())


async def joined_to(session: AsyncSession, entry_id: str) -> Sequence[Entry]:
    """What continues an update, and the other notes of its message, in order."""
    return (await session.exec(_JOINED_TO, params={"entry_id": entry_id})).all()


async def reply_before(
    session: AsyncSession, referral_id: str, author_id: str, ts: str
) -> Entry | None:
    """The last reply that somebody wrote in a thread before `ts`."""
    before = {"referral_id": referral_id, "author_id": author_id, "ts": ts}
    return (await session.exec(_REPLY_BEFORE, params=before)).first()
