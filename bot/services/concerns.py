"""Concerns: raised, climbing their ladder, acknowledged with a decision, resolved."""

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.concern import ConcernSource, ConcernState, Decision, Severity
from bot.care.ladder import DEFAULT_LADDERS, Ladder, Tell
from bot.care.people import Part, Standing
from bot.care.permissions import Deed, may
from bot.care.session import Hit
from bot.care.text import clean
from bot.ids import new_id
from bot.notices import (
    TO_CLINIC,
    ConcernAlert,
    ConcernDecided,
    ConcernPosted,
    ConcernResolved,
    ConcernStillOpen,
    ConcernUnanswered,
    ConcernWithdrawn,
    Priority,
    Typed,
    to_person,
    to_thread,
)
from bot.services.actor import Actor
from bot.services.deeds import Deeds, Lease, OpenDeed
from bot.services.errors import (
    NotYourConcern,
    NotYourPart,
    NotYours,
    OwnConcern,
    TextProblem,
    TooLate,
)
from bot.services.holds import put_on_hold, take_off_hold
from bot.services.identifiers import watch
from bot.store.queries import concerns as stored
from bot.store.queries import inbox, people
from bot.store.queries.referrals import patient, referral_to_change
from bot.store.tables.concerns import Concern, Told
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral
from bot.store.tables.work import TimerKind
from bot.store.vault import Cell

LONGEST_CONCERN = 2500
HITS: TypeAdapter[tuple[Hit, ...]] = TypeAdapter(tuple[Hit, ...])


class Concerns:
    """The deeds of a concern. Repeated ones answer kindly and change nothing."""

    def __init__(self, deeds: Deeds) -> None:
        self._deeds = deeds

    async def raise_from_form(
        self, actor: Actor, referral_id: str, severity: Severity, words: str, view_id: str
    ) -> str:
        """Raise a concern; gives its id. Raises `NotYours`, `NotYourPart`, `TextProblem`."""
        words = _checked(words, "Write what worries you.")
        async with self._deeds.begin(actor, Deed.RAISE_CONCERN) as deed:
            referral = await deed.referral(referral_id)
            concern_id = new_id()
            earlier = await inbox.note_submission(deed.session, view_id, concern_id, deed.now)
            if earlier is not None:
                return earlier
            await raise_concern(
                deed, referral, deed.person, severity, words, None, concern_id=concern_id
            )
            await watch(deed, referral, Typed.CONCERN, concern_id, words)
            await deed.note("concern", concern_id, referral=referral.id, severity=severity.value)
            return concern_id

    async def acknowledge(
        self, actor: Actor, concern_id: str, decision: Decision, note: str
    ) -> ConcernState:
        """Record that somebody has taken the concern, with what they decided; stop its ladder.

        Gives the state before. Raises `NotYours`, `NotYourPart`, `OwnConcern`, `TextProblem`.
        """
        note = _checked(note, "") if note.strip() else ""
        async with self._deeds.begin(actor, Deed.ACKNOWLEDGE_CONCERN) as deed:
            concern, referral = await _for(deed, concern_id)
            before = concern.state
            if before is not ConcernState.OPEN:
                return before
            if concern.raised_by_id == deed.person.id:
                raise OwnConcern
            part = await deed.part_of(deed.person, referral)
            if decision.needs_reading and not may(part, Deed.SEE_CONCERN):
                raise NotYourPart
            concern.state = ConcernState.ACKNOWLEDGED
            concern.acknowledged_by_id = deed.person.id
            concern.acknowledged_at = deed.now
            concern.decision = decision
            if note:
                concern.decision_note_sealed = await _seal(
                    deed, referral, decision_cell(concern.id), note
                )
            deed.session.add(concern)
            await deed.session.flush()
            await _carry_out(deed, referral, decision)
            await deed.clear_timers(concern.id, TimerKind.LADDER_RUNG)
            await deed.set_timer(
                TimerKind.CONCERN_UNRESOLVED,
                concern.id,
                0,
                _ladder(concern).resolve_by(deed.now),
            )
            await deed.tell(
                to_thread(referral.id),
                ConcernDecided(concern_id=concern.id),
                f"decided:{concern.id}",
                Priority.URGENT,
            )
            await _redraw(deed, referral, concern)
            await watch(deed, referral, Typed.CONCERN, concern.id, note)
            await deed.note("concern", concern.id, referral=referral.id, decision=decision.value)
            return before

    async def resolve(self, actor: Actor, concern_id: str, words: str) -> ConcernState:
        """Close an acknowledged concern. Gives the state before.

        Raises `NotYours`, `NotYourPart`, `TextProblem`, and `TooLate` while it is open.
        """
        words = _checked(words, "Write what was done.")
        async with self._deeds.begin(actor, Deed.RESOLVE_CONCERN) as deed:
            concern, referral = await _for(deed, concern_id)
            before = concern.state
            if before.is_settled:
                return before
            if before is ConcernState.OPEN:
                raise TooLate("not_acknowledged")
            concern.state = ConcernState.RESOLVED
            concern.resolved_by_id = deed.person.id
            concern.resolved_at = deed.now
            concern.resolution_sealed = await _seal(
                deed, referral, resolution_cell(concern.id), words
            )
            deed.session.add(concern)
            await deed.clear_timers(concern.id, TimerKind.CONCERN_UNRESOLVED)
            await deed.tell(
                to_thread(referral.id),
                ConcernResolved(concern_id=concern.id),
                f"resolved:{concern.id}",
            )
            await _redraw(deed, referral, concern)
            await watch(deed, referral, Typed.CONCERN, concern.id, words)
            await deed.note("concern", concern.id, referral=referral.id)
            return before

    async def withdraw(self, actor: Actor, concern_id: str, reason: str) -> ConcernState:
        """It was raised by mistake: say why. Everybody who was told is told so; a hold stays.

        Gives the state before. Raises `NotYours`, `NotYourConcern`, `TextProblem`.
        """
        reason = _checked(reason, "Write why it is withdrawn.")
        async with self._deeds.begin(actor, Deed.WITHDRAW_CONCERN) as deed:
            concern, referral = await _for(deed, concern_id)
            before = concern.state
            if concern.raised_by_id != deed.person.id:
                raise NotYourConcern
            if before.is_settled:
                return before
            sealed = await _seal(deed, referral, withdrawal_cell(concern.id), reason)
            concern.state = ConcernState.WITHDRAWN
            concern.withdrawn_by_id = deed.person.id
            concern.withdrawn_at = deed.now
            concern.withdrawal_sealed = sealed
            deed.session.add(concern)
            await deed.clear_timers(concern.id, TimerKind.LADDER_RUNG, TimerKind.CONCERN_UNRESOLVED)
            await deed.tell(
                to_thread(referral.id),
                ConcernWithdrawn(concern_id=concern.id),
                f"withdrawn:{concern.id}",
                Priority.URGENT,
            )
            told = {one.person_id for one in await stored.told_of(deed.session, concern.id)}
            for person_id in sorted(told):
                await deed.tell(
                    to_person(person_id),
                    ConcernWithdrawn(concern_id=concern.id),
                    f"withdrawn:{concern.id}:{person_id}",
                )
            await _redraw(deed, referral, concern)
            await watch(deed, referral, Typed.CONCERN, concern.id, reason)
            await deed.note("concern", concern.id, referral=referral.id)
            return before

    async def climb(self, lease: Lease, concern_id: str, step: int) -> None:
        """A rung is due and nobody has acknowledged: tell the next ones."""
        async with self._deeds.begin(None, Deed.ESCALATE, lease=lease) as deed:
            concern, referral = await _locked(deed, concern_id)
            if concern.state is not ConcernState.OPEN or concern.step != step:
                return
            await _climb(deed, referral, concern)
            await deed.redraw(ConcernPosted(concern_id=concern.id), posted_key(concern.id))
            await deed.note("concern", concern.id, step=str(step))

    async def remind_unresolved(self, lease: Lease, concern_id: str) -> None:
        """It was acknowledged in time, but is not resolved by when it should be."""
        async with self._deeds.begin(None, Deed.NUDGE, lease=lease) as deed:
            concern, _ = await _locked(deed, concern_id)
            if concern.state is not ConcernState.ACKNOWLEDGED or not concern.acknowledged_by_id:
                return
            await deed.tell(
                to_person(concern.acknowledged_by_id),
                ConcernStillOpen(concern_id=concern.id),
                f"unresolved:{concern.id}",
            )
            await deed.note("concern", concern.id, told=concern.acknowledged_by_id)


async def raise_concern(
    deed: OpenDeed,
    referral: Referral,
    raised_by: Person,
    severity: Severity,
    words: str,
    entry_id: str | None,
    *,
    concern_id: str | None = None,
    source: ConcernSource = ConcernSource.PERSON,
    hits: Sequence[Hit] = (),
) -> None:
    """Open a concern inside a deed: its ladder's copy, the thread's word, the first rung.

    `hits` are the rules that spoke, the most urgent first; the caller puts treatment on hold.
    """
    concern_id = concern_id or new_id()
    concern = Concern(
        id=concern_id,
        referral_id=referral.id,
        entry_id=entry_id,
        raised_by_id=raised_by.id,
        severity=severity,
        state=ConcernState.OPEN,
        words_sealed=await _seal(deed, referral, concern_cell(concern_id), words),
        ladder=DEFAULT_LADDERS[severity].model_dump_json(),
        step=0,
        raised_at=deed.now,
        source=source,
        holds=any(hit.hold for hit in hits),
    )
    if hits:
        concern.hits_sealed = await _seal(
            deed, referral, hits_cell(concern_id), HITS.dump_json(tuple(hits)).decode()
        )
    deed.session.add(concern)
    await deed.session.flush()
    await deed.tell(
        to_thread(referral.id),
        ConcernPosted(concern_id=concern.id),
        posted_key(concern.id),
        Priority.URGENT,
    )
    await _climb(deed, referral, concern)
    await deed.redraw_card(referral)


async def _carry_out(deed: OpenDeed, referral: Referral, decision: Decision) -> None:
    """What a decision of the surgeon's side means for the treatment.

    Treatment goes on only when no other concern that holds it is unanswered.
    """
    part = await deed.part_of(deed.person, referral)
    if part not in {Part.SURGEON, Part.COVERING_SURGEON}:
        return
    if decision is Decision.CONTINUE:
        if not await stored.unanswered_holds(deed.session, referral.id):
            await take_off_hold(deed, referral)
    elif decision in {Decision.HOLD, Decision.EMERGENCY}:
        await put_on_hold(deed, referral)


async def _climb(deed: OpenDeed, referral: Referral, concern: Concern) -> None:
    """Tell the rung that is due. A rung that reaches nobody is passed over at once."""
    ladder = _ladder(concern)
    told: Sequence[Person] = ()
    while not told and not ladder.is_beyond_top(concern.step):
        told = await reached_by(deed.session, referral, concern, ladder.rung(concern.step).tell)
        await _tell(deed, concern, told)
        concern.step += 1
    if not told:
        await _tell_beyond_top(deed, referral, concern)
    deed.session.add(concern)
    await deed.set_timer(
        TimerKind.LADDER_RUNG,
        concern.id,
        concern.step,
        max(deed.now, ladder.due(concern.step, concern.raised_at)),
    )


async def _tell_beyond_top(deed: OpenDeed, referral: Referral, concern: Concern) -> None:
    """Everybody was told and nobody has answered: say so, and tell everybody again."""
    everybody: dict[str, Person] = {}
    for part in Tell:
        for person in await reached_by(deed.session, referral, concern, part):
            everybody[person.id] = person
    await _tell(deed, concern, list(everybody.values()))
    unanswered = ConcernUnanswered(concern_id=concern.id)
    await deed.tell(to_thread(referral.id), unanswered, f"unanswered:{concern.id}", Priority.URGENT)
    await deed.tell(TO_CLINIC, unanswered, f"unanswered:{concern.id}:clinic", Priority.URGENT)
    concern.step += 1


async def _tell(deed: OpenDeed, concern: Concern, told: Sequence[Person]) -> None:
    for person in told:
        deed.session.add(
            Told(
                id=new_id(),
                concern_id=concern.id,
                person_id=person.id,
                step=concern.step,
                at=deed.now,
            )
        )
        await deed.tell(
            to_person(person.id),
            ConcernAlert(concern_id=concern.id, person_id=person.id, step=concern.step),
            alert_key(concern.id, concern.step, person.id),
            Priority.URGENT,
        )
    await deed.session.flush()


async def reached_by(
    session: AsyncSession, referral: Referral, concern: Concern, part: Tell
) -> list[Person]:
    """Who is reached by a rung now; never the person who raised the concern.

    The first rung is the colleague on the other side: a surgeon's concern goes to the therapist.
    """
    surgeon = await people.person(session, referral.surgeon_id)
    if part is Tell.SURGEON:
        other = (
            await people.person(session, referral.therapist_id)
            if concern.raised_by_id == surgeon.id
            else surgeon
        )
        wanted = [other]
    elif part is Tell.COVERING_SURGEON:
        covering = surgeon.covered_by_id
        wanted = [await people.person(session, covering)] if covering else []
    else:
        wanted = list(await people.coordinators(session, referral.team_id))
    return [
        person
        for person in wanted
        if person.standing is Standing.MEMBER and person.id != concern.raised_by_id
    ]


async def _for(deed: OpenDeed, concern_id: str) -> tuple[Concern, Referral]:
    """A concern and its referral, if whoever acts may do this; both locked."""
    concern, referral = await _locked(deed, concern_id)
    await deed.allow(referral)
    return concern, referral


async def _locked(deed: OpenDeed, concern_id: str) -> tuple[Concern, Referral]:
    """A concern and its referral, locked; the referral first, as everywhere, so that deeds that
    meet take turns and never wait for each other."""
    glimpse = await stored.concern(deed.session, concern_id)
    if glimpse is None:
        raise NotYours
    referral = await referral_to_change(deed.session, glimpse.referral_id)
    concern = await stored.concern_to_change(deed.session, concern_id)
    if referral is None or concern is None:
        raise NotYours
    return concern, referral


async def _redraw(deed: OpenDeed, referral: Referral, concern: Concern) -> None:
    """Everything that shows the concern shows how it stands now."""
    await deed.redraw(ConcernPosted(concern_id=concern.id), posted_key(concern.id))
    for told in await stored.told_of(deed.session, concern.id):
        await deed.redraw(
            ConcernAlert(concern_id=concern.id, person_id=told.person_id, step=told.step),
            alert_key(concern.id, told.step, told.person_id),
        )
    await deed.redraw_card(referral)


def _ladder(concern: Concern) -> Ladder:
    return Ladder.model_validate_json(concern.ladder)


def next_rung_due(concern: Concern) -> datetime | None:
    """When the next rung is climbed if nobody acknowledges; None once somebody has."""
    if concern.state is not ConcernState.OPEN:
        return None
    return _ladder(concern).due(concern.step, concern.raised_at)


def next_rung(concern: Concern) -> tuple[Tell, ...]:
    """Whom the next rung tells, by part played."""
    ladder = _ladder(concern)
    if ladder.is_beyond_top(concern.step):
        return tuple(Tell)
    return (ladder.rung(concern.step).tell,)


async def _seal(deed: OpenDeed, referral: Referral, cell: Cell, words: str) -> bytes:
    key_id = (await patient(deed.session, referral.patient_id)).key_id
    return await deed.seal(key_id, cell, words)


def _checked(words: str, when_empty: str) -> str:
    cleaned = clean(words)
    if not cleaned:
        raise TextProblem(when_empty)
    if len(cleaned) > LONGEST_CONCERN:
        raise TextProblem(
            f"This has {len(cleaned):,} characters; at most {LONGEST_CONCERN:,} can be kept. "
            "Please shorten it."
        )
    return cleaned


def posted_key(concern_id: str) -> str:
    """The outbox key of a concern's message in the thread."""
    return f"concern:{concern_id}"


def alert_key(concern_id: str, step: int, person_id: str) -> str:
    """The outbox key of what one person was told at one step."""
    return f"alert:{concern_id}:{step}:{person_id}"


def concern_cell(concern_id: str) -> Cell:
    return Cell("concerns", "words_sealed", concern_id)


def hits_cell(concern_id: str) -> Cell:
    return Cell("concerns", "hits_sealed", concern_id)


def withdrawal_cell(concern_id: str) -> Cell:
    return Cell("concerns", "withdrawal_sealed", concern_id)


def decision_cell(concern_id: str) -> Cell:
    return Cell("concerns", "decision_note_sealed", concern_id)


def resolution_cell(concern_id: str) -> Cell:
    return Cell("concerns", "resolution_sealed", concern_id)
