"""What is said in a referral's thread: kept word for word, revised, never overwritten."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.attached import Attached, ReplyWord
from bot.care.concern import Severity, concern_in
from bot.care.notes import CONTINUES_WITHIN, split_notes
from bot.care.people import Part
from bot.care.permissions import Deed
from bot.care.reader import Reading
from bot.care.rules import ClinicalRules
from bot.care.session import SessionFields
from bot.ids import new_id
from bot.notices import Typed
from bot.services.actor import Actor
from bot.services.asking import spoke
from bot.services.concern_raising import raise_concern
from bot.services.deeds import Deeds, OpenDeed, Receipt, refuse_erased
from bot.services.identifiers import watch
from bot.services.replies import (
    Replies,
    Said,
    keep_words,
    kind_of,
    tell_author,
    without_lone_surrogates,
)
from bot.services.session_updates import (
    SessionUpdates,
    next_number,
    posted,
)
from bot.services.update_readings import day_of, reading_that_holds
from bot.store.queries import inbox
from bot.store.queries import referrals as stored
from bot.store.queries.readings import stands
from bot.store.tables.referrals import Referral
from bot.store.tables.threads import Entry, EntryKind


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
        self._replies = Replies(self._updates)

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
            entry = await stored.entry_at_to_change(deed.session, said.channel_id, said.ts)
            if entry is None:
                await self._record(deed, referral, part, said, words)
            else:
                await self._replies.revise(deed, referral, part, entry, said, words)

    async def withdraw(self, actor: Actor, channel_id: str, ts: str, receipt: Receipt) -> None:
        """A message was deleted in Slack: note it. Its words stay in the record."""
        async with self._deeds.begin(actor, Deed.WITHDRAW_WORDS, receipt=receipt) as deed:
            glimpse = await stored.entry_at(deed.session, channel_id, ts)
            if glimpse is None:
                return
            # The referral first, as everywhere, so that deeds that meet take turns.
            referral = await stored.referral_to_change(deed.session, glimpse.referral_id)
            if referral is None or referral.team_id != actor.team_id:
                return
            entry = await stored.entry_to_change(deed.session, glimpse.id)
            if entry.withdrawn_at is not None:
                return
            await refuse_erased(deed.session, referral)
            await self._replies.withdraw(deed, referral, entry)
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
        kind = kind_of(referral, part, worry, reading)
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
        await keep_words(deed, referral, entry, said.said_ts, words)
        await watch(deed, referral, Typed.REPLY, entry.id, words)
        await spoke(deed, referral, deed.person)
        photos = said.attached.photos
        if head is not None and not words.strip():
            await self._updates.add_photos(deed, referral, head, photos)
        elif head is not None:
            await self._updates.read_again(deed, referral, head, photos=photos)
        elif kind is EntryKind.UPDATE:
            await self._updates.keep(deed, referral, entry, notes[0], reading, photos=photos)
            for note in notes[1:]:
                await self._replies.keep_note(deed, referral, entry, said, note)
        elif part.is_therapists_side:
            await self._replies.act(deed, referral, entry, words, reading, worry)
        elif worry is not None:
            await raise_concern(deed, referral, deed.person, Severity.URGENT, worry, entry.id)
        if part.is_therapists_side:
            is_kept = head is not None or kind is not EntryKind.MESSAGE
            word = _word(referral, reading, said.attached, words, is_kept=is_kept)
            if word is not None:
                await tell_author(deed, referral, entry, word)
        await deed.note("entry", entry.id, referral=referral.id, kind=kind.value)

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
        if not words.strip():
            return head if said.attached.photos else None
        first = known[1].fields
        if reading.session_number not in {None, first.session_number}:
            return None
        if reading.is_update:
            return head
        note = await self._updates.note_of(deed, referral, head)
        joined = await self._updates.read(f"{note}\n{words}", posted(head, deed.person))
        return head if SessionFields.of(joined) != first else None


def _word(
    referral: Referral, reading: Reading, attached: Attached, words: str, *, is_kept: bool
) -> ReplyWord | None:
    """What the author has to know; `is_kept` says that the reply is an update or a concern."""
    if attached.has_recording:
        return ReplyWord.RECORDING
    if is_kept:
        return None
    if not words.strip() and not attached.is_none:
        return ReplyWord.FILE_ALONE
    if reading.is_update and not referral.state.takes_updates:
        return ReplyWord.NOT_UNDER_WAY if referral.state.was_answered else ReplyWord.TOO_EARLY
    return None


async def _known(session: AsyncSession, referral_id: str) -> dict[str, KnownReply]:
    return {
        ts: KnownReply(frozenset(wordings), stands)
        for ts, wordings, stands in await stored.known_replies(session, referral_id)
    }
