"""Filling a referral in, step by step: what was typed is kept, what is wrong is said at once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.care.directory import Wish
from bot.care.people import Role
from bot.care.permissions import Deed
from bot.care.referral_form import (
    PARTS,
    Draft,
    Field,
    FormStep,
    Part,
    PatientPart,
    ReferralForm,
    form_of,
    step_after,
)
from bot.care.referral_template import started_from
from bot.care.request import Identifiers, Request
from bot.care.rules import ClinicalRules
from bot.care.screen import general, open_steps, screen_problems, there
from bot.care.text import clean_line
from bot.ids import new_id
from bot.services.actor import Actor
from bot.services.colleagues import found_for
from bot.services.deeds import Deeds, Lease, OpenDeed
from bot.services.errors import FormHasProblems, TooLate
from bot.services.licences import require_clear
from bot.services.referrals import (
    Referred,
    chosen_therapist,
    identifiers_cell,
    identity_index,
    refuse_twin,
    request_cell,
    send_referral,
)
from bot.services.templates import chosen_template, keep_template, templates_of
from bot.shown.referring import ShownFormStep, ShownScreen, ShownSuggestion, ShownWaiting
from bot.store.queries import inbox
from bot.store.queries import referrals as stored_referrals
from bot.store.queries import referring as stored
from bot.store.tables.people import Person
from bot.store.tables.referring import ReferralDraft
from bot.store.tables.work import TimerKind
from bot.store.vault import KeyOwner

# How long a draft waits for its surgeon: over a weekend, and not much longer with a name in it.
DRAFT_LASTS: Final = timedelta(days=3)
_MOST_SUGGESTIONS: Final = 3
# Says to the form that the patient is known; what counts is what the draft continues.
_AGAIN: Final = "again-"


class Drafts:
    """The steps of the referral form."""

    def __init__(self, deeds: Deeds, rules: ClinicalRules) -> None:
        self._deeds = deeds
        self._rules = rules

    async def begin(self, actor: Actor, therapist_user_id: str = "") -> ShownFormStep:
        """An empty form, with a therapist who is chosen already, if there is one.

        Raises `NotRegistered`, `LicenceProblem`, `TherapistCannotBeChosen`.
        """
        async with self._deeds.begin(actor, Deed.DRAFT_REFERRAL) as deed:
            surgeon = await deed.somebody(Role.SURGEON)
            await require_clear(deed, surgeon)
            if therapist_user_id:
                await chosen_therapist(deed, surgeon, therapist_user_id)
            draft = Draft(form=ReferralForm(therapist=therapist_user_id))
            return await self._shown(deed, "", draft)

    async def begin_again(self, actor: Actor, referral_id: str) -> ShownFormStep:
        """A finished case with all its contents, but for the screen, which is asked anew.

        Raises `NotYours`, `NotYourPart`, `TooLate`, `LicenceProblem`.
        """
        async with self._deeds.begin(actor, Deed.REFER_AGAIN) as deed:
            old = await deed.referral(referral_id)
            if not old.state.is_final:
                raise TooLate("not_finished")
            await require_clear(deed, deed.person)
            found = await stored.draft_that_continues(deed.session, old.id, deed.person.id)
            if found is not None:
                return await self._shown(deed, found.id, await self._opened(deed, found))
            draft_id = f"{_AGAIN}{new_id()}"
            patient = await stored_referrals.patient(deed.session, old.patient_id)
            who = Identifiers.model_validate_json(
                await deed.open(
                    patient.key_id, identifiers_cell(patient.id), patient.identifiers_sealed
                )
            )
            asked = Request.model_validate_json(
                await deed.open(patient.key_id, request_cell(old.id), old.request_sealed)
            )
            form = form_of(who, asked).model_copy(update={"start_by": None})
            draft = Draft(form=form, step=FormStep.PATIENT, is_short=True)
            await self._keep(deed, draft_id, draft, continues_id=old.id)
            await deed.note("referral", old.id, draft=draft_id)
            return await self._shown(deed, draft_id, draft)

    async def resume(self, actor: Actor, draft_id: str) -> ShownFormStep:
        """Go on where a draft was left. Raises `NotRegistered`, `TooLate`."""
        async with self._deeds.begin(actor, Deed.DRAFT_REFERRAL) as deed:
            await deed.somebody(Role.SURGEON)
            draft = await self._opened(deed, await self._own(deed, draft_id))
            await deed.note("draft", draft_id)
            return await self._shown(deed, draft_id, draft)

    async def discard(self, actor: Actor, draft_id: str) -> None:
        """Put a draft away for good; done already: nothing changes."""
        async with self._deeds.begin(actor, Deed.DRAFT_REFERRAL) as deed:
            surgeon = await deed.somebody(Role.SURGEON)
            found = await stored.draft_of(deed.session, draft_id, surgeon.id)
            if found is not None:
                await _destroy(deed, found)
                await deed.note("draft", draft_id, ended="discarded")

    async def end(self, lease: Lease, draft_id: str) -> None:
        """Nobody has come back to a draft."""
        async with self._deeds.begin(None, Deed.DRAFT_REFERRAL, lease=lease) as deed:
            found = await stored.any_draft(deed.session, draft_id)
            if found is not None:
                await _destroy(deed, found)
                await deed.note("draft", draft_id, ended="in_time")

    async def go_on(
        self,
        actor: Actor,
        draft_id: str,
        step: FormStep,
        answers: Part | None,
        view_id: str,
        template_id: str = "",
        therapist_user_id: str = "",
    ) -> ShownFormStep:
        """Keep a step's answers and go to the next one. The first step begins the draft, with the
        therapist who was chosen before.

        Raises `FormHasProblems`, `TherapistCannotBeChosen`, `AlreadyReferred`, `TooLate`.
        """
        async with self._deeds.begin(actor, Deed.DRAFT_REFERRAL) as deed:
            surgeon = await deed.somebody(Role.SURGEON)
            draft_id = draft_id or view_id
            draft = await self._merged(deed, draft_id, step, answers)
            if therapist_user_id and not draft.form.therapist:
                chosen = draft.form.model_copy(update={"therapist": therapist_user_id})
                draft = draft.model_copy(update={"form": chosen})
            if template_id and template_id != draft.template_id:
                template = await chosen_template(deed, template_id)
                draft = draft.model_copy(
                    update={
                        "form": started_from(draft.form, template),
                        "template_id": template_id,
                        "is_short": True,
                    }
                )
            await self._check(deed, surgeon, draft)
            still_open = open_steps(
                draft.form, self._rules.file.contraindications, _today(deed, surgeon)
            )
            draft = draft.at(step_after(draft, still_open))
            await self._keep(deed, draft_id, draft)
            return await self._shown(deed, draft_id, draft)

    async def go_to(
        self,
        actor: Actor,
        draft_id: str,
        step: FormStep,
        answers: Part | None,
        to: FormStep,
        view_id: str,
    ) -> ShownFormStep:
        """Go to another step and keep what was typed so far, whatever is still wrong with it."""
        async with self._deeds.begin(actor, Deed.DRAFT_REFERRAL) as deed:
            await deed.somebody(Role.SURGEON)
            draft_id = draft_id or view_id
            draft = (await self._merged(deed, draft_id, step, answers)).at(to)
            await self._keep(deed, draft_id, draft)
            return await self._shown(deed, draft_id, draft)

    async def send(self, actor: Actor, draft_id: str, save_as: str = "") -> Referred:
        """Send the referral, once; the draft is gone with it, and a template kept if it is named.

        Raises as `Referrals.refer`, and `TooLate`.
        """
        async with self._deeds.begin(actor, Deed.REFER) as deed:
            surgeon = await deed.somebody(Role.SURGEON)
            found = await stored.draft_of(deed.session, draft_id, surgeon.id)
            if found is None:
                return await _sent_before(deed, draft_id)
            draft = await self._opened(deed, found)
            old = (
                await stored_referrals.referral(deed.session, found.continues_id)
                if found.continues_id
                else None
            )
            sent = await send_referral(
                deed, self._rules, draft.form, draft.form.therapist, draft_id, old
            )
            if clean_line(save_as) and sent.is_new:
                await keep_template(deed, draft.form, save_as)
            await _destroy(deed, found)
            return sent

    # -- inside a deed ---------------------------------------------------------------------

    async def _own(self, deed: OpenDeed, draft_id: str) -> ReferralDraft:
        found = await stored.draft_of(deed.session, draft_id, deed.person.id)
        if found is None:
            raise TooLate("draft_gone")
        return found

    async def _opened(self, deed: OpenDeed, row: ReferralDraft) -> Draft:
        opened = await deed.open(row.key_id, stored.draft_cell(row.id), row.draft_sealed)
        return Draft.model_validate_json(opened)

    async def _merged(
        self, deed: OpenDeed, draft_id: str, step: FormStep, answers: Part | None
    ) -> Draft:
        """The draft with a step's answers; a new one, if it is the first step's."""
        row = await stored.draft_of(deed.session, draft_id, deed.person.id)
        if row is None and step is not FormStep.PATIENT:
            raise TooLate("draft_gone")
        draft = Draft() if row is None else await self._opened(deed, row)
        if row is not None and row.continues_id and isinstance(answers, PatientPart):
            # Who it is was said in the case that is opened again.
            known = PatientPart.model_validate(
                {name: getattr(draft.form, name) for name in PatientPart.model_fields}
            )
            said = {"consent_by": answers.consent_by, "consent_on": answers.consent_on}
            answers = known.model_copy(update=said)
        if answers is not None:
            draft = draft.model_copy(update={"form": draft.form.filled(answers)})
        return draft.at(step)

    async def _keep(
        self, deed: OpenDeed, draft_id: str, draft: Draft, continues_id: str | None = None
    ) -> None:
        row = await stored.draft_of(deed.session, draft_id, deed.person.id)
        key_id = (
            row.key_id
            if row is not None
            else await deed.vault.new_key(deed.session, KeyOwner.PATIENT, draft_id)
        )
        sealed = await deed.seal(key_id, stored.draft_cell(draft_id), draft.model_dump_json())
        if row is None:
            row = ReferralDraft(
                id=draft_id,
                surgeon_id=deed.person.id,
                key_id=key_id,
                draft_sealed=sealed,
                created_at=deed.now,
                changed_at=deed.now,
                continues_id=continues_id,
            )
            due = deed.now + DRAFT_LASTS
            await deed.set_timer(TimerKind.DRAFT_ENDS, draft_id, 0, due)
            await deed.note("draft", draft_id, begun="yes")
        else:
            row.draft_sealed = sealed
            row.changed_at = deed.now
        deed.session.add(row)
        await deed.session.flush()

    async def _check(self, deed: OpenDeed, surgeon: Person, draft: Draft) -> None:
        """What is wrong with the step that is left."""
        step, form, today = draft.step, draft.form, _today(deed, surgeon)
        problems: Mapping[Field, str] = form.problems(today, [step]) if step in PARTS else {}
        if step is FormStep.SCREEN:
            asked = self._rules.file.contraindications
            problems = {**problems, **screen_problems(form, asked)}
        if problems:
            raise FormHasProblems(problems)
        if step is FormStep.THERAPIST:
            therapist = await chosen_therapist(deed, surgeon, form.therapist)
            who = identity_index(deed, form.identifiers())
            await refuse_twin(deed, who, surgeon, therapist)

    async def _shown(self, deed: OpenDeed, draft_id: str, draft: Draft) -> ShownFormStep:
        """A step with what it needs beside the answers."""
        surgeon, form, step = deed.person, draft.form, draft.step
        shown = ShownFormStep(
            draft_id, draft, _today(deed, surgeon), is_again=draft_id.startswith(_AGAIN)
        )
        match step:
            case FormStep.PATIENT if not shown.is_again:
                waiting = None if draft_id else await self._waiting(deed)
                return replace(shown, waiting=waiting, templates=await templates_of(deed))
            case FormStep.SCREEN:
                return replace(shown, screen=self._screen(form))
            case FormStep.PLAN | FormStep.SUMMARY if form.indication is not None:
                evidence = self._rules.file.evidence.get(form.indication)
                return replace(shown, evidence=evidence, screen=self._screen(form))
            case FormStep.THERAPIST:
                return replace(shown, suggestions=await self._suggestions(deed, form))
            case _:
                return shown

    async def _waiting(self, deed: OpenDeed) -> ShownWaiting | None:
        found = await stored.newest_draft(deed.session, deed.person.id)
        return ShownWaiting(found.id, found.changed_at) if found else None

    def _screen(self, form: ReferralForm) -> ShownScreen:
        asked = self._rules.file.contraindications
        return ShownScreen(
            version=self._rules.version,
            source=asked.source,
            hold=asked.hold,
            clearance=general(asked.clearance),
            there=there(asked.clearance, form.areas),
        )

    async def _suggestions(self, deed: OpenDeed, form: ReferralForm) -> tuple[ShownSuggestion, ...]:
        """Therapists who say that they treat this and are free; else any who is free."""
        for procedure in (form.indication, None):
            wish = Wish(role=Role.THERAPIST, procedure=procedure, only_available=True)
            found = await found_for(deed.session, deed.person, wish, deed.now, _MOST_SUGGESTIONS)
            if found:
                return tuple(
                    ShownSuggestion(known.person.slack_user_id, one.reasons) for known, one in found
                )
        return ()


async def _sent_before(deed: OpenDeed, draft_id: str) -> Referred:
    """What came of a draft that is not there any more. Raises `TooLate`."""
    sent = await inbox.note_submission(deed.session, draft_id, new_id(), deed.now)
    referral = await stored_referrals.referral(deed.session, sent) if sent else None
    if referral is None or referral.surgeon_id != deed.person.id:
        raise TooLate("draft_gone")
    return Referred(referral.id, referral.case_code, is_new=False)


async def _destroy(deed: OpenDeed, row: ReferralDraft) -> None:
    """A draft and the key that it was sealed under."""
    await deed.clear_timers(row.id, TimerKind.DRAFT_ENDS)
    await stored.delete_draft(deed.session, row.id)
    await deed.vault.destroy_key(deed.session, row.key_id)


def _today(deed: OpenDeed, surgeon: Person) -> date:
    return deed.now.astimezone(ZoneInfo(surgeon.time_zone)).date()
