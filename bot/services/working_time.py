"""When somebody works: what they set themselves, version by version."""

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.holidays import known_region
from bot.care.permissions import Deed
from bot.care.schedule import ChosenSchedule
from bot.ids import new_id
from bot.services.absences import shown_absences
from bot.services.actor import Actor
from bot.services.asking import arm_again
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import FieldsHaveProblems
from bot.services.rhythms import own_every, own_rhythm_changed
from bot.shown.case import ShownSchedule
from bot.store.queries import inbox, people
from bot.store.queries import working_time as stored
from bot.store.tables.people import Person
from bot.store.tables.working_time import Schedule


class WorkingTime:
    """The deeds about one's own working time."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def shown(self, actor: Actor) -> ShownSchedule:
        """How it is set now. Raises `NotRegistered`, `AccountCannotTreat`."""
        async with self._deeds.look(actor, Deed.SEE_WORKING_TIME) as deed:
            person = await deed.somebody()
            return await shown_schedule(self._deeds, deed.session, person)

    async def set(self, actor: Actor, chosen: ChosenSchedule, view_id: str) -> None:
        """Keep a new version. The same modal sent twice keeps one.

        Raises `NotRegistered`, `AccountCannotTreat`, `FieldsHaveProblems`.
        """
        async with self._deeds.begin(actor, Deed.SET_WORKING_TIME) as deed:
            person = await deed.somebody()
            hours = await deed.hours_of(person)
            if problems := chosen.problems(hours.day_of(deed.now), person.role):
                raise FieldsHaveProblems({field.value: words for field, words in problems.items()})
            schedule_id = new_id()
            if await inbox.note_submission(deed.session, view_id, schedule_id, deed.now):
                return
            before = await own_every(deed, person)
            await _add_version(deed, person, schedule_id, chosen)
            if chosen.every is not before:
                await own_rhythm_changed(deed, person)
            await arm_again(deed, person)
            await deed.note("person", person.id)


async def _add_version(
    deed: OpenDeed, person: Person, schedule_id: str, chosen: ChosenSchedule
) -> None:
    await people.person_to_change(deed.session, person.id)  # two at once take turns
    deed.session.add(
        Schedule(
            id=schedule_id,
            person_id=person.id,
            version=await stored.highest_version(deed.session, person.id) + 1,
            start_minute=chosen.start,
            end_minute=chosen.end,
            digest_minute=chosen.digest_minute,
            weekdays=stored.bits_of(chosen.days),
            region=None if chosen.region is None else (known_region(chosen.region) or ""),
            every=chosen.every,
            paused_until=chosen.paused_until,
            changed_by_id=deed.person.id,
            changed_at=deed.now,
        )
    )
    await deed.session.flush()


async def shown_schedule(deeds: Deeds, session: AsyncSession, person: Person) -> ShownSchedule:
    now = deeds.clock.now()
    hours = await stored.hours_of(session, person, now, deeds.region)
    schedule = await stored.schedule_of(session, person.id)
    paused = schedule.paused_until if schedule else None
    return ShownSchedule(
        role=person.role,
        zone=person.time_zone,
        days=hours.days,
        start=hours.start,
        end=hours.end,
        digest=hours.digest or hours.start,
        clinic_region=deeds.region,
        region=schedule.region if schedule else None,
        every=schedule.every if schedule else None,
        paused_until=paused if paused and paused > hours.day_of(now) else None,
        absences=await shown_absences(session, person, now),
    )
