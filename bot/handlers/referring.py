"""Referring a patient: by command, by shortcut, from the Home tab, from an entry; step by step."""

import re
from collections.abc import Mapping
from dataclasses import replace

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View

from bot.care.people import TherapistProblem
from bot.care.referral_form import FormStep, TherapistPart
from bot.handlers.accounts import read_account
from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Command, Shortcut, Submission, read
from bot.handlers.shared_cases import refer_view
from bot.handlers.uses import Uses
from bot.handlers.words import words_of
from bot.services.actor import Actor
from bot.services.errors import (
    FormHasProblems,
    TherapistCannotBeChosen,
)
from bot.shown.referring import ShownFormStep
from bot.views.carried import AboutDraft, AboutPerson, AboutReferral, AboutStep, Action, Tampered
from bot.views.errors import Words
from bot.views.forms.refer import FilledStep, ReferForm
from bot.views.modals import notice_view

SHORTCUT = "refer_a_patient"
# Slack writes a person who was mentioned in a command so, where `should_escape` is set.
# https://docs.slack.dev/interactivity/implementing-slash-commands#parsing_escaped
_MENTIONED = re.compile(r"<@([UW][A-Z0-9]{1,20})(?:\|[^<>]*)?>")


def register(app: AsyncApp, use: Uses) -> None:
    _register_ways_in(app, use)
    _register_steps(app, use)
    _register_ways_within(app, use)


def _register_ways_in(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    async def open_form(actor: Actor, trigger_id: str, typed: str = "") -> None:
        async def fill() -> View:
            mentioned = _MENTIONED.fullmatch(typed.strip())
            word = _NOBODY if typed.strip() and not mentioned else ""
            return await begun(actor, mentioned[1] if mentioned else "", word)

        await use.answers.in_modal(trigger_id, ReferForm.loading(), fill)

    async def begun(actor: Actor, user_id: str = "", word: str = "") -> View:
        return ReferForm.view(await _begun(use, actor, user_id, word))

    @app.command("/refer")
    async def refer_by_command(ack: AsyncAck, body: Body) -> None:
        await ack()
        command = read(Command, body)
        await open_form(command.actor, command.trigger_id, command.text)

    @app.shortcut(SHORTCUT)
    async def refer_by_shortcut(ack: AsyncAck, body: Body) -> None:
        await ack()
        shortcut = read(Shortcut, body)
        await open_form(shortcut.actor, shortcut.trigger_id)

    @modals.opens(Action.REFER, ReferForm)
    async def refer(click: Click) -> View:
        return await begun(click.actor)

    @modals.opens(Action.REFER_TO, ReferForm)
    async def refer_to_somebody(click: Click) -> View:
        person_id = AboutPerson.read(click.value).person_id
        return await begun(click.actor, (await use.directory.entry(click.actor, person_id)).person)

    @modals.opens(Action.REFER_AGAIN, ReferForm)
    async def refer_again(click: Click) -> View:
        about = AboutReferral.read(click.value)
        return ReferForm.view(await use.drafts.begin_again(click.actor, about.referral_id))


_NOBODY = (
    "There is nobody here of the name that you typed after `/refer`. "
    "Write @ and choose them from Slack's list, or choose them in step 6."
)


async def _begun(use: Uses, actor: Actor, user_id: str, word: str) -> ShownFormStep:
    """The first step; somebody who can't be chosen is left out, with the reason."""
    try:
        return replace(await use.drafts.begin(actor, user_id), word=word)
    except TherapistCannotBeChosen as error:
        explained = await _explained(use, error, actor, user_id)
        return replace(await use.drafts.begin(actor), word=words_of(explained).line)


def _register_steps(app: AsyncApp, use: Uses) -> None:
    @app.view(ReferForm.callback_id)
    async def go_on(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)
        step = _step_of(submission)

        async def next_step() -> View:
            filled = ReferForm.read(body["view"])
            try:
                if filled.step is FormStep.SUMMARY:
                    return await _sent(use, submission.actor, filled)
                shown = await use.drafts.go_on(
                    submission.actor,
                    filled.draft_id,
                    filled.step,
                    filled.answers,
                    submission.view.id,
                    filled.template_id,
                    filled.person,
                )
                return await refer_view(use, submission.actor, shown)
            except TherapistCannotBeChosen as error:
                raise await _explained(
                    use, error, submission.actor, _chosen(filled.answers)
                ) from None

        def trouble(words: Words) -> Mapping[str, str]:
            return ReferForm.trouble(step, words)

        def at_fields(error: Exception) -> Mapping[str, str] | None:
            if isinstance(error, FormHasProblems):
                return ReferForm.errors(step, error.problems)
            if isinstance(error, TherapistCannotBeChosen):
                return ReferForm.therapist_trouble(step, words_of(error))
            return None

        await use.answers.form(ack, next_step(), trouble, at_fields, view_id=submission.view.id)


def _register_ways_within(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.replaces(Action.FORM_STEP)
    async def other_step(click: Click, view: Body) -> View:
        to = FormStep(AboutStep.read(click.value).step)
        filled = ReferForm.read(view)
        shown = await use.drafts.go_to(
            click.actor, filled.draft_id, filled.step, filled.answers, to, click.modal_id
        )
        return await refer_view(use, click.actor, shown)

    @modals.replaces(Action.CHOOSE_THERAPIST)
    async def choose(click: Click, view: Body) -> View:
        filled = ReferForm.read(view)
        person = AboutStep.read(click.value).person
        note = filled.answers.note if isinstance(filled.answers, TherapistPart) else ""
        shown = await use.drafts.go_on(
            click.actor,
            filled.draft_id,
            FormStep.THERAPIST,
            TherapistPart(therapist=person, note=note),
            click.modal_id,
        )
        return await refer_view(use, click.actor, shown)

    @modals.replaces(Action.RESUME_DRAFT)
    async def resume(click: Click, _view: Body) -> View:
        about = AboutDraft.read(click.value)
        return await refer_view(
            use, click.actor, await use.drafts.resume(click.actor, about.draft_id)
        )

    @modals.replaces(Action.DISCARD_DRAFT)
    async def discard(click: Click, _view: Body) -> View:
        await use.drafts.discard(click.actor, AboutDraft.read(click.value).draft_id)
        return notice_view(ReferForm.title, "The draft is erased. Nothing was sent.")


async def _sent(use: Uses, actor: Actor, filled: FilledStep) -> View:
    referred = await use.drafts.send(actor, filled.draft_id, filled.save_as)
    return notice_view(
        "Referral sent",
        f"The case code is {referred.case_code}. You will see the answer in its thread.",
    )


def _step_of(submission: Submission) -> FormStep:
    """The step that was sent; of one that was tampered with, reading it says so."""
    try:
        return FormStep(AboutDraft.read(submission.view.private_metadata).step)
    except Tampered:
        return FormStep.SUMMARY


def _chosen(answers: object) -> str:
    return answers.therapist if isinstance(answers, TherapistPart) else ""


async def _explained(
    use: Uses, error: TherapistCannotBeChosen, actor: Actor, chosen: str
) -> TherapistCannotBeChosen:
    """Of somebody unknown, Slack knows whether they could be registered at all."""
    if error.reason is not TherapistProblem.NOT_REGISTERED:
        return error
    try:
        user = (await use.client.users_info(user=chosen))["user"]
    except SlackApiError:
        return error
    standing = read_account(user, actor.team_id).standing
    if standing.may_treat:
        return error
    return TherapistCannotBeChosen(TherapistProblem.NOT_A_MEMBER, standing)
