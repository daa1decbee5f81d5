"""Who is registered, who covers for whom, and what Slack says of their accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.care.people import Role, Standing
from bot.care.permissions import Deed
from bot.ids import new_id
from bot.services.actor import Actor
from bot.services.deeds import Deeds, Receipt
from bot.services.errors import AccountCannotTreat, NotRegistered
from bot.store.queries import people as stored
from bot.store.tables.people import Person


@dataclass(frozen=True)
class Account:
    """An account as Slack describes it."""

    team_id: str
    slack_user_id: str
    standing: Standing
    time_zone: str


@dataclass(frozen=True)
class Registered:
    """A registered person, for lists."""

    slack_user_id: str
    role: Role
    standing: Standing
    time_zone: str
    covered_by: str | None


class People:
    """The deeds about people. Registering is the operator's, from the command line."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def register(self, account: Account, role: Role) -> None:
        """Register somebody, or change their part. Raises `AccountCannotTreat`."""
        if not account.standing.may_treat:
            raise AccountCannotTreat(account.standing)
        async with self._deeds.begin(None, Deed.REGISTER_PERSON) as deed:
            person = await stored.person_in_slack(
                deed.session, account.team_id, account.slack_user_id
            ) or Person(
                id=new_id(),
                team_id=account.team_id,
                slack_user_id=account.slack_user_id,
                role=role,
                standing=account.standing,
                time_zone="UTC",
                registered_at=deed.now,
            )
            person.role = role
            person.standing = account.standing
            person.time_zone = known_zone(account.time_zone)
            deed.session.add(person)
            await deed.session.flush()
            await deed.note("person", person.id, role=role.value)

    async def cover(self, team_id: str, surgeon_user_id: str, by_user_id: str | None) -> None:
        """Say who stands in for a surgeon; None for nobody. Raises `NotRegistered`."""
        async with self._deeds.begin(None, Deed.REGISTER_PERSON) as deed:
            surgeon = await stored.person_in_slack(deed.session, team_id, surgeon_user_id)
            if surgeon is None or surgeon.role is not Role.SURGEON:
                raise NotRegistered(Role.SURGEON)
            covering = None
            if by_user_id is not None:
                covering = await stored.person_in_slack(deed.session, team_id, by_user_id)
                if covering is None or covering.role is not Role.SURGEON or covering is surgeon:
                    raise NotRegistered(Role.SURGEON)
            surgeon.covered_by_id = covering.id if covering else None
            deed.session.add(surgeon)
            await deed.note("person", surgeon.id, covered_by=covering.id if covering else "nobody")

    async def account_changed(self, account: Account, receipt: Receipt | None = None) -> None:
        """Slack says that an account has changed: a guest now, deactivated, another time zone."""
        async with self._deeds.begin(None, Deed.REGISTER_PERSON, receipt=receipt) as deed:
            person = await stored.person_in_slack(
                deed.session, account.team_id, account.slack_user_id
            )
            if person is None:
                return
            zone = known_zone(account.time_zone)
            if (person.standing, person.time_zone) == (account.standing, zone):
                return
            person.standing = account.standing
            person.time_zone = zone
            deed.session.add(person)
            await deed.note("person", person.id, standing=account.standing.value)

    async def role_of(self, actor: Actor) -> Role | None:
        """What somebody is registered as; None for everybody else."""
        async with self._deeds.database.reading() as session:
            person = await stored.person_in_slack(session, actor.team_id, actor.slack_user_id)
            return person.role if person and person.standing.may_treat else None

    async def everybody(self, team_id: str) -> Sequence[Registered]:
        async with self._deeds.database.reading() as session:
            everyone = await stored.everybody(session, team_id)
            names = {person.id: person.slack_user_id for person in everyone}
            return [
                Registered(
                    person.slack_user_id,
                    person.role,
                    person.standing,
                    person.time_zone,
                    names.get(person.covered_by_id) if person.covered_by_id else None,
                )
                for person in everyone
            ]


def known_zone(name: str) -> str:
    """`name` if the zone data know it; else UTC, so that a due time can always be told."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"
