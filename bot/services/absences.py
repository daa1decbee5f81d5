"""Who is away from when to when, and who covers for them."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.people import Role, Standing
from bot.care.permissions import Deed
from bot.care.schedule import AwayField, absence_problems
from bot.care.working_time import Away
from bot.ids import new_id
from bot.notices import CoverAsked, to_person
from bot.services.actor import Actor
from bot.services.asking import arm_again
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import FieldsHaveProblems, NotYours
from bot.shown.case import ShownAbsence
from bot.store.queries import absences as stored
from bot.store.queries import inbox, people
from bot.store.queries.working_time import absences_of, covered_now, hours_of
from bot.store.tables.people import Person
from bot.store.tables.working_time import Absence


@dataclass(frozen=True)
class Planned:
    """An absence as it was filled in. People are Slack user ids; `who` None for oneself."""

    first: date | None
    last: date | None
    covered_by: str | None = None
    who: str | None = None


class Absences:
    """The deeds of an absence. One's own; a coordinator enters and ends anybody's."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def enter(self, actor: Actor, planned: Planned, view_id: str) -> str:
        """Keep an absence and tell who covers; gives its id. The same modal sent twice is one.

        Raises `NotRegistered`, `AccountCannotTreat`, `NotYours`, `FieldsHaveProblems`.
        """
        async with self._deeds.begin(actor, Deed.ENTER_ABSENCE) as deed:
            person = await _whose(deed, planned.who)
            today = (await deed.hours_of(person)).day_of(deed.now)
            _refuse(absence_problems(planned.first, planned.last, today))
            first, last = planned.first or today, planned.last or today
            absence_id = new_id()
            earlier = await inbox.note_submission(deed.session, view_id, absence_id, deed.now)
            if earlier is not None:
                return earlier
            await people.person_to_change(deed.session, person.id)  # two at once take turns
            if await stored.overlapping(deed.session, person.id, first, last):
                _refuse({AwayField.FIRST: "An absence is entered for these days already."})
            cover = await _cover(deed, person, planned.covered_by, first, last)
            absence = Absence(
                id=absence_id,
                person_id=person.id,
                first_day=first,
                last_day=last,
                covered_by_id=cover.id if cover else None,
                entered_by_id=deed.person.id,
                entered_at=deed.now,
            )
            deed.session.add(absence)
            await deed.session.flush()
            await arm_again(deed, person)
            if cover is not None:
                notice = CoverAsked(absence_id=absence.id)
                await deed.tell(to_person(cover.id), notice, cover_key(absence.id))
            await deed.note(
                "absence", absence.id, person=person.id, covered_by=cover.id if cover else "nobody"
            )
            return absence_id

    async def end(self, actor: Actor, absence_id: str) -> bool:
        """Take an absence back, or be back early; False if that was done before.

        Raises `NotYours`.
        """
        async with self._deeds.begin(actor, Deed.END_ABSENCE) as deed:
            who = await deed.somebody()
            absence = await stored.absence_to_change(deed.session, absence_id)
            if absence is None:
                raise NotYours
            away = await people.person(deed.session, absence.person_id)
            theirs = away.id == who.id or who.role is Role.COORDINATOR
            if away.team_id != who.team_id or not theirs:
                raise NotYours
            if absence.ended_at is not None:
                return False
            absence.ended_at = deed.now
            absence.ended_by_id = who.id
            deed.session.add(absence)
            await deed.session.flush()
            await arm_again(deed, away)
            if absence.covered_by_id is not None:
                await deed.redraw(CoverAsked(absence_id=absence.id), cover_key(absence.id))
            await deed.note("absence", absence.id, person=away.id)
            return True

    async def absence(self, absence_id: str) -> ShownAbsence | None:
        async with self._deeds.database.reading() as session:
            found = await stored.absence(session, absence_id)
            return await _shown(session, found) if found else None

    async def away_now(self, person_id: str) -> Away | None:
        """The absence that somebody is in at this moment; `covered_by` is a person id."""
        async with self._deeds.database.reading() as session:
            person = await people.person(session, person_id)
            return await away_at(session, person, self._deeds.clock.now())

    async def covered_by(self, person_id: str) -> list[Person]:
        """Those who are away now and whom somebody covers."""
        async with self._deeds.database.reading() as session:
            person = await people.person(session, person_id)
            return list(await covered_now(session, person, self._deeds.clock.now()))


async def away_at(session: AsyncSession, person: Person, at: datetime) -> Away | None:
    """The absence that somebody is in at `at`, for other deeds; `covered_by` is a person id.

    An absence whose cover lost their account has nobody.
    """
    return (await hours_of(session, person, at, region="")).away_at(at)


async def shown_absences(
    session: AsyncSession, person: Person, now: datetime
) -> tuple[ShownAbsence, ...]:
    """Those that hold and are not over."""
    today = now.astimezone(ZoneInfo(person.time_zone)).date()
    found = await absences_of(session, person.id, now)
    return tuple([await _shown(session, one) for one in found if one.last_day >= today])


async def _shown(session: AsyncSession, absence: Absence) -> ShownAbsence:
    cover = None
    if absence.covered_by_id is not None:
        cover = (await people.person(session, absence.covered_by_id)).slack_user_id
    return ShownAbsence(
        id=absence.id,
        who=(await people.person(session, absence.person_id)).slack_user_id,
        first=absence.first_day,
        last=absence.last_day,
        covered_by=cover,
        is_ended=absence.ended_at is not None,
    )


def cover_key(absence_id: str) -> str:
    """The outbox key of the word to whoever covers."""
    return f"cover:{absence_id}"


async def _whose(deed: OpenDeed, slack_user_id: str | None) -> Person:
    """Whose absence it is: one's own, or anybody's for a coordinator."""
    who = await deed.somebody()
    if slack_user_id is None or slack_user_id == who.slack_user_id:
        return who
    if who.role is not Role.COORDINATOR:
        raise NotYours
    found = await people.person_in_slack(deed.session, who.team_id, slack_user_id)
    if found is None:
        raise FieldsHaveProblems({"who": "This person is not registered with Careloop."})
    return found


async def _cover(
    deed: OpenDeed, person: Person, slack_user_id: str | None, first: date, last: date
) -> Person | None:
    """Who stands in: another one of the same part, who is there on those days."""
    if slack_user_id is None:
        return None
    found = await people.person_in_slack(deed.session, person.team_id, slack_user_id)
    if found is None or found.standing is not Standing.MEMBER or found.role is not person.role:
        _refuse({AwayField.COVER: f"Choose a registered {person.role.label}."})
    elif found.id == person.id:
        _refuse({AwayField.COVER: "Choose somebody else than the one who is away."})
    elif await stored.overlapping(deed.session, found.id, first, last):
        _refuse({AwayField.COVER: "This person is away on some of these days, too."})
    return found


def _refuse(problems: dict[AwayField, str]) -> None:
    if problems:
        raise FieldsHaveProblems({field.value: words for field, words in problems.items()})
