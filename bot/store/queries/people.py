"""Who somebody is, who covers for whom, who coordinates."""

from collections.abc import Collection, Sequence

from sqlalchemy import bindparam
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.people import Role, Standing
from bot.store.queries.by_id import hold, row, row_or_none, row_to_change
from bot.store.tables.people import Person, Room

# What every reply asks is built once: building a statement takes longer than running it.
_IN_SLACK = select(Person).where(
    Person.team_id == bindparam("team_id"), Person.slack_user_id == bindparam("slack_user_id")
)
_ROOM_IN_CHANNEL = select(Room).where(
    Room.team_id == bindparam("team_id"), Room.channel_id == bindparam("channel_id")
)


async def person(session: AsyncSession, person_id: str) -> Person:
    """Raises `NoResultFound` for an id that is not there: foreign keys make that a defect."""
    return await row(session, Person, person_id)


async def person_to_change(session: AsyncSession, person_id: str) -> Person:
    """As `person`, locked until the transaction ends: two changes at once take turns."""
    return await row_to_change(session, Person, person_id)


async def person_or_none(session: AsyncSession, person_id: str) -> Person | None:
    """For an id that came from a client."""
    return await row_or_none(session, Person, person_id)


async def person_in_slack(session: AsyncSession, team_id: str, slack_user_id: str) -> Person | None:
    who = {"team_id": team_id, "slack_user_id": slack_user_id}
    return (await session.exec(_IN_SLACK, params=who)).first()


async def everybody(session: AsyncSession, team_id: str) -> Sequence[Person]:
    wanted = select(Person).where(Person.team_id == team_id).order_by(col(Person.registered_at))
    return (await session.exec(wanted)).all()


async def covered_always(session: AsyncSession, person_id: str) -> Sequence[Person]:
    """Those for whom somebody stands in by the operator's rule; ix_people_covered_by_id."""
    wanted = select(Person).where(Person.covered_by_id == person_id).order_by(col(Person.id))
    return (await session.exec(wanted)).all()


async def slack_user_ids(session: AsyncSession, team_id: str) -> dict[str, str]:
    """Slack user ids by person id, of everybody who is or was registered here."""
    wanted = select(Person.id, Person.slack_user_id).where(Person.team_id == team_id)
    return {person_id: user_id for person_id, user_id in (await session.exec(wanted)).all()}  # noqa: C416


async def coordinators(session: AsyncSession, team_id: str) -> Sequence[Person]:
    """Those who can be told: members of the workspace, longest registered first."""
    wanted = (
        select(Person)
        .where(
            Person.team_id == team_id,
            Person.role == Role.COORDINATOR,
            Person.standing == Standing.MEMBER,
        )
        .order_by(col(Person.registered_at), col(Person.id))
    )
    return (await session.exec(wanted)).all()


async def persons_by_id(session: AsyncSession, person_ids: Collection[str]) -> dict[str, Person]:
    """Several at once; each is known to be there."""
    wanted = select(Person).where(col(Person.id).in_(person_ids))
    return {one.id: one for one in (await session.exec(wanted)).all()}


async def meet(session: AsyncSession, person_ids: Collection[str]) -> None:
    """Read many in one query: `person` need not ask for them after."""
    hold(session, Person, await persons_by_id(session, person_ids))


async def rooms_by_id(session: AsyncSession, room_ids: Collection[str]) -> dict[str, Room]:
    """Several at once; each is known to be there."""
    wanted = select(Room).where(col(Room.id).in_(room_ids))
    return {one.id: one for one in (await session.exec(wanted)).all()}


async def room(session: AsyncSession, room_id: str) -> Room:
    return await row(session, Room, room_id)


async def room_of_pair(session: AsyncSession, surgeon_id: str, therapist_id: str) -> Room | None:
    wanted = select(Room).where(Room.surgeon_id == surgeon_id, Room.therapist_id == therapist_id)
    return (await session.exec(wanted)).first()


async def room_in_channel(session: AsyncSession, team_id: str, channel_id: str) -> Room | None:
    where = {"team_id": team_id, "channel_id": channel_id}
    return (await session.exec(_ROOM_IN_CHANNEL, params=where)).first()
