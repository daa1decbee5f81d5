"""Referring a patient: by command, by shortcut, from the Home tab."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.models.views import View

from bot.care.people import Role
from bot.handlers.accounts import read_account
from bot.handlers.answers import Body
from bot.handlers.payloads import Click, Command, Shortcut, Submission, read
from bot.handlers.uses import Uses
from bot.handlers.words import words_of
from bot.services.actor import Actor
from bot.services.errors import (
    FormHasProblems,
    LicenceProblem,
    NotRegistered,
    TherapistCannotBeChosen,
    TherapistProblem,
)
from bot.views.carried import AboutPerson, Action
from bot.views.forms.refer import FilledReferral, ReferForm
from bot.views.modals import notice_view

SHORTCUT = "refer_a_patient"


def register(app: AsyncApp, use: Uses) -> None:
    async def open_form(actor: Actor, trigger_id: str, person_id: str = "") -> None:
        async def fill() -> View:
            if await use.people.role_of(actor) is not Role.SURGEON:
                raise NotRegistered(Role.SURGEON)
            own = await use.directory.own(actor)
            if not own.standing.is_clear:
                raise LicenceProblem(own.standing, is_self=True)
            chosen = await use.directory.entry(actor, person_id) if person_id else None
            return ReferForm.view(chosen.person if chosen else None)

        await use.answers.in_modal(trigger_id, ReferForm.loading(), fill)

    @app.command("/refer")
    async def refer_by_command(ack: AsyncAck, body: Body) -> None:
        await ack()
        command = read(Command, body)
        await open_form(command.actor, command.trigger_id)

    @app.shortcut(SHORTCUT)
    async def refer_by_shortcut(ack: AsyncAck, body: Body) -> None:
        await ack()
        shortcut = read(Shortcut, body)
        await open_form(shortcut.actor, shortcut.trigger_id)

    @app.action(Action.REFER)
    async def refer_by_button(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)
        await open_form(click.actor, click.trigger_id)

    @app.action(Action.REFER_TO)
    async def refer_to_somebody(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)
        await open_form(click.actor, click.trigger_id, AboutPerson.read(click.value).person_id)

    @app.view(ReferForm.callback_id)
    async def send_referral(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def send() -> View:
            filled: FilledReferral = ReferForm.read(body["view"])
            try:
                referred = await use.referrals.refer(
                    submission.actor, filled.form, filled.therapist, submission.view.id
                )
            except TherapistCannotBeChosen as error:
                raise await _explained(use, error, submission.actor, filled.therapist) from None
            return notice_view(
                "Referral sent",
                f"The case code is {referred.case_code}. You will see the answer in its thread.",
            )

        await use.answers.form(ack, send(), ReferForm.trouble, _at_its_field)


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


def _at_its_field(error: Exception) -> Mapping[str, str] | None:
    if isinstance(error, FormHasProblems):
        return ReferForm.errors(error.problems)
    if isinstance(error, TherapistCannotBeChosen):
        return ReferForm.therapist_trouble(words_of(error))
    return None
