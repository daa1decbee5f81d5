"""The private channels of pairs, when a coordinator names an existing one."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.people import Role
from bot.care.permissions import Deed
from bot.care.rooms import RoomProblem, RoomTrouble
from bot.ids import new_id
from bot.notices import Priority, RoomSuspended, to_person
from bot.services.actor import Actor
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import NotRegistered, RoomCannotBeUsed
from bot.shown.privacy import ShownSuspension
from bot.store.queries import circle, people
from bot.store.queries import rooms as stored
from bot.store.tables.people import Person, Room, RoomState
from bot.store.tables.privacy import RoomSuspension


@dataclass(frozen=True)
class ChannelFacts:
    """What Slack says of a channel."""

    channel_id: str
    is_private: bool
    is_shared: bool
    is_archived: bool
    bot_is_member: bool
    members: frozenset[str]


@dataclass(frozen=True)
class WatchedRoom:
    """A pair's channel, and what is known to be wrong with it: empty when it may be spoken in."""

    room_id: str
    troubles: tuple[RoomTrouble, ...]


class Rooms:
    """The deeds about pairs' channels."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def require_coordinator(self, actor: Actor) -> None:
        """Before anything is asked of Slack. Raises `NotRegistered`, and records the refusal."""
        async with self._deeds.begin(actor, Deed.NAME_ROOM) as deed:
            await deed.somebody(Role.COORDINATOR)

    async def name(
        self, actor: Actor, surgeon_user_id: str, therapist_user_id: str, channel: ChannelFacts
    ) -> None:
        """Use an existing private channel for a pair's referrals from now on.

        Only the two, the bot and nobody else may be in it: whoever is in the channel reads the
        threads. Raises `NotRegistered`, `RoomCannotBeUsed`.
        """
        async with self._deeds.begin(actor, Deed.NAME_ROOM) as deed:
            coordinator = await deed.somebody(Role.COORDINATOR)
            surgeon = await _provider(deed, coordinator, surgeon_user_id, Role.SURGEON)
            therapist = await _provider(deed, coordinator, therapist_user_id, Role.THERAPIST)
            _check(channel, surgeon, therapist)
            taken = await people.room_in_channel(
                deed.session, coordinator.team_id, channel.channel_id
            )
            room = await people.room_of_pair(deed.session, surgeon.id, therapist.id)
            if taken is not None and (room is None or taken.id != room.id):
                raise RoomCannotBeUsed(RoomProblem.TAKEN)
            if room is not None:
                raise RoomCannotBeUsed(
                    RoomProblem.SAME if taken is not None else RoomProblem.PAIR_HAS_ONE
                )
            room = Room(
                id=new_id(),
                team_id=coordinator.team_id,
                surgeon_id=surgeon.id,
                therapist_id=therapist.id,
                channel_name=f"named-{channel.channel_id}",
                channel_id=channel.channel_id,
                state=RoomState.OPEN,
                created_at=deed.now,
            )
            deed.session.add(room)
            await deed.session.flush()
            await deed.note("room", room.id, surgeon=surgeon.id, therapist=therapist.id)

    async def watched(self, team_id: str, channel_id: str) -> WatchedRoom | None:
        """The pair's channel that this is, with what is known to be wrong with it."""
        async with self._deeds.database.reading() as session:
            found = await stored.watched(session, team_id, channel_id)
        return WatchedRoom(found[0], tuple(found[1])) if found is not None else None

    async def found(self, room_id: str, troubles: Sequence[RoomTrouble]) -> None:
        """What Slack says of a pair's channel now: it is closed to the bot, or opened again, and
        the pair and the coordinators are told. What is known already changes nothing."""
        async with self._deeds.begin(None, Deed.SUSPEND_ROOM) as deed:
            room = await stored.room_to_change(deed.session, room_id)
            if room is None:
                return
            for why in troubles:
                suspension = await suspend(deed, room, why)
                if suspension is not None:
                    await tell_of(deed, room, suspension)
            for why in await stored.troubles_of(deed.session, room.id):
                if why.is_of_the_channel and why not in troubles:
                    ended = await resume(deed, room, why)
                    if ended is not None:
                        await draw_anew(deed, room, ended)

    async def suspension(self, suspension_id: str) -> ShownSuspension | None:
        """A suspension as it stands now."""
        async with self._deeds.database.reading() as session:
            found = await stored.suspension(session, suspension_id)
            if found is None:
                return None
            room = await people.room(session, found.room_id)
            surgeon = await people.person(session, room.surgeon_id)
            therapist = await people.person(session, room.therapist_id)
            return ShownSuspension(
                found.why,
                surgeon.slack_user_id,
                therapist.slack_user_id,
                is_ended=found.ended_at is not None,
                strangers=await _strangers_in(session, found),
            )


async def _strangers_in(session: AsyncSession, suspension: RoomSuspension) -> tuple[str, ...]:
    if suspension.why is not RoomTrouble.SOMEBODY_ADDED:
        return ()
    found = await circle.strangers_in(session, suspension.room_id)
    return tuple(one.slack_user_id for one in found)


async def _told_of(deed: OpenDeed, room: Room) -> list[Person]:
    """The pair, as far as they can be told, and the coordinators."""
    pair = [await people.person(deed.session, one) for one in (room.surgeon_id, room.therapist_id)]
    return [
        *(one for one in pair if one.standing.may_treat),
        *await people.coordinators(deed.session, room.team_id),
    ]


async def tell_of(deed: OpenDeed, room: Room, suspension: RoomSuspension) -> None:
    """Tell the pair and the coordinators, at once."""
    for person in await _told_of(deed, room):
        await deed.tell(
            to_person(person.id),
            RoomSuspended(suspension_id=suspension.id),
            _key(suspension, person),
            Priority.URGENT,
        )


async def draw_anew(deed: OpenDeed, room: Room, suspension: RoomSuspension) -> None:
    """Something has changed about it: what they were told is drawn anew."""
    for person in await _told_of(deed, room):
        await deed.redraw(RoomSuspended(suspension_id=suspension.id), _key(suspension, person))


def _key(suspension: RoomSuspension, person: Person) -> str:
    return f"suspended:{suspension.id}:{person.id}"


async def _provider(deed: OpenDeed, coordinator: Person, user_id: str, role: Role) -> Person:
    found = await people.person_in_slack(deed.session, coordinator.team_id, user_id)
    if found is None or found.role is not role:
        raise NotRegistered(role)
    return found


def _check(channel: ChannelFacts, surgeon: Person, therapist: Person) -> None:
    if not channel.is_private:
        raise RoomCannotBeUsed(RoomProblem.NOT_PRIVATE)
    if channel.is_shared:
        raise RoomCannotBeUsed(RoomProblem.SHARED)
    if channel.is_archived:
        raise RoomCannotBeUsed(RoomProblem.ARCHIVED)
    if not channel.bot_is_member:
        raise RoomCannotBeUsed(RoomProblem.BOT_NOT_IN_IT)
    pair = {surgeon.slack_user_id, therapist.slack_user_id}
    if not pair <= channel.members:
        raise RoomCannotBeUsed(RoomProblem.PAIR_NOT_IN_IT)
    if channel.members - pair:
        raise RoomCannotBeUsed(RoomProblem.OTHERS_IN_IT)


async def suspend(deed: OpenDeed, room: Room, why: RoomTrouble) -> RoomSuspension | None:
    """Say nothing more in a pair's channel until `why` is settled; None if that holds already.

    What is owed there waits and is sent once the room is resumed. Direct messages go on, urgent
    ones above all. Whoever calls tells the people: this only holds the room.
    """
    await stored.room_to_change(deed.session, room.id)
    if why in await stored.troubles_of(deed.session, room.id):
        return None
    suspension = RoomSuspension(id=new_id(), room_id=room.id, why=why, began_at=deed.now)
    deed.session.add(suspension)
    await deed.session.flush()
    await deed.note("room", room.id, suspended=why.value)
    return suspension


async def resume(
    deed: OpenDeed, room: Room, why: RoomTrouble, by: Person | None = None
) -> RoomSuspension | None:
    """`why` is settled, by somebody or seen to be; what was held back goes out when nothing else
    is wrong. None if there was nothing to settle."""
    await stored.room_to_change(deed.session, room.id)
    open_ones = await stored.suspensions_of(deed.session, room.id)
    ended = next((one for one in open_ones if one.why is why), None)
    if ended is None:
        return None
    ended.ended_at = deed.now
    ended.ended_by_id = by.id if by is not None else None
    deed.session.add(ended)
    await deed.session.flush()
    if len(open_ones) == 1:
        await stored.wake_what_was_held_back(deed.session, deed.now)
    await deed.note("room", room.id, resumed=why.value)
    return ended
