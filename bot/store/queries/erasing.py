"""All that there is of one person: their records and cases, what is owed and due of them."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, sql
from sqlmodel import SQLModel, col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.notices import PlaceKind
from bot.store.queries.inbox import payload_cell
from bot.store.tables.people import Person, Room
from bot.store.tables.privacy import LegalHold
from bot.store.tables.referrals import Patient, Referral
from bot.store.tables.referring import PatientLook, ReferralDraft
from bot.store.tables.work import (
    InboxEvent,
    InboxState,
    OutboxOperation,
    OutboxRow,
    OutboxState,
    Timer,
    TimerState,
)
from bot.store.vault import Vault


@dataclass(frozen=True)
class PersonsRecord:
    """What a workspace has of one person: every patient row of theirs, and all their cases."""

    patients: Sequence[Patient]
    referrals: Sequence[Referral]

    @property
    def case_codes(self) -> tuple[str, ...]:
        return tuple(one.case_code for one in self.referrals)

    @property
    def is_erased(self) -> bool:
        return all(one.erased_at is not None for one in self.patients)

    @property
    def is_held(self) -> bool:
        return any(one.legal_hold_at is not None for one in self.patients)


async def record_of(session: AsyncSession, referral: Referral) -> PersonsRecord:
    """The record of the person whom a referral is about, locked until the transaction ends.

    The same person may have been referred to several therapists: name and birth date tell.
    """
    own = (await session.exec(select(Patient).where(Patient.id == referral.patient_id))).one()
    same = select(Patient.id).where(
        Patient.team_id == own.team_id, Patient.identity_index == own.identity_index
    )
    # Referrals first, in one order, as in every deed: so that deeds that meet never block.
    referrals = (
        await session.exec(
            select(Referral)
            .where(col(Referral.patient_id).in_(same))
            .order_by(col(Referral.id))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).all()
    patients = (
        await session.exec(
            select(Patient)
            .where(col(Patient.id).in_(same))
            .order_by(col(Patient.id))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).all()
    return PersonsRecord(patients, referrals)


async def subjects_of(session: AsyncSession, referral_ids: Collection[str]) -> set[str]:
    """The ids of everything in some cases that a timer or a message can be about: of every table
    that belongs to a referral, also of those that come later."""
    found = set(referral_ids)
    connection = await session.connection()
    for table in SQLModel.metadata.tables.values():
        if "referral_id" in table.c and "id" in table.c:
            wanted = sql.select(table.c.id).where(table.c.referral_id.in_(referral_ids))
            found.update((await connection.execute(wanted)).scalars())
    return found


async def clear_all_timers(session: AsyncSession, subjects: Collection[str]) -> int:
    """Nothing of these comes due any more; how many timers that were."""
    cleared = 0
    for some in _in_parts(subjects):
        done = await session.exec(
            update(Timer)
            .where(col(Timer.subject).in_(some), col(Timer.state) == TimerState.WAITING)
            .values(state=TimerState.CLEARED, lease_owner=None, lease_until=None)
        )
        cleared += done.rowcount
    return cleared


async def owed_about(
    session: AsyncSession, subjects: Collection[str], since: datetime
) -> Sequence[OutboxRow]:
    """What was ever owed about some things, locked, the oldest first.

    A message in a case's thread has the case in its lane; every other one names what it is about
    in its key. A word that something could not be delivered names the row that could not.
    """
    wanted = (
        select(OutboxRow.id, OutboxRow.lane, OutboxRow.dedupe_key)
        .where(col(OutboxRow.owed_at) >= since)
        .order_by(col(OutboxRow.seq))
    )
    known, found = set(subjects), []
    for row_id, lane, key in (await session.exec(wanted)).all():
        if not known.isdisjoint((*lane.split(":"), *key.split(":"))):
            found.append(row_id)
            known.add(row_id)
    rows: list[OutboxRow] = []
    for some in _in_parts(found):
        rows += (
            await session.exec(
                select(OutboxRow)
                .where(col(OutboxRow.id).in_(some))
                .order_by(col(OutboxRow.seq))
                .with_for_update()
                .execution_options(populate_existing=True)
            )
        ).all()
    return rows


def is_on_its_way(row: OutboxRow) -> bool:
    """Whether it may be in Slack, or may yet get there."""
    return row.operation in {OutboxOperation.POST, OutboxOperation.ERRAND} and row.state in {
        OutboxState.SENDING,
        OutboxState.AMBIGUOUS,
        OutboxState.SENT,
        OutboxState.PARKED,
    }


def is_a_digest(row: OutboxRow) -> bool:
    """A digest speaks of many cases and stays: it has a case's code and whose turn it was."""
    return row.lane.startswith(f"{PlaceKind.DIGEST}:")


async def forget_what_came_in(
    session: AsyncSession, vault: Vault, referrals: Sequence[Referral]
) -> int:
    """Events of these cases' threads that were not worked off: their words are gone."""
    threads = set()
    for referral in referrals:
        room = (await session.exec(select(Room).where(Room.id == referral.room_id))).one()
        threads.add((room.channel_id, referral.thread_ts))
    forgotten = 0
    waiting = select(InboxEvent).where(
        col(InboxEvent.payload_sealed).is_not(None), InboxEvent.kind == "message"
    )
    for event in (await session.exec(waiting.with_for_update())).all():
        if event.payload_sealed is None:
            continue
        payload = await vault.open(
            session, event.key_id, payload_cell(event.event_key), event.payload_sealed
        )
        said = json.loads(payload)["event"]
        inner = said.get("message") or said.get("previous_message") or said
        if (said.get("channel"), inner.get("thread_ts")) in threads:
            event.payload_sealed = None
            event.state = InboxState.DONE
            event.lease_owner = event.lease_until = None
            session.add(event)
            forgotten += 1
    return forgotten


async def drafts_in_team(session: AsyncSession, team_id: str) -> Sequence[ReferralDraft]:
    """Every referral of a workspace that is being filled in."""
    wanted = (
        select(ReferralDraft)
        .join(Person, col(Person.id) == ReferralDraft.surgeon_id)
        .where(Person.team_id == team_id)
    )
    return (await session.exec(wanted)).all()


async def forget_looks(session: AsyncSession, identities: Collection[bytes]) -> None:
    """That somebody looked for this person."""
    await session.exec(delete(PatientLook).where(col(PatientLook.identity_index).in_(identities)))


async def standing_holds(session: AsyncSession, patient_id: str) -> Sequence[LegalHold]:
    wanted = select(LegalHold).where(
        LegalHold.patient_id == patient_id, col(LegalHold.lifted_at).is_(None)
    )
    return (await session.exec(wanted)).all()


async def patients_by_age(
    session: AsyncSession, team_id: str
) -> Sequence[tuple[Patient, Referral]]:
    """Every patient who is not erased with every case of theirs, the oldest patient first."""
    wanted = (
        select(Patient, Referral)
        .join(Referral, col(Referral.patient_id) == Patient.id)
        .where(Patient.team_id == team_id, col(Patient.erased_at).is_(None))
        .order_by(col(Patient.created_at), col(Patient.id), col(Referral.created_at))
    )
    return (await session.exec(wanted)).all()


def _in_parts(ids: Collection[str], size: int = 500) -> list[list[str]]:
    """SQLite takes so many values at once, and PostgreSQL is quicker with few."""
    ordered = sorted(ids)
    return [ordered[start : start + size] for start in range(0, len(ordered), size)]
