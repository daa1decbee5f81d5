"""The treatment plan: seen, changed by proposal, answered by the other side."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.care.treatment_plan import PlanAnswer, PlanState
from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Submission, read
from bot.handlers.uses import Uses
from bot.services.errors import FieldsHaveProblems
from bot.views.carried import AboutPlanVersion, AboutReferral, Action
from bot.views.errors import Cause, draw_words, words_for
from bot.views.forms.plan import DeclinePlanForm, PlanForm
from bot.views.forms.proposal import ProposalView
from bot.views.message import Message
from bot.views.modals import trouble_view

_ANSWERED = words_for(Cause.TOO_LATE, reason="plan_answered")


def register(app: AsyncApp, use: Uses) -> None:
    _register_proposing(app, use)
    _register_answering(app, use)
    _register_declining(app, use)


def _register_proposing(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.SEE_PLAN, PlanForm)
    async def see(click: Click) -> View:
        about = AboutReferral.read(click.value)
        return PlanForm.view(await use.plan_reading.plan(click.actor, about.referral_id))

    @modals.opens(Action.AMEND_PLAN, PlanForm)
    async def amend(click: Click) -> View:
        about = AboutPlanVersion.read(click.value)
        return PlanForm.view(await use.plan_reading.to_amend(click.actor, about.version_id))

    @modals.opens(Action.SEE_PROPOSAL, ProposalView)
    async def see_proposal(click: Click) -> View:
        about = AboutPlanVersion.read(click.value)
        return ProposalView.view(await use.plan_reading.to_answer(click.actor, about.version_id))

    @modals.takes(PlanForm, _at_its_field)
    async def propose(submission: Submission, view: Body) -> None:
        filled = PlanForm.read(view)
        await use.plans.propose(
            submission.actor,
            filled.referral_id,
            filled.draft,
            submission.view.id,
            filled.amends_id,
        )


def _register_answering(app: AsyncApp, use: Uses) -> None:
    async def answer(body: Body, with_: PlanAnswer) -> None:
        click = read(Click, body)

        async def deed() -> Message | None:
            about = AboutPlanVersion.read(click.value)
            before = await use.plans.answer(click.actor, about.version_id, with_)
            if click.modal_id:  # it was answered in a modal, which shows what came of it
                change = await use.plan_reading.to_answer(click.actor, about.version_id)
                await use.answers.below(click.modal_id, ProposalView.view(change))
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
    modals = Modals(app, use.answers)

    @modals.opens(Action.DECLINE_PLAN, DeclinePlanForm)
    async def open_decline(click: Click) -> View:
        about = AboutPlanVersion.read(click.value)
        shown = await use.plan_reading.to_amend(click.actor, about.version_id)
        return (
            PlanForm.view(shown) if shown.cannot_propose else DeclinePlanForm.view(about.version_id)
        )

    @modals.takes(DeclinePlanForm)
    async def decline(submission: Submission, view: Body) -> View | None:
        filled = DeclinePlanForm.read(view)
        before = await use.plans.decline(
            submission.actor, filled.version_id, filled.reason, submission.view.id
        )
        return None if before is PlanState.PROPOSED else trouble_view(_ANSWERED)


def _at_its_field(error: Exception) -> Mapping[str, str] | None:
    return error.problems if isinstance(error, FieldsHaveProblems) else None
