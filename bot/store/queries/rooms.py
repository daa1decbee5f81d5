"""Which channels nothing may be said in, and why."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam
from sqlmodel import and_, col, select, update
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.rooms import RoomTrouble
from bot.store.tables.people import Room
from bot.store.tables.privacy import RoomSuspension
from bot.store.tables.work import OutboxRow, OutboxState

# What a row says that waits for its channel to be settled.
HELD_BACK = "room_suspended"

# Asked before every word that is said: building it takes longer than running it.
_SUSPENSIONS = (
    select(RoomSuspension)
    .where(RoomSuspension.room_id == bindparam("room_id"), col(RoomSuspension.ended_at).is_(None))
    .order_by(col(RoomSuspension.began_at), col(RoomSuspension.id))
)


_WATCHED = (
    select(Room.id, RoomSuspension.why)
    .select_from(Room)
    .join(
        RoomSuspension,
        and_(col(RoomSuspension.room_id) == Room.id, col(RoomSuspension.ended_at).is_(None)),
        isouter=True,
    )
    .where(Room.team_id == bindparam("team_id"), Room.channel_id == bindparam("channel_id"))
    .order_by(col(RoomSuspension.began_at), col(RoomSuspension.id))
)


async def watched(
    session: AsyncSession, team_id: str, channel_id: str
) -> tuple[str, list[RoomTrouble]] | None:
    """The room that a channel is, and what is wrong with it; None for what is no pair's."""
    where = {"team_id": team_id, "channel_id": channel_id}
    found = (await session.exec(_WATCHED, params=where)).all()
    # Of a room with nothing wrong, the outer join gives one row without a trouble.
    return (found[0][0], [RoomTrouble(why) for _, why in found if why]) if found else None


async def suspensions_of(session: AsyncSession, room_id: str) -> Sequence[RoomSuspension]:
    """What is open, the oldest first; empty when the room may be used."""
    return (await session.exec(_SUSPENSIONS, params={"room_id": room_id})).all()


async def troubles_of(session: AsyncSession, room_id: str) -> list[RoomTrouble]:
    """What is wrong with a room now."""
    return [one.why for one in await suspensions_of(session, room_id)]


async def suspension(session: AsyncSession, suspension_id: str) -> RoomSuspension | None:
    wanted = select(RoomSuspension).where(RoomSuspension.id == suspension_id)
    return (await session.exec(wanted)).first()


async def room_to_change(session: AsyncSession, room_id: str) -> Room | None:
    """Locked until the transaction ends: two that find the same trouble take turns."""
    wanted = select(Room).where(Room.id == room_id).with_for_update()
    return (await session.exec(wanted)).first()


async def suspended_rooms(session: AsyncSession, team_id: str) -> Sequence[Room]:
    """Rooms that nothing is said in at the moment."""
    open_ones = select(RoomSuspension.room_id).where(col(RoomSuspension.ended_at).is_(None))
    wanted = select(Room).where(Room.team_id == team_id, col(Room.id).in_(open_ones))
    return (await session.exec(wanted.order_by(col(Room.created_at)))).all()


async def wake_what_was_held_back(session: AsyncSession, now: datetime) -> None:
    """A room may be used again: what waits for one is looked at now, in its order."""
    await session.exec(
        update(OutboxRow)
        .where(col(OutboxRow.state) == OutboxState.PENDING, col(OutboxRow.error) == HELD_BACK)
        .values(not_before=now, error=None)
    )
