"""Who may sit in a pair's channel: whoever may read every case in it, and nobody else.

Whoever is in a channel reads all its threads, those of closed cases, too. So a colleague who was
let into one case of several reads it through the bot; only where the channel holds nothing else
are they added to it.
"""

from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.people import Standing
from bot.notices import SeatInRoom, to_room
from bot.services.deeds import OpenDeed
from bot.store.queries import circle as stored
from bot.store.queries import people
from bot.store.queries.working_time import hours_of
from bot.store.tables.people import Person, Room
from bot.store.tables.work import OutboxOperation


async def may_sit_in(session: AsyncSession, room: Room, person: Person, now: datetime) -> bool:
    """Whether `person` may read all that is said in `room` at this moment."""
    if person.standing is not Standing.MEMBER or person.team_id != room.team_id:
        return False
    if person.id in {room.surgeon_id, room.therapist_id}:
        return True
    for side in (room.surgeon_id, room.therapist_id):
        absent = await people.person(session, side)
        if absent.role is person.role and await _covers(session, person, absent, now):
            return True
    return await stored.is_let_into_all(session, room.id, person.id)


async def seat(deed: OpenDeed, room_id: str, person: Person) -> None:
    """Owe that somebody's place in a channel is as it should be: added, or removed.

    What it should be is asked when it is done, so two errands at once lead to the same.
    """
    await deed.tell(
        to_room(room_id),
        SeatInRoom(room_id=room_id, person_id=person.id),
        f"seat:{room_id}:{person.id}:{deed.now.isoformat()}",
        operation=OutboxOperation.ERRAND,
    )


async def seat_anew(deed: OpenDeed, room_id: str) -> None:
    """A case begins in a channel: whoever was let into the others may not read this one."""
    for person in await stored.let_into_some(deed.session, room_id):
        await seat(deed, room_id, person)


async def _covers(session: AsyncSession, who: Person, absent: Person, now: datetime) -> bool:
    if absent.covered_by_id == who.id:
        return True
    away = (await hours_of(session, absent, now, region="")).away_at(now)
    return away is not None and away.covered_by == who.id
