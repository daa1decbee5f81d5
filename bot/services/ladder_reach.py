"""From parts played to people: whom each rung of a concern's ladder reaches now."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.escalation import Hearing, Place, RungReach, Target, Way
from bot.care.ladder import Ladder, Rung, Tell
from bot.care.people import Standing
from bot.care.working_time import WorkingHours
from bot.store.queries import people
from bot.store.queries.working_time import hours_of_all
from bot.store.tables.concerns import Concern
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral

CLINIC = "clinic"


class Reach:
    """Whom a concern's ladder reaches. `region` is the clinic's, for holidays; `resting` are Slack
    user ids that do not disturb, None while nobody has looked. Nobody is told of the concern that
    they raised."""

    def __init__(
        self,
        session: AsyncSession,
        referral: Referral,
        raised_by_id: str,
        region: str,
        now: datetime,
        resting: Collection[str] | None,
    ) -> None:
        self._session = session
        self._referral = referral
        self._raised_by_id = raised_by_id
        self._region = region
        self._now = now
        self._resting = resting
        self._known_hours: dict[str, WorkingHours] = {}

    async def of(self, ladder: Ladder) -> list[RungReach]:
        """An entry for each rung of `ladder`."""
        hours = await self.first_hours()
        return [RungReach(await self.targets(rung), hours) for rung in ladder.rungs]

    async def first_hours(self) -> WorkingHours:
        """The working hours that the ladder keeps: those of whoever is first on it.

        Absences are left out: a ladder passes over who is away, and does not wait for them.
        """
        surgeon = await people.person(self._session, self._referral.surgeon_id)
        first = await self._other_side(surgeon)
        return replace(await self._hours(first), away=())

    async def targets(self, rung: Rung) -> tuple[Target, ...]:
        if rung.tell is Tell.CLINIC_CHANNEL:
            return (Target(Way.CLINIC_CHANNEL, CLINIC, Hearing.HEARS),)
        if rung.tell is Tell.OUTSIDE:
            return (Target(Way.OUTSIDE, rung.outside, Hearing.HEARS),)
        found = await self.people(rung.tell)
        await self._learn_hours(found)
        return tuple([await self.person(one) for one in found])

    async def person(self, person: Person) -> Target:
        return Target(Way.SLACK, person.id, await self._hearing(person))

    async def people(self, part: Tell) -> list[Person]:
        """Who is meant by a part now: members of the workspace, the raiser left out.

        The first rung is the colleague on the other side: a surgeon's concern goes to the
        therapist.
        """
        surgeon = await people.person(self._session, self._referral.surgeon_id)
        wanted: Sequence[Person] = ()
        match part:
            case Tell.SURGEON:
                wanted = [await self._other_side(surgeon)]
            case Tell.COVERING_SURGEON:
                wanted = await self._covering(surgeon)
            case Tell.COORDINATOR:
                wanted = await self._on_duty()
            case Tell.COORDINATORS:
                wanted = await people.coordinators(self._session, self._referral.team_id)
            case Tell.EVERYBODY:
                parts = (Tell.SURGEON, Tell.COVERING_SURGEON, Tell.COORDINATORS)
                return [one for each in parts for one in await self.people(each)]
            case _:
                pass
        return [
            person
            for person in wanted
            if person.standing is Standing.MEMBER and person.id != self._raised_by_id
        ]

    async def _other_side(self, surgeon: Person) -> Person:
        if self._raised_by_id != surgeon.id:
            return surgeon
        return await people.person(self._session, self._referral.therapist_id)

    async def _on_duty(self) -> Sequence[Person]:
        """The coordinators who are at work now; every one of them when none is."""
        known = await people.coordinators(self._session, self._referral.team_id)
        await self._learn_hours(known)
        at_work = [one for one in known if (await self._hours(one)).is_open(self._now)]
        return at_work or known

    async def _covering(self, surgeon: Person) -> list[Person]:
        """Who covers for this absence, and whoever always does."""
        away = (await self._hours(surgeon)).away_at(self._now)
        ids = [away.covered_by if away else None, surgeon.covered_by_id]
        return [
            await people.person(self._session, one) for one in dict.fromkeys(ids) if one is not None
        ]

    async def _hours(self, person: Person) -> WorkingHours:
        await self._learn_hours([person])
        return self._known_hours[person.id]

    async def _learn_hours(self, persons: Sequence[Person]) -> None:
        """Read everybody's whose are not known yet, all at once."""
        unknown = [one for one in persons if one.id not in self._known_hours]
        if unknown:
            self._known_hours |= await hours_of_all(self._session, unknown, self._now, self._region)

    async def _hearing(self, person: Person) -> Hearing:
        if (await self._hours(person)).away_at(self._now) is not None:
            return Hearing.AWAY
        if self._resting is None:
            return Hearing.UNKNOWN
        if person.slack_user_id in self._resting:
            return Hearing.DO_NOT_DISTURB
        return Hearing.HEARS


def ladder_of(concern: Concern) -> Ladder:
    """The ladder of when the concern was raised; a calmer one once somebody had taken it."""
    ladder = Ladder.model_validate_json(concern.ladder)
    return ladder.again() if concern.round else ladder


def place_of(concern: Concern) -> Place:
    """Where a concern stands on its ladder, in this round."""
    return Place(concern.step - (concern.round_step or 0), concern.climbs_from or concern.raised_at)


def resolve_by(concern: Concern, now: datetime) -> datetime:
    """By when a concern that somebody has acknowledged is to be resolved; a visit that they
    promised comes first."""
    taken = concern.acknowledged_at or now
    return ladder_of(concern).resolve_by(max(taken, concern.visit_at or taken))
