"""Who is in the emergency group: named by a coordinator, or by the operator, and recorded."""

from bot.care.people import Role, Standing
from bot.care.permissions import Deed
from bot.services.actor import Actor, Surface
from bot.services.deeds import Deeds, OpenDeed
from bot.services.emergencies import end
from bot.services.errors import FieldsHaveProblems, NotYours
from bot.shown.emergency import ShownMember
from bot.store.queries import emergencies as stored
from bot.store.queries import people
from bot.store.tables.people import Person
from bot.store.tables.privacy import EmergencyEnd

PERSON = "person"


class EmergencyGroup:
    """The deeds about the group. Nobody names themselves."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def name(self, actor: Actor, slack_user_id: str) -> None:
        """Take somebody into the group. Who is in it stays so.

        Raises `NotRegistered`, `FieldsHaveProblems`.
        """
        async with self._deeds.begin(actor, Deed.NAME_FOR_EMERGENCIES) as deed:
            by = await _namer(deed)
            found = await people.person_in_slack(deed.session, actor.team_id, slack_user_id)
            if found is None or found.standing is not Standing.MEMBER:
                raise FieldsHaveProblems({PERSON: "This person is not registered with Careloop."})
            if by is not None and by.id == found.id:
                raise FieldsHaveProblems({PERSON: "Nobody names themselves: ask a colleague."})
            person = await people.person_to_change(deed.session, found.id)
            if person.emergency_since is not None:
                return
            person.emergency_since = deed.now
            deed.session.add(person)
            await deed.session.flush()
            await deed.note("person", person.id, group="named")

    async def take_out(self, actor: Actor, person_id: str) -> None:
        """Take somebody out of it; what they hold ends at once. Who is out stays so.

        Raises `NotRegistered`, `NotYours`.
        """
        async with self._deeds.begin(actor, Deed.NAME_FOR_EMERGENCIES) as deed:
            await _namer(deed)
            found = await people.person_or_none(deed.session, person_id)
            if found is None or found.team_id != actor.team_id:
                raise NotYours
            await leave(deed, await people.person_to_change(deed.session, person_id))

    async def take_out_user(self, actor: Actor, slack_user_id: str) -> None:
        """As `take_out`, by the Slack id. Raises `NotYours` for somebody who is not known."""
        async with self._deeds.database.reading() as session:
            found = await people.person_in_slack(session, actor.team_id, slack_user_id)
        if found is None:
            raise NotYours
        await self.take_out(actor, found.id)

    async def members(self, actor: Actor) -> tuple[ShownMember, ...]:
        """Who is in it, for a coordinator. Raises `NotRegistered`."""
        async with self._deeds.look(actor, Deed.NAME_FOR_EMERGENCIES) as deed:
            await _namer(deed)
            return tuple(
                ShownMember(one.id, one.slack_user_id, one.emergency_since)
                for one in await stored.group(deed.session, actor.team_id)
                if one.emergency_since is not None
            )


async def leave(deed: OpenDeed, person: Person) -> None:
    """Out of the group, and of every case that they were let into by it."""
    if person.emergency_since is None:
        return
    person.emergency_since = None
    deed.session.add(person)
    await deed.session.flush()
    await deed.note("person", person.id, group="taken_out")
    for access in await stored.all_held_by(deed.session, person.id):
        await end(deed, access, EmergencyEnd.TAKEN_AWAY)


async def _namer(deed: OpenDeed) -> Person | None:
    """A coordinator; None for the operator at the command line."""
    if deed.actor is not None and deed.actor.surface is Surface.CLI:
        return None
    return await deed.somebody(Role.COORDINATOR)
