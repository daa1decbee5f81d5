"""People in a pair's channel who are not part of the referrals in it.

Whoever is added to a channel by hand reads every thread in it. The bot can't know whether that was
meant, so it says nothing more there until the pair has let them in or they are gone.
"""

from collections.abc import Collection

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.permissions import Deed
from bot.care.rooms import RoomTrouble
from bot.ids import new_id
from bot.services.deeds import Deeds, OpenDeed
from bot.services.rooms import draw_anew, resume, suspend, tell_of
from bot.services.seats import may_sit_in
from bot.store.queries import circle as stored
from bot.store.queries import people
from bot.store.queries import rooms as stored_rooms
from bot.store.tables.circle import Stranger, StrangerEnd
from bot.store.tables.people import Person, Room


class Strangers:
    """Who is in a pair's channel, against who may be."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def seen(self, room_id: str, members: Collection[str]) -> bool:
        """Slack says who is in a channel now, the bot left out; whether somebody is in it who may
        not read what is said there. What is known already changes nothing."""
        async with self._deeds.database.reading() as session:
            room = await people.room(session, room_id)
            there = await self._strangers(session, room, members)
            known = {one.slack_user_id for one in await stored.strangers_in(session, room.id)}
        if there != known:
            await self._settle(room_id, members)
        return bool(there)

    async def _settle(self, room_id: str, members: Collection[str]) -> None:
        async with self._deeds.begin(None, Deed.SUSPEND_ROOM) as deed:
            room = await stored_rooms.room_to_change(deed.session, room_id)
            if room is None:
                return
            there = await self._strangers(deed.session, room, members)
            known = {
                one.slack_user_id: one for one in await stored.strangers_in(deed.session, room.id)
            }
            for user_id in sorted(known.keys() - there):
                left = StrangerEnd.LET_IN if user_id in members else StrangerEnd.LEFT
                await _settled(deed, room, known[user_id], left)
            for user_id in sorted(there - known.keys()):
                await _noticed(deed, room, user_id)
            await _hold_or_go_on(deed, room, is_held=bool(there))

    async def _strangers(
        self, session: AsyncSession, room: Room, members: Collection[str]
    ) -> set[str]:
        now = self._deeds.clock.now()
        pair = [await people.person(session, one) for one in (room.surgeon_id, room.therapist_id)]
        found = set(members) - {one.slack_user_id for one in pair}
        for user_id in tuple(found):
            person = await people.person_in_slack(session, room.team_id, user_id)
            if person is not None and await may_sit_in(session, room, person, now):
                found.discard(user_id)
        return found


async def settle_who_was_let_in(deed: OpenDeed, room_id: str, colleague: Person) -> None:
    """Somebody was let into a case: if they sit in its channel already, that may be right now."""
    room = await people.room(deed.session, room_id)
    if not await may_sit_in(deed.session, room, colleague, deed.now):
        return
    noticed = await stored.strangers_in(deed.session, room.id)
    theirs = [one for one in noticed if one.slack_user_id == colleague.slack_user_id]
    for one in theirs:
        await _settled(deed, room, one, StrangerEnd.LET_IN)
        await _hold_or_go_on(deed, room, is_held=len(noticed) > 1)


async def _noticed(deed: OpenDeed, room: Room, user_id: str) -> None:
    deed.session.add(
        Stranger(id=new_id(), room_id=room.id, slack_user_id=user_id, noticed_at=deed.now)
    )
    await deed.session.flush()
    await deed.note("room", room.id, stranger=user_id)


async def _settled(deed: OpenDeed, room: Room, one: Stranger, how: StrangerEnd) -> None:
    one.settled_at, one.settled_as = deed.now, how
    deed.session.add(one)
    await deed.session.flush()
    await deed.note("room", room.id, stranger=one.slack_user_id, settled=how.value)


async def _hold_or_go_on(deed: OpenDeed, room: Room, *, is_held: bool) -> None:
    """The pair and the coordinators are told; a second stranger only shows in what they read."""
    why = RoomTrouble.SOMEBODY_ADDED
    if is_held:
        begun = await suspend(deed, room, why)
        if begun is not None:
            await tell_of(deed, room, begun)
        else:
            for known in await stored_rooms.suspensions_of(deed.session, room.id):
                await draw_anew(deed, room, known)
        return
    ended = await resume(deed, room, why)
    if ended is not None:
        await draw_anew(deed, room, ended)
