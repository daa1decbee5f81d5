"""Reading what is shown of concerns. Their words are read in a deed, so the look is recorded."""

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.concern import ConcernSource, ConcernState, Sbar, decisions_of
from bot.care.escalation import Fate, Hearing, Target, Way
from bot.care.ladder import Rung, Tell
from bot.care.permissions import Deed, may
from bot.care.referral import ReferralState
from bot.care.session import Hit
from bot.services.actor import Actor
from bot.services.concern_record import (
    HITS,
    acknowledgement_cell,
    concern_cell,
    concern_for,
    decision_cell,
    hits_cell,
    opened_sbar,
    resolution_cell,
    waiting,
    withdrawal_cell,
)
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import NotYourConcern, OwnConcern
from bot.services.identifiers import unnamed_words
from bot.services.ladder_reach import Reach, ladder_of, place_of
from bot.services.ladders import clinics_telephone
from bot.services.session_updates import words_cell
from bot.shown.case import (
    ShownConcern,
    ShownConcernWords,
    ShownHandover,
    ShownTaking,
    ShownToAcknowledge,
    ShownTold,
)
from bot.store.queries import concerns, people, timers
from bot.store.queries import referrals as stored
from bot.store.queries.readings import stands
from bot.store.tables.concerns import Acknowledgement, Concern, Handover, Told
from bot.store.tables.referrals import Referral
from bot.store.tables.threads import EntryKind
from bot.store.tables.work import TimerKind


class ConcernReading:
    """What views of concerns are given. `team_url` is the workspace's address."""

    def __init__(self, deeds: Deeds, team_url: str) -> None:
        self._deeds = deeds
        self._team_url = team_url

    async def concern(self, concern_id: str) -> ShownConcern | None:
        """A concern as it stands now, without its words."""
        async with self._deeds.database.reading() as session:
            found = await concerns.concern(session, concern_id)
            return await self.shown(session, found) if found else None

    async def words(self, actor: Actor, concern_id: str) -> ShownConcernWords:
        """A concern with its words, for those who treat. Recorded."""
        async with self._deeds.look(actor, Deed.SEE_CONCERN) as deed:
            concern, referral, _ = await concern_for(deed, concern_id)
            key_id = (await stored.patient(deed.session, referral.patient_id)).key_id
            resolution = withdrawal = ""
            if concern.resolution_sealed is not None:
                resolution = await deed.open(
                    key_id, resolution_cell(concern.id), concern.resolution_sealed
                )
            if concern.withdrawal_sealed is not None:
                withdrawal = await deed.open(
                    key_id, withdrawal_cell(concern.id), concern.withdrawal_sealed
                )
            await deed.note("concern", concern.id, referral=referral.id)
            shown = await self.shown(deed.session, concern)
            sbar = await opened_sbar(deed, concern, key_id)
            return ShownConcernWords(
                shown,
                await _words(deed, concern, key_id),
                resolution,
                await _hits(deed, concern, key_id),
                withdrawal,
                sbar,
                self._photos(shown, sbar),
            )

    async def to_withdraw(self, actor: Actor, concern_id: str) -> ShownConcernWords:
        """A concern with its words, for whoever raised it. Recorded. Raises `NotYourConcern`."""
        shown = await self.words(actor, concern_id)
        if shown.concern.raised_by != actor.slack_user_id:
            raise NotYourConcern
        return shown

    async def to_acknowledge(self, actor: Actor, concern_id: str) -> ShownToAcknowledge:
        """A concern for whoever may take it; its words only for those who treat. Recorded.

        Raises `NotYours`, `NotYourPart`, `OwnConcern`.
        """
        async with self._deeds.look(actor, Deed.ACKNOWLEDGE_CONCERN) as deed:
            concern, referral, part = await concern_for(deed, concern_id)
            if concern.state is ConcernState.OPEN and concern.raised_by_id == deed.person.id:
                raise OwnConcern
            await deed.note("concern", concern.id, referral=referral.id, look="acknowledge")
            shown = await self.shown(deed.session, concern)
            decisions = decisions_of(part, holds=bool(concern.holds))
            if not may(part, Deed.SEE_CONCERN):
                return ShownToAcknowledge(shown, decisions, now=deed.now)
            key_id = (await stored.patient(deed.session, referral.patient_id)).key_id
            sbar = await opened_sbar(deed, concern, key_id)
            return ShownToAcknowledge(
                shown,
                decisions,
                await _words(deed, concern, key_id),
                await _hits(deed, concern, key_id),
                sbar,
                deed.now,
                self._photos(shown, sbar),
            )

    def _photos(self, concern: ShownConcern, sbar: Sbar) -> tuple[str, ...]:
        """Slack's own form of a link to a file: files/OWNER/FILE. Whoever raised it added them."""
        return tuple(f"{self._team_url}/files/{concern.raised_by}/{one}" for one in sbar.photos)

    async def to_pass_on(self, actor: Actor, concern_id: str) -> ShownConcern:
        """A concern for whoever may pass it on, without its words."""
        async with self._deeds.look(actor, Deed.HAND_ON_CONCERN) as deed:
            concern, referral, _ = await concern_for(deed, concern_id)
            await deed.note("concern", concern.id, referral=referral.id, look="pass_on")
            return await self.shown(deed.session, concern)

    async def shown(self, session: AsyncSession, concern: Concern) -> ShownConcern:
        """A concern as it stands, without its words."""
        referral = await stored.referral(session, concern.referral_id)
        if referral is None:
            raise AssertionError("a concern without its referral")
        told = await concerns.told_of(session, concern.id)
        handovers = await concerns.handovers_of(session, concern.id)
        takings = await concerns.acknowledgements_of(session, concern.id)
        await people.meet(session, _named_in(concern, referral, told, handovers, takings))
        key_id = (await stored.patient(session, referral.patient_id)).key_id
        note = ""
        if concern.decision_note_sealed is not None:
            note = await self._deeds.vault.open(
                session, key_id, decision_cell(concern.id), concern.decision_note_sealed
            )
        is_open = concern.state is ConcernState.OPEN
        next_targets = await self._next_targets(session, referral, concern) if is_open else ()
        pair = (referral.surgeon_id, referral.therapist_id)
        return ShownConcern(
            id=concern.id,
            case_code=referral.case_code,
            severity=concern.severity,
            state=concern.state,
            raised_by=await _user(session, concern.raised_by_id),
            raised_at=concern.raised_at,
            told=tuple([await _shown_told(session, one) for one in told]),
            next_told=tuple(
                dict.fromkeys(
                    [await _user(session, one.to) for one in next_targets if one.way is Way.SLACK]
                )
            ),
            next_places=tuple(
                dict.fromkeys(
                    "" if one.way is Way.CLINIC_CHANNEL else one.to
                    for one in next_targets
                    if one.way is not Way.SLACK
                )
            ),
            next_at=await timers.due_of(session, TimerKind.LADDER_RUNG, concern.id, concern.step)
            if is_open
            else None,
            thread_link=await thread_link(session, referral, self._team_url),
            pair=tuple([await _user(session, side) for side in pair]),
            acknowledged_by=await _name(session, concern.acknowledged_by_id),
            acknowledged_at=concern.acknowledged_at,
            decision=concern.decision,
            decision_note=await unnamed_words(session, self._deeds.vault, referral, note),
            resolved_by=await _name(session, concern.resolved_by_id),
            resolved_at=concern.resolved_at,
            source=concern.source or ConcernSource.PERSON,
            update_number=await _update_number(session, concern),
            holds=bool(concern.holds),
            words_are_gone=concern.words_gone_at is not None,
            withdrawn_by=await _name(session, concern.withdrawn_by_id),
            withdrawn_at=concern.withdrawn_at,
            category=concern.category,
            visit_at=concern.visit_at,
            is_unanswered=is_open and _reached_the_top(concern),
            telephone=await clinics_telephone(session, referral.team_id),
            taken_before=await self._taken_before(session, referral, concern, key_id, takings),
            handovers=await _handovers(session, concern, handovers),
            round=concern.round or 0,
            hits=await self._rules(session, referral, concern, key_id),
            is_on_hold=referral.state is ReferralState.ON_HOLD,
        )

    async def _rules(
        self, session: AsyncSession, referral: Referral, concern: Concern, key_id: str
    ) -> tuple[Hit, ...]:
        """The rules that spoke, with what of the words the thread may show."""
        if concern.hits_sealed is None:
            return ()
        vault = self._deeds.vault
        opened = await vault.open(session, key_id, hits_cell(concern.id), concern.hits_sealed)
        return tuple(
            [
                hit.model_copy(
                    update={"words": await unnamed_words(session, vault, referral, hit.words)}
                )
                for hit in HITS.validate_json(opened)
                if not hit.elsewhere
            ]
        )

    async def _next_targets(
        self, session: AsyncSession, referral: Referral, concern: Concern
    ) -> tuple[Target, ...]:
        ladder, reach = ladder_of(concern), self._reach(session, referral, concern)
        rung = ladder.rung(place_of(concern).step)
        if rung is not None and rung.tell is not Tell.EVERYBODY:
            return await reach.targets(rung)
        found = [one for each in await reach.of(ladder) for one in each.targets]
        everybody = Rung(tell=Tell.EVERYBODY, after_minutes=0)
        return (*found, *(await reach.targets(everybody)))

    def _reach(self, session: AsyncSession, referral: Referral, concern: Concern) -> Reach:
        now = self._deeds.clock.now()
        return Reach(session, referral, concern.raised_by_id, self._deeds.region, now, frozenset())

    async def _taken_before(
        self,
        session: AsyncSession,
        referral: Referral,
        concern: Concern,
        key_id: str,
        known: Sequence[Acknowledgement],
    ) -> tuple[ShownTaking, ...]:
        current = concern.state is not ConcernState.OPEN and concern.acknowledged_at is not None
        found: list[ShownTaking] = []
        for one in known[:-1] if current else known:
            note = ""
            if one.note_sealed is not None:
                note = await self._deeds.vault.open(
                    session, key_id, acknowledgement_cell(one.id), one.note_sealed
                )
            note = await unnamed_words(session, self._deeds.vault, referral, note)
            by = await _user(session, one.by_id)
            found.append(ShownTaking(by, one.at, one.decision, note, one.visit_at))
        return tuple(found)


def _reached_the_top(concern: Concern) -> bool:
    return concern.unanswered_at is not None and ladder_of(concern).is_top(
        place_of(concern).step - 1
    )


def _named_in(
    concern: Concern,
    referral: Referral,
    told: Sequence[Told],
    handovers: Sequence[Handover],
    takings: Sequence[Acknowledgement],
) -> set[str]:
    """Everybody who is named where a concern is shown, by person id."""
    named = {
        *(referral.surgeon_id, referral.therapist_id, concern.raised_by_id),
        *(concern.acknowledged_by_id, concern.resolved_by_id, concern.withdrawn_by_id),
        *(one.person_id for one in told),
        *(side for one in handovers for side in (one.from_id, one.to_id)),
        *(one.by_id for one in takings),
    }
    return {one for one in named if one is not None}


async def _handovers(
    session: AsyncSession, concern: Concern, known: Sequence[Handover]
) -> tuple[ShownHandover, ...]:
    waits = {one.id for one in waiting(concern, known)} if not concern.state.is_settled else set()
    return tuple(
        [
            ShownHandover(
                one.number,
                await _user(session, one.from_id),
                await _user(session, one.to_id),
                one.asked_at,
                one.accepted,
                one.id in waits,
            )
            for one in known
        ]
    )


async def _shown_told(session: AsyncSession, told: Told) -> ShownTold:
    return ShownTold(
        at=told.at,
        person=await _name(session, told.person_id),
        place=told.outside or "",
        hearing=told.hearing or Hearing.UNKNOWN,
        fate=told.fate or Fate.DELIVERED,
        fate_at=told.fate_at,
        error=told.error or "",
    )


async def thread_link(session: AsyncSession, referral: Referral, team_url: str) -> str | None:
    """Slack's own form of a link to a message: archives/CHANNEL/pTIMESTAMP-without-dot."""
    if referral.thread_ts is None:
        return None
    room = await people.room(session, referral.room_id)
    return link_to(team_url, room.channel_id, referral.thread_ts)


def link_to(team_url: str, channel_id: str | None, thread_ts: str | None) -> str | None:
    """The address of a thread; None while there is none."""
    if thread_ts is None:
        return None
    return f"{team_url}/archives/{channel_id}/p{thread_ts.replace('.', '')}"


async def _user(session: AsyncSession, person_id: str) -> str:
    return (await people.person(session, person_id)).slack_user_id


async def _name(session: AsyncSession, person_id: str | None) -> str | None:
    return await _user(session, person_id) if person_id else None


async def _update_number(session: AsyncSession, concern: Concern) -> int | None:
    entry = await stored.entry(session, concern.entry_id) if concern.entry_id else None
    return entry.number if entry else None


async def _hits(deed: OpenDeed, concern: Concern, key_id: str) -> tuple[Hit, ...]:
    """The rules that raised a concern; those that opened one of their own are told there."""
    if concern.hits_sealed is None:
        return ()
    opened = await deed.open(key_id, hits_cell(concern.id), concern.hits_sealed)
    return tuple(hit for hit in HITS.validate_json(opened) if not hit.elsewhere)


async def _words(deed: OpenDeed, concern: Concern, key_id: str) -> str:
    """The concern's words; of one written in the thread, as they read after the latest edit, with
    what goes on with them."""
    if concern.entry_id is not None:
        more = await stored.joined_to(deed.session, concern.entry_id)
        parts = [one.id for one in more if one.kind is EntryKind.MESSAGE and stands(one)]
        return "\n".join([await _latest(deed, one, key_id) for one in (concern.entry_id, *parts)])
    return await deed.open(key_id, concern_cell(concern.id), concern.words_sealed)


async def _latest(deed: OpenDeed, entry_id: str, key_id: str) -> str:
    latest = (await stored.revisions_of(deed.session, entry_id))[-1]
    return await deed.open(key_id, words_cell(latest.id), latest.words_sealed)
