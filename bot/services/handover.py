"""Who has somebody's work when they can't do it: a named person, never nobody."""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.people import Standing
from bot.notices import WorkHandedOver, to_person
from bot.services.deeds import OpenDeed
from bot.store.queries import directory, people
from bot.store.queries.working_time import covered_now
from bot.store.tables.people import Person


async def stand_in(session: AsyncSession, person: Person) -> Person:
    """`person` as long as their account is alive; else who covers for them, else a coordinator.

    Where nobody of these is left it stays with `person`: a name is needed to tell whose it was.
    """
    if person.standing is Standing.MEMBER:
        return person
    if person.covered_by_id is not None:
        covering = await people.person(session, person.covered_by_id)
        if covering.standing is Standing.MEMBER:
            return covering
    coordinators = await people.coordinators(session, person.team_id)
    return coordinators[0] if coordinators else person


async def covered_by(session: AsyncSession, person: Person, now: datetime) -> list[Person]:
    """Whose cases somebody has beside their own: who is away now, or whose account is gone."""
    found = {one.id: one for one in await covered_now(session, person, now)}
    for one in await people.covered_always(session, person.id):
        if one.standing is not Standing.MEMBER:
            found.setdefault(one.id, one)
    return list(found.values())


async def hand_over(deed: OpenDeed, person: Person) -> None:
    """Somebody's account is gone: tell who has their open work now, and show it on the cards."""
    cases = await directory.open_cases_on_side(deed.session, person.id)
    if not cases:
        return
    new_owner = await stand_in(deed.session, person)
    told = {new_owner.id: new_owner}
    for coordinator in await people.coordinators(deed.session, person.team_id):
        told.setdefault(coordinator.id, coordinator)
    for reader in told.values():
        if reader.standing is Standing.MEMBER:
            await deed.tell(
                to_person(reader.id),
                WorkHandedOver(left_id=person.id, stand_in_id=new_owner.id),
                f"handed-over:{person.id}:{reader.id}:{deed.now.isoformat()}",
            )
    for case in cases:
        await deed.redraw_card(case)
        await deed.note("referral", case.id, left=person.id, owner=new_owner.id)
