"""What is said in a referral's thread: kept word for word, revised, never overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.concern import Severity, Worry, concern_in
from bot.care.notes import CONTINUES_WITHIN, split_notes
from bot.care.people import Part
from bot.care.permissions import Deed
from bot.care.reader import Reading
from bot.care.rules import ClinicalRules
from bot.care.session import SessionFields, StoredReading
from bot.ids import new_id
from bot.notices import Typed, UpdateKept
from bot.services.actor import Actor
from bot.services.asking import spoke
from bot.services.concern_raising import raise_concern
from bot.services.deeds import Deeds, OpenDeed, Receipt, refuse_erased
from bot.services.identifiers import watch
from bot.services.red_flags import act_on, hits_of, words_are_gone
from bot.services.session_updates import (
    SessionUpdates,
    kept_key,
    next_number,
    posted,
    wording,
    words_cell,
    words_of,
)
from bot.services.update_readings import day_of, reading_that_holds
from bot.store.queries import concerns, inbox
from bot.store.queries import referrals as stored
from bot.store.queries.readings import stands
from bot.store.tables.referrals import Referral
from bot.store.tables.threads import Entry, EntryKind, Revision

__all__ = ["KnownReply", "OpenThread", "Said", "Threads", "keep_words", "kept_key", "words_cell"]


@dataclass(frozen=True)
class Said:
    """A message in a channel as Slack tells it: `ts` names it, `said_ts` this wording of it."""

    channel_id: str
    thread_ts: str
    ts: str
    said_ts: str
    words: str


@dataclass(frozen=True)
class KnownReply:
    """What the record has of a reply: every wording's Slack timestamp, and whether it stands."""

    wordings: frozenset[str]
    stands: bool


@dataclass(frozen=True)
class OpenThread:
    """A thread of an unfinished referral, and the replies that are known, by timestamp."""

    referral_id: str
    channel_id: str
    thread_ts: str
    known: Mapping[str, KnownReply]


class Threads:
    """The deeds of the thread. Each is idempotent: Slack may tell things twice."""

    def __init__(self, deeds: Deeds, rules: ClinicalRules) -> None:
        self._deeds = deeds
        self._updates = SessionUpdates(rules)

    async def hear(self, actor: Actor, said: Said, receipt: Receipt) -> None:
        """Keep a reply, or a new wording of one, if its thread is a referral's.

        A wording that was not known before is a revision; an edit that comes before its message is
        the message.
        """
        words = without_lone_surrogates(said.words)
        async with self._deeds.begin(actor, Deed.WRITE_IN_THREAD, receipt=receipt) as deed:
            referral = await stored.referral_in_thread(
                deed.session, actor.team_id, said.channel_id, said.thread_ts
            )
            if referral is None or said.ts == said.thread_ts:
                return
            part = await deed.allow(referral)
            entry = await stored.entry_at(deed.session, said.channel_id, said.ts)
            if entry is None:
                await self._record(deed, referral, part, said, words)
            else:
                await self._revise(deed, referral, part, entry, said, words)

    async def withdraw(self, actor: Actor, channel_id: str, ts: str, receipt: Receipt) -> None:
        """A message was deleted in Slack: note it. Its words stay in the record."""
        async with self._deeds.begin(actor, Deed.WITHDRAW_WORDS, receipt=receipt) as deed:
            entry = await stored.entry_at(deed.session, channel_id, ts)
            if entry is None or entry.withdrawn_at is not None:
                return
            referral = await stored.referral_to_change(deed.session, entry.referral_id)
            if referral is None or referral.team_id != actor.team_id:
                return
            await refuse_erased(deed.session, referral)
            await self._withdraw(deed, referral, entry)
            await deed.note("entry", entry.id, referral=referral.id)

    async def open_threads(self) -> list[OpenThread]:
        """Every thread that may still be written in, with what is known of it."""
        async with self._deeds.database.reading() as session:
            return [
                OpenThread(
                    referral.id,
                    room.channel_id,
                    referral.thread_ts,
                    await _known(session, referral.id),
                )
                for referral, room in await stored.open_threads(session)
                if room.channel_id is not None and referral.thread_ts is not None
            ]

    async def known(self, referral_id: str) -> Mapping[str, KnownReply]:
        """The replies of a thread that are in the record, by timestamp."""
        async with self._deeds.database.reading() as session:
            return await _known(session, referral_id)

    async def not_ours(self, receipt: Receipt) -> None:
        """An event that asks for nothing."""
        async with self._deeds.database.transaction() as session:
            await inbox.settle(session, receipt.event_key)

    async def _record(
        self, deed: OpenDeed, referral: Referral, part: Part, said: Said, words: str
    ) -> None:
        worry = concern_in(words)
        notes = split_notes(words) if part.is_therapists_side and worry is None else [words]
        reading = await self._updates.read(notes[0], day_of(said.ts, deed.person))
        kind = _kind_of(referral, part, worry, reading)
        head = None
        if worry is None and part.is_therapists_side and len(notes) == 1:
            head = await self._continued(deed, referral, said, words, reading)
        if head is not None:
            kind = EntryKind.MESSAGE
        entry = Entry(
            id=new_id(),
            referral_id=referral.id,
            channel_id=said.channel_id,
            ts=said.ts,
            author_id=deed.person.id,
            kind=kind,
            number=await next_number(deed, referral) if kind is EntryKind.UPDATE else None,
            recorded_at=deed.now,
            joins_id=head.id if head else None,
        )
        deed.session.add(entry)
        await deed.session.flush()
        await self._keep_words(deed, referral, entry, said.said_ts, words)
        await watch(deed, referral, Typed.REPLY, entry.id, words)
        await spoke(deed, referral, deed.person)
        if head is not None:
            await self._updates.read_again(deed, referral, head)
        elif kind is EntryKind.UPDATE:
            await self._updates.keep(deed, referral, entry, notes[0], reading)
            await self._other_notes(deed, referral, entry, said, notes[1:])
        elif part.is_therapists_side:
            await self._act(deed, referral, entry, words, reading, worry)
        elif worry is not None:
            await raise_concern(deed, referral, deed.person, Severity.URGENT, worry, entry.id)
        await deed.note("entry", entry.id, referral=referral.id, kind=kind.value)

    async def _act(
        self,
        deed: OpenDeed,
        referral: Referral,
        entry: Entry,
        words: str,
        reading: Reading,
        worry: str | None,
    ) -> None:
        """A therapist's words that are no update: signs in them are acted on all the same."""
        hits = await hits_of(deed, referral, entry, StoredReading.of(reading), self._updates.rules)
        raised = Worry(worry, Severity.URGENT) if worry is not None else None
        await act_on(deed, referral, entry, deed.person, hits, words, worry=raised)

    async def _continued(
        self, deed: OpenDeed, referral: Referral, said: Said, words: str, reading: Reading
    ) -> Entry | None:
        """The update that a message goes on with: of the same author, within a minute, unless it
        names another session; and if it is no update by itself, only where it adds something."""
        before = await stored.reply_before(deed.session, referral.id, deed.person.id, said.ts)
        if before is None or float(said.ts) - float(before.ts or 0) > CONTINUES_WITHIN:
            return None
        head = await stored.entry(deed.session, before.joins_id) if before.joins_id else before
        if head is None or head.kind is not EntryKind.UPDATE or not stands(head):
            return None
        known = await reading_that_holds(deed, referral, head)
        if known is None:
            return None
        first = known[1].fields
        if reading.session_number not in {None, first.session_number}:
            return None
        if reading.is_update:
            return head
        note = await self._updates.note_of(deed, referral, head)
        joined = await self._updates.read(f"{note}\n{words}", posted(head, deed.person))
        return head if SessionFields.of(joined) != first else None

    async def _other_notes(
        self, deed: OpenDeed, referral: Referral, head: Entry, said: Said, notes: Sequence[str]
    ) -> None:
        """The second and further notes of one message: each a session update of its own."""
        known = [
            one
            for one in await stored.joined_to(deed.session, head.id)
            if one.kind is EntryKind.UPDATE
        ]
        for place, note in enumerate(notes):
            if place < len(known):
                entry = known[place]
                entry.withdrawn_at = None
                entry.revision += 1
            else:
                entry = Entry(
                    id=new_id(),
                    referral_id=referral.id,
                    channel_id=head.channel_id,
                    author_id=head.author_id,
                    kind=EntryKind.UPDATE,
                    number=await next_number(deed, referral),
                    recorded_at=deed.now,
                    joins_id=head.id,
                )
            deed.session.add(entry)
            await deed.session.flush()
            await self._keep_words(deed, referral, entry, said.said_ts, note)
            reading = await self._updates.read(note, day_of(said.ts, deed.person))
            await self._updates.keep(deed, referral, entry, note, reading)
        for gone in known[len(notes) :]:
            await self._withdraw(deed, referral, gone)

    async def _revise(
        self,
        deed: OpenDeed,
        referral: Referral,
        part: Part,
        entry: Entry,
        said: Said,
        words: str,
    ) -> None:
        known = await stored.revisions_of(deed.session, entry.id)
        if words == await words_of(deed, referral, entry):
            return  # Slack tells of changes that are none, a link's preview for instance.
        # Slack names an edit by its second: another one of the same second has other words.
        same = [one for one in known if one.said_ts == said.said_ts]
        if words in [await wording(deed, referral, one) for one in same]:
            return
        entry.revision = known[-1].revision + 1
        deed.session.add(entry)
        await self._keep_words(deed, referral, entry, said.said_ts, words)
        await watch(deed, referral, Typed.REPLY, entry.id, words)
        worry = concern_in(words)
        if entry.moved_to_id is not None:
            await self._revise_moved(deed, entry.moved_to_id, said, words)
        elif entry.kind is EntryKind.UPDATE:
            await self._updates.read_again(deed, referral, entry)
            await self._other_notes(deed, referral, entry, said, split_notes(words)[1:])
        elif entry.joins_id is not None:
            head = await stored.entry(deed.session, entry.joins_id)
            if head is not None:
                await self._updates.read_again(deed, referral, head)
        elif part.is_therapists_side:
            await self._revise_message(deed, referral, entry, words, worry)
        elif worry and await concerns.concern_of_entry(deed.session, entry.id) is None:
            await raise_concern(deed, referral, deed.person, Severity.URGENT, worry, entry.id)
        await deed.note(
            "entry", entry.id, referral=referral.id, revision=str(entry.revision), part=part.value
        )

    async def _revise_message(
        self, deed: OpenDeed, referral: Referral, entry: Entry, words: str, worry: str | None
    ) -> None:
        """What was no update may have become one."""
        reading = await self._updates.read(words, posted(entry, deed.person))
        kind = _kind_of(referral, Part.THERAPIST, worry, reading)
        if entry.kind is EntryKind.MESSAGE and kind is EntryKind.UPDATE:
            entry.kind = kind
            entry.number = await next_number(deed, referral)
            deed.session.add(entry)
            await deed.session.flush()
            await self._updates.keep(deed, referral, entry, words, reading)
        else:
            await self._act(deed, referral, entry, words, reading, worry)

    async def _revise_moved(self, deed: OpenDeed, entry_id: str, said: Said, words: str) -> None:
        """An update that was moved is revised where it is now, too."""
        entry = await stored.entry(deed.session, entry_id)
        referral = (
            await stored.referral_to_change(deed.session, entry.referral_id) if entry else None
        )
        if entry is None or referral is None:
            return
        entry.revision += 1
        deed.session.add(entry)
        await self._keep_words(deed, referral, entry, said.said_ts, words)
        await self._updates.read_again(deed, referral, entry)

    async def _withdraw(self, deed: OpenDeed, referral: Referral, entry: Entry) -> None:
        """Its words stay in the record; what they meant no longer counts, but for signs."""
        entry.withdrawn_at = deed.now
        deed.session.add(entry)
        await deed.session.flush()
        if entry.moved_to_id is not None:
            return  # It was deleted where it did not belong; it stands where it does.
        if entry.kind is EntryKind.UPDATE:
            for other in await stored.joined_to(deed.session, entry.id):
                if other.kind is EntryKind.UPDATE and other.withdrawn_at is None:
                    await self._withdraw(deed, referral, other)
            await self._updates.recount(deed, referral)
            await deed.redraw(UpdateKept(entry_id=entry.id), kept_key(entry.id))
        elif entry.joins_id is not None:
            head = await stored.entry(deed.session, entry.joins_id)
            if head is not None and head.withdrawn_at is None:
                await self._updates.read_again(deed, referral, head)
        await words_are_gone(deed, entry)

    async def _keep_words(
        self, deed: OpenDeed, referral: Referral, entry: Entry, said_ts: str, words: str
    ) -> None:
        await keep_words(deed, referral, entry, said_ts, words)


async def keep_words(
    deed: OpenDeed, referral: Referral, entry: Entry, said_ts: str, words: str
) -> None:
    """Keep one wording of an entry, its `revision`."""
    patient = await stored.patient(deed.session, referral.patient_id)
    revision_id = new_id()
    deed.session.add(
        Revision(
            id=revision_id,
            entry_id=entry.id,
            revision=entry.revision,
            said_ts=said_ts,
            words_sealed=await deed.seal(patient.key_id, words_cell(revision_id), words),
            recorded_at=deed.now,
        )
    )
    await deed.session.flush()


async def _known(session: AsyncSession, referral_id: str) -> dict[str, KnownReply]:
    return {
        ts: KnownReply(frozenset(wordings), stands)
        for ts, wordings, stands in await stored.known_replies(session, referral_id)
    }


def _kind_of(referral: Referral, part: Part, worry: str | None, reading: Reading) -> EntryKind:
    if worry is not None:
        return EntryKind.CONCERN
    if part.is_therapists_side and referral.state.takes_updates and reading.is_update:
        return EntryKind.UPDATE
    return EntryKind.MESSAGE


def without_lone_surrogates(text: str) -> str:
    """`text` as UTF-8 can hold it: halves of characters that JSON can carry become U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
