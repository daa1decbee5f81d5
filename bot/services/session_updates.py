"""What a session update means, inside the deed that keeps its words: read, counted, acted on."""

from collections.abc import Sequence
from datetime import date

from bot.boundary import Failed, attempt
from bot.care.concern import Severity, Worry
from bot.care.notes import split_notes
from bot.care.reader import Reading, read_note
from bot.care.referral import Move
from bot.care.rules import ClinicalRules
from bot.care.session import Girth, Origin, Session, SessionFields, StoredReading
from bot.care.session_form import FilledSession
from bot.notices import ConfirmUpdate, UpdateKept, to_ear, to_thread
from bot.services.deeds import OpenDeed
from bot.services.red_flags import act_on, affected_by, hits_of, words_are_gone, worry_anew
from bot.services.referrals import move
from bot.services.update_readings import day_of, keep_reading, reading_that_holds, sessions
from bot.store.queries import concerns, people
from bot.store.queries import referrals as stored
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral
from bot.store.tables.threads import Entry, EntryKind, Revision
from bot.store.vault import Cell


class SessionUpdates:
    """Reads with the clinic's rules, and keeps what was read."""

    def __init__(self, rules: ClinicalRules) -> None:
        self.rules = rules

    async def read(self, words: str, posted_on: date) -> Reading:
        """What the reader makes of a note. A reader that fails loses no words: then nothing was
        read, and the update waits for its author, who is told the reference."""

        async def reading() -> Reading:
            return read_note(words, posted_on, self.rules)

        done = await attempt(reading(), "reader")
        if isinstance(done, Failed):
            return Reading(is_update=True, unread=done.reference)
        return done.result

    async def girths(self, filled: FilledSession, today: date) -> tuple[Girth, ...] | Failed:
        """The girths that were written into a form, by the same reader; see `read`."""

        async def reading() -> tuple[Girth, ...]:
            return filled.girths_read(today, self.rules)

        done = await attempt(reading(), "reader")
        return done if isinstance(done, Failed) else done.result

    async def keep(
        self,
        deed: OpenDeed,
        referral: Referral,
        entry: Entry,
        words: str,
        reading: Reading,
        *,
        is_logged: bool = False,
        photos: tuple[str, ...] = (),
    ) -> None:
        """A new update, or new words of one: keep the reading, act on it, ask its author.

        `is_logged`: its session moved the referral on before, as part of another update. `photos`
        came with the words.
        """
        held = await reading_that_holds(deed, referral, entry)
        before = held[1].fields if held else None
        stored_reading = StoredReading.of(reading)
        if held is not None:
            stored_reading = stored_reading.with_account_of(held[1])
        stored_reading = stored_reading.with_photos(photos)
        # Words that are an update no more are set aside; they may become one again.
        entry.set_aside_at = None if reading.is_update else deed.now
        row = await keep_reading(
            deed, referral, entry, stored_reading, Origin.READ, self.rules.version
        )
        author = await people.person(deed.session, entry.author_id)
        if before is None and is_logged:
            await self._post(deed, referral, entry)
        elif before is None:
            await self.announce(deed, referral, entry, missed=stored_reading.fields.no_show)
        else:
            await self.recount(deed, referral)
            await deed.redraw(UpdateKept(entry_id=entry.id), kept_key(entry.id))
        if reading.is_update:
            await _ask(deed, referral, entry, row.step)
        await self.act(deed, referral, entry, author, stored_reading, words, before)

    async def add_photos(
        self, deed: OpenDeed, referral: Referral, entry: Entry, photos: tuple[str, ...]
    ) -> None:
        """Photos without a word go on with an update: what was saved stays saved."""
        held = await reading_that_holds(deed, referral, entry)
        if held is None:
            return
        row, reading = held
        new = await keep_reading(
            deed, referral, entry, reading.with_photos(photos), row.origin, row.rules_version
        )
        await deed.redraw(UpdateKept(entry_id=entry.id), kept_key(entry.id))
        if not row.origin.is_confirmed:
            await _ask(deed, referral, entry, new.step)

    async def act(
        self,
        deed: OpenDeed,
        referral: Referral,
        entry: Entry,
        author: Person,
        reading: StoredReading,
        words: str,
        before: SessionFields | None = None,
    ) -> None:
        """Rules act at once, whatever is confirmed later; and so does a worry of the author's.

        `before` is what held until now; None for a new update.
        """
        known = await sessions(deed, referral)
        hits = hits_of(entry.id, reading, known, self.rules)
        said = reading.fields.concern
        is_new = said is not None and (before is None or said != before.concern)
        is_read = said is not None and said in words
        worry = Worry(said, Severity.SOON) if said and is_read and is_new and not hits else None
        if said and is_new:
            await worry_anew(deed, referral, entry, author, said, is_read=is_read)
        await act_on(
            deed,
            referral,
            entry,
            author,
            hits,
            words,
            worry=worry,
            still_worries=said is not None and is_read,
        )
        await self._look_at(deed, referral, entry, known, is_new=before is None)

    async def look_at_others(self, deed: OpenDeed, referral: Referral, entry: Entry) -> None:
        """A session was taken away: what the numbers of the others say may have changed."""
        known = await sessions(deed, referral)
        await self._look_at(deed, referral, entry, known, is_new=False)

    async def _look_at(
        self,
        deed: OpenDeed,
        referral: Referral,
        entry: Entry,
        known: Sequence[Session],
        *,
        is_new: bool,
    ) -> None:
        others = affected_by(entry.id, known, self.rules, is_new=is_new)
        if not others:
            return
        raised = {one.entry_id for one in await concerns.all_of(deed.session, referral.id)}
        for session, speaks in others:
            other = await stored.entry(deed.session, session.entry_id)
            if other is None or not (speaks or session.entry_id in raised):
                continue
            held = await reading_that_holds(deed, referral, other)
            if held is None:
                continue
            reading = held[1]
            await act_on(
                deed,
                referral,
                other,
                await people.person(deed.session, other.author_id),
                hits_of(other.id, reading, known, self.rules),
                await self.note_of(deed, referral, other),
                still_worries=reading.fields.concern is not None,
            )

    async def announce(
        self, deed: OpenDeed, referral: Referral, entry: Entry, *, missed: bool
    ) -> None:
        """A new update moves the referral on, and the thread says that it is kept."""
        await self._post(deed, referral, entry)
        await move(deed, referral, Move.MISS_SESSION if missed else Move.LOG_SESSION)

    async def _post(self, deed: OpenDeed, referral: Referral, entry: Entry) -> None:
        entry.plan_number = referral.plan_number
        deed.session.add(entry)
        await self.recount(deed, referral)
        await deed.tell(to_thread(referral.id), UpdateKept(entry_id=entry.id), kept_key(entry.id))

    async def recount(self, deed: OpenDeed, referral: Referral) -> None:
        """Sessions given, as the card counts them."""
        given = await stored.count_of_updates(deed.session, referral.id)
        if given != referral.updates:
            referral.updates = given
            deed.session.add(referral)
        await deed.redraw_card(referral)

    async def set_aside(self, deed: OpenDeed, referral: Referral, entry: Entry) -> None:
        """It is no session update: it counts no more. Its words stay, and so does a concern."""
        entry.set_aside_at = deed.now
        deed.session.add(entry)
        await deed.session.flush()
        await self.recount(deed, referral)
        await self.look_at_others(deed, referral, entry)
        await words_are_gone(deed, entry)
        await deed.redraw(UpdateKept(entry_id=entry.id), kept_key(entry.id))

    async def read_again(
        self,
        deed: OpenDeed,
        referral: Referral,
        entry: Entry,
        own: str | None = None,
        *,
        photos: tuple[str, ...] = (),
    ) -> None:
        """The words of an update, or of what continues it, have changed; see `note_of`."""
        author = await people.person(deed.session, entry.author_id)
        words = await self.note_of(deed, referral, entry, own)
        reading = await self.read(words, posted(entry, author))
        await self.keep(deed, referral, entry, words, reading, photos=photos)

    async def note_of(
        self, deed: OpenDeed, referral: Referral, entry: Entry, own: str | None = None
    ) -> str:
        """The words that an update is read from: its own, and those of what continues it. `own` is
        given where its message holds several notes.

        What continues one that was moved has been deleted here as it was asked for.
        """
        if own is None:
            words = await words_of(deed, referral, entry)
            own = split_notes(words)[0] if entry.ts is not None else words
        more = [
            await words_of(deed, referral, part)
            for part in await stored.joined_to(deed.session, entry.id)
            if part.kind is EntryKind.MESSAGE
            and (part.withdrawn_at is None or entry.moved_to_id is not None)
        ]
        return "\n".join([own, *more])


async def _ask(deed: OpenDeed, referral: Referral, entry: Entry, step: int) -> None:
    """Ask its author whether the reading of that step is right."""
    await deed.whisper(
        to_ear(referral.id, entry.author_id),
        ConfirmUpdate(entry_id=entry.id, step=step),
        f"confirm:{entry.id}:{step}",
    )


async def words_of(deed: OpenDeed, referral: Referral, entry: Entry) -> str:
    """An entry's words after the latest edit."""
    return await wording(deed, referral, (await stored.revisions_of(deed.session, entry.id))[-1])


async def wording(deed: OpenDeed, referral: Referral, revision: Revision) -> str:
    """An entry's words after one edit."""
    key_id = (await stored.patient(deed.session, referral.patient_id)).key_id
    return await deed.open(key_id, words_cell(revision.id), revision.words_sealed)


def posted(entry: Entry, author: Person) -> date:
    """The day that words such as "today" are about."""
    return day_of(entry.ts or f"{entry.recorded_at.timestamp():.6f}", author)


async def next_number(deed: OpenDeed, referral: Referral) -> int:
    """Session updates are counted on; a withdrawn one keeps its number."""
    return await stored.highest_number(deed.session, referral.id) + 1


def kept_key(entry_id: str) -> str:
    """The outbox key of the bot's answer to a session update."""
    return f"kept:{entry_id}"


def words_cell(revision_id: str) -> Cell:
    return Cell("revisions", "words_sealed", revision_id)
