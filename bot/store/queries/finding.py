"""What is looked through to find colleagues: a few columns of everybody, no rows of whole tables.

Whoever is found is read in full afterwards; that is a page, however many there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy
from sqlalchemy import BindParameter, Date, bindparam, exists
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.people import Role, Standing
from bot.care.referral import ReferralState
from bot.store.tables.directory import DirectoryEntry, LicenceRow
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral
from bot.store.tables.working_time import Absence


@dataclass(frozen=True)
class Findable:
    """Somebody who may be found; `profile` is JSON of care.directory.Profile, empty for none."""

    person_id: str
    role: Role
    profile: str
    lymphatic_seen: bool
    is_clear: bool
    is_away: bool


_TODAY: BindParameter[date] = bindparam("today", type_=Date)
# A licence counts through the day on which it expires, once it was verified.
_HAS_LICENCE = exists().where(
    col(LicenceRow.person_id) == Person.id,
    col(LicenceRow.verified_at).is_not(None),
    col(LicenceRow.refused_at).is_(None),
    col(LicenceRow.expires_on) >= _TODAY,
)
_IS_AWAY = exists().where(
    col(Absence.person_id) == Person.id,
    col(Absence.ended_at).is_(None),
    col(Absence.first_day) <= _TODAY,
    col(Absence.last_day) >= _TODAY,
)
_FINDABLE = (
    sqlalchemy.select(
        col(Person.id),
        col(Person.role),
        col(DirectoryEntry.profile),
        col(DirectoryEntry.lymphatic_seen_at).is_not(None),
        _HAS_LICENCE,
        _IS_AWAY,
    )
    .outerjoin(DirectoryEntry, col(DirectoryEntry.person_id) == Person.id)
    .where(
        col(Person.team_id) == bindparam("team_id"),
        col(Person.standing) == Standing.MEMBER,
        col(Person.role).in_(bindparam("roles", expanding=True)),
        col(Person.id) != bindparam("viewer_id"),
    )
)
_OPEN = [state for state in ReferralState if state.needs_a_therapist]
_OPEN_CASES = (
    select(Referral.therapist_id, func.count())
    .where(
        col(Referral.therapist_id).in_(
            select(Person.id).where(
                Person.team_id == bindparam("team_id"), Person.role == Role.THERAPIST
            )
        ),
        col(Referral.state).in_(_OPEN),
    )
    .group_by(Referral.therapist_id)
)


async def findable(
    session: AsyncSession, viewer: Person, roles: Iterable[Role], today: date
) -> Sequence[Findable]:
    """Everybody but `viewer` who treats here in one of `roles`; ix_licences_person_id,
    ix_absences_person."""
    rows = await (await session.connection()).execute(
        _FINDABLE,
        {
            "team_id": viewer.team_id,
            "viewer_id": viewer.id,
            "roles": list(roles),
            "today": today,
        },
    )
    return [
        Findable(person_id, role, profile or "", seen, clear, away)
        for person_id, role, profile, seen, clear, away in rows
    ]


async def open_cases_in_team(session: AsyncSession, team_id: str) -> dict[str, int]:
    """How many patients each therapist of a team has now, or is asked to take;
    ix_referrals_therapist."""
    rows = await (await session.connection()).execute(_OPEN_CASES, {"team_id": team_id})
    return {row[0]: row[1] for row in rows}
