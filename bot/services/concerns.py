"""Concerns: raised from a form, acknowledged with a decision, passed on, resolved, withdrawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.care.concern import (
    LATEST_VISIT,
    NOTHING_BESIDE,
    Category,
    ConcernState,
    Decision,
    Sbar,
    Severity,
    decisions_of,
    keeps_on_hold,
)
from bot.care.people import Part
from bot.care.permissions import Deed
from bot.care.rules import ClinicalRules
from bot.ids import new_id
from bot.notices import (
    ConcernDecided,
    ConcernResolved,
    ConcernWithdrawn,
    Priority,
    Typed,
    to_person,
    to_thread,
)
from bot.services.actor import Actor
from bot.services.asking import spoke
from bot.services.concern_raising import at_least, hits_in, raise_concern
from bot.services.concern_record import (
    acknowledgement_cell,
    checked,
    concern_for,
    decision_cell,
    redraw,
    resolution_cell,
    seal,
    waiting,
    withdrawal_cell,
)
from bot.services.deeds import Deeds, OpenDeed
from bot.services.errors import (
    NotYourConcern,
    NotYourPart,
    OwnConcern,
    TextProblem,
    TooLate,
    VisitProblem,
)
from bot.services.holds import put_on_hold, take_off_hold
from bot.services.identifiers import watch
from bot.services.ladder_reach import resolve_by
from bot.store.queries import concerns as stored
from bot.store.queries import inbox
from bot.store.tables.concerns import Acknowledgement, Concern
from bot.store.tables.referrals import Referral
from bot.store.tables.work import TimerKind

# Clocks differ, and a form takes a while to fill in.
_JUST_NOW: Final = timedelta(minutes=15)


@dataclass(frozen=True)
class WrittenConcern:
    """What somebody filled into the form: the situation in `words`, and what stands beside it."""

    severity: Severity
    words: str
    category: Category | None = None
    sbar: Sbar = NOTHING_BESIDE


@dataclass(frozen=True)
class ReadBack:
    """What whoever acknowledges decides; `visit_at` is when they see the patient."""

    decision: Decision
    note: str = ""
    visit_at: datetime | None = None


class Concerns:
    """The deeds of a concern. Repeated ones answer kindly and change nothing."""

    def __init__(self, deeds: Deeds, rules: ClinicalRules) -> None:
        self._deeds = deeds
        self._rules = rules

    async def raise_from_form(
        self, actor: Actor, referral_id: str, written: WrittenConcern, view_id: str
    ) -> str:
        """Raise a concern; gives its id. Raises `NotYours`, `NotYourPart`, `TextProblem`.

        What a therapist writes is read as their updates are: a warning sign in it makes it at
        least as urgent as its rule says, and holds the treatment where the rule does.
        """
        words = checked(written.words, "Write what worries you.")
        sbar = _checked_sbar(written.sbar)
        async with self._deeds.begin(actor, Deed.RAISE_CONCERN) as deed:
            referral = await deed.referral(referral_id)
            concern_id = new_id()
            earlier = await inbox.note_submission(deed.session, view_id, concern_id, deed.now)
            if earlier is not None:
                return earlier
            part = await deed.part_of(deed.person, referral)
            today = deed.now.astimezone(ZoneInfo(deed.person.time_zone)).date()
            speaks = part.is_therapists_side
            hits = hits_in(words, sbar, today, self._rules) if speaks else ()
            severity = at_least(written.severity, hits)
            await raise_concern(
                deed,
                referral,
                deed.person,
                severity,
                words,
                None,
                concern_id=concern_id,
                hits=hits,
                category=written.category,
                sbar=sbar,
            )
            if any(hit.hold for hit in hits):
                await put_on_hold(deed, referral)
            said = (words, sbar.background, sbar.assessment, sbar.recommendation)
            await watch(deed, referral, Typed.CONCERN, concern_id, "\n".join(said))
            await deed.note("concern", concern_id, referral=referral.id, severity=severity.value)
            return concern_id

    async def acknowledge(self, actor: Actor, concern_id: str, answer: ReadBack) -> ConcernState:
        """Record that somebody has taken the concern, with what they decided; stop its ladder.

        Gives the state before. Whoever was asked to take it accepts it by this, also from a
        colleague who has acknowledged it. Raises `NotYours`, `NotYourPart`, `OwnConcern`,
        `TextProblem`, `VisitProblem`.
        """
        note = checked(answer.note, "")
        if answer.decision is Decision.MODIFY and not note:
            raise TextProblem("Write what is to change in the plan.")
        async with self._deeds.begin(actor, Deed.ACKNOWLEDGE_CONCERN) as deed:
            concern, referral, part = await concern_for(deed, concern_id)
            before = concern.state
            accepts = await _accepts(deed, concern)
            if before is not ConcernState.OPEN and not (
                accepts and before is ConcernState.ACKNOWLEDGED
            ):
                return before
            if concern.raised_by_id == deed.person.id:
                raise OwnConcern
            if answer.decision not in decisions_of(part, holds=bool(concern.holds)):
                raise NotYourPart
            visit_at = _checked_visit(answer, concern.severity, deed.now)
            number = await _take(deed, referral, concern, answer.decision, note, visit_at)
            await deed.session.flush()
            await _carry_out(deed, referral, part, answer.decision)
            await spoke(deed, referral, deed.person)
            await _stop_climbing(deed, concern, number)
            await deed.tell(
                to_thread(referral.id),
                ConcernDecided(concern_id=concern.id, number=number),
                f"decided:{concern.id}:{number}",
                Priority.URGENT,
            )
            await redraw(deed, referral, concern)
            await watch(deed, referral, Typed.CONCERN, concern.id, note)
            await deed.note(
                "concern", concern.id, referral=referral.id, decision=answer.decision.value
            )
            return ConcernState.OPEN

    async def resolve(self, actor: Actor, concern_id: str, words: str) -> ConcernState:
        """Close an acknowledged concern. Gives the state before.

        Raises `NotYours`, `NotYourPart`, `TextProblem`, and `TooLate` while it is open.
        """
        words = checked(words, "Write what was done.")
        async with self._deeds.begin(actor, Deed.RESOLVE_CONCERN) as deed:
            concern, referral, _ = await concern_for(deed, concern_id)
            before = concern.state
            if before.is_settled:
                return before
            if before is ConcernState.OPEN:
                raise TooLate("not_acknowledged")
            concern.state = ConcernState.RESOLVED
            concern.resolved_by_id = deed.person.id
            concern.resolved_at = deed.now
            concern.resolution_sealed = await seal(
                deed, referral, resolution_cell(concern.id), words
            )
            deed.session.add(concern)
            await deed.clear_timers(concern.id, TimerKind.CONCERN_UNRESOLVED)
            await deed.session.flush()
            await spoke(deed, referral, deed.person)
            await deed.tell(
                to_thread(referral.id),
                ConcernResolved(concern_id=concern.id),
                f"resolved:{concern.id}",
            )
            await redraw(deed, referral, concern)
            await watch(deed, referral, Typed.CONCERN, concern.id, words)
            await deed.note("concern", concern.id, referral=referral.id)
            return before

    async def withdraw(self, actor: Actor, concern_id: str, reason: str) -> ConcernState:
        """It was raised by mistake: say why. Everybody who was told is told so; a hold stays.

        Gives the state before. Raises `NotYours`, `NotYourConcern`, `TextProblem`.
        """
        reason = checked(reason, "Write why it is withdrawn.")
        async with self._deeds.begin(actor, Deed.WITHDRAW_CONCERN) as deed:
            concern, referral, _ = await concern_for(deed, concern_id)
            before = concern.state
            if concern.raised_by_id != deed.person.id:
                raise NotYourConcern
            if before.is_settled:
                return before
            sealed = await seal(deed, referral, withdrawal_cell(concern.id), reason)
            concern.state = ConcernState.WITHDRAWN
            concern.withdrawn_by_id = deed.person.id
            concern.withdrawn_at = deed.now
            concern.withdrawal_sealed = sealed
            deed.session.add(concern)
            await deed.clear_timers(
                concern.id,
                TimerKind.LADDER_RUNG,
                TimerKind.LADDER_HEARING,
                TimerKind.CONCERN_UNRESOLVED,
            )
            await _tell_withdrawal(deed, referral, concern)
            await redraw(deed, referral, concern)
            await watch(deed, referral, Typed.CONCERN, concern.id, reason)
            await deed.note("concern", concern.id, referral=referral.id)
            return before


def _checked_sbar(sbar: Sbar) -> Sbar:
    return sbar.model_copy(
        update={
            "background": checked(sbar.background, ""),
            "assessment": checked(sbar.assessment, ""),
            "recommendation": checked(sbar.recommendation, ""),
        }
    )


def _checked_visit(answer: ReadBack, severity: Severity, now: datetime) -> datetime | None:
    """When they see the patient: said with that decision, and soon enough to be an answer."""
    if answer.decision is not Decision.SEE_PATIENT:
        return None
    if answer.visit_at is None:
        raise VisitProblem("Choose when you see the patient.")
    if answer.visit_at < now - _JUST_NOW:
        raise VisitProblem("Choose a time from now on.")
    if answer.visit_at > now + LATEST_VISIT[severity]:
        days = LATEST_VISIT[severity].days
        within = "1 day" if days == 1 else f"{days} days"
        raise VisitProblem(
            f"Choose a time within {within}, or another decision: this concern is "
            f"{severity.label.lower()}."
        )
    return answer.visit_at


async def _accepts(deed: OpenDeed, concern: Concern) -> bool:
    """Whether whoever acts was asked to take it; from now on they have."""
    known = waiting(concern, await stored.handovers_of(deed.session, concern.id))
    mine = [one for one in known if one.to_id == deed.person.id]
    if concern.state.is_settled:
        return False
    for one in mine:
        one.answered_at = deed.now
        one.accepted = True
        deed.session.add(one)
    return bool(mine)


async def _take(
    deed: OpenDeed,
    referral: Referral,
    concern: Concern,
    decision: Decision,
    note: str,
    visit_at: datetime | None,
) -> int:
    """Write down who took it and what they decided; gives which taking it is, from 1."""
    number = await stored.times_acknowledged(deed.session, concern.id) + 1
    taken = Acknowledgement(
        id=new_id(),
        concern_id=concern.id,
        number=number,
        by_id=deed.person.id,
        at=deed.now,
        decision=decision,
        visit_at=visit_at,
    )
    concern.state = ConcernState.ACKNOWLEDGED
    concern.acknowledged_by_id = deed.person.id
    concern.acknowledged_at = deed.now
    concern.decision = decision
    concern.visit_at = visit_at
    concern.decision_note_sealed = None
    if note:
        concern.decision_note_sealed = await seal(deed, referral, decision_cell(concern.id), note)
        taken.note_sealed = await seal(deed, referral, acknowledgement_cell(taken.id), note)
    deed.session.add(concern)
    deed.session.add(taken)
    return number


async def _stop_climbing(deed: OpenDeed, concern: Concern, number: int) -> None:
    """The ladder stops; if the concern is not resolved in time, it climbs again."""
    await deed.clear_timers(
        concern.id,
        TimerKind.LADDER_RUNG,
        TimerKind.LADDER_HEARING,
        TimerKind.CONCERN_UNRESOLVED,
    )
    due = resolve_by(concern, deed.now)
    await deed.set_timer(TimerKind.CONCERN_UNRESOLVED, concern.id, number, due)


async def _tell_withdrawal(deed: OpenDeed, referral: Referral, concern: Concern) -> None:
    withdrawn = ConcernWithdrawn(concern_id=concern.id)
    await deed.tell(to_thread(referral.id), withdrawn, f"withdrawn:{concern.id}", Priority.URGENT)
    told = {one.person_id for one in await stored.told_of(deed.session, concern.id)}
    asked = {one.to_id for one in await stored.handovers_of(deed.session, concern.id)}
    for person_id in sorted(one for one in told | asked if one is not None):
        await deed.tell(to_person(person_id), withdrawn, f"withdrawn:{concern.id}:{person_id}")


async def _carry_out(deed: OpenDeed, referral: Referral, part: Part, decision: Decision) -> None:
    """What a decision means for the treatment. To hold it is anybody's; to let it go on is the
    surgeon's side's, and only when it is not on hold for another concern."""
    if decision in {Decision.HOLD, Decision.EMERGENCY}:
        await put_on_hold(deed, referral)
    elif (
        decision is Decision.CONTINUE
        and part.is_surgeons_side
        and not any(
            keeps_on_hold(one.state, one.decision, holds=bool(one.holds))
            for one in await stored.all_of(deed.session, referral.id)
        )
    ):
        await take_off_hold(deed, referral)
