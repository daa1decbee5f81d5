"""Referring, answering a referral, and moving it on."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.care.case_code import new_case_code
from bot.care.checkins import Answer
from bot.care.course import DeclineReason, problem
from bot.care.directory import Profile
from bot.care.people import Part, Role, Standing, TherapistProblem
from bot.care.permissions import Deed
from bot.care.plan import Rhythm
from bot.care.referral import Move, ReferralState, Step, after, next_step, owed_in
from bot.care.referral_form import ReferralForm
from bot.care.request import Identifiers, Request
from bot.care.rules import ClinicalRules
from bot.care.screen import screen_of, screen_problems
from bot.care.text import clean
from bot.ids import new_id
from bot.notices import (
    CaseCard,
    OpenRoom,
    ReferralAnswered,
    Typed,
    to_person,
    to_room,
    to_thread,
)
from bot.services.actor import Actor
from bot.services.asking import moved, step_fell_due
from bot.services.circle import end_with_the_case
from bot.services.deeds import Deeds, Lease, OpenDeed, card_key
from bot.services.errors import (
    AlreadyReferred,
    FormHasProblems,
    NotYours,
    TextProblem,
    TherapistCannotBeChosen,
    TooLate,
)
from bot.services.handover import stand_in
from bot.services.identifiers import watch
from bot.services.licences import require_clear, standing_of, today_of
from bot.services.moves import keep_move
from bot.services.plan_versions import first_version, sign_first_version
from bot.services.seats import seat_anew
from bot.services.share_news import end_shares_with_the_case
from bot.store.queries import directory, inbox, people
from bot.store.queries import referrals as stored
from bot.store.queries.patients import identifiers_cell as identifiers_cell  # noqa: PLC0414
from bot.store.tables.people import Person, Room, RoomState
from bot.store.tables.referrals import Patient, Referral
from bot.store.tables.work import OutboxOperation, TimerKind
from bot.store.vault import Cell

# How a pair's channel is called until it is named after the two, just before it is made.
UNNAMED_ROOM = "careloop-"


@dataclass(frozen=True)
class Referred:
    """What came of referring. `is_new` is False when the same form had been sent before."""

    referral_id: str
    case_code: str
    is_new: bool


class Referrals:
    """The deeds that start, answer and move a referral."""

    def __init__(self, deeds: Deeds, rules: ClinicalRules) -> None:
        self._deeds = deeds
        self._rules = rules

    async def refer(
        self, actor: Actor, form: ReferralForm, therapist_user_id: str, view_id: str
    ) -> Referred:
        """Send a referral to a therapist. The same modal sent twice refers once.

        Raises `NotRegistered`, `AccountCannotTreat`, `TherapistCannotBeChosen`,
        `FormHasProblems`, `AlreadyReferred`.
        """
        async with self._deeds.begin(actor, Deed.REFER) as deed:
            await deed.somebody(Role.SURGEON)
            return await send_referral(deed, self._rules, form, therapist_user_id, view_id)

    async def accept(self, actor: Actor, referral_id: str) -> ReferralState:
        """The therapist takes the patient on. Done already: nothing changes.

        Gives the state that the referral is in now. Raises `NotYours`, `NotYourPart`.
        """
        async with self._deeds.begin(actor, Deed.ACCEPT) as deed:
            referral = await deed.referral(referral_id)
            if after(referral.state, Move.ACCEPT) is not None:
                await require_clear(deed, deed.person)
            came_from = referral.state
            if await move(deed, referral, Move.ACCEPT):
                await sign_first_version(deed, referral, accepted=True)
                await keep_move(deed, referral, Move.ACCEPT, came_from)
                await _answered(deed, referral, accepted=True)
            return referral.state

    async def decline(
        self, actor: Actor, referral_id: str, words: str, reason: DeclineReason | None = None
    ) -> ReferralState:
        """The therapist declines, with a reason from the list or in words; raises also
        `TextProblem`."""
        words = clean(words)
        if wrong := problem(Move.DECLINE, reason, words):
            raise TextProblem(wrong)
        async with self._deeds.begin(actor, Deed.DECLINE) as deed:
            referral = await deed.referral(referral_id)
            came_from = referral.state
            if await move(deed, referral, Move.DECLINE):
                await sign_first_version(deed, referral, accepted=False)
                patient = await stored.patient(deed.session, referral.patient_id)
                said = ". ".join(filter(None, (reason.label if reason else "", words)))
                referral.decline_reason_sealed = await deed.seal(
                    patient.key_id, decline_cell(referral.id), said
                )
                deed.session.add(referral)
                await keep_move(deed, referral, Move.DECLINE, came_from, reason, words)
                await _answered(deed, referral, accepted=False)
            return referral.state

    async def close(self, actor: Actor, referral_id: str) -> ReferralState:
        """The surgeon closes a referral that was declined."""
        async with self._deeds.begin(actor, Deed.CLOSE) as deed:
            referral = await deed.referral(referral_id)
            if await move(deed, referral, Move.CLOSE_DECLINED):
                await keep_move(deed, referral, Move.CLOSE_DECLINED, ReferralState.DECLINED)
                await deed.note("referral", referral.id)
            return referral.state

    async def refer_on(self, actor: Actor, referral_id: str, therapist_id: str) -> Referred:
        """Ask the next therapist with all contents kept; what was declined is closed by it.

        Asked for twice, it is done once. Raises `NotYours`, `NotYourPart`, `TooLate`,
        `LicenceProblem`, `TherapistCannotBeChosen`, `AlreadyReferred`.
        """
        async with self._deeds.begin(actor, Deed.REFER_ON) as deed:
            old = await deed.referral(referral_id)
            next_one = await stored.continuation_of(deed.session, old.id)
            if next_one is not None:
                return Referred(next_one.id, next_one.case_code, is_new=False)
            therapist = await people.person_or_none(deed.session, therapist_id)
            if therapist is None or therapist.team_id != old.team_id:
                raise NotYours
            new = await _follow_up(deed, old, therapist.slack_user_id)
            if not await move(deed, old, Move.REFER_ON):
                raise TooLate("moved_on")
            await keep_move(deed, old, Move.REFER_ON, ReferralState.DECLINED)
            await deed.note("referral", old.id, next=new.id)
            return Referred(new.id, new.case_code, is_new=True)

    async def remind(self, lease: Lease, referral_id: str, step_number: int) -> None:
        """A next step is due and was not taken: its owner is asked in their next digest."""
        async with self._deeds.begin(None, Deed.NUDGE, lease=lease) as deed:
            await _remind(deed, referral_id, step_number)

    async def remind_together(self, steps: Mapping[Lease, tuple[str, int]]) -> Sequence[Lease]:
        """As `remind` for many referrals, each with its step's number, in one transaction; gives
        those for which it was too short."""
        async with self._deeds.begin_together(Deed.NUDGE, steps.keys()) as (deed, together):
            for lease in together:
                await _remind(deed, *steps[lease])
        return together.left


async def _remind(deed: OpenDeed, referral_id: str, step_number: int) -> None:
    referral = await stored.referral_to_change(deed.session, referral_id)
    if referral is None or referral.step_number != step_number or referral.next_owner is None:
        return
    await step_fell_due(deed, referral, await owner_of_step(deed, referral))
    await deed.redraw_card(referral)
    await deed.note("referral", referral.id, overdue=str(step_number))


async def send_referral(
    deed: OpenDeed,
    rules: ClinicalRules,
    form: ReferralForm,
    therapist_user_id: str,
    once: str,
    continues: Referral | None = None,
) -> Referred:
    """Send what was filled in; asked for twice with the same `once`, it is done once.

    `continues` is the finished case that is opened again: its patient stays the same. Raises as
    `Referrals.refer`.
    """
    form, surgeon, referral_id = form.tidied(), deed.person, new_id()
    earlier = await inbox.note_submission(deed.session, once, referral_id, deed.now)
    if earlier is not None:
        return await _referred_before(deed, earlier)
    await require_clear(deed, surgeon)
    therapist = await chosen_therapist(deed, surgeon, therapist_user_id)
    today = deed.now.astimezone(ZoneInfo(surgeon.time_zone)).date()
    problems = {
        **form.problems(today),
        **screen_problems(form, rules.file.contraindications),
    }
    if problems:
        raise FormHasProblems(problems)
    if continues is None:
        patient = await _patient(deed, form.identifiers(), surgeon, therapist)
    else:
        patient = await stored.patient(deed.session, continues.patient_id)
        await refuse_twin(deed, patient.identity_index, surgeon, therapist)
    request = form.request().model_copy(update={"screen": screen_of(form, rules)})
    referral = await _begin(deed, surgeon, therapist, patient, request, referral_id, continues)
    return Referred(referral.id, referral.case_code, is_new=True)


async def move(deed: OpenDeed, referral: Referral, by: Move) -> bool:
    """Move a referral on, with its next step and timer; False if that has no effect now."""
    state = after(referral.state, by)
    if state is None:
        return False
    keep_score(referral, by, deed.now)
    if by in {Move.LOG_SESSION, Move.MISS_SESSION}:
        referral.visit_at = None
    answer = Answer.NO_SHOW if by is Move.MISS_SESSION else Answer.DONE
    await enter(deed, referral, state, answer=answer)
    await deed.redraw_card(referral)
    return True


def keep_score(referral: Referral, by: Move, now: datetime) -> None:
    """What a move says for the record that the two have together; before the move is made."""
    if by in {Move.ACCEPT, Move.DECLINE} and referral.answer_minutes is None:
        referral.answer_minutes = int((now - referral.created_at).total_seconds() // 60)
    elif by is Move.LOG_SESSION and referral.next_due is not None:
        if now <= referral.next_due:
            referral.updates_on_time = (referral.updates_on_time or 0) + 1
        else:
            referral.updates_late = (referral.updates_late or 0) + 1


async def owner_of_step(deed: OpenDeed, referral: Referral) -> Person:
    """Who owes the next step."""
    return await _on_side(deed, referral, referral.next_owner)


async def _on_side(deed: OpenDeed, referral: Referral, part: Part | None) -> Person:
    side = referral.surgeon_id if part is Part.SURGEON else referral.therapist_id
    return await stand_in(deed.session, await people.person(deed.session, side))


async def enter(
    deed: OpenDeed,
    referral: Referral,
    state: ReferralState,
    *,
    due: datetime | None = None,
    asked: bool = False,
    answer: Answer = Answer.DONE,
) -> None:
    """Put a referral into a state, with its one next step and its timer; `due` if it is chosen.

    `asked`: the surgeon asks about the outcome, and the therapist is to answer first. `answer` is
    how that settles what its owner was asked.
    """
    referral.state = state
    if state.is_an_end:
        referral.ended_as = state
    referral.moved_at = deed.now
    referral.step_number += 1
    await deed.clear_timers(referral.id, TimerKind.STEP_DUE)
    owed = owed_in(state, asked=asked)
    step = None
    if owed is not None:
        owner = await _on_side(deed, referral, owed[1])
        step = next_step(
            state,
            deed.now,
            (await deed.hours_of(owner)).as_covered(),
            Rhythm(referral.sessions, referral.frequency),
            asked=asked,
            visit=_visit_day(referral, owner, deed.now),
            start_by=referral.start_by,
        )
    referral.next_owner = step.owner if step else None
    referral.next_step = step.step if step else None
    referral.next_due = (due or step.due) if step else None
    deed.session.add(referral)
    if owed is None:
        await end_with_the_case(deed, referral)
        await end_shares_with_the_case(deed, referral)
    if referral.next_due is not None:
        await deed.set_timer(
            TimerKind.STEP_DUE, referral.id, referral.step_number, referral.next_due
        )
    await moved(deed, referral, answer)


def _visit_day(referral: Referral, owner: Person, now: datetime) -> date | None:
    """The day of the visit that is booked and still to come, on its owner's clock."""
    if referral.visit_at is None or referral.visit_at <= now:
        return None
    return referral.visit_at.astimezone(ZoneInfo(owner.time_zone)).date()


async def retime(deed: OpenDeed, referral: Referral) -> None:
    """The plan has changed: the first session is due by its day to start, the next one by its
    rhythm, today at the earliest.

    A visit that is booked stays as it is, and so do steps that go by neither.
    """
    if referral.next_step not in {Step.FIRST_SESSION, Step.NEXT_UPDATE}:
        return
    owner = await owner_of_step(deed, referral)
    hours = (await deed.hours_of(owner)).as_covered()
    step = next_step(
        referral.state,
        referral.moved_at,
        hours,
        Rhythm(referral.sessions, referral.frequency),
        visit=_visit_day(referral, owner, deed.now),
        start_by=referral.start_by,
    )
    due = max(step.due if step else deed.now, hours.evening_of(hours.day_of(deed.now)))
    if due == referral.next_due:
        return
    referral.step_number += 1
    referral.next_due = due
    deed.session.add(referral)
    await deed.clear_timers(referral.id, TimerKind.STEP_DUE)
    await deed.set_timer(TimerKind.STEP_DUE, referral.id, referral.step_number, due)


async def _answered(deed: OpenDeed, referral: Referral, *, accepted: bool) -> None:
    notice = ReferralAnswered(referral_id=referral.id, accepted=accepted)
    await deed.tell(to_thread(referral.id), notice, f"answered:{referral.id}")
    if not accepted:
        await deed.tell(to_person(referral.surgeon_id), notice, f"answered:{referral.id}:surgeon")
    await deed.note("referral", referral.id)


async def _follow_up(
    deed: OpenDeed, old: Referral, therapist_user_id: str, referral_id: str = ""
) -> Referral:
    """A new referral of the same patient with the same contents, which points to `old`."""
    surgeon = deed.person
    await require_clear(deed, surgeon)
    therapist = await chosen_therapist(deed, surgeon, therapist_user_id)
    return await follow_up(deed, old, surgeon, therapist, referral_id)


async def follow_up(
    deed: OpenDeed, old: Referral, surgeon: Person, therapist: Person, referral_id: str = ""
) -> Referral:
    """The same contents from `surgeon` to `therapist`, pointing to `old`. Raises
    `AlreadyReferred`."""
    patient = await stored.patient(deed.session, old.patient_id)
    await refuse_twin(deed, patient.identity_index, surgeon, therapist)
    request = await deed.open(patient.key_id, request_cell(old.id), old.request_sealed)
    return await _begin(
        deed,
        surgeon,
        therapist,
        patient,
        Request.model_validate_json(request),
        referral_id or new_id(),
        continues=old,
    )


async def _begin(
    deed: OpenDeed,
    surgeon: Person,
    therapist: Person,
    patient: Patient,
    request: Request,
    referral_id: str,
    continues: Referral | None = None,
) -> Referral:
    """Write a new referral, with its room, its code, its first step and its card."""
    room = await _room(deed, surgeon, therapist)
    referral = Referral(
        id=referral_id,
        team_id=surgeon.team_id,
        case_code=await _unused_code(deed, surgeon.team_id),
        patient_id=patient.id,
        surgeon_id=surgeon.id,
        therapist_id=therapist.id,
        room_id=room.id,
        state=ReferralState.REQUESTED,
        moved_at=deed.now,
        step_number=0,
        sessions=request.sessions,
        frequency=request.frequency,
        request_sealed=await deed.seal(
            patient.key_id, request_cell(referral_id), request.model_dump_json()
        ),
        created_at=deed.now,
        continues_id=continues.id if continues else None,
        screen_version=request.screen.version if request.screen else None,
        start_by=request.start_by,
    )
    await enter(deed, referral, ReferralState.REQUESTED)
    await deed.session.flush()
    await first_version(deed, referral, request)
    await seat_anew(deed, room.id)  # before the card: who was let into other cases reads no new one
    card = CaseCard(referral_id=referral.id)
    await deed.tell(to_room(room.id), card, card_key(referral.id))
    await watch(deed, referral, Typed.REFERRAL, referral.id, *request.written)
    await deed.note("referral", referral.id, patient=patient.id, therapist=therapist.id)
    return referral


async def _referred_before(deed: OpenDeed, referral_id: str) -> Referred:
    referral = await stored.referral(deed.session, referral_id)
    if referral is None:
        raise AssertionError("a submission points to a referral that is not there")
    return Referred(referral.id, referral.case_code, is_new=False)


async def chosen_therapist(deed: OpenDeed, surgeon: Person, slack_user_id: str) -> Person:
    """Who was chosen as the therapist, if they may be. Raises `TherapistCannotBeChosen`."""
    if slack_user_id == surgeon.slack_user_id:
        raise TherapistCannotBeChosen(TherapistProblem.IS_THE_SURGEON)
    found = await people.person_in_slack(deed.session, surgeon.team_id, slack_user_id)
    if found is None:
        raise TherapistCannotBeChosen(TherapistProblem.NOT_REGISTERED)
    if found.standing is not Standing.MEMBER:
        raise TherapistCannotBeChosen(TherapistProblem.NOT_A_MEMBER, found.standing)
    if found.role is not Role.THERAPIST:
        raise TherapistCannotBeChosen(TherapistProblem.NOT_A_THERAPIST)
    today = today_of(deed, found)
    if not (await standing_of(deed.session, found, today)).is_clear:
        raise TherapistCannotBeChosen(TherapistProblem.NOT_CLEAR)
    entry = await directory.entry(deed.session, found.id)
    if entry is not None and not Profile.model_validate_json(entry.profile).accepts_on(today):
        raise TherapistCannotBeChosen(TherapistProblem.NOT_ACCEPTING)
    return found


async def _patient(
    deed: OpenDeed, identifiers: Identifiers, surgeon: Person, therapist: Person
) -> Patient:
    index = identity_index(deed, identifiers)
    await refuse_twin(deed, index, surgeon, therapist)
    patient_id = new_id()
    key_id = await deed.new_patient_key(patient_id)
    patient = Patient(
        id=patient_id,
        team_id=surgeon.team_id,
        key_id=key_id,
        identifiers_sealed=await deed.seal(
            key_id, identifiers_cell(patient_id), identifiers.model_dump_json()
        ),
        identity_index=index,
        created_at=deed.now,
    )
    deed.session.add(patient)
    await deed.session.flush()
    return patient


async def refuse_twin(deed: OpenDeed, identity: bytes, surgeon: Person, therapist: Person) -> None:
    """One open referral of a patient between the same two. Raises `AlreadyReferred`."""
    twin = await stored.open_referral_of_pair(deed.session, identity, surgeon.id, therapist.id)
    if twin is not None:
        raise AlreadyReferred(twin.case_code)


def identity_index(deed: OpenDeed, identifiers: Identifiers) -> bytes:
    """What the same patient is found by."""
    return deed.blind_index("patient", identity_of(identifiers))


async def _room(deed: OpenDeed, surgeon: Person, therapist: Person) -> Room:
    room = await people.room_of_pair(deed.session, surgeon.id, therapist.id)
    if room is None:
        room = Room(
            id=new_id(),
            team_id=surgeon.team_id,
            surgeon_id=surgeon.id,
            therapist_id=therapist.id,
            channel_name=f"{UNNAMED_ROOM}{new_id()[:10]}",
            state=RoomState.WANTED,
            created_at=deed.now,
        )
        deed.session.add(room)
        await deed.session.flush()
        await deed.tell(
            to_room(room.id),
            OpenRoom(room_id=room.id),
            f"room:{room.id}",
            operation=OutboxOperation.ERRAND,
        )
    return room


async def _unused_code(deed: OpenDeed, team_id: str) -> str:
    code = new_case_code()
    while await stored.code_is_taken(deed.session, team_id, code):
        code = new_case_code()
    return code


def identity_of(identifiers: Identifiers) -> str:
    """Who it is, written so that case, accents and spacing make no difference."""
    return f"{_folded(identifiers.name)}|{identifiers.birth_date.isoformat()}"


def _folded(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in decomposed if c.isalnum())


def request_cell(referral_id: str) -> Cell:
    return Cell("referrals", "request_sealed", referral_id)


def decline_cell(referral_id: str) -> Cell:
    return Cell("referrals", "decline_reason_sealed", referral_id)
