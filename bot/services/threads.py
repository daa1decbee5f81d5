"""What is said in a referral's thread: kept word for word, revised, never overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.boundary import Failed, attempt
from bot.care.concern import Severity, concern_in
from bot.care.people import Part
from bot.care.permissions import Deed
from bot.care.reader import Reading, read_note
from bot.care.referral import Move
from bot.care.rules import ClinicalRules
from bot.care.session import Origin, StoredReading
from bot.ids import new_id
from bot.notices import UpdateKept, to_thread
from bot.services.actor import Actor
from bot.services.concerns import raise_concern
from bot.services.deeds import Deeds, OpenDeed, Receipt
from bot.services.referrals import move
from bot.services.update_readings import day_of, keep_reading
from bot.store.queries import concerns, inbox
from bot.store.queries import referrals as stored
from bot.store.tables.referrals import Referral
from bot.store.tables.threads import Entry, EntryKind, Revision
from bot.store.vault import Cell


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
        self._rules = rules

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
            entry.withdrawn_at = deed.now
            deed.session.add(entry)
            await deed.session.flush()
            if entry.kind is EntryKind.UPDATE:
                referral.updates = await stored.count_of_updates(deed.session, referral.id)
                deed.session.add(referral)
                await deed.redraw(UpdateKept(entry_id=entry.id), kept_key(entry.id))
                await deed.redraw_card(referral)
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
        reading = await self._read(words, day_of(said.ts, deed.person))
        kind = _kind_of(referral, part, worry, reading)
        entry = Entry(
            id=new_id(),
            referral_id=referral.id,
            channel_id=said.channel_id,
            ts=said.ts,
            author_id=deed.person.id,
            kind=kind,
            number=await _next_number(deed, referral) if kind is EntryKind.UPDATE else None,
            recorded_at=deed.now,
        )
        deed.session.add(entry)
        await deed.session.flush()
        await self._keep_words(deed, referral, entry, said, words)
        if kind is EntryKind.UPDATE:
            await self._keep_reading(deed, referral, entry, reading)
            referral.updates = await stored.count_of_updates(deed.session, referral.id)
            deed.session.add(referral)
            await move(deed, referral, Move.LOG_SESSION)
            await deed.tell(
                to_thread(referral.id), UpdateKept(entry_id=entry.id), kept_key(entry.id)
            )
        if worry is not None:
            await raise_concern(deed, referral, deed.person, Severity.URGENT, worry, entry.id)
        await deed.note("entry", entry.id, referral=referral.id, kind=kind.value)

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
        if any(revision.said_ts == said.said_ts for revision in known):
            return
        latest = known[-1]
        patient = await stored.patient(deed.session, referral.patient_id)
        if words == await deed.open(patient.key_id, words_cell(latest.id), latest.words_sealed):
            return  # Slack tells of changes that are none, a link's preview for instance.
        entry.revision = latest.revision + 1
        deed.session.add(entry)
        await self._keep_words(deed, referral, entry, said, words)
        if entry.kind is EntryKind.UPDATE:
            reading = await self._read(words, day_of(said.ts, deed.person))
            await self._keep_reading(deed, referral, entry, reading)
            await deed.redraw(UpdateKept(entry_id=entry.id), kept_key(entry.id))
        worry = concern_in(words)
        if worry is not None and await concerns.concern_of_entry(deed.session, entry.id) is None:
            await raise_concern(deed, referral, deed.person, Severity.URGENT, worry, entry.id)
        await deed.note(
            "entry", entry.id, referral=referral.id, revision=str(entry.revision), part=part.value
        )

    async def _read(self, words: str, posted_on: date) -> Reading:
        """What the reader makes of it. A reader that fails loses no words: nothing was read then,
        and the update waits for its author."""

        async def read() -> Reading:
            return read_note(words, posted_on, self._rules)

        done = await attempt(read(), "reader")
        return Reading(is_update=True) if isinstance(done, Failed) else done.result

    async def _keep_reading(
        self, deed: OpenDeed, referral: Referral, entry: Entry, reading: Reading
    ) -> None:
        await keep_reading(
            deed, referral, entry, StoredReading.of(reading), Origin.READ, self._rules.version
        )

    async def _keep_words(
        self, deed: OpenDeed, referral: Referral, entry: Entry, said: Said, words: str
    ) -> None:
        patient = await stored.patient(deed.session, referral.patient_id)
        revision_id = new_id()
        deed.session.add(
            Revision(
                id=revision_id,
                entry_id=entry.id,
                revision=entry.revision,
                said_ts=said.said_ts,
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
    if part is Part.THERAPIST and referral.state.takes_updates and reading.is_update:
        return EntryKind.UPDATE
    return EntryKind.MESSAGE


async def _next_number(deed: OpenDeed, referral: Referral) -> int:
    """Session updates are counted on; a withdrawn one keeps its number."""
    return await stored.highest_number(deed.session, referral.id) + 1


def without_lone_surrogates(text: str) -> str:
    """`text` as UTF-8 can hold it: halves of characters that JSON can carry become U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def kept_key(entry_id: str) -> str:
    """The outbox key of the bot's answer to a session update."""
    return f"kept:{entry_id}"


def words_cell(revision_id: str) -> Cell:
    return Cell("revisions", "words_sealed", revision_id)
