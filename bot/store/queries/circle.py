"""Who is let into a case beside those who treat, and who was found in a pair's channel."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.tables.circle import Invitation, Stranger
from bot.store.tables.people import Person
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


async def invitation_by_id(session: AsyncSession, invitation_id: str) -> Invitation | None:
    wanted = select(Invitation).where(Invitation.id == invitation_id)
    return (await session.exec(wanted)).first()


async def invitation_anew(session: AsyncSession, invitation_id: str) -> Invitation:
    """As it is once its referral is locked; it is known to be there."""
    wanted = (
        select(Invitation)
        .where(Invitation.id == invitation_id)
        .execution_options(populate_existing=True)
    )
    return (await session.exec(wanted)).one()


async def let_into_some(session: AsyncSession, room_id: str) -> Sequence[Person]:
    """Those who were let into one case or more of a channel."""
    wanted = (
        select(Person)
        .join(Invitation, col(Invitation.person_id) == Person.id)
        .join(Referral, col(Referral.id) == Invitation.referral_id)
        .where(Referral.room_id == room_id, col(Invitation.ended_at).is_(None))
        .distinct()
        .order_by(col(Person.id))
    )
    return (await session.exec(wanted)).all()


async def is_let_into_all(session: AsyncSession, room_id: str, person_id: str) -> bool:
    """Whether somebody was let into every case of a channel; never where there is none."""
    holds = (
        select(Invitation.id)
        .where(
            Invitation.referral_id == Referral.id,
            Invitation.person_id == person_id,
            col(Invitation.ended_at).is_(None),
        )
        .exists()
    )
    in_room = select(Referral.id).where(Referral.room_id == room_id)
    if (await session.exec(in_room.where(~holds).limit(1))).first() is not None:
        return False
    return (await session.exec(in_room.limit(1))).first() is not None
