"""Concerns and who was told of them."""

from collections.abc import Collection, Sequence

from sqlalchemy import and_, bindparam, or_
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.concern import ConcernState
from bot.care.escalation import Way
from bot.store.tables.concerns import Acknowledgement, Concern, Handover, Told

# What every reply asks is built once: building a statement takes longer than running it.
_OF_ENTRY = select(Concern).where(Concern.entry_id == bindparam("entry_id"))
_ALL = (
    select(Concern)
    .where(Concern.referral_id == bindparam("referral_id"))
    .order_by(col(Concern.raised_at), col(Concern.id))
)
_UNSETTLED = _ALL.where(col(Concern.state).not_in([one for one in ConcernState if one.is_settled]))


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
    return (await session.exec(_OF_ENTRY, params={"entry_id": entry_id})).first()


async def with_unsettled(session: AsyncSession, referral_ids: Collection[str]) -> set[str]:
    """Which of some referrals have a concern that is neither resolved nor withdrawn."""
    wanted = select(Concern.referral_id).where(
        col(Concern.referral_id).in_(referral_ids),
        col(Concern.state).not_in([one for one in ConcernState if one.is_settled]),
    )
    return set((await session.exec(wanted)).all())


async def unsettled_of_all(
    session: AsyncSession, referral_ids: Sequence[str]
) -> dict[str, list[Concern]]:
    """As `unsettled_of`, of many referrals at once."""
    wanted = (
        select(Concern)
        .where(
            col(Concern.referral_id).in_(referral_ids),
            col(Concern.state).not_in([one for one in ConcernState if one.is_settled]),
        )
        .order_by(col(Concern.raised_at), col(Concern.id))
    )
    found: dict[str, list[Concern]] = {}
    for one in (await session.exec(wanted)).all():
        found.setdefault(one.referral_id, []).append(one)
    return found


async def unsettled_of(session: AsyncSession, referral_id: str) -> Sequence[Concern]:
    """Concerns that are neither resolved nor withdrawn, oldest first."""
    return (await session.exec(_UNSETTLED, params={"referral_id": referral_id})).all()


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
    return (await session.exec(_ALL, params={"referral_id": referral_id})).all()


async def told_of(session: AsyncSession, concern_id: str) -> Sequence[Told]:
    """Who was told and when, in order."""
    wanted = (
        select(Told)
        .where(Told.concern_id == concern_id)
        .order_by(col(Told.at), col(Told.step), col(Told.id))
    )
    return (await session.exec(wanted)).all()


async def asked_of(session: AsyncSession, person_id: str, most: int) -> Sequence[Concern]:
    """What waits for somebody's answer, the oldest first: open concerns that they were told of
    since they began to climb, what they were asked to take and have not answered, and what they
    took and nobody has resolved. Goes through what is not settled: ix_concerns_unsettled."""
    told = select(Told.id).where(
        Told.concern_id == Concern.id,
        Told.person_id == person_id,
        col(Told.step) >= func.coalesce(Concern.round_step, 0),
    )
    handed = select(Handover.id).where(
        Handover.concern_id == Concern.id,
        Handover.to_id == person_id,
        col(Handover.answered_at).is_(None),
        or_(
            col(Concern.acknowledged_at).is_(None),
            col(Concern.acknowledged_at) <= Handover.asked_at,
        ),
    )
    wanted = (
        select(Concern)
        .where(
            col(Concern.state).in_([one for one in ConcernState if not one.is_settled]),
            or_(
                col(Concern.acknowledged_by_id) == person_id,
                and_(col(Concern.state) == ConcernState.OPEN, told.exists()),
                handed.exists(),
            ),
        )
        .order_by(col(Concern.raised_at), col(Concern.id))
        .limit(most)
    )
    return (await session.exec(wanted)).all()


async def times_acknowledged(session: AsyncSession, concern_id: str) -> int:
    """How often somebody took it: the number of the newest acknowledgement."""
    wanted = select(func.max(Acknowledgement.number)).where(
        Acknowledgement.concern_id == concern_id
    )
    return (await session.exec(wanted)).one() or 0


async def acknowledgements_of(session: AsyncSession, concern_id: str) -> Sequence[Acknowledgement]:
    """Who took it and what they decided, in order."""
    wanted = (
        select(Acknowledgement)
        .where(Acknowledgement.concern_id == concern_id)
        .order_by(col(Acknowledgement.number))
    )
    return (await session.exec(wanted)).all()


async def handovers_of(session: AsyncSession, concern_id: str) -> Sequence[Handover]:
    """To whom it was passed on, in order."""
    wanted = (
        select(Handover).where(Handover.concern_id == concern_id).order_by(col(Handover.number))
    )
    return (await session.exec(wanted)).all()


async def told_person(
    session: AsyncSession, concern_id: str, step: int, person_id: str
) -> Told | None:
    """The attempt to tell a person at a step."""
    wanted = select(Told).where(
        Told.concern_id == concern_id, Told.step == step, Told.person_id == person_id
    )
    return (await session.exec(wanted)).first()


async def told_channel(session: AsyncSession, concern_id: str, step: int) -> Told | None:
    """The attempt to tell the clinic channel at a step."""
    wanted = select(Told).where(
        Told.concern_id == concern_id, Told.step == step, Told.way == Way.CLINIC_CHANNEL
    )
    return (await session.exec(wanted)).first()


async def told_outside(session: AsyncSession, concern_id: str, step: int, name: str) -> Told | None:
    """The newest attempt to tell a channel outside Slack at a step."""
    wanted = (
        select(Told)
        .where(Told.concern_id == concern_id, Told.step == step, Told.outside == name)
        .order_by(col(Told.at).desc())
    )
    return (await session.exec(wanted)).first()
