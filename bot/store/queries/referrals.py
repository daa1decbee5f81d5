"""Referrals, the threads they live in, and what was said there."""

from collections.abc import Sequence

from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.people import Role
from bot.care.referral import ReferralState
from bot.store.queries.by_id import row, row_or_none
from bot.store.tables.people import Person, Room
from bot.store.tables.readings import UpdateReading
from bot.store.tables.referrals import Patient, Referral
from bot.store.tables.threads import Entry, EntryKind, Revision, Visit

_FINAL = [state for state in ReferralState if state.is_final]


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
    wanted = (
        select(Referral)
        .join(Room, col(Room.id) == Referral.room_id)
        .where(
            Room.team_id == team_id,
            Room.channel_id == channel_id,
            Referral.thread_ts == thread_ts,
        )
        .with_for_update(of=Referral)
    )
    return (await session.exec(wanted)).first()


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
    wanted = select(Referral).where(col(Referral.next_due).is_not(None))
    if person.role is Role.SURGEON:
        wanted = wanted.where(Referral.surgeon_id == person.id)
    elif person.role is Role.THERAPIST:
        wanted = wanted.where(Referral.therapist_id == person.id)
    else:
        wanted = wanted.where(Referral.team_id == person.team_id)
    return (await session.exec(wanted.order_by(col(Referral.next_due)).limit(20))).all()


async def entry_at(session: AsyncSession, channel_id: str, ts: str) -> Entry | None:
    wanted = select(Entry).where(Entry.channel_id == channel_id, Entry.ts == ts).with_for_update()
    return (await session.exec(wanted)).first()


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
    wanted = select(func.max(Entry.number)).where(Entry.referral_id == referral_id)
    return (await session.exec(wanted)).one() or 0


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
    wanted = (
        select(func.count())
        .select_from(Entry)
        .where(
            Entry.referral_id == referral_id,
            Entry.kind == EntryKind.UPDATE,
            col(Entry.withdrawn_at).is_(None),
            col(Entry.set_aside_at).is_(None),
            col(Entry.moved_to_id).is_(None),
            or_(col(Entry.visit).is_(None), Entry.visit == Visit.GIVEN),
        )
    )
    if up_to is not None:
        wanted = wanted.where(col(Entry.number) <= up_to)
    return (await session.exec(wanted)).one()


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
    wanted = (
        select(Entry)
        .where(Entry.joins_id == entry_id)
        .order_by(col(Entry.ts), col(Entry.number), col(Entry.id))
    )
    return (await session.exec(wanted)).all()


async def reply_before(
    session: AsyncSession, referral_id: str, author_id: str, ts: str
) -> Entry | None:
    """The last reply that somebody wrote in a thread before `ts`."""
    wanted = (
        select(Entry)
        .where(
            Entry.referral_id == referral_id,
            Entry.author_id == author_id,
            col(Entry.ts).is_not(None),
            col(Entry.ts) < ts,
        )
        .order_by(col(Entry.ts).desc())
        .limit(1)
    )
    return (await session.exec(wanted)).first()


async def has_reading(session: AsyncSession, entry_id: str) -> bool:
    """Whether an update has been read before."""
    wanted = select(UpdateReading.id).where(UpdateReading.entry_id == entry_id).limit(1)
    return (await session.exec(wanted)).first() is not None
