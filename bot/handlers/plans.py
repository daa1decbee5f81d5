"""The treatment plan: seen, changed by proposal, answered by the other side."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.care.treatment_plan import PlanAnswer, PlanState
from bot.handlers.answers import Body
from bot.handlers.payloads import Click, Submission, read
from bot.handlers.uses import Uses
from bot.services.errors import FieldsHaveProblems
from bot.views.carried import AboutPlanVersion, AboutReferral, Action
from bot.views.errors import Cause, draw_words, words_for
from bot.views.forms.plan import DeclinePlanForm, PlanForm
from bot.views.message import Message
from bot.views.modals import trouble_view

_ANSWERED = words_for(Cause.TOO_LATE, reason="plan_answered")


def register(app: AsyncApp, use: Uses) -> None:
    _register_proposing(app, use)
    _register_answering(app, use)
    _register_declining(app, use)


def _register_proposing(app: AsyncApp, use: Uses) -> None:
    @app.action(Action.SEE_PLAN)
    async def see(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutReferral.read(click.value)
            return PlanForm.view(await use.plan_reading.plan(click.actor, about.referral_id))

        await use.answers.in_modal(click.trigger_id, PlanForm.loading(), fill)

    @app.action(Action.AMEND_PLAN)
    async def amend(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutPlanVersion.read(click.value)
            return PlanForm.view(await use.plan_reading.to_amend(click.actor, about.version_id))

        await use.answers.in_modal(click.trigger_id, PlanForm.loading(), fill)

    @app.view(PlanForm.callback_id)
    async def propose(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> None:
            filled = PlanForm.read(body["view"])
            await use.plans.propose(
                submission.actor,
                filled.referral_id,
                filled.draft,
                submission.view.id,
                filled.amends_id,
            )

        await use.answers.form(ack, deed(), PlanForm.trouble, _at_its_field)


def _register_answering(app: AsyncApp, use: Uses) -> None:
    async def answer(body: Body, with_: PlanAnswer) -> None:
        click = read(Click, body)

        async def deed() -> Message | None:
            about = AboutPlanVersion.read(click.value)
            before = await use.plans.answer(click.actor, about.version_id, with_)
            return None if before is PlanState.PROPOSED else draw_words(_ANSWERED)

        await use.answers.deed(click.actor, click.place, deed())

    @app.action(Action.COUNTERSIGN_PLAN)
    async def countersign(ack: AsyncAck, body: Body) -> None:
        await ack()
        await answer(body, PlanAnswer.COUNTERSIGN)

    @app.action(Action.TAKE_BACK_PLAN)
    async def take_back(ack: AsyncAck, body: Body) -> None:
        await ack()
        await answer(body, PlanAnswer.TAKE_BACK)


def _register_declining(app: AsyncApp, use: Uses) -> None:
    @app.action(Action.DECLINE_PLAN)
    async def open_decline(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutPlanVersion.read(click.value)
            shown = await use.plan_reading.to_amend(click.actor, about.version_id)
            return (
                PlanForm.view(shown)
                if shown.cannot_propose
                else DeclinePlanForm.view(about.version_id)
            )

        await use.answers.in_modal(click.trigger_id, DeclinePlanForm.loading(), fill)

    @app.view(DeclinePlanForm.callback_id)
    async def decline(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> View | None:
            filled = DeclinePlanForm.read(body["view"])
            before = await use.plans.decline(
                submission.actor, filled.version_id, filled.reason, submission.view.id
            )
            return None if before is PlanState.PROPOSED else trouble_view(_ANSWERED)

        await use.answers.form(ack, deed(), DeclinePlanForm.trouble)


def _at_its_field(error: Exception) -> Mapping[str, str] | None:
    return error.problems if isinstance(error, FieldsHaveProblems) else None
