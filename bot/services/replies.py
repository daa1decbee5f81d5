"""A reply and its changes: every wording is kept, and what was read from it follows its words.

A message may hold several notes, each an update of its own; a note may go on in a second message;
and an update may be in another patient's record by now, where it was moved. Whatever is done to a
message reaches the update that its words are in, and no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.care.attached import NOTHING, Attached, ReplyWord
from bot.care.concern import Severity, Worry, concern_in
from bot.care.notes import places_of, split_notes
from bot.care.people import Part
from bot.care.permissions import Deed, may
from bot.care.reader import Reading
from bot.care.session import StoredReading
from bot.ids import new_id
from bot.notices import Typed, UpdateKept, WordOnReply, to_ear
from bot.services.concern_raising import raise_concern
from bot.services.deeds import OpenDeed
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
from bot.services.update_readings import day_of
from bot.store.queries import concerns, people
from bot.store.queries import referrals as stored
from bot.store.queries.readings import stands
from bot.store.tables.referrals import Referral
from bot.store.tables.threads import Entry, EntryKind, Revision

_MOVED: Final = "moved:"


@dataclass(frozen=True)
class Said:
    """A message in a channel as Slack tells it: `ts` names it, `said_ts` this wording of it."""

    channel_id: str
    thread_ts: str
    ts: str
    said_ts: str
    words: str
    attached: Attached = NOTHING


class Replies:
    """What it means that a reply was edited or deleted."""

    def __init__(self, updates: SessionUpdates) -> None:
        self._updates = updates

    async def revise(
        self,
        deed: OpenDeed,
        referral: Referral,
        part: Part,
        entry: Entry,
        said: Said,
        words: str,
    ) -> None:
        """Keep a wording that was not known, and read again what it is part of."""
        known = await stored.revisions_of(deed.session, entry.id)
        before = await wording(deed, referral, known[-1])
        if words == before:
            return  # Slack tells of changes that are none, a link's preview for instance.
        # Slack names an edit by its second: another one of the same second has other words.
        same = [one for one in known if one.said_ts == said.said_ts]
        if same and said.said_ts == said.ts:
            return
        if words in [await wording(deed, referral, one) for one in same]:
            return
        await _add_wording(deed, referral, entry, said.said_ts, words)
        if _is_older(said, known[-1]):
            # Slack brings things out of order. What was said last goes on to hold.
            await _add_wording(deed, referral, entry, known[-1].said_ts, before)
            return
        await watch(deed, referral, Typed.REPLY, entry.id, words)
        worry = concern_in(words)
        if entry.kind is EntryKind.UPDATE:
            await self._revise_notes(deed, referral, entry, said, before, words)
        elif entry.joins_id is not None:
            await self._revise_head(deed, referral, entry.joins_id, said)
        elif part.is_therapists_side:
            await self._revise_message(deed, referral, entry, words, worry)
        elif worry and await concerns.concern_of_entry(deed.session, entry.id) is None:
            await raise_concern(deed, referral, deed.person, Severity.URGENT, worry, entry.id)
        await deed.note(
            "entry", entry.id, referral=referral.id, revision=str(entry.revision), part=part.value
        )

    async def withdraw(self, deed: OpenDeed, referral: Referral, entry: Entry) -> None:
        """It was deleted. Its words stay in the record; what they meant no longer counts, but for
        signs."""
        entry.withdrawn_at = deed.now
        deed.session.add(entry)
        await deed.session.flush()
        if entry.kind is EntryKind.UPDATE:
            for other in await _other_notes(deed, entry):
                await self.withdraw(deed, referral, other)
            if entry.moved_to_id is not None:
                return  # It was deleted where it did not belong; it stands where it does.
            await self._goes_on(deed, referral, entry)
            await self._updates.recount(deed, referral)
            await self._updates.look_at_others(deed, referral, entry)
            await deed.redraw(UpdateKept(entry_id=entry.id), kept_key(entry.id))
        elif entry.joins_id is not None:
            head = await stored.entry(deed.session, entry.joins_id)
            was_said = (await words_of(deed, referral, entry)).strip()
            if head is not None and stands(head) and was_said:
                await self._updates.read_again(deed, referral, head)
        await words_are_gone(deed, entry)

    async def keep_note(
        self, deed: OpenDeed, referral: Referral, head: Entry, said: Said, note: str
    ) -> None:
        """A further note of a message: a session update of its own."""
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
        await keep_words(deed, referral, entry, said.said_ts, note)
        reading = await self._updates.read(note, day_of(said.ts, deed.person))
        await self._updates.keep(deed, referral, entry, note, reading)

    async def act(
        self,
        deed: OpenDeed,
        referral: Referral,
        entry: Entry,
        words: str,
        reading: Reading,
        worry: str | None,
    ) -> None:
        """A therapist's words that are no update: signs in them are acted on all the same."""
        hits = hits_of(entry.id, StoredReading.of(reading), (), self._updates.rules)
        raised = Worry(worry, Severity.URGENT) if worry is not None else None
        await act_on(deed, referral, entry, deed.person, hits, words, worry=raised)

    async def _revise_notes(
        self,
        deed: OpenDeed,
        referral: Referral,
        head: Entry,
        said: Said,
        before: str,
        words: str,
    ) -> None:
        """Each note of a message follows its own words; one whose words stay is left in peace."""
        others = await _other_notes(deed, head)
        was = split_notes(before)
        held = others
        texts = [await words_of(deed, referral, one) for one in others]
        if len(was) > len(others):  # else the message's first note was taken out before
            held, texts = [head, *others], [was[0], *texts]
        notes = split_notes(words)
        moved = {at for at, one in enumerate(held) if one.moved_to_id is not None}
        places = places_of(texts, notes, moved)
        for entry, text, place in zip(held, texts, places, strict=True):
            if place is None:
                await self._take_out(deed, referral, head, entry)
            elif notes[place].strip() != text.strip():
                await self._change(deed, referral, head, entry, said, notes[place])
        free = await self._free(deed, head, held)
        for place, note in enumerate(notes):
            if place not in places and free:
                await self._change(deed, referral, head, free.pop(0), said, note)
            elif place not in places:
                await self.keep_note(deed, referral, head, said, note)

    async def _free(self, deed: OpenDeed, head: Entry, held: Sequence[Entry]) -> list[Entry]:
        """Updates of a message whose notes were taken out earlier: a new note is one of them, back
        again."""
        known = await stored.joined_to(deed.session, head.id)
        gone = [one for one in known if one.kind is EntryKind.UPDATE and one not in held]
        mine = [head] if head not in held else []
        return [one for one in [*mine, *gone] if one.moved_to_id is None]

    async def _take_out(
        self, deed: OpenDeed, referral: Referral, head: Entry, entry: Entry
    ) -> None:
        """Its words are not in the message any more. The message's own entry stands as long as the
        message does, so it is set aside."""
        if entry is not head:
            await self.withdraw(deed, referral, entry)
        elif head.moved_to_id is None:
            await self._updates.set_aside(deed, referral, head)

    async def _change(
        self, deed: OpenDeed, referral: Referral, head: Entry, entry: Entry, said: Said, note: str
    ) -> None:
        if entry is not head:  # the message's own wording is kept already
            entry.withdrawn_at = None
            await _add_wording(deed, referral, entry, said.said_ts, note)
        if entry.moved_to_id is not None:
            words = await self._updates.note_of(deed, referral, entry, note)
            await self._revise_moved(deed, entry.moved_to_id, said, words)
        else:
            await self._updates.read_again(deed, referral, entry, note)

    async def _revise_head(
        self, deed: OpenDeed, referral: Referral, head_id: str, said: Said
    ) -> None:
        """The words of what continues an update were edited."""
        head = await stored.entry(deed.session, head_id)
        if head is None:
            return
        if head.moved_to_id is not None:
            words = await self._updates.note_of(deed, referral, head)
            await self._revise_moved(deed, head.moved_to_id, said, words)
        elif head.withdrawn_at is None:
            await self._updates.read_again(deed, referral, head)

    async def _revise_message(
        self, deed: OpenDeed, referral: Referral, entry: Entry, words: str, worry: str | None
    ) -> None:
        """What was no update may have become one."""
        reading = await self._updates.read(words, posted(entry, deed.person))
        kind = kind_of(referral, Part.THERAPIST, worry, reading)
        if entry.kind is EntryKind.MESSAGE and kind is EntryKind.UPDATE:
            await self._becomes_update(deed, referral, entry, words, reading)
        else:
            await self.act(deed, referral, entry, words, reading, worry)

    async def _becomes_update(
        self,
        deed: OpenDeed,
        referral: Referral,
        entry: Entry,
        words: str,
        reading: Reading,
        *,
        is_logged: bool = False,
    ) -> None:
        number = await next_number(deed, referral)
        entry.kind, entry.number = EntryKind.UPDATE, number  # both at once, or neither
        deed.session.add(entry)
        await deed.session.flush()
        await self._updates.keep(deed, referral, entry, words, reading, is_logged=is_logged)

    async def _revise_moved(self, deed: OpenDeed, entry_id: str, said: Said, words: str) -> None:
        """An update that was moved is revised where it is now, if its author still may there."""
        entry = await stored.entry(deed.session, entry_id)
        while entry is not None and entry.moved_to_id is not None:
            entry = await stored.entry(deed.session, entry.moved_to_id)
        if entry is None:
            return
        referral = await stored.referral_to_change(deed.session, entry.referral_id)
        if referral is None or words == await words_of(deed, referral, entry):
            return
        if not may(await deed.part_of(deed.person, referral), Deed.WRITE_IN_THREAD):
            return
        await _add_wording(deed, referral, entry, said.said_ts, words)
        await self._updates.read_again(deed, referral, entry)

    async def _goes_on(self, deed: OpenDeed, referral: Referral, head: Entry) -> None:
        """Its first message was deleted and further ones stand: they are read by themselves, and
        what they gave reason for goes with them."""
        known = await stored.joined_to(deed.session, head.id)
        left = [one for one in known if one.kind is EntryKind.MESSAGE and one.withdrawn_at is None]
        if not left:
            return
        first, *rest = left
        first.joins_id = None
        for one in rest:
            one.joins_id = first.id
        deed.session.add_all(left)
        await deed.session.flush()
        author = await people.person(deed.session, first.author_id)
        words = await self._updates.note_of(deed, referral, first)
        reading = await self._updates.read(words, posted(first, author))
        if not reading.is_update or not referral.state.takes_updates:
            return
        concern = await concerns.concern_of_entry(deed.session, head.id)
        if concern is not None:
            concern.entry_id = first.id
            deed.session.add(concern)
            await deed.session.flush()
        await self._becomes_update(deed, referral, first, words, reading, is_logged=True)


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


async def tell_author(deed: OpenDeed, referral: Referral, entry: Entry, word: ReplyWord) -> None:
    """Owe a word to a reply's author, which nobody else sees."""
    await deed.whisper(
        to_ear(referral.id, entry.author_id),
        WordOnReply(referral_id=referral.id, word=word),
        f"word:{entry.id}:{entry.revision}",
    )


def kind_of(referral: Referral, part: Part, worry: str | None, reading: Reading) -> EntryKind:
    """What a reply is to the record, by who wrote it and what was read."""
    if worry is not None:
        return EntryKind.CONCERN
    if part.is_therapists_side and referral.state.takes_updates and reading.is_update:
        return EntryKind.UPDATE
    return EntryKind.MESSAGE


async def _add_wording(
    deed: OpenDeed, referral: Referral, entry: Entry, said_ts: str, words: str
) -> None:
    entry.revision += 1
    deed.session.add(entry)
    await keep_words(deed, referral, entry, said_ts, words)


async def _other_notes(deed: OpenDeed, head: Entry) -> list[Entry]:
    """The second and further notes that stand in a message, in order."""
    known = await stored.joined_to(deed.session, head.id)
    return [one for one in known if one.kind is EntryKind.UPDATE and one.withdrawn_at is None]


def moved_as(entry_id: str) -> str:
    """The name of the first wording of an update that was moved: by what it was before."""
    return f"{_MOVED}{entry_id}"


def moved_out_of(revision: Revision) -> str | None:
    """What an update was before it was moved, by its first wording; None if it was not."""
    is_moved = revision.said_ts.startswith(_MOVED)
    return revision.said_ts.removeprefix(_MOVED) if is_moved else None


def _is_older(said: Said, newest: Revision) -> bool:
    """Whether a wording was said before the newest that is known. The message itself is older than
    its edits, even than those of its own second."""
    return said.said_ts == said.ts or int(float(said.said_ts)) < int(float(newest.said_ts))


def without_lone_surrogates(text: str) -> str:
    """`text` as UTF-8 can hold it: halves of characters that JSON can carry become U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
