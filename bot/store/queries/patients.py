"""Patients: those of a channel, and who they are."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.request import Identifiers
from bot.store.tables.keys import DataKeyRecord
from bot.store.tables.referrals import Patient, Referral
from bot.store.vault import Cell, Vault

# Asked for every reply: building it takes longer than running it.
_OF_ROOM = (
    select(Patient)
    .where(
        col(Patient.id).in_(
            select(Referral.patient_id).where(Referral.room_id == bindparam("room_id"))
        ),
        col(Patient.erased_at).is_(None),
    )
    .order_by(col(Patient.created_at))
)


def identifiers_cell(patient_id: str) -> Cell:
    return Cell("patients", "identifiers_sealed", patient_id)


async def patients_of_room(session: AsyncSession, room_id: str) -> Sequence[Patient]:
    """Everybody who was ever referred between this pair and is not erased, each once."""
    return (await session.exec(_OF_ROOM, params={"room_id": room_id})).all()


async def identifiers_of_room(
    session: AsyncSession, vault: Vault, room_id: str
) -> list[Identifiers]:
    """Who the patients of a pair's channel are. Not a look: nobody is shown it."""
    found = await patients_of_room(session, room_id)
    await vault.prepare(session, [one.key_id for one in found])
    return [
        Identifiers.model_validate_json(
            await vault.open(session, one.key_id, identifiers_cell(one.id), one.identifiers_sealed)
        )
        for one in found
    ]


async def some_living(session: AsyncSession, most: int = 1000) -> Sequence[Patient]:
    """Patients whose data key was not destroyed, the newest first."""
    wanted = (
        select(Patient)
        .join(DataKeyRecord, col(DataKeyRecord.id) == Patient.key_id)
        .where(col(DataKeyRecord.destroyed_at).is_(None))
        .order_by(col(Patient.created_at).desc())
        .limit(most)
    )
    return (await session.exec(wanted)).all()


async def patients_by_id(session: AsyncSession, patient_ids: Collection[str]) -> dict[str, Patient]:
    """Several at once; each is known to be there."""
    wanted = select(Patient).where(col(Patient.id).in_(patient_ids))
    return {one.id: one for one in (await session.exec(wanted)).all()}
