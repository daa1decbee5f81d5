"""What a clinic set for itself: the versions of its ladders, its telephone."""

from collections.abc import Sequence

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.concern import Severity
from bot.store.tables.clinic import ClinicDetails, ClinicLadder, KnownWorkspace


async def newest_ladder(
    session: AsyncSession, team_id: str, severity: Severity
) -> ClinicLadder | None:
    """The version that holds; None while the default does."""
    wanted = (
        select(ClinicLadder)
        .where(ClinicLadder.team_id == team_id, ClinicLadder.severity == severity)
        .order_by(col(ClinicLadder.version).desc())
        .limit(1)
    )
    return (await session.exec(wanted)).first()


async def ladder_versions(
    session: AsyncSession, team_id: str, severity: Severity
) -> Sequence[ClinicLadder]:
    """Every version, the newest first."""
    wanted = (
        select(ClinicLadder)
        .where(ClinicLadder.team_id == team_id, ClinicLadder.severity == severity)
        .order_by(col(ClinicLadder.version).desc())
    )
    return (await session.exec(wanted)).all()


async def details(session: AsyncSession, team_id: str) -> ClinicDetails | None:
    wanted = select(ClinicDetails).where(ClinicDetails.team_id == team_id)
    return (await session.exec(wanted)).first()


async def last_workspace(session: AsyncSession) -> KnownWorkspace | None:
    """The workspace that the bot was last in."""
    wanted = select(KnownWorkspace).order_by(col(KnownWorkspace.seen_at).desc()).limit(1)
    return (await session.exec(wanted)).first()
