"""Who is registered, who covers for whom, and what Slack says of their accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.care.credentials import UsState
from bot.care.directory import Profile
from bot.care.people import Role, Standing
from bot.care.permissions import Deed
from bot.ids import new_id
from bot.services.actor import Actor, operator
from bot.services.asking import arm_again
from bot.services.deeds import Deeds, OpenDeed, Receipt
from bot.services.emergency_group import leave
from bot.services.errors import AccountCannotTreat, NotRegistered
from bot.services.handover import hand_over
from bot.services.licences import set_warnings
from bot.store.queries import directory
from bot.store.queries import people as stored
from bot.store.tables.directory import DirectoryEntry, LicenceRow
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
    emergency_since: datetime | None = None


@dataclass(frozen=True)
class VerifiedLicence:
    """A licence that the operator has looked up in the state's register."""

    number: str
    state: UsState
    expires_on: date


class People:
    """The deeds about people. Registering is the operator's, from the command line."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def register(
        self,
        account: Account,
        role: Role,
        *,
        licence: VerifiedLicence | None = None,
        profile: Profile | None = None,
    ) -> None:
        """Register somebody, or change their part; with what the operator knows of their licence
        and work. Raises `AccountCannotTreat`."""
        if not account.standing.may_treat:
            raise AccountCannotTreat(account.standing)
        by = operator(account.team_id)
        async with self._deeds.begin(by, Deed.REGISTER_PERSON) as deed:
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
            if profile is not None:
                await _say(deed, person, profile)
            if licence is not None:
                await _verify(deed, person, licence)

    async def cover(self, team_id: str, surgeon_user_id: str, by_user_id: str | None) -> None:
        """Say who stands in for a surgeon; None for nobody. Raises `NotRegistered`."""
        async with self._deeds.begin(operator(team_id), Deed.REGISTER_PERSON) as deed:
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
            has_left = person.standing.may_treat and not account.standing.may_treat
            person.standing = account.standing
            person.time_zone = zone
            deed.session.add(person)
            await deed.session.flush()
            await arm_again(deed, person)
            await deed.note("person", person.id, standing=account.standing.value)
            if has_left:
                await leave(deed, person)
                await hand_over(deed, person)

    async def account_is_gone(self, team_id: str, slack_user_id: str) -> None:
        """Slack does not list an account any more."""
        async with self._deeds.database.reading() as session:
            person = await stored.person_in_slack(session, team_id, slack_user_id)
        if person is not None:
            await self.account_changed(
                Account(team_id, slack_user_id, Standing.DEACTIVATED, person.time_zone)
            )

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
                    person.emergency_since,
                )
                for person in everyone
            ]


async def _say(deed: OpenDeed, person: Person, profile: Profile) -> None:
    row = await directory.entry_to_change(deed.session, person.id) or DirectoryEntry(
        person_id=person.id, profile="", changed_at=deed.now
    )
    row.profile, row.changed_at = profile.model_dump_json(), deed.now
    deed.session.add(row)
    await deed.session.flush()


async def _verify(deed: OpenDeed, person: Person, licence: VerifiedLicence) -> None:
    """The same licence is verified once, however often it is said."""
    new = (licence.number, licence.state, licence.expires_on)
    for known in await directory.licences_of(deed.session, person.id):
        if known.verified_at and (known.number, known.state, known.expires_on) == new:
            return
    row = LicenceRow(
        id=new_id(),
        person_id=person.id,
        number=licence.number,
        state=licence.state,
        expires_on=licence.expires_on,
        entered_at=deed.now,
        verified_at=deed.now,
    )
    deed.session.add(row)
    await deed.session.flush()
    await set_warnings(deed, row, person)
    await deed.note("licence", row.id, person=person.id, verified="true")


def known_zone(name: str) -> str:
    """`name` if the zone data know it; else UTC, so that a due time can always be told."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError):
        return "UTC"
