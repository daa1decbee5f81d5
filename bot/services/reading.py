"""Reading what is shown. What is protected is read in a deed, so that the look is recorded."""

from dataclasses import replace
from itertools import compress
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.feedback import has_feedback
from bot.care.people import Part, Role, Standing
from bot.care.permissions import Deed, may
from bot.care.referral import ReferralState
from bot.care.request import Identifiers, Request
from bot.care.session_order import number_of
from bot.services.actor import Actor
from bot.services.concern_reading import ConcernReading, thread_link
from bot.services.deeds import Deeds
from bot.services.errors import NotYours
from bot.services.handover import covered_by, stand_in
from bot.services.home_cases import HomeCases
from bot.services.identifiers import unnamed_words
from bot.services.naming import identifiers_of, unnamed
from bot.services.open_questions import unsettled
from bot.services.progress import Progresses
from bot.services.referrals import decline_cell, identifiers_cell, request_cell
from bot.services.request_files import file_links
from bot.services.session_updates import words_cell
from bot.services.shared_cases import MOST_AT_HOME, shares_at_home
from bot.services.suggesting import next_therapist
from bot.services.working_time import shown_schedule
from bot.shown.case import (
    ShownCase,
    ShownHold,
    ShownHome,
    ShownPatient,
    ShownReading,
    ShownStep,
)
from bot.shown.privacy import ShownErased
from bot.store.queries import circle, concerns, people, plans, readings
from bot.store.queries import referrals as stored
from bot.store.tables.people import Person
from bot.store.tables.referrals import Referral


class Reading:
    """What views are given. `team_url` is the workspace's address, for links to threads."""

    def __init__(self, deeds: Deeds, team_url: str, progresses: Progresses) -> None:
        self._deeds = deeds
        self._progresses = progresses
        self._team_url = team_url.rstrip("/")
        self.concerns = ConcernReading(deeds, self._team_url)
        self._home_cases = HomeCases(deeds, self._team_url, self.concerns)

    async def case(self, referral_id: str) -> ShownCase | None:
        """A referral as its thread shows it now."""
        async with self._deeds.database.reading() as session:
            referral = await stored.referral(session, referral_id)
            if referral is None:
                return None
            shown = await self._case(session, referral)
        return await self._progresses.on_card(shown)

    async def erased(self, referral_id: str) -> ShownErased | None:
        """That the record of a case was erased, when and why; None if it was not."""
        async with self._deeds.database.reading() as session:
            referral = await stored.referral(session, referral_id)
            if referral is None:
                return None
            patient = await stored.patient(session, referral.patient_id)
            if patient.erased_at is None or patient.erased_because is None:
                return None
            return ShownErased(
                referral.case_code,
                patient.erased_at,
                patient.erased_because,
                await self.link(session, referral),
            )

    async def slack_user(self, person_id: str) -> str:
        async with self._deeds.database.reading() as session:
            return (await people.person(session, person_id)).slack_user_id

    async def hold_form(self, actor: Actor, referral_id: str) -> ShownHold | None:
        """A hold for whoever may clear it; None if there is none. Recorded."""
        async with self._deeds.look(actor, Deed.CLEAR_HOLD) as deed:
            referral = await deed.referral(referral_id)
            await deed.note("referral", referral.id, look="hold_form")
            if referral.state is not ReferralState.ON_HOLD:
                return None
            today = deed.now.astimezone(ZoneInfo(deed.person.time_zone)).date()
            raised = await concerns.all_of(deed.session, referral.id)
            zone = ZoneInfo(deed.person.time_zone)
            return ShownHold(referral.id, referral.case_code, today, unsettled(raised, zone))

    async def home(self, actor: Actor) -> ShownHome | None:
        """Somebody's open referrals by due time; None if they are not registered."""
        async with self._deeds.database.reading() as session:
            person = await people.person_in_slack(session, actor.team_id, actor.slack_user_id)
            if person is None or not person.standing.may_treat:
                return None
            now = self._deeds.clock.now()
            covered = [
                case
                for absent in await covered_by(session, person, now)
                for case in await stored.open_referrals_of(session, absent)
            ]
            cases = await stored.open_referrals_of(session, person)
            let_in = await circle.cases_let_into(session, person.id)
            shown = await self._home_cases.of(session, [*cases, *covered, *let_in])
            asked_of = await self._home_cases.asked_of(
                session, person, but={one.id for one in (*cases, *covered)}
            )
            shares = await shares_at_home(session, person, now, MOST_AT_HOME)
            is_own = [one.asked_by == person.slack_user_id for one in shares]
            return ShownHome(
                person.role,
                tuple(shown[case.id] for case in cases),
                await shown_schedule(self._deeds, session, person),
                covered=tuple(shown[case.id] for case in covered),
                let_in=tuple(shown[case.id] for case in let_in),
                asked_to_share=tuple(compress(shares, (not own for own in is_own))),
                shared_with=tuple(compress(shares, is_own)),
                asked_of=asked_of,
                reader=person.slack_user_id,
            )

    async def own_cases(self, actor: Actor, kind: Deed) -> tuple[ShownCase, ...]:
        """Their open cases and those of whom they cover for, to choose one for a deed.

        Raises `NotRegistered` and `AccountCannotTreat`; such a refusal is recorded.
        """
        async with self._deeds.look(actor, kind) as deed:
            await deed.somebody()
        home = await self.home(actor)
        return (*home.cases, *home.covered) if home is not None else ()

    async def patient(self, actor: Actor, referral_id: str) -> ShownPatient:
        """Who the patient is and what was asked for. Recorded. Raises `NotYours`, `NotYourPart`."""
        async with self._deeds.look(actor, Deed.SEE_PATIENT) as deed:
            referral = await deed.referral(referral_id)
            patient = await stored.patient(deed.session, referral.patient_id)
            identifiers = await deed.open(
                patient.key_id, identifiers_cell(patient.id), patient.identifiers_sealed
            )
            request = Request.model_validate_json(
                await deed.open(patient.key_id, request_cell(referral.id), referral.request_sealed)
            )
            await deed.note("referral", referral.id, patient=patient.id)
            return ShownPatient(
                case_code=referral.case_code,
                identifiers=Identifiers.model_validate_json(identifiers),
                request=request,
                today=deed.now.astimezone(ZoneInfo(deed.person.time_zone)).date(),
                file_links=await file_links(deed.session, self._team_url, referral, request.files),
            )

    async def wordings(self, actor: Actor, channel_id: str, ts: str) -> tuple[str, ...]:
        """What a reply said, every wording in order. Recorded. Raises `NotYours`."""
        async with self._deeds.look(actor, Deed.READ_CASE) as deed:
            entry = await stored.entry_at(deed.session, channel_id, ts)
            if entry is None:
                raise NotYours
            referral = await deed.referral(entry.referral_id)
            patient = await stored.patient(deed.session, referral.patient_id)
            await deed.note("entry", entry.id, referral=referral.id)
            return tuple(
                [
                    await deed.open(patient.key_id, words_cell(one.id), one.words_sealed)
                    for one in await stored.revisions_of(deed.session, entry.id)
                ]
            )

    async def case_for(self, actor: Actor, referral_id: str, deed_kind: Deed) -> ShownCase:
        """A referral for whoever may do `deed_kind` in it. Recorded. Raises `NotYours`,
        `NotYourPart`."""
        async with self._deeds.look(actor, deed_kind) as deed:
            referral = await deed.referral(referral_id)
            await deed.note("referral", referral.id, look="case")
            return await self._case(deed.session, referral)

    async def case_to_read(self, actor: Actor, referral_id: str) -> tuple[ShownCase, bool]:
        """A case as its card shows it, for who is not in its channel; and whether they may act.

        Recorded. Raises `NotYours`, `NotYourPart`.
        """
        async with self._deeds.look(actor, Deed.READ_CASE) as deed:
            referral = await deed.referral(referral_id)
            part = await deed.part_of(deed.person, referral)
            await deed.note("referral", referral.id, look="case")
            shown = await self._case(deed.session, referral)
        if not may(part, Deed.SEE_PATIENT):
            shown = replace(shown, file_links=())
        return await self._progresses.on_card(shown), may(part, Deed.WRITE_IN_THREAD)

    async def case_in_thread(
        self, actor: Actor, channel_id: str, thread_ts: str, deed_kind: Deed
    ) -> ShownCase:
        """The referral that a thread is about, for whoever may do `deed_kind` in it."""
        async with self._deeds.look(actor, deed_kind) as deed:
            referral = await stored.referral_in_thread(
                deed.session, actor.team_id, channel_id, thread_ts
            )
            if referral is None:
                raise NotYours
            await deed.allow(referral)
            await deed.note("referral", referral.id, look="case")
            return await self._case(deed.session, referral)

    async def _case(self, session: AsyncSession, referral: Referral) -> ShownCase:
        surgeon = await people.person(session, referral.surgeon_id)
        therapist = await people.person(session, referral.therapist_id)
        patient = await stored.patient(session, referral.patient_id)
        vault = self._deeds.vault
        request = Request.model_validate_json(
            await vault.open(
                session, patient.key_id, request_cell(referral.id), referral.request_sealed
            )
        )
        reason = ""
        if referral.decline_reason_sealed is not None:
            reason = await vault.open(
                session,
                patient.key_id,
                decline_cell(referral.id),
                referral.decline_reason_sealed,
            )
        step = None
        if referral.next_step and referral.next_due and referral.next_owner:
            side = surgeon if referral.next_owner is Part.SURGEON else therapist
            owner = await stand_in(session, side)
            step = ShownStep(
                referral.next_step,
                owner.slack_user_id,
                referral.next_due,
                is_overdue=referral.next_due <= self._deeds.clock.now(),
            )
        unsettled = await concerns.unsettled_of(session, referral.id)
        return ShownCase(
            referral_id=referral.id,
            case_code=referral.case_code,
            indication=request.indication,
            state=referral.state,
            surgeon=surgeon.slack_user_id,
            therapist=therapist.slack_user_id,
            next_step=step,
            updates=referral.updates,
            sessions=referral.sessions,
            frequency=referral.frequency,
            concerns=tuple([await self.concerns.shown(session, one) for one in unsettled]),
            thread_link=await self.link(session, referral),
            decline_reason=await unnamed_words(session, vault, referral, reason),
            next_therapist=(
                await next_therapist(session, referral, request.indication, self._deeds.clock.now())
                if referral.state is ReferralState.DECLINED
                else None
            ),
            visit_at=referral.visit_at,
            continues=await _code(session, referral.continues_id),
            plan_number=referral.plan_number,
            is_plan_change_open=await _plan_change_is_open(session, referral),
            is_left=await _is_left(session, surgeon) or await _is_left(session, therapist),
            files=len(request.files),
            file_links=await self._file_links(session, referral, request),
            patient_says=await self._feedback(session, referral),
        )

    async def _file_links(
        self, session: AsyncSession, referral: Referral, request: Request
    ) -> tuple[str, ...]:
        """For the two alone: a colleague who was let in sits in the channel, too."""
        if not request.files or await circle.invitations_into(session, referral.id):
            return ()
        return await file_links(session, self._team_url, referral, request.files)

    async def _feedback(self, session: AsyncSession, referral: Referral) -> ShownReading | None:
        """The newest account of the patient's own."""
        known = await readings.sessions_of(session, self._deeds.vault, referral.id)
        for one in reversed(known):
            if one.counts and has_feedback(one.fields):
                who = await identifiers_of(self._deeds.vault, session, referral)
                fields = unnamed(one.fields, who)
                session_number = number_of(one.entry_id, known)
                return ShownReading(one.number, fields, one.confirmed, session=session_number)
        return None

    async def link(self, session: AsyncSession, referral: Referral) -> str | None:
        """The address of a referral's thread."""
        return await thread_link(session, referral, self._team_url)


async def _code(session: AsyncSession, referral_id: str | None) -> str:
    found = await stored.referral(session, referral_id) if referral_id else None
    return found.case_code if found else ""


async def _is_left(session: AsyncSession, side: Person) -> bool:
    """Whether somebody has left, and no colleague but a coordinator has their work."""
    if side.standing is Standing.MEMBER:
        return False
    return (await stand_in(session, side)).role is Role.COORDINATOR


async def _plan_change_is_open(session: AsyncSession, referral: Referral) -> bool:
    """Whether a change of the plan waits; the first version waits for the referral's own answer."""
    if not referral.state.takes_updates:
        return False
    return await plans.proposed(session, referral.id) is not None
