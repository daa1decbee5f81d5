"""Words ahead of a licence's end: who is to read them, and in which digests they stand."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import col, or_, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.ids import new_id
from bot.store.queries.once import insert_once
from bot.store.tables.directory import DigestWarning, LicenceRow, LicenceWarning


async def raise_once(
    session: AsyncSession, licence_id: str, person_id: str, days: int, now: datetime
) -> None:
    """One reader is to know; the same warning is raised once."""
    row = LicenceWarning(
        id=new_id(), licence_id=licence_id, person_id=person_id, days=days, raised_at=now
    )
    await insert_once(session, LicenceWarning, row.model_dump(), "licence_id", "person_id", "days")


async def to_tell(
    session: AsyncSession, person_id: str, unsent_digest_id: str | None
) -> Sequence[LicenceWarning]:
    """What somebody was not told yet, or only in a digest that never went out; the nearest end
    first; ix_licence_warnings_person."""
    in_unsent = select(DigestWarning.warning_id).where(
        col(DigestWarning.digest_id) == unsent_digest_id
    )
    wanted = (
        select(LicenceWarning)
        .join(LicenceRow, col(LicenceRow.id) == LicenceWarning.licence_id)
        .where(
            LicenceWarning.person_id == person_id,
            col(LicenceWarning.settled_at).is_(None),
            or_(col(LicenceWarning.told_at).is_(None), col(LicenceWarning.id).in_(in_unsent)),
        )
        .order_by(col(LicenceRow.expires_on), col(LicenceWarning.days), col(LicenceWarning.id))
        .execution_options(populate_existing=True)
    )
    return (await session.exec(wanted)).all()


async def stand_in_digest(
    session: AsyncSession, digest_id: str, warnings: Sequence[LicenceWarning]
) -> None:
    """Write the lines of a digest."""
    session.add_all(DigestWarning(digest_id=digest_id, warning_id=one.id) for one in warnings)
    await session.flush()


async def of_digest(
    session: AsyncSession, digest_id: str
) -> Sequence[tuple[LicenceWarning, LicenceRow]]:
    """What stands in a digest, the nearest end first."""
    wanted = (
        select(LicenceWarning, LicenceRow)
        .join(DigestWarning, col(DigestWarning.warning_id) == LicenceWarning.id)
        .join(LicenceRow, col(LicenceRow.id) == LicenceWarning.licence_id)
        .where(DigestWarning.digest_id == digest_id)
        .order_by(col(LicenceRow.expires_on), col(LicenceWarning.id))
    )
    return (await session.exec(wanted)).all()


async def unsettled_before(
    session: AsyncSession, owner_id: str, day: date
) -> Sequence[LicenceWarning]:
    """What everybody was or is to be told of somebody's licences that end before `day`."""
    wanted = (
        select(LicenceWarning)
        .join(LicenceRow, col(LicenceRow.id) == LicenceWarning.licence_id)
        .where(
            LicenceRow.person_id == owner_id,
            col(LicenceRow.expires_on) < day,
            col(LicenceWarning.settled_at).is_(None),
        )
        .order_by(col(LicenceWarning.id))
    )
    return (await session.exec(wanted)).all()


async def digests_with(session: AsyncSession, warning_id: str) -> Sequence[str]:
    """The digests that a warning stands in."""
    wanted = select(DigestWarning.digest_id).where(DigestWarning.warning_id == warning_id)
    return (await session.exec(wanted.order_by(col(DigestWarning.digest_id)))).all()
