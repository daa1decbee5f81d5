"""Concerns: raised from the card or a message, read, acknowledged, resolved."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.care.concern import ConcernState, Decision
from bot.care.permissions import Deed
from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Shortcut, Submission, read
from bot.handlers.typed import as_typed
from bot.handlers.uses import Uses
from bot.handlers.words import words_of
from bot.services.actor import Actor
from bot.services.concerns import ReadBack, WrittenConcern
from bot.services.errors import NotYourPart, NotYours, VisitProblem
from bot.shown.case import ShownConcern
from bot.views.carried import AboutConcern, AboutReferral, Action
from bot.views.concern_view import ConcernView
from bot.views.forms.acknowledge import AcknowledgeForm
from bot.views.forms.concern import ConcernForm
from bot.views.forms.concern_case import ConcernCaseForm
from bot.views.forms.plan import PlanForm
from bot.views.forms.resolve import ResolveForm
from bot.views.forms.withdraw import WithdrawForm
from bot.views.modals import notice_view

SHORTCUT = "raise_concern_about_message"
GLOBAL_SHORTCUT = "raise_a_concern"


def register(app: AsyncApp, use: Uses) -> None:
    _register_raising(app, use)
    _register_settling(app, use)


def _register_raising(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    async def about(actor: Actor, referral_id: str) -> View:
        case = await use.reading.case_for(actor, referral_id, Deed.RAISE_CONCERN)
        return ConcernForm.view(case.referral_id, case.case_code)

    @modals.opens(Action.RAISE_CONCERN, ConcernForm)
    async def open_from_card(click: Click) -> View:
        return await about(click.actor, AboutReferral.read(click.value).referral_id)

    @app.shortcut(SHORTCUT)
    async def open_from_message(ack: AsyncAck, body: Body) -> None:
        await ack()
        shortcut = read(Shortcut, body)

        async def fill() -> View:
            message, channel = shortcut.message, shortcut.channel
            if message is None or channel is None:
                raise NotYours
            case = await use.reading.case_in_thread(
                shortcut.actor, channel.id, message.thread_ts or message.ts, Deed.RAISE_CONCERN
            )
            is_the_card = message.thread_ts in {None, message.ts}
            words = "" if is_the_card else as_typed(message.text)
            return ConcernForm.view(case.referral_id, case.case_code, words=words)

        await use.answers.in_modal(shortcut.trigger_id, ConcernForm.loading(), fill)

    @app.shortcut(GLOBAL_SHORTCUT)
    async def open_from_anywhere(ack: AsyncAck, body: Body) -> None:
        await ack()
        shortcut = read(Shortcut, body)

        async def fill() -> View:
            cases = await use.reading.own_cases(shortcut.actor, Deed.RAISE_CONCERN)
            if len(cases) == 1:
                return await about(shortcut.actor, cases[0].referral_id)
            return ConcernCaseForm.view(cases) if cases else ConcernCaseForm.no_case()

        await use.answers.in_modal(shortcut.trigger_id, ConcernCaseForm.loading(), fill)

    @modals.takes(ConcernCaseForm)
    async def choose_case(submission: Submission, view: Body) -> View:
        return await about(submission.actor, ConcernCaseForm.read(view))

    @modals.takes(ConcernForm)
    async def raise_concern(submission: Submission, view: Body) -> None:
        filled = ConcernForm.read(view)
        written = WrittenConcern(filled.severity, filled.words, filled.category, filled.sbar)
        await use.concerns.raise_from_form(
            submission.actor, filled.referral_id, written, submission.view.id
        )


async def _plan_to_change(use: Uses, actor: Actor, concern_id: str) -> View | None:
    """The concern is taken; the change that was decided on is proposed in the plan's form.

    Who took it in a colleague's place, and does not treat, leaves that to those who do.
    """
    try:
        return PlanForm.view(await use.plan_reading.of_concern(actor, concern_id))
    except (NotYours, NotYourPart):
        return None


def _register_settling(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.ACKNOWLEDGE, AcknowledgeForm)
    async def open_acknowledge(click: Click) -> View:
        about = AboutConcern.read(click.value)
        shown = await use.reading.concerns.to_acknowledge(click.actor, about.concern_id)
        if not may_be_taken(shown.concern, click.actor.slack_user_id):
            return _settled_already()
        return AcknowledgeForm.view(shown)

    @modals.takes(AcknowledgeForm, _at_the_visit)
    async def acknowledge(submission: Submission, view: Body) -> View | None:
        filled = AcknowledgeForm.read(view)
        answer = ReadBack(filled.decision, filled.note, filled.visit_at)
        before = await use.concerns.acknowledge(submission.actor, filled.concern_id, answer)
        if before is not ConcernState.OPEN:
            return _settled_already()
        if filled.decision is Decision.MODIFY:
            return await _plan_to_change(use, submission.actor, filled.concern_id)
        return None

    @modals.opens(Action.READ_CONCERN, ConcernView)
    async def read_concern(click: Click) -> View:
        about = AboutConcern.read(click.value)
        return ConcernView.view(await use.reading.concerns.words(click.actor, about.concern_id))

    @modals.opens(Action.RESOLVE, ResolveForm)
    async def open_resolve(click: Click) -> View:
        about = AboutConcern.read(click.value)
        shown = await use.reading.concerns.words(click.actor, about.concern_id)
        if shown.concern.state.is_settled:
            return ConcernView.view(shown)
        return ResolveForm.view(shown)

    @modals.takes(ResolveForm)
    async def resolve(submission: Submission, view: Body) -> View | None:
        filled = ResolveForm.read(view)
        before = await use.concerns.resolve(submission.actor, filled.concern_id, filled.resolution)
        return None if before is ConcernState.ACKNOWLEDGED else _settled_already()

    @modals.opens(Action.WITHDRAW_CONCERN, WithdrawForm)
    async def open_withdraw(click: Click) -> View:
        about = AboutConcern.read(click.value)
        shown = await use.reading.concerns.to_withdraw(click.actor, about.concern_id)
        if shown.concern.state.is_settled:
            return ConcernView.view(shown)
        return WithdrawForm.view(shown)

    @modals.takes(WithdrawForm)
    async def withdraw(submission: Submission, view: Body) -> View | None:
        filled = WithdrawForm.read(view)
        before = await use.concerns.withdraw(submission.actor, filled.concern_id, filled.reason)
        return _settled_already() if before.is_settled else None


def may_be_taken(concern: ShownConcern, slack_user_id: str) -> bool:
    """Whether there is something to acknowledge: it is open, or they were asked to take it over."""
    asked = any(one.waits and one.to == slack_user_id for one in concern.handovers)
    return concern.state is ConcernState.OPEN or asked


def _at_the_visit(error: Exception) -> dict[str, str] | None:
    if isinstance(error, VisitProblem):
        return AcknowledgeForm.visit_trouble(words_of(error))
    return None


def _settled_already() -> View:
    return notice_view(
        "Settled already",
        "Somebody was quicker. Nothing was changed; the thread shows how the concern stands.",
    )
