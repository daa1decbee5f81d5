"""Concerns: raised from the card or a message, read, acknowledged, resolved."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.care.concern import ConcernState
from bot.care.permissions import Deed
from bot.handlers.answers import Body
from bot.handlers.payloads import Click, Shortcut, Submission, read
from bot.handlers.typed import as_typed
from bot.handlers.uses import Uses
from bot.handlers.words import words_of
from bot.services.concerns import ReadBack, WrittenConcern
from bot.services.errors import NotYours, VisitProblem
from bot.shown import ShownConcern
from bot.views.carried import AboutConcern, AboutReferral, Action
from bot.views.concern_view import ConcernView
from bot.views.forms.acknowledge import AcknowledgeForm
from bot.views.forms.concern import ConcernForm
from bot.views.forms.resolve import ResolveForm
from bot.views.forms.withdraw import WithdrawForm
from bot.views.modals import notice_view

SHORTCUT = "raise_concern_about_message"


def register(app: AsyncApp, use: Uses) -> None:
    _register_raising(app, use)
    _register_settling(app, use)


def _register_raising(app: AsyncApp, use: Uses) -> None:
    @app.action(Action.RAISE_CONCERN)
    async def open_from_card(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutReferral.read(click.value)
            case = await use.reading.case_for(click.actor, about.referral_id, Deed.RAISE_CONCERN)
            return ConcernForm.view(case.referral_id, case.case_code)

        await use.answers.in_modal(click.trigger_id, ConcernForm.loading(), fill)

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

    @app.view(ConcernForm.callback_id)
    async def raise_concern(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> None:
            filled = ConcernForm.read(body["view"])
            written = WrittenConcern(filled.severity, filled.words, filled.category, filled.sbar)
            await use.concerns.raise_from_form(
                submission.actor, filled.referral_id, written, submission.view.id
            )

        await use.answers.form(ack, deed(), ConcernForm.trouble)


def _register_settling(app: AsyncApp, use: Uses) -> None:
    @app.action(Action.ACKNOWLEDGE)
    async def open_acknowledge(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutConcern.read(click.value)
            shown = await use.reading.concerns.to_acknowledge(click.actor, about.concern_id)
            if not may_be_taken(shown.concern, click.actor.slack_user_id):
                return _settled_already()
            return AcknowledgeForm.view(shown)

        await use.answers.in_modal(click.trigger_id, AcknowledgeForm.loading(), fill)

    @app.view(AcknowledgeForm.callback_id)
    async def acknowledge(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> View | None:
            filled = AcknowledgeForm.read(body["view"])
            answer = ReadBack(filled.decision, filled.note, filled.visit_at)
            before = await use.concerns.acknowledge(submission.actor, filled.concern_id, answer)
            return None if before is ConcernState.OPEN else _settled_already()

        await use.answers.form(ack, deed(), AcknowledgeForm.trouble, _at_the_visit)

    @app.action(Action.READ_CONCERN)
    async def read_concern(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutConcern.read(click.value)
            return ConcernView.view(await use.reading.concerns.words(click.actor, about.concern_id))

        await use.answers.in_modal(click.trigger_id, ConcernView.loading(), fill)

    @app.action(Action.RESOLVE)
    async def open_resolve(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutConcern.read(click.value)
            shown = await use.reading.concerns.words(click.actor, about.concern_id)
            if shown.concern.state.is_settled:
                return ConcernView.view(shown)
            return ResolveForm.view(shown)

        await use.answers.in_modal(click.trigger_id, ResolveForm.loading(), fill)

    @app.view(ResolveForm.callback_id)
    async def resolve(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> View | None:
            filled = ResolveForm.read(body["view"])
            before = await use.concerns.resolve(
                submission.actor, filled.concern_id, filled.resolution
            )
            return None if before is ConcernState.ACKNOWLEDGED else _settled_already()

        await use.answers.form(ack, deed(), ResolveForm.trouble)

    @app.action(Action.WITHDRAW_CONCERN)
    async def open_withdraw(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutConcern.read(click.value)
            shown = await use.reading.concerns.to_withdraw(click.actor, about.concern_id)
            if shown.concern.state.is_settled:
                return ConcernView.view(shown)
            return WithdrawForm.view(shown)

        await use.answers.in_modal(click.trigger_id, WithdrawForm.loading(), fill)

    @app.view(WithdrawForm.callback_id)
    async def withdraw(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> View | None:
            filled = WithdrawForm.read(body["view"])
            before = await use.concerns.withdraw(submission.actor, filled.concern_id, filled.reason)
            return _settled_already() if before.is_settled else None

        await use.answers.form(ack, deed(), WithdrawForm.trouble)


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
