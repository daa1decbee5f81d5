"""Replacing identifiers in what the bot keeps, when whoever typed them asks for it.

The sealed text is sealed anew without them, in every wording and reading that has them; the one
before is gone from the database. Slack keeps the message: its author is asked to edit it there.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.care.concern import Sbar
from bot.care.course import Outcome
from bot.care.identifiers import find, replace
from bot.care.permissions import Deed
from bot.care.referral import Move
from bot.care.request import Identifiers, Request
from bot.care.session import Hit, StoredReading
from bot.care.treatment_plan import TreatmentPlan
from bot.notices import ConcernPosted, PlanProposed, Typed, UpdateKept
from bot.services.actor import Actor
from bot.services.concern_record import (
    HITS,
    acknowledgement_cell,
    concern_cell,
    decision_cell,
    hits_cell,
    posted_key,
    resolution_cell,
    sbar_cell,
    withdrawal_cell,
)
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import NotYourPart, NotYours
from bot.services.moves import move_cell
from bot.services.plan_versions import answer_cell, plan_cell, plan_key, reason_cell
from bot.services.referrals import decline_cell, request_cell
from bot.services.session_updates import kept_key, words_cell
from bot.store.queries import concerns, moves, readings
from bot.store.queries import referrals as stored
from bot.store.queries.patients import identifiers_of_room
from bot.store.queries.plans import versions_of
from bot.store.tables.concerns import Acknowledgement, Concern
from bot.store.tables.plans import PlanVersion
from bot.store.tables.referrals import Referral
from bot.store.tables.threads import Entry
from bot.store.vault import Cell

Rewrite = Callable[[str], str]


class Replacing:
    """The deed that replaces. Done twice, it changes nothing the second time."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def replace(self, actor: Actor, typed: Typed, subject_id: str) -> int:
        """Replace identifiers in what was typed; in how many texts.

        Of a reply only its author may; of a concern or a referral those who treat. Raises
        `NotYours`, `NotYourPart`.
        """
        async with self._deeds.begin(actor, Deed.REPLACE_IDENTIFIERS) as deed:
            changed = 0
            match typed:
                case Typed.REPLY:
                    referral, entries = await _own(deed, subject_id)
                    work = await _Work.on(deed, referral)
                    for entry in entries:
                        changed += await work.entry(entry)
                case Typed.CONCERN:
                    concern = await concerns.concern(deed.session, subject_id)
                    if concern is None:
                        raise NotYours
                    referral = await deed.referral(concern.referral_id)
                    work = await _Work.on(deed, referral)
                    changed += await work.concern(subject_id)
                case Typed.REFERRAL:
                    referral = await deed.referral(subject_id)
                    work = await _Work.on(deed, referral)
                    changed += await work.request()
            await deed.redraw_card(referral)
            await deed.note(typed.value, subject_id, referral=referral.id, replaced=str(changed))
            return changed


class _Work:
    """Rewriting the sealed texts of one referral."""

    def __init__(self, deed: OpenDeed, referral: Referral, key_id: str, who: Sequence[Identifiers]):
        self._deed = deed
        self._referral = referral
        self._key_id = key_id
        self._who = who

    @classmethod
    async def on(cls, deed: OpenDeed, referral: Referral) -> "_Work":
        who = await identifiers_of_room(deed.session, deed.vault, referral.room_id)
        key_id = (await stored.patient(deed.session, referral.patient_id)).key_id
        return cls(deed, referral, key_id, who)

    async def entry(self, entry: Entry) -> int:
        """Every wording and reading of a reply, and the concern that it raised."""
        if entry.referral_id != self._referral.id:  # moved to another patient's record
            moved = await stored.referral_to_change(self._deed.session, entry.referral_id)
            return await (await _Work.on(self._deed, moved)).entry(entry) if moved else 0
        changed = 0
        for revision in await stored.revisions_of(self._deed.session, entry.id):
            sealed = await self._anew(words_cell(revision.id), revision.words_sealed, self._words)
            if sealed is not None:
                revision.words_sealed = sealed
                revision.replaced_at = self._now(revision.replaced_at)
                self._deed.session.add(revision)
                changed += 1
        for row in await readings.readings_of(self._deed.session, entry.id):
            cell = readings.reading_cell(row.id)
            sealed = await self._anew(cell, row.reading_sealed, self._reading)
            if sealed is not None:
                row.reading_sealed = sealed
                row.replaced_at = self._now(row.replaced_at)
                self._deed.session.add(row)
                changed += 1
        await self._deed.session.flush()
        raised = await concerns.concern_of_entry(self._deed.session, entry.id)
        if raised is not None:
            changed += await self.concern(raised.id)
        if entry.number is not None and changed:
            await self._deed.redraw(UpdateKept(entry_id=entry.id), kept_key(entry.id))
        return changed

    async def concern(self, concern_id: str) -> int:
        """All that was written about a concern."""
        concern = await concerns.concern_to_change(self._deed.session, concern_id)
        if concern is None:
            return 0
        changed = 0
        for column, cell, rewrite in (
            ("words_sealed", concern_cell(concern_id), self._words),
            ("decision_note_sealed", decision_cell(concern_id), self._words),
            ("resolution_sealed", resolution_cell(concern_id), self._words),
            ("withdrawal_sealed", withdrawal_cell(concern_id), self._words),
            ("hits_sealed", hits_cell(concern_id), self._hits),
            ("sbar_sealed", sbar_cell(concern_id), self._sbar),
        ):
            changed += await self._column(concern, column, cell, rewrite)
        for taken in await concerns.acknowledgements_of(self._deed.session, concern_id):
            cell = acknowledgement_cell(taken.id)
            changed += await self._column(taken, "note_sealed", cell, self._words)
        if changed:
            notice = ConcernPosted(concern_id=concern_id)
            await self._deed.redraw(notice, posted_key(concern_id))
        return changed

    async def request(self) -> int:
        """What the surgeon asked for, and what was written when the referral moved on."""
        changed = 0
        for column, cell, rewrite in (
            ("request_sealed", request_cell(self._referral.id), self._request),
            ("decline_reason_sealed", decline_cell(self._referral.id), self._words),
        ):
            changed += await self._column(self._referral, column, cell, rewrite)
        for row in await moves.moves_of(self._deed.session, self._referral.id):
            if row.words_sealed is None:
                continue
            rewrite = self._outcome if row.move is Move.COMPLETE else self._words
            sealed = await self._anew(move_cell(row.id), row.words_sealed, rewrite)
            if sealed is not None:
                row.words_sealed = sealed
                row.replaced_at = self._now(row.replaced_at)
                self._deed.session.add(row)
                changed += 1
        await self._deed.session.flush()
        return changed + await self._plans()

    async def _plans(self) -> int:
        """What was written in every version of the plan, and in the answers to them."""
        changed = 0
        for version in await versions_of(self._deed.session, self._referral.id):
            before = changed
            for column, cell, rewrite in (
                ("plan_sealed", plan_cell(version.id), self._plan),
                ("reason_sealed", reason_cell(version.id), self._words),
                ("answer_sealed", answer_cell(version.id), self._words),
            ):
                changed += await self._column(version, column, cell, rewrite)
            if changed > before:
                notice = PlanProposed(version_id=version.id)
                await self._deed.redraw(notice, plan_key(version.id))
        return changed

    async def _column(
        self,
        row: Concern | Referral | Acknowledgement | PlanVersion,
        column: str,
        cell: Cell,
        rewrite: Rewrite,
    ) -> int:
        sealed: bytes | None = getattr(row, column)
        renewed = await self._anew(cell, sealed, rewrite) if sealed is not None else None
        if renewed is None:
            return 0
        setattr(row, column, renewed)
        self._deed.session.add(row)
        await self._deed.session.flush()
        return 1

    async def _anew(self, cell: Cell, sealed: bytes, rewrite: Rewrite) -> bytes | None:
        """The text sealed anew without what was found; None if there is nothing to replace."""
        before = await self._deed.open(self._key_id, cell, sealed)
        after = rewrite(before)
        return None if after == before else await self._deed.seal(self._key_id, cell, after)

    def _words(self, words: str) -> str:
        return replace(words, find(words, self._who))

    def _sbar(self, json: str) -> str:
        sbar = Sbar.model_validate_json(json)
        said = {
            "background": self._words(sbar.background),
            "assessment": self._words(sbar.assessment),
            "recommendation": self._words(sbar.recommendation),
        }
        return sbar.model_copy(update=said).model_dump_json()

    def _hits(self, json: str) -> str:
        return HITS.dump_json(tuple(map(self._hit, HITS.validate_json(json)))).decode()

    def _hit(self, hit: Hit) -> Hit:
        return hit.model_copy(update={"words": self._words(hit.words)})

    def _request(self, json: str) -> str:
        asked = Request.model_validate_json(json)
        unnamed: dict[str, object] = {
            name: self._words(value) for name, value in asked if type(value) is str
        }
        if asked.screen is not None:
            clearance = self._words(asked.screen.clearance)
            unnamed["screen"] = asked.screen.model_copy(update={"clearance": clearance})
        if asked.visits is not None:
            number = self._words(asked.visits.number)
            unnamed["visits"] = asked.visits.model_copy(update={"number": number})
        return asked.model_copy(update=unnamed).model_dump_json()

    def _outcome(self, json: str) -> str:
        outcome = Outcome.model_validate_json(json)
        said = {name: self._words(value) for name, value in outcome if type(value) is str}
        return outcome.model_copy(update=said).model_dump_json()

    def _plan(self, json: str) -> str:
        plan = TreatmentPlan.model_validate_json(json)
        said = {name: self._words(value) for name, value in plan if type(value) is str}
        return plan.model_copy(update=said).model_dump_json()

    def _reading(self, json: str) -> str:
        """The fields stay as they are; the places in the words are no longer there."""
        reading = StoredReading.model_validate_json(json)
        fields = {
            name: self._words(value) if type(value) is str else value
            for name, value in reading.fields
        }
        unnamed = reading.model_copy(
            update={
                "fields": reading.fields.model_copy(update=fields),
                "hits": tuple(map(self._hit, reading.hits)),
                "spans": {},
            }
        )
        if unnamed.fields == reading.fields and unnamed.hits == reading.hits:
            unnamed = reading
        return unnamed.model_dump_json(exclude_defaults=True)

    def _now(self, before: datetime | None) -> datetime:
        """The database lets a text be replaced only with a new time."""
        now = self._deed.now
        return now if before is None or now > before else before + timedelta(microseconds=1)


async def _own(deed: OpenDeed, entry_id: str) -> tuple[Referral, list[Entry]]:
    """A reply of whoever acts, with the other notes of its message and its copy if it was moved."""
    entry = await stored.entry(deed.session, entry_id)
    if entry is None:
        raise NotYours
    referral = await deed.referral(entry.referral_id)
    if entry.author_id != deed.person.id:
        raise NotYourPart
    found = [entry]
    found += [one for one in await stored.joined_to(deed.session, entry.id) if one.ts is None]
    for one in list(found):
        moved = await stored.entry(deed.session, one.moved_to_id) if one.moved_to_id else None
        found += [moved] if moved else []
    return referral, found
