"""When somebody works: their newest schedule, their absences, and who covers."""

from collections.abc import Collection, Sequence
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.people import Standing
from bot.care.working_time import Away, Weekday, WorkingHours
from bot.store.tables.people import Person
from bot.store.tables.working_time import Absence, Schedule

# A calendar day starts and ends up to 14 hours from UTC's.
_A_DAY = timedelta(days=1)

# What every reply asks is built once: building a statement takes longer than running it.
_SCHEDULE = (
    select(Schedule)
    .where(Schedule.person_id == bindparam("person_id"))
    .order_by(col(Schedule.version).desc())
    .limit(1)
)
_ABSENCES = (
    select(Absence)
    .where(
        Absence.person_id == bindparam("person_id"),
        col(Absence.ended_at).is_(None),
        col(Absence.last_day) >= bindparam("yesterday"),
    )
    .order_by(col(Absence.first_day), col(Absence.id))
)
_AMONG: Final[BindParameter[str]] = bindparam("person_ids", expanding=True)
_SCHEDULES = (
    select(Schedule).where(col(Schedule.person_id).in_(_AMONG)).order_by(col(Schedule.version))
)
_ABSENCES_OF_ALL = (
    select(Absence)
    .where(
        col(Absence.person_id).in_(_AMONG),
        col(Absence.ended_at).is_(None),
        col(Absence.last_day) >= bindparam("yesterday"),
    )
    .order_by(col(Absence.first_day), col(Absence.id))
)
_WHO_CAN = select(Person.id).where(col(Person.id).in_(_AMONG), Person.standing == Standing.MEMBER)


async def schedule_of(session: AsyncSession, person_id: str) -> Schedule | None:
    """The newest version; None for whoever never set one."""
    return (await session.exec(_SCHEDULE, params={"person_id": person_id})).first()


async def absences_of(session: AsyncSession, person_id: str, now: datetime) -> Sequence[Absence]:
    """Absences that hold and are not over, the earliest first."""
    whose = {"person_id": person_id, "yesterday": (now - _A_DAY).date()}
    return (await session.exec(_ABSENCES, params=whose)).all()


async def hours_of(
    session: AsyncSession, person: Person, now: datetime, region: str
) -> WorkingHours:
    """Somebody's working time; `region` is the clinic's, for those who chose none.

    `covered_by` of an absence is a person id; somebody who lost their account covers nothing.
    """
    schedule = await schedule_of(session, person.id)
    away: list[Away] = []
    for one in await absences_of(session, person.id, now):
        covers = await _who_can(session, one.covered_by_id)
        away.append(Away(one.first_day, one.last_day, covers))
    return _hours(person, schedule, away, region)


async def hours_of_all(
    session: AsyncSession, persons: Collection[Person], now: datetime, region: str
) -> dict[str, WorkingHours]:
    """As `hours_of` for many, by their ids, in three queries however many they are."""
    ids = {"person_ids": [one.id for one in persons], "yesterday": (now - _A_DAY).date()}
    # Older versions first: the newest stays.
    schedules = {one.person_id: one for one in await session.exec(_SCHEDULES, params=ids)}
    absences = (await session.exec(_ABSENCES_OF_ALL, params=ids)).all()
    covering = {one.covered_by_id for one in absences if one.covered_by_id is not None}
    can: set[str] = set()
    if covering:
        can = set((await session.exec(_WHO_CAN, params={"person_ids": list(covering)})).all())
    away: dict[str, list[Away]] = {one.id: [] for one in persons}
    for one in absences:
        covers = one.covered_by_id if one.covered_by_id in can else None
        away[one.person_id].append(Away(one.first_day, one.last_day, covers))
    return {one.id: _hours(one, schedules.get(one.id), away[one.id], region) for one in persons}


def _hours(
    person: Person, schedule: Schedule | None, away: Sequence[Away], region: str
) -> WorkingHours:
    hours = WorkingHours(ZoneInfo(person.time_zone), region=region, away=tuple(away))
    if schedule is None:
        return hours
    return WorkingHours(
        hours.zone,
        _clock(schedule.start_minute),
        _clock(schedule.end_minute),
        days_in(schedule.weekdays),
        region if schedule.region is None else schedule.region,
        hours.away,
        _clock(schedule.digest_minute),
        schedule.paused_until,
    )


async def _who_can(session: AsyncSession, person_id: str | None) -> str | None:
    if person_id is None:
        return None
    wanted = select(Person.id).where(Person.id == person_id, Person.standing == Standing.MEMBER)
    return (await session.exec(wanted)).first()


async def covered_now(session: AsyncSession, person: Person, now: datetime) -> Sequence[Person]:
    """Everybody who is away now, on their own clock, and whom `person` covers."""
    wanted = (
        select(Person, Absence)
        .join(Absence, col(Absence.person_id) == Person.id)
        .where(
            Absence.covered_by_id == person.id,
            col(Absence.ended_at).is_(None),
            col(Absence.first_day) <= (now + _A_DAY).date(),
            col(Absence.last_day) >= (now - _A_DAY).date(),
        )
        .order_by(col(Person.id))
    )
    found: dict[str, Person] = {}
    for away, absence in await session.exec(wanted):
        today = now.astimezone(ZoneInfo(away.time_zone)).date()
        if absence.first_day <= today <= absence.last_day:
            found[away.id] = away
    return list(found.values())


async def covered_soon(session: AsyncSession, person: Person, now: datetime) -> Sequence[Person]:
    """Everybody whose absence, now or to come, `person` covers."""
    wanted = (
        select(Person)
        .join(Absence, col(Absence.person_id) == Person.id)
        .where(
            Absence.covered_by_id == person.id,
            col(Absence.ended_at).is_(None),
            col(Absence.last_day) >= (now - _A_DAY).date(),
        )
        .distinct()
        .order_by(col(Person.id))
    )
    return (await session.exec(wanted)).all()


async def highest_version(session: AsyncSession, person_id: str) -> int:
    wanted = select(func.max(Schedule.version)).where(Schedule.person_id == person_id)
    return (await session.exec(wanted)).one() or 0


def days_in(weekdays: int) -> frozenset[Weekday]:
    """The days of a schedule's bits."""
    return frozenset(day for day in Weekday if weekdays & (1 << day))


def bits_of(days: frozenset[Weekday]) -> int:
    return sum(1 << day for day in days)


def _clock(minute: int) -> time:
    return time(minute // 60, minute % 60)
