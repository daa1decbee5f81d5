"""Versions of treatment plans."""

from collections.abc import Sequence

from sqlalchemy import bindparam
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.treatment_plan import PlanState
from bot.store.tables.plans import PlanVersion

# Asked whenever a case card is drawn: building them takes longer than running them.
_VERSIONS = (
    select(PlanVersion)
    .where(PlanVersion.referral_id == bindparam("referral_id"))
    .order_by(col(PlanVersion.number))
)
_IN_STATE = select(PlanVersion).where(
    PlanVersion.referral_id == bindparam("referral_id"), PlanVersion.state == bindparam("state")
)


async def version(session: AsyncSession, version_id: str) -> PlanVersion | None:
    return (await session.exec(select(PlanVersion).where(PlanVersion.id == version_id))).first()


async def version_to_change(session: AsyncSession, version_id: str) -> PlanVersion | None:
    """As `version`, read anew under the lock of its referral."""
    wanted = (
        select(PlanVersion)
        .where(PlanVersion.id == version_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.exec(wanted)).first()


async def versions_of(session: AsyncSession, referral_id: str) -> Sequence[PlanVersion]:
    """Every version of a referral's plan, the first one first."""
    return (await session.exec(_VERSIONS, params={"referral_id": referral_id})).all()


async def in_force(session: AsyncSession, referral_id: str) -> PlanVersion | None:
    """The version that both sides have signed."""
    return await _in_state(session, referral_id, PlanState.IN_FORCE)


async def proposed(session: AsyncSession, referral_id: str) -> PlanVersion | None:
    """The version that waits for the other side."""
    return await _in_state(session, referral_id, PlanState.PROPOSED)


async def signed_changes(session: AsyncSession, referral_id: str) -> Sequence[PlanVersion]:
    """The versions after the first one that both sides have signed, oldest first."""
    versions = await versions_of(session, referral_id)
    signed = [one for one in versions if one.state in {PlanState.IN_FORCE, PlanState.REPLACED}]
    return signed[1:]


async def highest_number(session: AsyncSession, referral_id: str) -> int:
    """The number of the newest version; 0 if there is none."""
    wanted = select(func.max(PlanVersion.number)).where(PlanVersion.referral_id == referral_id)
    return (await session.exec(wanted)).one() or 0


async def _in_state(
    session: AsyncSession, referral_id: str, state: PlanState
) -> PlanVersion | None:
    wanted = {"referral_id": referral_id, "state": state}
    return (await session.exec(_IN_STATE, params=wanted)).first()
