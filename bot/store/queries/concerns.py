"""Concerns and who was told of them."""

from collections.abc import Collection, Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.concern import ConcernState
from bot.store.tables.concerns import Concern, Told


async def concern(session: AsyncSession, concern_id: str) -> Concern | None:
    return (await session.exec(select(Concern).where(Concern.id == concern_id))).first()


async def concern_to_change(session: AsyncSession, concern_id: str) -> Concern | None:
    """As `concern`, locked until the transaction ends."""
    wanted = (
        select(Concern)
        .where(Concern.id == concern_id)
        .with_for_update()
        # Read anew: it may have been changed between a first look and the lock.
        .execution_options(populate_existing=True)
    )
    return (await session.exec(wanted)).first()


async def concern_of_entry(session: AsyncSession, entry_id: str) -> Concern | None:
    return (await session.exec(select(Concern).where(Concern.entry_id == entry_id))).first()


async def with_unsettled(session: AsyncSession, referral_ids: Collection[str]) -> set[str]:
    """Which of some referrals have a concern that is neither resolved nor withdrawn."""
    wanted = select(Concern.referral_id).where(
        col(Concern.referral_id).in_(referral_ids),
        col(Concern.state).not_in([one for one in ConcernState if one.is_settled]),
    )
    return set((await session.exec(wanted)).all())


async def unsettled_of(session: AsyncSession, referral_id: str) -> Sequence[Concern]:
    """Concerns that are neither resolved nor withdrawn, oldest first."""
    wanted = (
        select(Concern)
        .where(
            Concern.referral_id == referral_id,
            col(Concern.state).not_in([one for one in ConcernState if one.is_settled]),
        )
        .order_by(col(Concern.raised_at), col(Concern.id))
    )
    return (await session.exec(wanted)).all()


async def unanswered_holds(session: AsyncSession, referral_id: str) -> Sequence[Concern]:
    """Concerns that hold the treatment and that nobody has acknowledged."""
    wanted = select(Concern).where(
        Concern.referral_id == referral_id,
        Concern.state == ConcernState.OPEN,
        col(Concern.holds).is_(True),
    )
    return (await session.exec(wanted)).all()


async def all_of(session: AsyncSession, referral_id: str) -> Sequence[Concern]:
    """Every concern of a referral, oldest first."""
    wanted = (
        select(Concern)
        .where(Concern.referral_id == referral_id)
        .order_by(col(Concern.raised_at), col(Concern.id))
    )
    return (await session.exec(wanted)).all()


async def told_of(session: AsyncSession, concern_id: str) -> Sequence[Told]:
    """Who was told and when, in order."""
    wanted = (
        select(Told)
        .where(Told.concern_id == concern_id)
        .order_by(col(Told.at), col(Told.step), col(Told.id))
    )
    return (await session.exec(wanted)).all()
