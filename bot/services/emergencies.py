"""Access in an emergency: asked for with a reason, told at once, over by itself.

Whoever is in the emergency group may read any case of their workspace for some hours after saying
why. The gate (`OpenDeed.allow`) lets them read and nothing else; every look under it is marked in
the audit. The pair and the coordinators are told at once, and what they were told is redrawn when
it has ended.
"""

from datetime import timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.case_code import read_case_code
from bot.care.emergency import reason_problem
from bot.care.permissions import Deed
from bot.care.text import clean
from bot.ids import new_id
from bot.notices import EmergencyOpened, Priority, to_person
from bot.services.actor import Actor
from bot.services.deeds import Deeds, Lease, OpenDeed
from bot.services.errors import FieldsHaveProblems, NotInEmergencyGroup, NotYours
from bot.services.identifiers import unnamed_words
from bot.shown.emergency import ShownEmergencies, ShownEmergency, ShownEmergencyReason
from bot.store.queries import emergencies as stored
from bot.store.queries import inbox, people
from bot.store.queries.referrals import patient as patient_of
from bot.store.queries.referrals import referral as referral_of
from bot.store.queries.referrals import referral_by_code
from bot.store.tables.people import Person
from bot.store.tables.privacy import EmergencyAccess, EmergencyEnd
from bot.store.tables.referrals import Referral
from bot.store.tables.work import TimerKind

CASE = "case_code"
REASON = "reason"
_NO_SUCH_CASE = "There is no case of that code here. It looks like K7QF-3M."


class Emergencies:
    """The deeds of whoever needs to see a case that is not theirs. `lasts`: how long they may."""

    def __init__(self, deeds: Deeds, lasts: timedelta) -> None:
        self._deeds = deeds
        self.lasts = lasts

    async def may_ask(self, actor: Actor) -> None:
        """Raises `NotInEmergencyGroup` and `NotRegistered`, and records that they were refused."""
        async with self._deeds.look(actor, Deed.EMERGENCY_ACCESS) as deed:
            _refuse_unless_named(await deed.somebody())

    async def open(self, actor: Actor, case_code: str, reason: str, view_id: str) -> ShownEmergency:
        """Let whoever asks read a case from now on; whoever may already goes on as they are.

        Raises `NotInEmergencyGroup`, `NotRegistered`, `FieldsHaveProblems`, `RecordIsErased`.
        """
        reason = clean(reason)
        async with self._deeds.begin(actor, Deed.EMERGENCY_ACCESS) as deed:
            _refuse_unless_named(await deed.somebody())
            if wrong := reason_problem(reason):
                raise FieldsHaveProblems({REASON: wrong})
            glimpse = await self._case(deed, case_code)
            referral = await deed.referral(glimpse.id)
            # Two coordinators may decide at this moment that they are in the group no more.
            holder = await people.person_to_change(deed.session, deed.person.id)
            _refuse_unless_named(holder)
            known = await stored.held_by(deed.session, holder.id, referral.id)
            if known is not None and known.ends_at > deed.now:
                return _shown(known, referral, holder)
            if known is not None:  # over, and its timer has not come to it yet
                await end(deed, known, EmergencyEnd.LAPSED)
            access = EmergencyAccess(
                id=new_id(),
                referral_id=referral.id,
                person_id=holder.id,
                began_at=deed.now,
                ends_at=deed.now + self.lasts,
                reason_sealed=b"",
            )
            earlier = await inbox.note_submission(deed.session, view_id, access.id, deed.now)
            if earlier is not None:  # the same form once more: it has run out, or was given back
                raise FieldsHaveProblems({REASON: "This was used already. Please open it anew."})
            key_id = (await patient_of(deed.session, referral.patient_id)).key_id
            # Nobody of the case's channel wrote it, so there is nobody to ask: it is kept without.
            unnamed = await unnamed_words(deed.session, deed.vault, referral, reason)
            access.reason_sealed = await deed.seal(key_id, stored.reason_cell(access.id), unnamed)
            deed.session.add(access)
            await deed.session.flush()
            await deed.set_timer(TimerKind.EMERGENCY_ENDS, access.id, 0, access.ends_at)
            for person in await _told(deed.session, referral, holder):
                await deed.tell(
                    to_person(person.id),
                    EmergencyOpened(access_id=access.id, person_id=person.id),
                    _key(access.id, person.id),
                    Priority.URGENT,
                )
            await deed.note(
                "emergency_access",
                access.id,
                referral=referral.id,
                hours=str(int(self.lasts.total_seconds()) // 3600),
            )
            return _shown(access, referral, holder)

    async def give_back(self, actor: Actor, access_id: str) -> None:
        """It is needed no more. Over already: nothing changes. Raises `NotYours`."""
        async with self._deeds.begin(actor, Deed.END_EMERGENCY_ACCESS) as deed:
            holder = await deed.somebody()
            access = await stored.access_to_change(deed.session, access_id)
            if access is None or access.person_id != holder.id:
                raise NotYours
            if access.ended_at is None:
                await end(deed, access, EmergencyEnd.GIVEN_BACK)

    async def lapse(self, lease: Lease, access_id: str) -> None:
        """Its time is over."""
        async with self._deeds.begin(None, Deed.END_EMERGENCY_ACCESS, lease=lease) as deed:
            access = await stored.access_to_change(deed.session, access_id)
            if access is not None and access.ended_at is None:
                await end(deed, access, EmergencyEnd.LAPSED)

    # -- seeing ----------------------------------------------------------------------------

    async def why(self, actor: Actor, access_id: str) -> ShownEmergencyReason:
        """The reason that was given, for the pair and the coordinators. Recorded.

        Raises `NotYours`, `NotYourPart`, `RecordIsErased`.
        """
        async with self._deeds.look(actor, Deed.SEE_WHY_OPENED) as deed:
            access = await stored.access(deed.session, access_id)
            if access is None:
                raise NotYours
            referral = await deed.referral(access.referral_id)
            key_id = (await patient_of(deed.session, referral.patient_id)).key_id
            reason = await deed.open(key_id, stored.reason_cell(access.id), access.reason_sealed)
            await deed.note("referral", referral.id, look="emergency_reason", access=access.id)
            holder = await people.person(deed.session, access.person_id)
            return ShownEmergencyReason(
                _shown(access, referral, holder),
                await unnamed_words(deed.session, deed.vault, referral, reason),
            )

    async def access(self, access_id: str) -> ShownEmergency | None:
        """An access as it stands now, for whoever was told of it."""
        async with self._deeds.database.reading() as session:
            access = await stored.access(session, access_id)
            referral = await referral_of(session, access.referral_id) if access else None
            if access is None or referral is None:
                return None
            return _shown(access, referral, await people.person(session, access.person_id))

    async def at_home(self, actor: Actor) -> ShownEmergencies:
        """What somebody holds now, for their Home tab."""
        async with self._deeds.database.reading() as session:
            person = await people.person_in_slack(session, actor.team_id, actor.slack_user_id)
            if person is None or not person.standing.may_treat or person.emergency_since is None:
                return ShownEmergencies()
            held = await stored.running(session, person.id, self._deeds.clock.now())
            return ShownEmergencies(
                is_member=True, running=tuple(_shown(one, of, person) for one, of in held)
            )

    async def _case(self, deed: OpenDeed, typed: str) -> Referral:
        """The case that was typed, if it is one that needs no other way."""
        code = read_case_code(typed)
        found = await referral_by_code(deed.session, deed.person.team_id, code) if code else None
        if found is None:
            raise FieldsHaveProblems({CASE: _NO_SUCH_CASE})
        part = await deed.part_of(deed.person, found)
        if part.is_surgeons_side or part.is_therapists_side:
            raise FieldsHaveProblems(
                {CASE: "You treat this patient. Your Home tab opens the case, without a reason."}
            )
        return found


async def end(deed: OpenDeed, access: EmergencyAccess, how: EmergencyEnd) -> None:
    """It is over: the gate lets nobody in by it, and whoever was told reads that."""
    access.ended_at, access.ended_as = deed.now, how
    deed.session.add(access)
    await deed.session.flush()
    await deed.clear_timers(access.id, TimerKind.EMERGENCY_ENDS)
    referral = await referral_of(deed.session, access.referral_id)
    if referral is None:
        raise AssertionError("an access belongs to a case")
    holder = await people.person(deed.session, access.person_id)
    for person in await _told(deed.session, referral, holder):
        notice = EmergencyOpened(access_id=access.id, person_id=person.id)
        await deed.redraw(notice, _key(access.id, person.id))
    await deed.note("emergency_access", access.id, referral=referral.id, ended=how.value)


def _refuse_unless_named(person: Person) -> None:
    if person.emergency_since is None:
        raise NotInEmergencyGroup


async def _told(session: AsyncSession, referral: Referral, holder: Person) -> list[Person]:
    """The holder, the pair as far as they can be told, and the coordinators; each once."""
    pair = [
        await people.person(session, one) for one in (referral.surgeon_id, referral.therapist_id)
    ]
    found = {holder.id: holder}
    for one in (*pair, *await people.coordinators(session, referral.team_id)):
        if one.standing.may_treat:
            found.setdefault(one.id, one)
    return list(found.values())


def _key(access_id: str, person_id: str) -> str:
    return f"emergency:{access_id}:{person_id}"


def _shown(access: EmergencyAccess, referral: Referral, holder: Person) -> ShownEmergency:
    return ShownEmergency(
        access.id,
        referral.id,
        referral.case_code,
        holder.slack_user_id,
        access.began_at,
        access.ends_at,
        access.ended_at,
    )
