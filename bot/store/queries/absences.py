"""Absences: one to be changed, and whether days overlap."""

from datetime import date

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.tables.working_time import Absence


async def absence(session: AsyncSession, absence_id: str) -> Absence | None:
    return (await session.exec(select(Absence).where(Absence.id == absence_id))).first()


async def absence_to_change(session: AsyncSession, absence_id: str) -> Absence | None:
    """Locked until the transaction ends."""
    wanted = select(Absence).where(Absence.id == absence_id).with_for_update()
    return (await session.exec(wanted)).first()


async def overlapping(
    session: AsyncSession, person_id: str, first: date, last: date
) -> Absence | None:
    """An absence of somebody that holds and shares a day with `first` to `last`."""
    wanted = (
        select(Absence)
        .where(
            Absence.person_id == person_id,
            col(Absence.ended_at).is_(None),
            col(Absence.first_day) <= last,
            col(Absence.last_day) >= first,
        )
        .limit(1)
    )
    return (await session.exec(wanted)).first()
