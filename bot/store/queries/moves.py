"""The moves of a referral."""

from collections.abc import Sequence

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.referral import Move
from bot.store.tables.moves import Moved


async def move(session: AsyncSession, move_id: str) -> Moved | None:
    return (await session.exec(select(Moved).where(Moved.id == move_id))).first()


async def moves_of(session: AsyncSession, referral_id: str) -> Sequence[Moved]:
    """All of them, in order."""
    wanted = select(Moved).where(Moved.referral_id == referral_id).order_by(col(Moved.number))
    return (await session.exec(wanted)).all()


async def last_of(session: AsyncSession, referral_id: str, kind: Move) -> Moved | None:
    wanted = (
        select(Moved)
        .where(Moved.referral_id == referral_id, Moved.move == kind)
        .order_by(col(Moved.number).desc())
        .limit(1)
    )
    return (await session.exec(wanted)).first()


async def highest_number(session: AsyncSession, referral_id: str) -> int:
    wanted = select(func.max(Moved.number)).where(Moved.referral_id == referral_id)
    return (await session.exec(wanted)).one() or 0
