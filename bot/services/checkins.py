"""Answering a check-in, from a digest's buttons; and how often the two of a case are asked."""

from datetime import date, timedelta

from bot.care.checkins import (
    LONGEST_SNOOZE_DAYS,
    Answer,
    CheckInKind,
    CheckInState,
    answers_to,
)
from bot.care.people import Part, Role
from bot.care.permissions import Deed
from bot.care.rhythm import CHOICES, Every
from bot.care.session_form import FilledSession
from bot.care.text import clean
from bot.ids import new_id
from bot.notices import CheckInAnswered, Typed, to_thread
from bot.services.actor import Actor
from bot.services.asking import arm, ask, plan_looks, redraw_digests, rhythm_of, settle
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import (
    DateProblem,
    FieldsHaveProblems,
    NotYourPart,
    NotYours,
    TextProblem,
    TooLate,
)
from bot.services.identifiers import watch
from bot.services.replies import keep_words, without_lone_surrogates
from bot.services.rhythms import start_looks_anew
from bot.services.updates import Updates
from bot.shown.case import ShownRhythm
from bot.store.queries import checkins as stored
from bot.store.queries import inbox, people
from bot.store.tables.checkins import CheckIn, Rhythm
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral
from bot.store.tables.threads import Entry, EntryKind

LONGEST_WISH = 1000
# A wish for another plan settles nothing that is overdue: it is asked about again after this.
_WISH_RESTS_WORKING_DAYS = 3

SETTLED = "checkin_settled"


class CheckIns:
    """The deeds of a check-in. A settled one stays settled: late clicks change nothing."""

    def __init__(self, deeds: Deeds, updates: Updates) -> None:
        self._deeds = deeds
        self._updates = updates

    async def is_open(self, actor: Actor, checkin_id: str) -> str:
        """The referral of a check-in that can still be answered, for a form.

        Raises `NotYours`, `NotYourPart`, `TooLate`.
        """
        async with self._deeds.look(actor, Deed.ANSWER_CHECKIN) as deed:
            row, referral = await _own(deed, checkin_id)
            _must_be_open(row)
            await deed.note("checkin", row.id, referral=referral.id, look="form")
            return referral.id

    async def answer(self, actor: Actor, checkin_id: str, answer: Answer) -> None:
        """All is well, or it was seen: settled, and part of the record.

        Raises `NotYours`, `NotYourPart`, `TooLate`.
        """
        async with self._deeds.begin(actor, Deed.ANSWER_CHECKIN) as deed:
            row, referral = await _own(deed, checkin_id)
            _must_be_open(row)
            if answer is Answer.NO_SHOW or answer not in answers_to(row.kind, row.step):
                raise NotYourPart
            entry_id = None
            if row.kind is not CheckInKind.SILENT:
                entry = await _keep(deed, referral, row, _WORDS[row.kind])
                entry_id = entry.id
            await settle(deed, row, CheckInState.SETTLED, answer=answer, entry_id=entry_id)
            if row.kind is CheckInKind.SILENT:
                await _others_need_not(deed, row)
            else:
                await _tell_thread(deed, referral, row)
            if row.kind is CheckInKind.WEEKLY:
                await plan_looks(deed, referral)
            await deed.note("checkin", row.id, referral=referral.id, answer=answer.value)

    async def no_show(self, actor: Actor, checkin_id: str) -> None:
        """The patient did not come: a missed visit is logged, as with the form.

        Raises `NotYours`, `NotYourPart`, `TooLate`.
        """
        async with self._deeds.look(actor, Deed.ANSWER_CHECKIN) as deed:
            row, referral = await _own(deed, checkin_id)
            _must_be_open(row)
            if Answer.NO_SHOW not in answers_to(row.kind, row.step):
                raise NotYourPart
            await deed.note("checkin", row.id, referral=referral.id, answer=Answer.NO_SHOW.value)
        missed = FilledSession(no_show=True)
        await self._updates.log(actor, referral.id, missed, f"checkin:{checkin_id}")

    async def wish_for_another_plan(
        self, actor: Actor, checkin_id: str, words: str, view_id: str
    ) -> None:
        """Somebody wants the plan changed: it is in the thread, and the other side is asked.

        A look is settled by it; what is overdue stays overdue and rests for a few days. Raises
        `NotYours`, `NotYourPart`, `TooLate`, `TextProblem`.
        """
        words = without_lone_surrogates(clean(words))
        if not words or len(words) > LONGEST_WISH:
            raise TextProblem(
                f"Write at most {LONGEST_WISH:,} characters." if words else "Write what to change."
            )
        async with self._deeds.begin(actor, Deed.ANSWER_CHECKIN) as deed:
            row, referral = await _own(deed, checkin_id)
            if await inbox.note_submission(deed.session, view_id, row.id, deed.now):
                return
            _must_be_open(row)
            if row.kind in {CheckInKind.SILENT, CheckInKind.PROPOSAL}:
                raise NotYourPart
            entry = await _keep(deed, referral, row, words)
            if row.kind is CheckInKind.STEP:
                row.entry_id = entry.id
                hours = await deed.hours_of(deed.person)
                rests = hours.after_working_days(deed.now, _WISH_RESTS_WORKING_DAYS)
                await _rest(deed, referral, row, hours.day_of(rests))
            else:
                await settle(
                    deed,
                    row,
                    CheckInState.SETTLED,
                    answer=Answer.CHANGE_PLAN,
                    entry_id=entry.id,
                )
                await plan_looks(deed, referral)
            await _tell_thread(deed, referral, row, wish=True)
            await ask(deed, referral, await _other_side(deed, referral), CheckInKind.PLAN, deed.now)
            await deed.note(
                "checkin", row.id, referral=referral.id, answer=Answer.CHANGE_PLAN.value
            )

    async def snooze(self, actor: Actor, checkin_id: str, until: date | None) -> None:
        """Ask again on a day; None for the next working day.

        Raises `NotYours`, `NotYourPart`, `TooLate`, `DateProblem`.
        """
        async with self._deeds.begin(actor, Deed.ANSWER_CHECKIN) as deed:
            row, referral = await _own(deed, checkin_id)
            _must_be_open(row)
            hours = await deed.hours_of(deed.person)
            today = hours.day_of(deed.now)
            if until is None:
                until = hours.working_day_from(today + timedelta(days=1))
            elif not today < until <= today + timedelta(days=LONGEST_SNOOZE_DAYS):
                raise DateProblem(
                    f"Choose a day after today, at most {LONGEST_SNOOZE_DAYS} days ahead."
                )
            await _rest(deed, referral, row, until)
            await deed.note("checkin", row.id, referral=referral.id, days=str((until - today).days))

    # -- the rhythm of a case ----------------------------------------------------------------

    async def rhythm(self, actor: Actor, referral_id: str) -> ShownRhythm:
        """How often the two are asked. Recorded. Raises `NotYours`, `NotYourPart`."""
        async with self._deeds.look(actor, Deed.SET_RHYTHM) as deed:
            referral = await deed.referral(referral_id)
            chosen = await rhythm_of(deed, referral)
            await deed.note("referral", referral.id, look="rhythm")
            return ShownRhythm(
                referral.id,
                referral.case_code,
                chosen.therapist,
                chosen.surgeon,
                chosen.joint,
            )

    async def set_rhythm(
        self,
        actor: Actor,
        referral_id: str,
        therapist: Every | None,
        surgeon: Every | None,
        *,
        joint: bool,
        view_id: str,
    ) -> None:
        """Keep a new version; None where each one's own choice holds. What is asked follows.

        Raises `NotYours`, `NotYourPart`, `FieldsHaveProblems`.
        """
        for field, role, every in (
            ("therapist", Role.THERAPIST, therapist),
            ("surgeon", Role.SURGEON, surgeon),
        ):
            if every is not None and every not in CHOICES[role]:
                raise FieldsHaveProblems({field: "Choose one of the list."})
        async with self._deeds.begin(actor, Deed.SET_RHYTHM) as deed:
            referral = await deed.referral(referral_id)
            rhythm_id = new_id()
            if await inbox.note_submission(deed.session, view_id, rhythm_id, deed.now):
                return
            newest = await stored.rhythm_of(deed.session, referral.id)
            deed.session.add(
                Rhythm(
                    id=rhythm_id,
                    referral_id=referral.id,
                    version=newest.version + 1 if newest else 1,
                    therapist=therapist,
                    surgeon=surgeon,
                    joint=joint,
                    changed_by_id=deed.person.id,
                    changed_at=deed.now,
                )
            )
            await deed.session.flush()
            await start_looks_anew(deed, referral, joint=joint)
            await deed.note("referral", referral.id, rhythm=rhythm_id)


_WORDS = {
    CheckInKind.WEEKLY: "Check-in: all well.",
    CheckInKind.JOINT: "Check-in on the plan: all well.",
    CheckInKind.PLAN: "Check-in: the wish for a change of plan was dealt with.",
    CheckInKind.STEP: "Check-in: done.",
}


async def _own(deed: OpenDeed, checkin_id: str) -> tuple[CheckIn, Referral]:
    """A check-in and its referral, locked, for whoever is asked or stands in for them."""
    glimpse = await stored.checkin(deed.session, checkin_id)
    if glimpse is None:
        raise NotYours
    referral = await deed.referral(glimpse.referral_id)
    row = await stored.checkin_anew(deed.session, checkin_id)
    if row.person_id != deed.person.id:
        part = await deed.part_of(deed.person, referral)
        covered = {
            Part.COVERING_SURGEON: referral.surgeon_id,
            Part.COVERING_THERAPIST: referral.therapist_id,
        }.get(part)
        if row.person_id != covered:
            raise NotYourPart
    return row, referral


def _must_be_open(row: CheckIn) -> None:
    if row.state is not CheckInState.OPEN:
        raise TooLate(SETTLED)


async def _keep(deed: OpenDeed, referral: Referral, row: CheckIn, words: str) -> Entry:
    """The answer's words in the record, sealed under the patient's key as all others."""
    room = await people.room(deed.session, referral.room_id)
    entry = Entry(
        id=new_id(),
        referral_id=referral.id,
        channel_id=room.channel_id or "",
        author_id=deed.person.id,
        kind=EntryKind.MESSAGE,
        recorded_at=deed.now,
    )
    deed.session.add(entry)
    await deed.session.flush()
    await keep_words(deed, referral, entry, f"checkin:{row.id}", words)
    await watch(deed, referral, Typed.REPLY, entry.id, words)
    return entry


async def _tell_thread(
    deed: OpenDeed, referral: Referral, row: CheckIn, *, wish: bool = False
) -> None:
    await deed.tell(
        to_thread(referral.id),
        CheckInAnswered(checkin_id=row.id, entry_id=row.entry_id or "", wish=wish),
        f"answered-checkin:{row.entry_id}",
    )


async def _others_need_not(deed: OpenDeed, row: CheckIn) -> None:
    """One coordinator has taken it on."""
    if row.about_id is not None:
        for other in await stored.open_silences(deed.session, row.about_id):
            await settle(deed, other, CheckInState.MOOT)


async def _other_side(deed: OpenDeed, referral: Referral) -> Person:
    part = await deed.part_of(deed.person, referral)
    other = referral.surgeon_id if part.is_therapists_side else referral.therapist_id
    return await people.person(deed.session, other)


async def _rest(deed: OpenDeed, referral: Referral, row: CheckIn, until: date) -> None:
    """Ask again on `until`, as if for the first time."""
    asked = await people.person(deed.session, row.person_id)
    row.snoozed_until = (await deed.hours_of(asked)).opening(until)
    row.told, row.told_at = 0, None
    deed.session.add(row)
    await deed.session.flush()
    await arm(deed, referral, row)
    await redraw_digests(deed, row)
