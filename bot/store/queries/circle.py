"""Who is let into a case beside those who treat, and who was found in a pair's channel."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.tables.circle import Invitation, Stranger
from bot.store.tables.referrals import Referral


async def invitation(session: AsyncSession, referral_id: str, person_id: str) -> Invitation | None:
    """The invitation of somebody into a case that holds; uq_invitations_open."""
    wanted = select(Invitation).where(
        Invitation.referral_id == referral_id,
        Invitation.person_id == person_id,
        col(Invitation.ended_at).is_(None),
    )
    return (await session.exec(wanted)).first()


async def invitations_into(session: AsyncSession, referral_id: str) -> Sequence[Invitation]:
    """Every invitation into a case that holds, in the order in which they were given."""
    wanted = (
        select(Invitation)
        .where(Invitation.referral_id == referral_id, col(Invitation.ended_at).is_(None))
        .order_by(col(Invitation.invited_at), col(Invitation.id))
    )
    return (await session.exec(wanted)).all()


async def cases_let_into(session: AsyncSession, person_id: str) -> Sequence[Referral]:
    """The cases that somebody was invited into; ix_invitations_person."""
    wanted = (
        select(Referral)
        .join(Invitation, col(Invitation.referral_id) == Referral.id)
        .where(Invitation.person_id == person_id, col(Invitation.ended_at).is_(None))
        .order_by(col(Invitation.invited_at))
    )
    return (await session.exec(wanted)).all()


async def strangers_in(session: AsyncSession, room_id: str) -> Sequence[Stranger]:
    """Those in a pair's channel about whom nobody has decided yet."""
    wanted = (
        select(Stranger)
        .where(Stranger.room_id == room_id, col(Stranger.settled_at).is_(None))
        .order_by(col(Stranger.noticed_at), col(Stranger.id))
    )
    return (await session.exec(wanted)).all()
