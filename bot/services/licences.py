"""Licences: who is clear to start something new, and the words ahead of an expiry."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.licence import Licence, LicenceStanding, standing, warnings
from bot.care.people import Standing
from bot.care.permissions import Deed
from bot.services.deeds import Deeds, Lease, OpenDeed
from bot.services.errors import LicenceProblem
from bot.services.licence_lines import raise_lines, settle_lines
from bot.store.queries import directory, people
from bot.store.tables.directory import LicenceRow
from bot.store.tables.people import Person
from bot.store.tables.work import TimerKind


class Licences:
    """What the clockwork does with licences."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def say_that_it_ends(self, lease: Lease, licence_id: str, days: int) -> None:
        """A licence ends in `days`, or has ended (0): its owner and the coordinators are to know.

        Nothing is said of one that was renewed, and nothing of somebody who has left.
        """
        async with self._deeds.begin(None, Deed.WARN_OF_LICENCE, lease=lease) as deed:
            row = await directory.licence(deed.session, licence_id)
            if row is None or row.verified_at is None:
                return
            person = await people.person(deed.session, row.person_id)
            if person.standing is not Standing.MEMBER or await _is_renewed(deed, row):
                return
            await raise_lines(deed, row, person, days)
            await deed.note("licence", row.id, person=person.id, days=str(days))


async def standing_of(session: AsyncSession, person: Person, today: date) -> LicenceStanding:
    """What somebody's licences amount to on `today`."""
    rows = await directory.licences_of(session, person.id)
    return standing(person.role, map(as_licence, rows), today)


async def require_clear(deed: OpenDeed, person: Person) -> None:
    """Raise `LicenceProblem` unless `person` may refer or be referred to on this day."""
    today = today_of(deed, person)
    found = await standing_of(deed.session, person, today)
    if not found.is_clear:
        is_self = deed.actor is not None and deed.actor.slack_user_id == person.slack_user_id
        raise LicenceProblem(found, is_self=is_self)


async def set_warnings(deed: OpenDeed, row: LicenceRow, person: Person) -> None:
    """A verified licence is warned of before it ends; what lies behind already is left out.

    It settles what was said of those that end before it.
    """
    await settle_lines(deed, row)
    for days, moment in warnings(row.expires_on, ZoneInfo(person.time_zone)).items():
        if moment > deed.now:
            await deed.set_timer(TimerKind.LICENCE_ENDS, row.id, days, moment)


def as_licence(row: LicenceRow) -> Licence:
    return Licence(
        row.number,
        row.state,
        row.expires_on,
        is_verified=row.verified_at is not None,
        is_refused=row.refused_at is not None,
    )


def today_of(deed: OpenDeed, person: Person) -> date:
    """The calendar day where `person` is."""
    return deed.now.astimezone(ZoneInfo(person.time_zone)).date()


async def _is_renewed(deed: OpenDeed, row: LicenceRow) -> bool:
    return any(
        other.verified_at is not None and other.expires_on > row.expires_on
        for other in await directory.licences_of(deed.session, row.person_id)
    )
