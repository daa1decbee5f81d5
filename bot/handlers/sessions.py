"""Session updates: saved, edited, set aside, moved, logged with the form; and holds."""

from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond
from slack_sdk.models.views import View

from bot.care.referral import ReferralState
from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Submission, read
from bot.handlers.uses import Uses
from bot.services.errors import SessionHasProblems, TooLate
from bot.services.holds import HoldAnswer
from bot.views.carried import AboutReferral, AboutUpdate, Action
from bot.views.forms.feedback import FeedbackForm
from bot.views.forms.hold import HoldForm
from bot.views.forms.move_update import MoveForm
from bot.views.forms.session import SessionForm
from bot.views.message import Message
from bot.views.modals import notice_view
from bot.views.update_kept import draw_confirmation


def register(app: AsyncApp, use: Uses) -> None:
    _register_confirming(app, use)
    _register_forms(app, use)
    _register_feedback(app, use)
    _register_moving(app, use)
    _register_holds(app, use)


def _register_confirming(app: AsyncApp, use: Uses) -> None:
    async def answer(
        body: Body, respond: AsyncRespond, deed: Callable[[Click, AboutUpdate], Awaitable[None]]
    ) -> None:
        click = read(Click, body)

        async def work() -> Message | None:
            try:
                await deed(click, AboutUpdate.read(click.value))
            except TooLate:
                # A newer question stands below, or there is nothing to ask any more.
                await use.answers.take_back(respond)
                raise
            return None

        if await use.answers.deed(click.actor, click.place, work()):
            # The question has its answer; the thread shows it.
            await use.answers.take_back(respond)

    @app.action(Action.SAVE_UPDATE)
    async def save(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        await ack()
        await answer(
            body,
            respond,
            lambda click, about: use.updates.confirm(click.actor, about.entry_id, about.step),
        )

    @app.action(Action.NOT_AN_UPDATE)
    async def set_aside(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        await ack()
        await answer(
            body,
            respond,
            lambda click, about: use.updates.set_aside(click.actor, about.entry_id, about.step),
        )

    @app.action(Action.ASK_AGAIN)
    async def ask_again(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def question() -> Message:
            about = AboutUpdate.read(click.value)
            return draw_confirmation(await use.updates_shown.question(click.actor, about.entry_id))

        await use.answers.deed(click.actor, click.place, question())


def _register_forms(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.LOG_SESSION, SessionForm)
    async def open_empty(click: Click) -> View:
        about = AboutReferral.read(click.value)
        form = await use.updates_shown.session_form(click.actor, about.referral_id)
        return SessionForm.view(form)

    @modals.opens(Action.EDIT_UPDATE, SessionForm)
    async def edit(click: Click) -> View:
        about = AboutUpdate.read(click.value)
        form = await use.updates_shown.update_form(click.actor, about.entry_id)
        return SessionForm.view(form, click.question)

    async def question_answered(view: Body) -> None:
        await use.answers.take_back_at(SessionForm.read(view).question)

    @modals.takes(SessionForm, _at_its_field, question_answered)
    async def keep(submission: Submission, view: Body) -> None:
        sent = SessionForm.read(view)
        if sent.entry_id:
            await use.updates.correct(
                submission.actor, sent.entry_id, sent.filled, submission.view.id
            )
        else:
            await use.updates.log(
                submission.actor, sent.referral_id, sent.filled, submission.view.id
            )


def _register_feedback(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.ASK_PATIENT, FeedbackForm)
    async def open_feedback(click: Click) -> View:
        about = AboutUpdate.read(click.value)
        feedback = await use.updates_shown.feedback_form(click.actor, about.entry_id)
        return FeedbackForm.view(feedback, click.question)

    async def question_answered(view: Body) -> None:
        await use.answers.take_back_at(FeedbackForm.read(view).question)

    @modals.takes(FeedbackForm, afterwards=question_answered)
    async def keep_feedback(submission: Submission, view: Body) -> None:
        sent = FeedbackForm.read(view)
        await use.updates.add_feedback(
            submission.actor, sent.entry_id, sent.filled, submission.view.id
        )


def _register_moving(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.MOVE_UPDATE, MoveForm)
    async def open_move(click: Click) -> View:
        about = AboutUpdate.read(click.value)
        move = await use.updates_shown.move_form(click.actor, about.entry_id)
        if not move.targets:
            return notice_view("No other case", "You have no other case under way.")
        return MoveForm.view(move, click.question)

    async def question_answered(view: Body) -> None:
        await use.answers.take_back_at(MoveForm.read(view).question)

    @modals.takes(MoveForm, afterwards=question_answered)
    async def move(submission: Submission, view: Body) -> None:
        filled = MoveForm.read(view)
        await use.updates.move(
            submission.actor, filled.entry_id, filled.referral_id, submission.view.id
        )


def _register_holds(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.ANSWER_HOLD, HoldForm)
    async def open_hold(click: Click) -> View:
        about = AboutReferral.read(click.value)
        hold = await use.reading.hold_form(click.actor, about.referral_id)
        return HoldForm.view(hold) if hold else _not_on_hold()

    @modals.takes(HoldForm)
    async def answer_hold(submission: Submission, view: Body) -> View | None:
        filled = HoldForm.read(view)
        before = await use.holds.answer(
            submission.actor,
            filled.referral_id,
            HoldAnswer(filled.answer.value),
            filled.review_on,
            submission.view.id,
        )
        return None if before is ReferralState.ON_HOLD else _not_on_hold()


def _not_on_hold() -> View:
    return notice_view("Not on hold", "This case is not on hold any more. Nothing was changed.")


def _at_its_field(error: Exception) -> Mapping[str, str] | None:
    if isinstance(error, SessionHasProblems):
        return SessionForm.errors(error.problems)
    return None
