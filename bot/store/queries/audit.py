"""Finding entries of the audit: by case, by who acted, by time."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, Table
from sqlmodel import col, func, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.audit import UNREADABLE
from bot.store.errors import StoreError
from bot.store.tables import metadata
from bot.store.tables.audit import AuditEntry
from bot.store.tables.people import Person, Room, RoomState
from bot.store.tables.referrals import Referral


class EntryUnreadable(StoreError):
    """Somebody put something into an entry that its columns can't take."""


CHECKPOINT: Final = "checkpoint"
_BATCH: Final = 1000
# How many ids go into one statement; SQLite takes 32,766 values, PostgreSQL 65,535.
_MOST_IDS: Final = 500


@dataclass(frozen=True)
class Sought:
    """Which entries: None leaves that side open. `until` itself is no longer within.

    `named` are ids that count also where they stand among the facts.
    """

    subjects: frozenset[str] | None = None
    named: frozenset[str] = frozenset()
    actors: frozenset[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    in_emergency: bool = False
    """Only what is about emergency access, or was done by it."""


async def count(session: AsyncSession, sought: Sought) -> int:
    """How many entries are sought."""
    return (await session.exec(select(func.count()).where(*_conditions(sought)))).one()


async def entries(
    session: AsyncSession, sought: Sought, *, last: int | None = None
) -> AsyncIterator[AuditEntry]:
    """What is sought, oldest first, in batches; only the `last` of them if that is given."""
    conditions = _conditions(sought)
    after = 0
    if last is not None:
        skipped = max(0, await count(session, sought) - last)
        if skipped:
            wanted = select(AuditEntry.seq).where(*conditions).order_by(col(AuditEntry.seq))
            after = (await session.exec(wanted.offset(skipped - 1).limit(1))).one()
    while True:
        wanted_entries = (
            select(AuditEntry)
            .where(*conditions, AuditEntry.seq > after)
            .order_by(col(AuditEntry.seq))
            .limit(_BATCH)
        )
        try:
            batch = (await session.exec(wanted_entries)).all()
        except UNREADABLE:
            raise EntryUnreadable(
                "an entry was made unreadable by hand; `careloop audit verify` names it"
            ) from None
        for entry in batch:
            session.expunge(entry)  # six years of entries do not fit into memory
            yield entry
        if len(batch) < _BATCH:
            return
        after = batch[-1].seq


async def everything_about(session: AsyncSession, referral_ids: Sequence[str]) -> frozenset[str]:
    """The ids of these referrals and of every row that belongs to them, however far down.

    Asked of the schema, so that a table that comes later is not forgotten.
    """
    found = {"referrals": set(referral_ids)}
    tables = [table for table in metadata.sorted_tables if table.name != "referrals"]
    for table in tables:  # parents come before their children
        rows = await _rows_of(session, table, found)
        if rows:
            found[table.name] = rows
    return frozenset().union(*found.values())


async def people_named(session: AsyncSession, slack_user_id: str) -> Sequence[Person]:
    """Whoever is or was registered under this Slack id."""
    wanted = select(Person).where(Person.slack_user_id == slack_user_id)
    return (await session.exec(wanted)).all()


async def everybody(session: AsyncSession) -> dict[str, Person]:
    """All people by their ids, as the audit names who acted."""
    return {person.id: person for person in await session.exec(select(Person))}


async def referrals_coded(session: AsyncSession, case_code: str) -> Sequence[Referral]:
    """The referral of that case code, in whichever workspace."""
    return (await session.exec(select(Referral).where(Referral.case_code == case_code))).all()


async def referrals_of_patient(session: AsyncSession, patient_id: str) -> Sequence[Referral]:
    """Every referral of a patient, oldest first."""
    wanted = (
        select(Referral)
        .where(Referral.patient_id == patient_id)
        .order_by(col(Referral.created_at), col(Referral.id))
    )
    return (await session.exec(wanted)).all()


async def newest_checkpoint(session: AsyncSession) -> AuditEntry | None:
    """The newest entry that says that a checkpoint was kept outside."""
    return await newest_of(session, CHECKPOINT)


async def recorded_checkpoints(session: AsyncSession) -> list[int]:
    """Up to which entries checkpoints went that every place had taken, by the audit."""
    wanted = select(AuditEntry).where(AuditEntry.deed == CHECKPOINT).order_by(col(AuditEntry.seq))
    found = (await session.exec(wanted)).all()
    return [int(one.subject_id[1:]) for one in found if '"failed":"0"' in one.facts]


async def _rows_of(session: AsyncSession, table: Table, found: dict[str, set[str]]) -> set[str]:
    """Ids in `table` of the rows that point at a row that was found."""
    if "id" not in table.c:
        return set()
    rows: set[str] = set()
    connection = await session.connection()
    for key in table.foreign_keys:
        parents = sorted(found.get(key.column.table.name, ()))
        for start in range(0, len(parents), _MOST_IDS):
            chosen = key.parent.in_(parents[start : start + _MOST_IDS])
            rows.update(
                str(one) for one in await connection.scalars(select(table.c.id).where(chosen))
            )
    return rows


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if sought.subjects is not None:
        conditions.append(_about(sorted(sought.subjects), sorted(sought.named)))
    if sought.actors is not None:
        conditions.append(col(AuditEntry.actor).in_(sorted(sought.actors)))
    if sought.since is not None:
        conditions.append(col(AuditEntry.at) >= sought.since)
    if sought.until is not None:
        conditions.append(col(AuditEntry.at) < sought.until)
    if sought.in_emergency:
        conditions.append(
            col(AuditEntry.deed).contains("emergency")
            | col(AuditEntry.facts).contains('"emergency"')
        )
    return conditions or [col(AuditEntry.seq) > 0]


def _about(subjects: list[str], named: list[str]) -> ColumnElement[bool]:
    chunks = [subjects[start : start + _MOST_IDS] for start in range(0, len(subjects), _MOST_IDS)]
    return or_(
        *(col(AuditEntry.subject_id).in_(chunk) for chunk in chunks),
        *(col(AuditEntry.facts).contains(f':"{one}"', autoescape=True) for one in named),
    )


async def newest_of(session: AsyncSession, deed: str) -> AuditEntry | None:
    """The newest entry of a deed, by whomever."""
    wanted = select(AuditEntry).where(AuditEntry.deed == deed)
    return (await session.exec(wanted.order_by(col(AuditEntry.seq).desc()).limit(1))).first()


async def open_rooms(session: AsyncSession) -> Sequence[str]:
    """The channels of all pairs."""
    wanted = select(Room.channel_id).where(Room.state == RoomState.OPEN)
    return [one for one in (await session.exec(wanted)).all() if one is not None]
