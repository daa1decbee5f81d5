"""What was read from session updates, and a referral's sessions in their order."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.session import Session, StoredReading
from bot.care.session_order import in_order
from bot.store.database import is_snapshot
from bot.store.tables.people import Person
from bot.store.tables.readings import UpdateReading
from bot.store.tables.referrals import Patient, Referral
from bot.store.tables.threads import Entry, EntryKind
from bot.store.vault import Cell, Vault

_SEEN: Final = "careloop.sessions_seen"

# What every reply asks is built once: building a statement takes longer than running it.
_NEWEST_READING = (
    select(UpdateReading)
    .where(UpdateReading.entry_id == bindparam("entry_id"))
    .order_by(col(UpdateReading.step).desc())
    .limit(1)
)
_HIGHEST_STEP = select(func.max(UpdateReading.step)).where(
    UpdateReading.entry_id == bindparam("entry_id")
)
_KEY_OF_PATIENT = (
    select(Patient.key_id)
    .join(Referral, col(Referral.patient_id) == Patient.id)
    .where(Referral.id == bindparam("referral_id"))
)
_newer = aliased(UpdateReading)
_NEWEST_OF_REFERRAL = (
    select(Entry, Person, UpdateReading)
    .join(Person, col(Person.id) == Entry.author_id)
    .join(UpdateReading, col(UpdateReading.entry_id) == Entry.id)
    .where(
        Entry.referral_id == bindparam("referral_id"),
        Entry.kind == EntryKind.UPDATE,
        # Of this case's alone: a maximum for each entry goes through the whole clinic's.
        ~select(_newer.id)
        .where(_newer.entry_id == UpdateReading.entry_id, _newer.step > UpdateReading.step)
        .exists(),
    )
)


def reading_cell(reading_id: str) -> Cell:
    return Cell("readings", "reading_sealed", reading_id)


async def newest_reading(session: AsyncSession, entry_id: str) -> UpdateReading | None:
    """The reading of a session update that holds now."""
    return (await session.exec(_NEWEST_READING, params={"entry_id": entry_id})).first()


async def readings_of(session: AsyncSession, entry_id: str) -> Sequence[UpdateReading]:
    """Every reading of a session update, in order."""
    wanted = select(UpdateReading).where(UpdateReading.entry_id == entry_id)
    return (await session.exec(wanted.order_by(col(UpdateReading.step)))).all()


async def next_reading_step(session: AsyncSession, entry_id: str) -> int:
    found = await session.exec(_HIGHEST_STEP, params={"entry_id": entry_id})
    return (found.one() or 0) + 1


async def sessions_of(session: AsyncSession, vault: Vault, referral_id: str) -> list[Session]:
    """A referral's session updates in order, each with its newest reading.

    Withdrawn ones are among them and say so. An update from before there were readings has none
    and is left out. A snapshot opens them once: a card asks from two places.
    """
    if not is_snapshot(session):
        return await _open_sessions(session, vault, referral_id)
    seen: dict[str, list[Session]] = session.info.setdefault(_SEEN, {})
    if referral_id not in seen:
        seen[referral_id] = await _open_sessions(session, vault, referral_id)
    return list(seen[referral_id])


async def _open_sessions(session: AsyncSession, vault: Vault, referral_id: str) -> list[Session]:
    case = {"referral_id": referral_id}
    key_id = (await session.exec(_KEY_OF_PATIENT, params=case)).one()
    found: list[Session] = []
    for entry, author, held in await session.exec(_NEWEST_OF_REFERRAL, params=case):
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
    return list(in_order(found))


def stands(entry: Entry) -> bool:
    """Whether an update is part of the case: not deleted, not set aside, not moved away."""
    return entry.withdrawn_at is None and entry.set_aside_at is None and entry.moved_to_id is None


def day_posted(entry: Entry, time_zone: str) -> date:
    """The day on which it was written, where its author lives."""
    at = datetime.fromtimestamp(float(entry.ts), UTC) if entry.ts else entry.recorded_at
    return at.astimezone(ZoneInfo(time_zone)).date()
