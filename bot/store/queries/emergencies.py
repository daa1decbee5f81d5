"""Who is in the emergency group, and who holds access to which case."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.sealing import Cell
from bot.store.tables.people import Person
from bot.store.tables.privacy import EmergencyAccess
from bot.store.tables.referrals import Referral


def reason_cell(access_id: str) -> Cell:
    return Cell("emergency_accesses", "reason_sealed", access_id)


async def held_by(
    session: AsyncSession, person_id: str, referral_id: str
) -> EmergencyAccess | None:
    """The access of somebody to a case that was not ended; its time may be over.

    uq_emergency_accesses_open.
    """
    wanted = select(EmergencyAccess).where(
        EmergencyAccess.person_id == person_id,
        EmergencyAccess.referral_id == referral_id,
        col(EmergencyAccess.ended_at).is_(None),
    )
    return (await session.exec(wanted)).first()


async def all_held_by(session: AsyncSession, person_id: str) -> Sequence[EmergencyAccess]:
    """Every access of somebody that was not ended, locked, the oldest first."""
    wanted = (
        select(EmergencyAccess)
        .where(EmergencyAccess.person_id == person_id, col(EmergencyAccess.ended_at).is_(None))
        .order_by(col(EmergencyAccess.began_at), col(EmergencyAccess.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(wanted)).all()


async def running(
    session: AsyncSession, person_id: str, now: datetime
) -> Sequence[tuple[EmergencyAccess, Referral]]:
    """What somebody holds now, with the cases, the one that ends first before."""
    wanted = (
        select(EmergencyAccess, Referral)
        .join(Referral, col(Referral.id) == EmergencyAccess.referral_id)
        .where(
            EmergencyAccess.person_id == person_id,
            col(EmergencyAccess.ended_at).is_(None),
            col(EmergencyAccess.ends_at) > now,
        )
        .order_by(col(EmergencyAccess.ends_at), col(EmergencyAccess.id))
    )
    return (await session.exec(wanted)).all()


async def access(session: AsyncSession, access_id: str) -> EmergencyAccess | None:
    wanted = select(EmergencyAccess).where(EmergencyAccess.id == access_id)
    return (await session.exec(wanted)).first()


async def access_to_change(session: AsyncSession, access_id: str) -> EmergencyAccess | None:
    """As `access`, read anew and locked until the transaction ends."""
    wanted = (
        select(EmergencyAccess)
        .where(EmergencyAccess.id == access_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(wanted)).first()


async def group(session: AsyncSession, team_id: str) -> Sequence[Person]:
    """Who is in the emergency group, the longest in it first."""
    wanted = (
        select(Person)
        .where(Person.team_id == team_id, col(Person.emergency_since).is_not(None))
        .order_by(col(Person.emergency_since), col(Person.id))
    )
    return (await session.exec(wanted)).all()
