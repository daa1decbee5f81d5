"""What was read from session updates, and a referral's sessions in their order."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.session import Session, StoredReading
from bot.store.tables.people import Person
from bot.store.tables.readings import UpdateReading
from bot.store.tables.referrals import Patient, Referral
from bot.store.tables.threads import Entry, EntryKind
from bot.store.vault import Cell, Vault


def reading_cell(reading_id: str) -> Cell:
    return Cell("readings", "reading_sealed", reading_id)


async def newest_reading(session: AsyncSession, entry_id: str) -> UpdateReading | None:
    """The reading of a session update that holds now."""
    wanted = (
        select(UpdateReading)
        .where(UpdateReading.entry_id == entry_id)
        .order_by(col(UpdateReading.step).desc())
        .limit(1)
    )
    return (await session.exec(wanted)).first()


async def readings_of(session: AsyncSession, entry_id: str) -> Sequence[UpdateReading]:
    """Every reading of a session update, in order."""
    wanted = select(UpdateReading).where(UpdateReading.entry_id == entry_id)
    return (await session.exec(wanted.order_by(col(UpdateReading.step)))).all()


async def next_reading_step(session: AsyncSession, entry_id: str) -> int:
    wanted = select(func.max(UpdateReading.step)).where(UpdateReading.entry_id == entry_id)
    return ((await session.exec(wanted)).one() or 0) + 1


async def sessions_of(session: AsyncSession, vault: Vault, referral_id: str) -> list[Session]:
    """A referral's session updates by their day, each with its newest reading.

    Withdrawn ones are among them and say so. An update from before there were readings has none
    and is left out.
    """
    key_id = (
        await session.exec(
            select(Patient.key_id)
            .join(Referral, col(Referral.patient_id) == Patient.id)
            .where(Referral.id == referral_id)
        )
    ).one()
    found: list[Session] = []
    for entry, author, held in await _newest(session, referral_id):
        if entry.number is None:
            continue
        opened = await vault.open(session, key_id, reading_cell(held.id), held.reading_sealed)
        fields = StoredReading.model_validate_json(opened).fields
        found.append(
            Session(
                entry_id=entry.id,
                number=entry.number,
                day=fields.session_date or day_posted(entry, author.time_zone),
                fields=fields,
                confirmed=held.origin.is_confirmed,
                withdrawn=not stands(entry),
            )
        )
    return sorted(found, key=lambda one: (one.day, one.number))


async def _newest(
    session: AsyncSession, referral_id: str
) -> Sequence[tuple[Entry, Person, UpdateReading]]:
    newest = (
        select(UpdateReading.entry_id, func.max(UpdateReading.step).label("step"))
        .group_by(UpdateReading.entry_id)
        .subquery()
    )
    wanted = (
        select(Entry, Person, UpdateReading)
        .join(Person, col(Person.id) == Entry.author_id)
        .join(UpdateReading, col(UpdateReading.entry_id) == Entry.id)
        .join(
            newest,
            (newest.c.entry_id == UpdateReading.entry_id) & (newest.c.step == UpdateReading.step),
        )
        .where(Entry.referral_id == referral_id, Entry.kind == EntryKind.UPDATE)
    )
    return (await session.exec(wanted)).all()


def stands(entry: Entry) -> bool:
    """Whether an update is part of the case: not deleted, not set aside, not moved away."""
    return entry.withdrawn_at is None and entry.set_aside_at is None and entry.moved_to_id is None


def day_posted(entry: Entry, time_zone: str) -> date:
    """The day on which it was written, where its author lives."""
    at = datetime.fromtimestamp(float(entry.ts), UTC) if entry.ts else entry.recorded_at
    return at.astimezone(ZoneInfo(time_zone)).date()
