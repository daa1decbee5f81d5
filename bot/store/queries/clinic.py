"""What a clinic set for itself: the versions of its ladders, its telephone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.concern import Severity
from bot.care.people import Role, Standing
from bot.store.tables.clinic import ClinicDetails, ClinicLadder, KnownWorkspace
from bot.store.tables.people import Person


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


@dataclass(frozen=True)
class LadderEnds:
    """Who and what is left for a concern that nobody answers."""

    coordinators: int
    has_telephone: bool


async def ladder_ends(session: AsyncSession) -> LadderEnds:
    """Of the workspace that this database is for."""
    coordinators = (
        select(func.count())
        .select_from(Person)
        .where(Person.role == Role.COORDINATOR, Person.standing == Standing.MEMBER)
    )
    telephone = select(ClinicDetails.team_id).limit(1)
    return LadderEnds(
        coordinators=(await session.exec(coordinators)).one(),
        has_telephone=(await session.exec(telephone)).first() is not None,
    )
