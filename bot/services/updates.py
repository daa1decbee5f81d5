"""What a therapist does with session updates: save, correct, set aside, log by form, move."""

from datetime import date

from bot.boundary import Failed
from bot.care.feedback import FilledFeedback
from bot.care.permissions import Deed
from bot.care.request import Request
from bot.care.rules import ClinicalRules
from bot.care.session import Hit, Origin, SessionFields, StoredReading
from bot.care.session_form import FilledSession, SessionField
from bot.ids import new_id
from bot.notices import Typed, UpdateKept, UpdateMoved, to_thread
from bot.services.actor import Actor
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import NotYourPart, NotYours, SessionHasProblems, TooLate
from bot.services.identifiers import watch
from bot.services.licences import today_of
from bot.services.red_flags import words_are_gone
from bot.services.referrals import request_cell
from bot.services.replies import keep_words, moved_as, without_lone_surrogates
from bot.services.session_updates import SessionUpdates, kept_key, next_number
from bot.services.update_readings import keep_reading, reading_that_holds
from bot.store.queries import inbox, people
from bot.store.queries import referrals as stored
from bot.store.queries.readings import stands
from bot.store.tables.referrals import Referral
from bot.store.tables.threads import Entry, EntryKind


class Updates:
    """The deeds of a session update; each is its author's alone. Repeated ones change nothing."""

    def __init__(self, deeds: Deeds, rules: ClinicalRules) -> None:
        self._deeds = deeds
        self._updates = SessionUpdates(rules)

    async def confirm(self, actor: Actor, entry_id: str, step: int) -> None:
        """What was read is right. Raises `NotYours`, `NotYourPart`, and `TooLate` once the words
        were read again, or the update was withdrawn."""
        async with self._deeds.begin(actor, Deed.CONFIRM_UPDATE) as deed:
            referral, entry = await _own(deed, entry_id)
            held = await reading_that_holds(deed, referral, entry)
            if held is None or held[0].step < step:
                raise NotYours
            row, reading = held
            if row.origin.is_confirmed and stands(entry):
                return  # Saved before: a click more is no harm.
            if row.step != step or not stands(entry):
                raise TooLate("read_again")
            await keep_reading(deed, referral, entry, reading, Origin.CONFIRMED, row.rules_version)
            await deed.redraw(UpdateKept(entry_id=entry.id), kept_key(entry.id))
            await deed.note("entry", entry.id, referral=referral.id)

    async def set_aside(self, actor: Actor, entry_id: str, step: int) -> None:
        """Its author says that it is no session update. The words stay, a concern stays."""
        async with self._deeds.begin(actor, Deed.SET_UPDATE_ASIDE) as deed:
            referral, entry = await _own(deed, entry_id)
            held = await reading_that_holds(deed, referral, entry)
            if entry.set_aside_at is not None:
                return
            if held is None or held[0].step != step or not stands(entry):
                raise TooLate("read_again")
            await self._updates.set_aside(deed, referral, entry)
            await deed.note("entry", entry.id, referral=referral.id)

    async def correct(
        self, actor: Actor, entry_id: str, filled: FilledSession, view_id: str
    ) -> None:
        """Its author puts right what was read.

        Raises `NotYours`, `NotYourPart`, `TooLate`, `SessionHasProblems`.
        """
        async with self._deeds.begin(actor, Deed.CONFIRM_UPDATE) as deed:
            referral, entry = await _own(deed, entry_id)
            if await inbox.note_submission(deed.session, view_id, entry.id, deed.now):
                return
            if entry.withdrawn_at is not None or entry.moved_to_id is not None:
                raise TooLate("read_again")
            held = await reading_that_holds(deed, referral, entry)
            before = held[1] if held else StoredReading(fields=SessionFields())
            kept = filled.keeping(before.fields)
            fields = await self._fields(deed, referral, kept, before.fields)
            entry.set_aside_at = None
            await self._put_right(deed, referral, entry, before, fields)

    async def add_feedback(
        self, actor: Actor, entry_id: str, filled: FilledFeedback, view_id: str
    ) -> None:
        """What the patient says of themselves goes into the update, and confirms it.

        Raises `NotYours`, `NotYourPart`, `TooLate`.
        """
        async with self._deeds.begin(actor, Deed.CONFIRM_UPDATE) as deed:
            referral, entry = await _own(deed, entry_id)
            if await inbox.note_submission(deed.session, view_id, entry.id, deed.now):
                return
            held = await reading_that_holds(deed, referral, entry)
            if held is None or not stands(entry):
                raise TooLate("read_again")
            await self._put_right(deed, referral, entry, held[1], filled.onto(held[1].fields))

    async def _put_right(
        self,
        deed: OpenDeed,
        referral: Referral,
        entry: Entry,
        before: StoredReading,
        fields: SessionFields,
    ) -> None:
        """What its author says holds from now on; what it was read from stays beside it."""
        changed = fields.differing(before.fields)
        reading = StoredReading(
            fields=fields,
            spans={key: one for key, one in before.spans.items() if key not in changed},
            hits=_still_said(before, fields),
            edited=tuple(sorted({*before.edited, *changed})),
        )
        origin = Origin.EDITED if changed else Origin.CONFIRMED
        await keep_reading(deed, referral, entry, reading, origin, self._updates.rules.version)
        await self._updates.recount(deed, referral)
        await deed.redraw(UpdateKept(entry_id=entry.id), kept_key(entry.id))
        words = await self._updates.note_of(deed, referral, entry)
        await self._updates.act(deed, referral, entry, deed.person, reading, words, before.fields)
        if changed:
            await watch(deed, referral, Typed.REPLY, entry.id, *_texts(fields))
        await deed.note("entry", entry.id, referral=referral.id, changed=str(len(changed)))

    async def log(self, actor: Actor, referral_id: str, filled: FilledSession, view_id: str) -> str:
        """A session logged with the form: what an update means, and confirmed by being sent.

        Gives the update's id. Raises `NotYours`, `NotYourPart`, `TooLate`, `SessionHasProblems`.
        """
        note = without_lone_surrogates(filled.words())
        async with self._deeds.begin(actor, Deed.LOG_SESSION) as deed:
            referral = await deed.referral(referral_id)
            if not referral.state.takes_updates:
                raise TooLate("moved_on")
            entry_id = new_id()
            earlier = await inbox.note_submission(deed.session, view_id, entry_id, deed.now)
            if earlier is not None:
                return earlier
            fields = await self._fields(deed, referral, filled, SessionFields())
            room = await people.room(deed.session, referral.room_id)
            entry = Entry(
                id=entry_id,
                referral_id=referral.id,
                channel_id=room.channel_id or "",
                author_id=deed.person.id,
                kind=EntryKind.UPDATE,
                number=await next_number(deed, referral),
                recorded_at=deed.now,
            )
            deed.session.add(entry)
            await deed.session.flush()
            await keep_words(deed, referral, entry, f"form:{view_id}", note)
            reading = StoredReading(
                fields=fields, hits=await self._signs_in(note, today_of(deed, deed.person))
            )
            await keep_reading(
                deed, referral, entry, reading, Origin.LOGGED, self._updates.rules.version
            )
            await self._updates.announce(deed, referral, entry, missed=fields.no_show)
            await self._updates.act(deed, referral, entry, deed.person, reading, note)
            await watch(deed, referral, Typed.REPLY, entry.id, note, *_texts(fields))
            await deed.note("entry", entry.id, referral=referral.id, kind=EntryKind.UPDATE.value)
            return entry.id

    async def move(self, actor: Actor, entry_id: str, to_referral_id: str, view_id: str) -> None:
        """It was written in the wrong thread: it goes to another open case of its author's.

        The words are sealed anew for the other patient; the thread that it leaves says where it
        went. A concern that it raised stays where it is until a person deals with it. Raises
        `NotYours`, `NotYourPart`, `TooLate`.
        """
        async with self._deeds.begin(actor, Deed.MOVE_UPDATE) as deed:
            glimpse = await stored.entry(deed.session, entry_id)
            if glimpse is None:
                raise NotYours
            for referral_id in sorted({glimpse.referral_id, to_referral_id}):
                await stored.referral_to_change(deed.session, referral_id)
            referral, entry = await _own(deed, entry_id)
            target = await deed.referral(to_referral_id)
            if target.id == referral.id or entry.moved_to_id is not None:
                return
            if not target.state.takes_updates or not stands(entry):
                raise TooLate("moved_on")
            if await inbox.note_submission(deed.session, view_id, entry.id, deed.now):
                return
            held = await reading_that_holds(deed, referral, entry)
            words = await self._updates.note_of(deed, referral, entry)
            moved = Entry(
                id=new_id(),
                referral_id=target.id,
                channel_id=entry.channel_id,
                author_id=entry.author_id,
                kind=EntryKind.UPDATE,
                number=await next_number(deed, target),
                recorded_at=entry.recorded_at,
            )
            deed.session.add(moved)
            await deed.session.flush()
            entry.moved_to_id = moved.id
            deed.session.add(entry)
            await deed.session.flush()
            await keep_words(deed, target, moved, moved_as(entry.id), words)
            reading = held[1] if held else StoredReading(fields=SessionFields())
            await keep_reading(
                deed, target, moved, reading, Origin.CONFIRMED, self._updates.rules.version
            )
            await self._updates.announce(deed, target, moved, missed=reading.fields.no_show)
            await self._updates.act(deed, target, moved, deed.person, reading, words)
            await self._updates.recount(deed, referral)
            await self._updates.look_at_others(deed, referral, entry)
            await words_are_gone(deed, entry)
            await deed.redraw(UpdateKept(entry_id=entry.id), kept_key(entry.id))
            await deed.tell(
                to_thread(referral.id), UpdateMoved(entry_id=entry.id), f"moved:{entry.id}"
            )
            await deed.note("entry", entry.id, referral=referral.id, to=target.id)

    async def _fields(
        self, deed: OpenDeed, referral: Referral, filled: FilledSession, before: SessionFields
    ) -> SessionFields:
        """What a form says, with what it does not ask for. Raises `SessionHasProblems`."""
        today = today_of(deed, deed.person)
        girths = await self._updates.girths(filled, today)
        if isinstance(girths, Failed):
            raise SessionHasProblems({SessionField.GIRTHS: _unread(girths.reference)})
        if problems := filled.problems(today, girths):
            raise SessionHasProblems(problems)
        found = filled.fields(girths)
        goals = {*await self._goals(deed, referral), *before.goals_reached}
        return found.model_copy(
            update={
                "session_number": before.session_number,
                "goals_reached": tuple(one for one in found.goals_reached if one in goals),
            }
        )

    async def _goals(self, deed: OpenDeed, referral: Referral) -> tuple[str, ...]:
        key_id = (await stored.patient(deed.session, referral.patient_id)).key_id
        opened = await deed.open(key_id, request_cell(referral.id), referral.request_sealed)
        return Request.model_validate_json(opened).each_goal

    async def _signs_in(self, note: str, posted_on: date) -> tuple[Hit, ...]:
        """Signs in what was written beside the fields act as those in a reply do."""
        if not note.strip():
            return ()
        return StoredReading.of(await self._updates.read(note, posted_on)).hits


def _unread(reference: str) -> str:
    return (
        f"Something went wrong on our side: these can't be read now. Reference {reference}. "
        "Please leave them out for now; what else you wrote is still here."
    )


async def _own(deed: OpenDeed, entry_id: str) -> tuple[Referral, Entry]:
    """An update and its referral, locked, if whoever acts is its author."""
    glimpse = await stored.entry(deed.session, entry_id)
    if glimpse is None or glimpse.kind is not EntryKind.UPDATE:
        raise NotYours
    referral = await deed.referral(glimpse.referral_id)
    entry = await stored.entry_to_change(deed.session, entry_id)
    if entry.author_id != deed.person.id:
        raise NotYourPart
    return referral, entry


def _texts(fields: SessionFields) -> list[str]:
    """What was written into fields, word for word."""
    return [value for _, value in fields if isinstance(value, str)]


def _still_said(before: StoredReading, fields: SessionFields) -> tuple[Hit, ...]:
    """Signs that were read and that stay in the list; those taken out leave the reading, and the
    concern that they raised says that they did."""
    kept = {code.value for code in fields.red_flags}
    return tuple(hit for hit in before.hits if hit.rule in kept)
