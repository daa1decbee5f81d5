"""Who else may read a case: letting in, taking back, and reading as one who was let in."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Submission, read
from bot.handlers.uses import Uses
from bot.services.errors import FieldsHaveProblems
from bot.views.carried import AboutInvitation, AboutReferral, Action
from bot.views.forms.circle import CaseView, CircleForm
from bot.views.modals import notice_view


def register(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.CIRCLE, CircleForm)
    async def open_form(click: Click) -> View:
        about = AboutReferral.read(click.value)
        return CircleForm.view(await use.circle.of(click.actor, about.referral_id))

    @modals.takes(CircleForm, _at_its_field)
    async def invite(submission: Submission, view: Body) -> View:
        referral_id, colleague = CircleForm.read(view)
        await use.circle.invite(submission.actor, referral_id, colleague, submission.view.id)
        return CircleForm.view(await use.circle.of(submission.actor, referral_id))

    @app.action(Action.TAKE_BACK_INVITATION)
    async def take_back(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutInvitation.read(click.value)
            await use.circle.take_back(click.actor, about.invitation_id)
            return notice_view("Taken back", "They can no longer read this case.")

        await use.answers.on_top(click.trigger_id, CircleForm.loading(), fill)

    @modals.opens(Action.READ_CASE, CaseView)
    async def read_case(click: Click) -> View:
        about = AboutReferral.read(click.value)
        case, may_act = await use.reading.case_to_read(click.actor, about.referral_id)
        return CaseView.view(case, may_act=may_act)


def _at_its_field(error: Exception) -> dict[str, str] | None:
    return error.problems if isinstance(error, FieldsHaveProblems) else None
