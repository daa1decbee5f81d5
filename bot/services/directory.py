"""The directory's deeds: people enter their own work, a coordinator verifies, colleagues find."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.care.codes import Technique
from bot.care.credentials import (
    Credential,
    Language,
    LymphaticTraining,
    PrivacyRole,
    UsState,
)
from bot.care.directory import (
    MOST_CAPACITY,
    EntryField,
    Profile,
    Wish,
    place_problem,
)
from bot.care.indications import Indication
from bot.care.licence import Refusal, problems
from bot.care.people import Role
from bot.care.permissions import Deed
from bot.care.text import clean_line
from bot.ids import new_id
from bot.notices import LicenceAnswered, LicenceEntered, to_person
from bot.services import colleagues
from bot.services.actor import Actor
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import EntryHasProblems, NotYours, TooLate
from bot.services.licences import set_warnings, today_of
from bot.shown.directory import (
    ShownColleague,
    ShownEntry,
    ShownHandover,
    ShownLicence,
    ShownNetwork,
)
from bot.store.queries import directory as stored
from bot.store.queries import people
from bot.store.tables.directory import DirectoryEntry, LicenceRow
from bot.store.tables.people import Person

MOST_FOUND = 25
MOST_WAITING = 5


@dataclass(frozen=True)
class WorkFilled:
    """The first step of an entry."""

    credentials: tuple[Credential, ...]
    procedures: tuple[Indication, ...]
    techniques: tuple[Technique, ...]


@dataclass(frozen=True)
class LicenceFilled:
    """The second step. A licence that says nothing new is left as it is."""

    number: str
    state: UsState
    expires_on: date | None
    lymphatic: LymphaticTraining | None
    lymphatic_until: date | None


@dataclass(frozen=True)
class PracticeFilled:
    """The third step."""

    languages: tuple[Language, ...]
    places: tuple[str, ...]
    capacity: int | None
    is_accepting: bool
    not_before: date | None
    privacy_role: PrivacyRole | None


class Directory:
    """Entries, licences, and finding colleagues."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    # -- seeing ----------------------------------------------------------------------------

    async def own(self, actor: Actor) -> ShownEntry:
        """One's own entry. Raises `NotRegistered`."""
        async with self._deeds.begin(actor, Deed.SEE_DIRECTORY) as deed:
            me = await deed.somebody()
            return await _shown(deed, me, me)

    async def entry(self, actor: Actor, person_id: str) -> ShownEntry:
        """A colleague's entry. Raises `NotRegistered`, `NotYours`."""
        async with self._deeds.begin(actor, Deed.SEE_DIRECTORY) as deed:
            me = await deed.somebody()
            return await _shown(deed, await _colleague(deed, me, person_id), me)

    async def find(self, actor: Actor, wish: Wish) -> ShownNetwork:
        """Colleagues who fit, in order, with the reasons for it. Raises `NotRegistered`."""
        async with self._deeds.begin(actor, Deed.SEE_DIRECTORY) as deed:
            me = await deed.somebody()
            found = await colleagues.found_for(deed.session, me, wish, deed.now, MOST_FOUND)
            return ShownNetwork(
                wish,
                tuple(
                    ShownColleague(colleagues.shown(known, me, deed.now), one.reasons)
                    for known, one in found
                ),
            )

    async def licence(self, licence_id: str) -> ShownLicence | None:
        """A licence as it stands now, for messages about it."""
        async with self._deeds.database.reading() as session:
            row = await stored.licence(session, licence_id)
            if row is None:
                return None
            person = await people.person(session, row.person_id)
            names = await people.slack_user_ids(session, person.team_id)
            return colleagues.shown_licence(row, person, names)

    async def handover(self, left_id: str, stand_in_id: str) -> ShownHandover:
        """Whose open work somebody has now, and which cases these are."""
        async with self._deeds.database.reading() as session:
            cases = await stored.open_cases_on_side(session, left_id)
            owner = await people.person(session, stand_in_id)
            return ShownHandover(
                (await people.person(session, left_id)).slack_user_id,
                owner.slack_user_id,
                tuple(case.case_code for case in cases),
                waits_for_a_coordinator=owner.role is Role.COORDINATOR,
            )

    async def at_home(self, actor: Actor) -> tuple[ShownEntry, tuple[ShownLicence, ...]] | None:
        """For the Home tab: one's own entry, and for a coordinator what waits to be looked up."""
        async with self._deeds.database.reading() as session:
            me = await people.person_in_slack(session, actor.team_id, actor.slack_user_id)
            if me is None or not me.standing.may_treat:
                return None
            now = self._deeds.clock.now()
            known = await colleagues.colleague(session, me, me, now, self._deeds.region)
            entry = colleagues.shown(known, me, now)
            waiting = (
                await stored.licences_to_verify(session, me.team_id)
                if me.role is Role.COORDINATOR
                else ()
            )
            return entry, tuple(
                [
                    colleagues.shown_licence(
                        row, await people.person(session, row.person_id), known.names
                    )
                    for row in waiting[:MOST_WAITING]
                ]
            )

    async def licence_to_answer(self, actor: Actor, licence_id: str) -> ShownLicence:
        """A licence that waits to be looked up, for a coordinator."""
        async with self._deeds.begin(actor, Deed.VERIFY_LICENCE) as deed:
            row, person = await _waiting(deed, licence_id)
            names = await people.slack_user_ids(deed.session, person.team_id)
            return colleagues.shown_licence(row, person, names)

    # -- entering --------------------------------------------------------------------------

    async def say_work(self, actor: Actor, filled: WorkFilled) -> ShownEntry:
        """What one does: the entry as it then is. Raises `NotRegistered`."""
        async with self._deeds.begin(actor, Deed.ENTER_PROFILE) as deed:
            me = await deed.somebody()
            await _change(
                deed,
                me,
                {
                    "credentials": filled.credentials,
                    "procedures": filled.procedures,
                    "techniques": filled.techniques,
                },
            )
            return await _shown(deed, me, me)

    async def say_practice(self, actor: Actor, filled: PracticeFilled) -> ShownEntry:
        """Where and for whom one works. Raises `NotRegistered`, `EntryHasProblems`."""
        async with self._deeds.begin(actor, Deed.ENTER_PROFILE) as deed:
            me = await deed.somebody()
            if found := _practice_problems(filled, today_of(deed, me)):
                raise EntryHasProblems(found)
            await _change(
                deed,
                me,
                {
                    "languages": filled.languages,
                    "places": filled.places,
                    "capacity": filled.capacity,
                    "is_accepting": filled.is_accepting,
                    "not_before": None if filled.is_accepting else filled.not_before,
                    "privacy_role": filled.privacy_role,
                },
            )
            return await _shown(deed, me, me)

    async def enter_licence(self, actor: Actor, filled: LicenceFilled) -> ShownEntry:
        """Enter a licence, or its renewal, to be looked up by a coordinator; the one that counts
        goes on counting meanwhile. Raises `NotRegistered`, `EntryHasProblems`."""
        async with self._deeds.begin(actor, Deed.ENTER_PROFILE) as deed:
            me = await deed.somebody()
            today = today_of(deed, me)
            about_number, about_day = problems(filled.number, filled.expires_on, today)
            found = {EntryField.NUMBER: about_number, EntryField.EXPIRES_ON: about_day}
            if filled.lymphatic_until is not None and filled.lymphatic_until < today:
                found[EntryField.LYMPHATIC_UNTIL] = "This certificate has expired already."
            if left := {field: words for field, words in found.items() if words}:
                raise EntryHasProblems(left)
            await _change(
                deed,
                me,
                {"lymphatic": filled.lymphatic, "lymphatic_until": filled.lymphatic_until},
            )
            await _enter_licence(deed, me, filled)
            return await _shown(deed, me, me)

    # -- verifying -------------------------------------------------------------------------

    async def verify(self, actor: Actor, licence_id: str, *, saw_certificate: bool) -> None:
        """A coordinator has looked the licence up and it is as entered.

        Raises `NotRegistered`, `NotYours`, and `TooLate` once it was answered.
        """
        async with self._deeds.begin(actor, Deed.VERIFY_LICENCE) as deed:
            row, person = await _waiting(deed, licence_id)
            row.verified_at = deed.now
            row.answered_by_id = deed.person.id
            deed.session.add(row)
            entry = await stored.entry_to_change(deed.session, person.id)
            if saw_certificate and entry is not None and entry.lymphatic_seen_at is None:
                entry.lymphatic_seen_at = deed.now
                entry.lymphatic_seen_by_id = deed.person.id
                deed.session.add(entry)
            await deed.session.flush()
            await set_warnings(deed, row, person)
            await _answer(deed, row, person, verified=True)

    async def refuse(self, actor: Actor, licence_id: str, why: Refusal) -> None:
        """A coordinator has looked the licence up and it is not as entered; as `verify`."""
        async with self._deeds.begin(actor, Deed.VERIFY_LICENCE) as deed:
            row, person = await _waiting(deed, licence_id)
            row.refused_at = deed.now
            row.refusal = why
            row.answered_by_id = deed.person.id
            deed.session.add(row)
            await deed.session.flush()
            await _answer(deed, row, person, verified=False)


async def _shown(deed: OpenDeed, person: Person, viewer: Person) -> ShownEntry:
    known = await colleagues.colleague(deed.session, person, viewer, deed.now, deed.region)
    return colleagues.shown(known, viewer, deed.now)


async def _colleague(deed: OpenDeed, me: Person, person_id: str) -> Person:
    found = await people.person_or_none(deed.session, person_id)
    if found is None or found.team_id != me.team_id:
        raise NotYours
    return found


async def _change(deed: OpenDeed, me: Person, changes: Mapping[str, object]) -> None:
    """Change what is said in an entry; what was seen of a certificate goes with the certificate."""
    row = await stored.entry_to_change(deed.session, me.id)
    before = Profile.model_validate_json(row.profile) if row else Profile()
    after = before.model_copy(update=dict(changes))
    if row is None:
        row = DirectoryEntry(person_id=me.id, profile="", changed_at=deed.now)
    row.profile = after.model_dump_json()
    row.changed_at = deed.now
    if after.lymphatic != before.lymphatic:
        row.lymphatic_seen_at = row.lymphatic_seen_by_id = None
    deed.session.add(row)
    await deed.session.flush()
    await deed.note("person", me.id, changed=min(changes))


def _practice_problems(filled: PracticeFilled, today: date) -> dict[EntryField, str]:
    found: dict[EntryField, str] = {}
    if about_places := place_problem(filled.places):
        found[EntryField.PLACES] = about_places
    if filled.capacity is not None and not 0 <= filled.capacity <= MOST_CAPACITY:
        found[EntryField.CAPACITY] = f"Write a whole number from 0 to {MOST_CAPACITY}."
    if filled.not_before is not None and not filled.is_accepting and filled.not_before < today:
        found[EntryField.NOT_BEFORE] = "Choose today or a later day."
    return found


async def _enter_licence(deed: OpenDeed, me: Person, filled: LicenceFilled) -> None:
    if filled.expires_on is None:
        raise ValueError("a licence without problems has a day")
    number = clean_line(filled.number)
    known = await stored.licences_of(deed.session, me.id)
    new = (number, filled.state, filled.expires_on)
    if any((r.number, r.state, r.expires_on) == new and r.refused_at is None for r in known):
        return
    for row in known:
        if row.verified_at is None and row.refused_at is None:
            # Nobody has looked it up: this one is meant instead.
            row.refused_at, row.refusal = deed.now, Refusal.REPLACED
            deed.session.add(row)
            await _redraw_for_coordinators(deed, row, me)
    row = LicenceRow(
        id=new_id(),
        person_id=me.id,
        number=number,
        state=filled.state,
        expires_on=filled.expires_on,
        entered_at=deed.now,
    )
    deed.session.add(row)
    await deed.session.flush()
    for coordinator in await people.coordinators(deed.session, me.team_id):
        await deed.tell(
            to_person(coordinator.id),
            LicenceEntered(licence_id=row.id),
            f"licence:{row.id}:entered:{coordinator.id}",
        )
    await deed.note("licence", row.id, person=me.id)


async def _waiting(deed: OpenDeed, licence_id: str) -> tuple[LicenceRow, Person]:
    """A licence that nobody has answered yet, and whose it is."""
    coordinator = await deed.somebody(Role.COORDINATOR)
    row = await stored.licence_to_change(deed.session, licence_id)
    person = await people.person_or_none(deed.session, row.person_id) if row else None
    if row is None or person is None or person.team_id != coordinator.team_id:
        raise NotYours
    if row.verified_at is not None or row.refused_at is not None:
        raise TooLate("licence_answered")
    return row, person


async def _answer(deed: OpenDeed, row: LicenceRow, person: Person, *, verified: bool) -> None:
    await deed.tell(
        to_person(person.id), LicenceAnswered(licence_id=row.id), f"licence:{row.id}:answered"
    )
    await _redraw_for_coordinators(deed, row, person)
    await deed.note("licence", row.id, person=person.id, verified=str(verified).lower())


async def _redraw_for_coordinators(deed: OpenDeed, row: LicenceRow, person: Person) -> None:
    """What coordinators were asked no longer waits."""
    for coordinator in await people.coordinators(deed.session, person.team_id):
        await deed.redraw(
            LicenceEntered(licence_id=row.id), f"licence:{row.id}:entered:{coordinator.id}"
        )
