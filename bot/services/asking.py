"""Asking people about their cases, inside other deeds: what falls due, is settled, or is moot."""

from datetime import datetime, timedelta

from bot.care.checkins import (
    Answer,
    Asked,
    CheckInKind,
    CheckInState,
    halves_reached,
    is_about_a_session,
    next_ask,
    starts_anew,
)
from bot.care.people import Role, Standing
from bot.care.referral import ReferralState, Step
from bot.care.rhythm import CaseRhythm, Every
from bot.care.treatment_plan import DAYS_TO_ANSWER
from bot.care.working_time import WorkingHours
from bot.ids import new_id
from bot.notices import DigestDue
from bot.services.deeds import OpenDeed
from bot.services.handover import stand_in
from bot.store.queries import checkins as stored
from bot.store.queries import licence_warnings, people, timers, working_time
from bot.store.tables.checkins import CheckIn
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral
from bot.store.tables.work import TimerKind

# Whose digest of the same minute comes first is chance: this comes with the next one.
_A_LITTLE_LATER = timedelta(minutes=30)
_LOOKS = {CheckInKind.WEEKLY, CheckInKind.JOINT}


async def ask(
    deed: OpenDeed,
    referral: Referral,
    person: Person,
    kind: CheckInKind,
    due: datetime,
    *,
    number: int | None = None,
    step: Step | None = None,
    about_id: str | None = None,
) -> None:
    """Ask somebody about a case from `due` on; the same number of a kind is asked once."""
    if number is None:
        number = 1 + await stored.highest_number(deed.session, referral.id, person.id, kind)
    row = CheckIn(
        id=new_id(),
        referral_id=referral.id,
        person_id=person.id,
        kind=kind,
        number=number,
        step=step,
        about_id=about_id,
        due_at=due,
        state=CheckInState.OPEN,
        created_at=deed.now,
    )
    if not await stored.add_once(deed.session, row):
        return
    if person.standing is Standing.MEMBER:
        await arm(deed, referral, row)
    elif kind is not CheckInKind.SILENT:
        await call_coordinators(deed, referral, row)


async def step_fell_due(deed: OpenDeed, referral: Referral, owner: Person) -> None:
    """The next step was due and has not been taken: its owner is asked in their next digest."""
    if referral.next_step is None or referral.next_due is None:
        return
    due = referral.next_due
    if owner.id == referral.therapist_id and is_about_a_session(referral.next_step):
        every = await every_of(deed, referral, owner, Role.THERAPIST)
        told = await stored.last_told(deed.session, referral.id, owner.id)
        if told is not None and every.days:
            due = max(due, told + timedelta(days=every.days))
    await ask(
        deed,
        referral,
        owner,
        CheckInKind.STEP,
        due,
        number=referral.step_number,
        step=referral.next_step,
    )
    await arm_overviews(deed, referral.team_id, deed.now)


async def moved(deed: OpenDeed, referral: Referral, answer: Answer = Answer.DONE) -> None:
    """A referral has moved on: settle what that answers, and ask what is next."""
    for row in await stored.open_of_referral(deed.session, referral.id):
        if row.kind is CheckInKind.STEP and row.number < referral.step_number:
            await _settle_step(deed, referral, row, answer)
        elif _is_moot(referral.state, row.kind):
            await settle(deed, row, CheckInState.MOOT)
        elif row.kind in _LOOKS and referral.state.is_treatment_under_way:
            await arm(deed, referral, row)
    if referral.state.is_treatment_under_way:
        await plan_looks(deed, referral)


async def plan_looks(deed: OpenDeed, referral: Referral) -> None:
    """The surgeon's weekly look, and the joint one of both after each half of the plan."""
    surgeon = await people.person(deed.session, referral.surgeon_id)
    therapist = await people.person(deed.session, referral.therapist_id)
    every = await every_of(deed, referral, surgeon, Role.SURGEON)
    asked = await stored.open_of_referral(deed.session, referral.id)
    weekly = [one for one in asked if one.kind is CheckInKind.WEEKLY]
    if every.days and not weekly:
        due = deed.now + timedelta(days=every.days)
        await ask(deed, referral, surgeon, CheckInKind.WEEKLY, due)
    if (await rhythm_of(deed, referral)).joint:
        for half in halves_reached(referral.updates, referral.sessions):
            for side in (surgeon, therapist):
                await ask(deed, referral, side, CheckInKind.JOINT, deed.now, number=half)


async def spoke(deed: OpenDeed, referral: Referral, person: Person) -> None:
    """Somebody has written or decided in a case: if they are asked to look at it regularly, they
    have, and are asked again a whole rhythm later."""
    if person.id == referral.therapist_id:
        return  # they are asked for sessions, not for looks
    for row in await stored.open_of_referral(deed.session, referral.id):
        if row.person_id == person.id and await start_anew(deed, referral, row):
            await arm(deed, referral, row)


async def start_anew(deed: OpenDeed, referral: Referral, row: CheckIn) -> bool:
    """A weekly look whose reader has spoken since: it counts from there, and nobody waits for an
    answer any more. Tells whether that is so."""
    due = starts_anew(await asked_of(deed, referral, row))
    if due is None:
        return False
    row.due_at, row.told, row.told_at = due, 0, None
    deed.session.add(row)
    await deed.session.flush()
    await _is_answered(deed, row)
    return True


async def ask_for_signature(
    deed: OpenDeed, referral: Referral, number: int, person: Person
) -> None:
    """Somebody is to answer a proposed version of the plan, once its answer is overdue."""
    due = (await deed.hours_of(person)).after_working_days(deed.now, DAYS_TO_ANSWER)
    await ask(deed, referral, person, CheckInKind.PROPOSAL, due, number=number)


async def settle_looks(deed: OpenDeed, referral: Referral) -> None:
    """Whoever proposes another plan has looked at the one that holds: what they were asked of it,
    and the other side's wish for another one, is answered."""
    answers = {
        CheckInKind.WEEKLY: Answer.CHANGE_PLAN,
        CheckInKind.JOINT: Answer.CHANGE_PLAN,
        CheckInKind.PLAN: Answer.SEEN,
    }
    for row in await stored.open_of_referral(deed.session, referral.id):
        answer = answers.get(row.kind)
        if answer is None or row.due_at > deed.now:
            continue
        if await _is_their_side(deed, referral, row):
            await settle(deed, row, CheckInState.SETTLED, answer=answer)
    if referral.state.is_treatment_under_way:
        await plan_looks(deed, referral)


async def settle_signature(deed: OpenDeed, referral: Referral, number: int) -> None:
    """A proposed version was answered, or taken back."""
    for row in await stored.open_of_referral(deed.session, referral.id):
        if row.kind is CheckInKind.PROPOSAL and row.number == number:
            if await _is_their_side(deed, referral, row):
                await settle(deed, row, CheckInState.SETTLED, answer=Answer.DONE)
            else:
                await settle(deed, row, CheckInState.MOOT)


async def settle(
    deed: OpenDeed,
    row: CheckIn,
    state: CheckInState,
    *,
    answer: Answer | None = None,
    entry_id: str | None = None,
) -> None:
    """End a check-in; every digest that it stands in is drawn anew."""
    row.state = state
    row.settled_at = deed.now
    row.answer = answer
    row.answered_by_id = deed.person.id if answer is not None else None
    row.entry_id = entry_id or row.entry_id
    deed.session.add(row)
    await deed.session.flush()
    await _is_answered(deed, row)


async def _is_answered(deed: OpenDeed, row: CheckIn) -> None:
    """What shows it shows so, and no coordinator need see to it."""
    await redraw_digests(deed, row)
    for silence in await stored.open_silences(deed.session, row.id):
        await settle(deed, silence, CheckInState.MOOT)


async def redraw_digests(deed: OpenDeed, row: CheckIn) -> None:
    """Owe that every digest with this line is drawn anew."""
    for digest_id in await stored.digests_with(deed.session, row.id):
        await deed.redraw(DigestDue(digest_id=digest_id), digest_key(digest_id))


async def call_coordinators(deed: OpenDeed, referral: Referral, row: CheckIn) -> None:
    """Nobody has answered: the coordinators are told in their next digest."""
    for coordinator in await people.coordinators(deed.session, referral.team_id):
        due = deed.now + _A_LITTLE_LATER
        await ask(deed, referral, coordinator, CheckInKind.SILENT, due, about_id=row.id)


# -- when ------------------------------------------------------------------------------------


async def arm(
    deed: OpenDeed, referral: Referral, row: CheckIn, *, after: datetime | None = None
) -> None:
    """Set the timers of the digests in which a check-in may be told, from `after` on.

    While the person asked is away, that is a digest of whoever covers.
    """
    person = await people.person(deed.session, row.person_id)
    if person.standing is not Standing.MEMBER:
        return
    asked = await asked_of(deed, referral, row)
    hours = await deed.hours_of(person)
    now = max(deed.now, after or deed.now)
    await set_digest(deed, person, hours, next_ask(asked, hours, now))
    if_covered = next_ask(asked, hours.as_covered(), now)
    away = hours.away_at(if_covered) if if_covered is not None else None
    if away is None or away.covered_by is None:
        return
    cover = await people.person(deed.session, away.covered_by)
    theirs = await deed.hours_of(cover)
    await set_digest(
        deed, cover, theirs, next_ask(asked, theirs, max(now, hours.opening(away.first)))
    )


async def arm_again(deed: OpenDeed, person: Person) -> None:
    """Somebody's hours, time zone or absences have changed: every digest is timed anew."""
    await deed.clear_timers(person.id, TimerKind.DIGEST)
    if person.standing is not Standing.MEMBER:
        await _hand_on(deed, person)
        return
    everybody = [person, *await working_time.covered_soon(deed.session, person, deed.now)]
    for row, referral in await stored.open_of_people(deed.session, [one.id for one in everybody]):
        await arm(deed, referral, row)
    if person.role is Role.COORDINATOR:
        await arm_overview(deed, person, deed.now)
    if await licence_warnings.to_tell(deed.session, person.id, None):
        hours = await deed.hours_of(person)
        await set_digest(deed, person, hours, hours.next_digest(deed.now))


async def _hand_on(deed: OpenDeed, person: Person) -> None:
    """Somebody's account is gone: whoever has their work is asked in their place."""
    heir = await stand_in(deed.session, person)
    if heir.id == person.id:
        return
    for row, referral in await stored.open_of_people(deed.session, [person.id]):
        if row.kind is CheckInKind.SILENT:
            await settle(deed, row, CheckInState.MOOT)  # the other coordinators have theirs
            continue
        row.person_id, row.told, row.told_at = heir.id, 0, None
        deed.session.add(row)
        await deed.session.flush()
        await arm(deed, referral, row)


async def arm_overviews(deed: OpenDeed, team_id: str, since: datetime) -> None:
    """Something is overdue: coordinators see it on the first working day of their week."""
    for coordinator in await people.coordinators(deed.session, team_id):
        await arm_overview(deed, coordinator, since)


async def arm_overview(deed: OpenDeed, coordinator: Person, since: datetime) -> None:
    hours = await deed.hours_of(coordinator)
    day = hours.day_of(since)
    monday = day + timedelta(days=7 - day.weekday())
    if hours.first_of_the_week(day) and hours.digest_on(day) >= since:
        monday = day
    first = hours.working_day_from(monday)
    await set_digest(deed, coordinator, hours, hours.next_digest(hours.digest_on(first)))


async def set_digest(
    deed: OpenDeed, person: Person, hours: WorkingHours, at: datetime | None
) -> None:
    """Somebody's digest of the day that `at` falls on; None for never."""
    if at is not None:
        day = hours.day_of(at).toordinal()
        await timers.put_timer(deed.session, TimerKind.DIGEST, person.id, day, at)


async def asked_of(deed: OpenDeed, referral: Referral, row: CheckIn) -> Asked:
    """A check-in as the rules see it."""
    every = Every.WEEK
    if row.kind is CheckInKind.WEEKLY:
        surgeon = await people.person(deed.session, referral.surgeon_id)
        every = await every_of(deed, referral, surgeon, Role.SURGEON)
    return Asked(
        kind=row.kind,
        due=row.due_at,
        state=referral.state,
        told=row.told,
        told_at=row.told_at,
        snoozed_until=row.snoozed_until,
        last_word=await stored.last_word(deed.session, referral.id, row.person_id),
        every=every,
    )


async def every_of(deed: OpenDeed, referral: Referral, person: Person, side: Role) -> Every:
    """How often one side of a case is asked."""
    schedule = await working_time.schedule_of(deed.session, person.id)
    rhythm = await rhythm_of(deed, referral)
    return rhythm.of(side, schedule.every if schedule else None)


async def rhythm_of(deed: OpenDeed, referral: Referral) -> CaseRhythm:
    found = await stored.rhythm_of(deed.session, referral.id)
    if found is None:
        return CaseRhythm()
    return CaseRhythm(found.therapist, found.surgeon, found.joint)


def digest_key(digest_id: str) -> str:
    """The outbox key of a digest."""
    return f"digest:{digest_id}"


async def _settle_step(deed: OpenDeed, referral: Referral, row: CheckIn, answer: Answer) -> None:
    """A step was done by its own side, or the case moved on without it."""
    if deed.actor is not None and await _is_their_side(deed, referral, row):
        await settle(deed, row, CheckInState.SETTLED, answer=answer)
    else:
        await settle(deed, row, CheckInState.MOOT)


async def _is_their_side(deed: OpenDeed, referral: Referral, row: CheckIn) -> bool:
    if deed.person.id == row.person_id:
        return True
    part = await deed.part_of(deed.person, referral)
    if row.person_id == referral.surgeon_id:
        return part.is_surgeons_side
    return row.person_id == referral.therapist_id and part.is_therapists_side


def _is_moot(state: ReferralState, kind: CheckInKind) -> bool:
    """Whether there is nothing to ask any more: looks belong to treatment, all else to a case."""
    if kind in _LOOKS:
        return not (state.is_treatment_under_way or state is ReferralState.ON_HOLD)
    if kind is CheckInKind.PROPOSAL:
        return not state.takes_updates  # it can't be signed any more
    return state.is_final
