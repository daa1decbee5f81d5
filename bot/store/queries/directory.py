"""Entries of the directory, licences, and what came of the referrals between two colleagues."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import case
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.directory import Record
from bot.care.people import Role, Standing
from bot.care.referral import ReferralState
from bot.store.tables.directory import DirectoryEntry, LicenceRow
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral
from bot.store.tables.working_time import Absence

_OPEN = [state for state in ReferralState if state.needs_a_therapist]
_ENDED = [ReferralState.COMPLETED, ReferralState.NOT_COMPLETED, ReferralState.CANCELLED]


async def entry(session: AsyncSession, person_id: str) -> DirectoryEntry | None:
    wanted = select(DirectoryEntry).where(DirectoryEntry.person_id == person_id)
    return (await session.exec(wanted)).first()


async def entry_to_change(session: AsyncSession, person_id: str) -> DirectoryEntry | None:
    wanted = select(DirectoryEntry).where(DirectoryEntry.person_id == person_id).with_for_update()
    return (await session.exec(wanted)).first()


async def entries_of(session: AsyncSession, person_ids: Iterable[str]) -> dict[str, DirectoryEntry]:
    wanted = select(DirectoryEntry).where(col(DirectoryEntry.person_id).in_(list(person_ids)))
    return {one.person_id: one for one in (await session.exec(wanted)).all()}


async def licence(session: AsyncSession, licence_id: str) -> LicenceRow | None:
    return (await session.exec(select(LicenceRow).where(LicenceRow.id == licence_id))).first()


async def licence_to_change(session: AsyncSession, licence_id: str) -> LicenceRow | None:
    wanted = select(LicenceRow).where(LicenceRow.id == licence_id).with_for_update()
    return (await session.exec(wanted)).first()


async def licences_of(session: AsyncSession, person_id: str) -> Sequence[LicenceRow]:
    """Newest first."""
    wanted = (
        select(LicenceRow)
        .where(LicenceRow.person_id == person_id)
        .order_by(col(LicenceRow.entered_at).desc(), col(LicenceRow.id))
    )
    return (await session.exec(wanted)).all()


async def licences_by_person(
    session: AsyncSession, person_ids: Iterable[str]
) -> dict[str, list[LicenceRow]]:
    found: dict[str, list[LicenceRow]] = {}
    wanted = select(LicenceRow).where(col(LicenceRow.person_id).in_(list(person_ids)))
    for row in (await session.exec(wanted)).all():
        found.setdefault(row.person_id, []).append(row)
    return found


async def absences_of_all(
    session: AsyncSession, person_ids: Iterable[str], now: datetime
) -> Sequence[Absence]:
    """Absences that hold and are not over, of several people at once, the earliest first."""
    wanted = (
        select(Absence)
        .where(
            col(Absence.person_id).in_(list(person_ids)),
            col(Absence.ended_at).is_(None),
            col(Absence.last_day) >= (now - timedelta(days=1)).date(),
        )
        .order_by(col(Absence.first_day), col(Absence.id))
    )
    return (await session.exec(wanted)).all()


async def licences_to_verify(session: AsyncSession, team_id: str) -> Sequence[LicenceRow]:
    """What people have entered and nobody has looked up yet, the oldest first."""
    wanted = (
        select(LicenceRow)
        .join(Person, col(Person.id) == LicenceRow.person_id)
        .where(
            Person.team_id == team_id,
            Person.standing == Standing.MEMBER,
            col(LicenceRow.verified_at).is_(None),
            col(LicenceRow.refused_at).is_(None),
        )
        .order_by(col(LicenceRow.entered_at), col(LicenceRow.id))
    )
    return (await session.exec(wanted)).all()


async def open_cases(session: AsyncSession, person_ids: Iterable[str]) -> dict[str, int]:
    """How many patients each therapist has now, or is asked to take; ix_referrals_therapist."""
    wanted = (
        select(Referral.therapist_id, func.count())
        .where(col(Referral.therapist_id).in_(list(person_ids)), col(Referral.state).in_(_OPEN))
        .group_by(Referral.therapist_id)
    )
    return dict((await session.exec(wanted)).all())


async def records_with(session: AsyncSession, person: Person) -> dict[str, Record]:
    """What came of `person`'s referrals, by the other of the two; ix_referrals_surgeon or
    ix_referrals_therapist."""
    is_surgeon = person.role is Role.SURGEON
    mine = Referral.surgeon_id if is_surgeon else Referral.therapist_id
    other = Referral.therapist_id if is_surgeon else Referral.surgeon_id
    return await _records(session, other, col(mine) == person.id)


async def records_of(session: AsyncSession, person_ids: Iterable[str]) -> dict[str, Record]:
    """What came of all of some therapists' referrals; ix_referrals_therapist."""
    among = col(Referral.therapist_id).in_(list(person_ids))
    return await _records(session, Referral.therapist_id, among)


async def _records(session: AsyncSession, by: str, condition: object) -> dict[str, Record]:
    ended = case((col(Referral.ended_as).in_(_ENDED), 1), else_=0)
    completed = case((col(Referral.ended_as) == ReferralState.COMPLETED, 1), else_=0)
    on_time = func.coalesce(Referral.updates_on_time, 0)
    wanted = (
        select(
            by,
            func.count(),
            func.count(col(Referral.answer_minutes)),
            func.avg(Referral.answer_minutes),
            func.sum(ended),
            func.sum(completed),
            func.sum(on_time),
            func.sum(on_time + func.coalesce(Referral.updates_late, 0)),
        )  # type: ignore[call-overload]
        .where(condition)
        .group_by(by)
    )
    return {
        row[0]: Record(
            referrals=row[1],
            answered=row[2],
            minutes_to_answer=None if row[3] is None else int(row[3]),
            ended=int(row[4]),
            completed=int(row[5]),
            updates_on_time=int(row[6]),
            updates=int(row[7]),
        )
        for row in (await session.exec(wanted)).all()
    }


async def open_cases_on_side(session: AsyncSession, person_id: str) -> Sequence[Referral]:
    """Unfinished referrals in which somebody is the surgeon or the therapist."""
    unfinished = [state for state in ReferralState if not state.is_final]
    found: list[Referral] = []
    for side in (Referral.surgeon_id, Referral.therapist_id):
        wanted = (
            select(Referral)
            .where(col(side) == person_id, col(Referral.state).in_(unfinished))
            .order_by(col(Referral.next_due), col(Referral.id))
        )
        found += (await session.exec(wanted)).all()
    return found
