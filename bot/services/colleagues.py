"""Reading the network: entries as they are shown, and who may be found."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.directory import Candidate, Found, Profile, Record, Wish, find
from bot.care.licence import LicenceStanding, standing
from bot.care.people import Role
from bot.care.working_time import WorkingHours
from bot.services.licences import as_licence
from bot.shown.directory import Hours, ShownAway, ShownEntry, ShownLicence
from bot.store.queries import directory, finding, people, working_time
from bot.store.tables.directory import DirectoryEntry, LicenceRow
from bot.store.tables.people import Person

_TREATING: Final = [role for role in Role if role is not Role.COORDINATOR]


@dataclass(frozen=True)
class Colleague:
    """A person with what the directory knows of them."""

    person: Person
    profile: Profile
    entry: DirectoryEntry | None
    licences: tuple[LicenceRow, ...]
    absences: tuple[ShownAway, ...]
    hours: Hours | None
    open_cases: int
    record: Record
    # Slack user ids by person id, of everybody here: one query for however many are shown.
    names: Mapping[str, str]

    def standing(self, today: date) -> LicenceStanding:
        return standing(self.person.role, map(as_licence, self.licences), today)

    def candidate(self, today: date) -> Candidate:
        return Candidate(
            person_id=self.person.id,
            role=self.person.role,
            profile=self.profile,
            is_clear=self.standing(today).is_clear,
            is_away=any(one.first <= today <= one.last for one in self.absences),
            lymphatic_seen=self.entry is not None and self.entry.lymphatic_seen_at is not None,
            open_cases=self.open_cases,
            together=self.record,
        )


async def colleague(
    session: AsyncSession, person: Person, viewer: Person, now: datetime, region: str
) -> Colleague:
    """One person with what the directory knows of them, as `viewer` sees it.

    `region` is the clinic's, for the holidays of those who chose none.
    """
    names = await people.slack_user_ids(session, viewer.team_id)
    entry = await directory.entry(session, person.id)
    records = await _records(session, viewer, [person.id])
    own = await directory.records_with(session, person) if person.id == viewer.id else {}
    return Colleague(
        person=person,
        profile=_profile(entry),
        entry=entry,
        licences=tuple(await directory.licences_of(session, person.id)),
        absences=(await _absences(session, [person.id], now, names)).get(person.id, ()),
        hours=_in_words(await working_time.hours_of(session, person, now, region)),
        open_cases=(await directory.open_cases(session, [person.id])).get(person.id, 0),
        record=_sum(own.values()) if own else records.get(person.id, Record()),
        names=names,
    )


async def found_for(
    session: AsyncSession,
    viewer: Person,
    wish: Wish,
    now: datetime,
    most: int,
    but_not: Collection[str] = (),
) -> list[tuple[Colleague, Found]]:
    """Who fits a wish, in order, with the reasons: the first `most`, read in full."""
    today = now.astimezone(ZoneInfo(viewer.time_zone)).date()
    refers = viewer.role is not Role.COORDINATOR
    together = await directory.records_with(session, viewer) if refers else {}
    open_cases = await finding.open_cases_in_team(session, viewer.team_id)
    roles = [wish.role] if wish.role is not None else _TREATING
    candidates = [
        Candidate(
            person_id=one.person_id,
            role=one.role,
            profile=profile_of(one.profile),
            is_clear=one.is_clear,
            is_away=one.is_away,
            lymphatic_seen=one.lymphatic_seen,
            open_cases=open_cases.get(one.person_id, 0),
            together=together.get(one.person_id, Record()) if refers else None,
        )
        for one in await finding.findable(session, viewer, roles, today)
        if one.person_id not in but_not
    ]
    found = find(candidates, wish, today, most)
    ids = [one.candidate.person_id for one in found]
    records = together if refers else await directory.records_of(session, ids)
    known = await _in_full(session, viewer, ids, now, open_cases, records)
    return [(known[one.candidate.person_id], one) for one in found]


async def _in_full(
    session: AsyncSession,
    viewer: Person,
    ids: list[str],
    now: datetime,
    open_cases: Mapping[str, int],
    records: Mapping[str, Record],
) -> dict[str, Colleague]:
    """Those who are shown, in a handful of queries."""
    if not ids:
        return {}
    persons = await people.persons_by_id(session, ids)
    entries = await directory.entries_of(session, ids)
    names = await people.slack_user_ids(session, viewer.team_id)
    licences = await directory.licences_by_person(session, ids)
    absences = await _absences(session, ids, now, names)
    return {
        one: Colleague(
            person=persons[one],
            profile=_profile(entries.get(one)),
            entry=entries.get(one),
            licences=tuple(licences.get(one, ())),
            absences=absences.get(one, ()),
            hours=None,
            open_cases=open_cases.get(one, 0),
            record=records.get(one, Record()),
            names=names,
        )
        for one in ids
    }


def shown(known: Colleague, viewer: Person, now: datetime) -> ShownEntry:
    """An entry as it is shown to `viewer`."""
    person = known.person
    today = now.astimezone(ZoneInfo(viewer.time_zone)).date()
    verified = [row for row in known.licences if row.verified_at is not None]
    best = max(verified, key=lambda row: row.expires_on, default=None)
    newest = known.licences[0] if known.licences else None
    pending = newest if newest is not None and newest.verified_at is None else None
    entry = known.entry
    candidate = known.candidate(today)
    return ShownEntry(
        person_id=person.id,
        person=person.slack_user_id,
        role=person.role,
        profile=known.profile,
        standing=known.standing(today),
        today=today,
        time_zone=person.time_zone,
        licence=shown_licence(best, person, known.names) if best else None,
        pending=shown_licence(pending, person, known.names) if pending else None,
        lymphatic_seen_by=known.names.get(entry.lymphatic_seen_by_id or "", "") if entry else "",
        lymphatic_seen_at=entry.lymphatic_seen_at if entry else None,
        hours=known.hours,
        absences=known.absences,
        covered_by=known.names.get(person.covered_by_id or ""),
        open_cases=known.open_cases,
        record=known.record,
        is_own=person.id == viewer.id,
        may_refer=(
            viewer.role is Role.SURGEON
            and person.role is Role.THERAPIST
            and candidate.is_clear
            and known.profile.accepts_on(today)
        ),
    )


def shown_licence(row: LicenceRow, person: Person, names: Mapping[str, str]) -> ShownLicence:
    """A licence as it is shown; `names` are Slack user ids by person id."""
    return ShownLicence(
        id=row.id,
        person=person.slack_user_id,
        number=row.number,
        state=row.state,
        expires_on=row.expires_on,
        verified_at=row.verified_at,
        verified_by=names.get(row.answered_by_id or "", "") if row.verified_at else "",
        refusal=row.refusal,
    )


async def _records(
    session: AsyncSession, viewer: Person, person_ids: list[str]
) -> dict[str, Record]:
    """With `viewer`, or of all for a coordinator, who sees whose help is needed."""
    if viewer.role is Role.COORDINATOR:
        return await directory.records_of(session, person_ids)
    return await directory.records_with(session, viewer)


def _sum(records: Iterable[Record]) -> Record:
    """Several records as one; the time to answer is weighed by how many were answered."""
    known = list(records)
    answered = sum(one.answered for one in known)
    minutes = sum((one.minutes_to_answer or 0) * one.answered for one in known)
    return Record(
        referrals=sum(one.referrals for one in known),
        answered=answered,
        minutes_to_answer=minutes // answered if answered else None,
        ended=sum(one.ended for one in known),
        completed=sum(one.completed for one in known),
        updates=sum(one.updates for one in known),
        updates_on_time=sum(one.updates_on_time for one in known),
    )


async def _absences(
    session: AsyncSession, person_ids: Iterable[str], now: datetime, names: Mapping[str, str]
) -> dict[str, tuple[ShownAway, ...]]:
    """Who is away when, and who covers: what is not over yet."""
    found: dict[str, tuple[ShownAway, ...]] = {}
    for one in await directory.absences_of_all(session, person_ids, now):
        covers = names.get(one.covered_by_id or "")
        away = ShownAway(one.first_day, one.last_day, covers)
        found[one.person_id] = (*found.get(one.person_id, ()), away)
    return found


def _in_words(hours: WorkingHours) -> Hours:
    return Hours(hours.days, hours.start, hours.end)


def _profile(entry: DirectoryEntry | None) -> Profile:
    return profile_of(entry.profile) if entry else Profile()


@lru_cache(maxsize=4096)
def profile_of(said: str) -> Profile:
    """What an entry says. It can't be changed, so the same words are read once."""
    return Profile.model_validate_json(said) if said else Profile()
