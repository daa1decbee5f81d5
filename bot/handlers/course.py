"""The course of a referral: what is offered, questions, holds, ends, the outcome, its review."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.care.permissions import Deed
from bot.care.referral import Move
from bot.handlers.answers import Body
from bot.handlers.payloads import Click, Submission, read
from bot.handlers.uses import Uses
from bot.services.course import CompleteFilled
from bot.shown_course import ShownStart
from bot.views.carried import AboutMove, AboutNext, AboutReferral, Action
from bot.views.errors import Cause, words_for
from bot.views.forms.course import (
    BookForm,
    CourseForm,
    LifeView,
    MoreView,
    OutcomeForm,
    ReferAgainForm,
)
from bot.views.message import Message
from bot.views.modals import notice_view, trouble_view


def register(app: AsyncApp, use: Uses) -> None:
    _register_looks(app, use)
    _register_forms(app, use)
    _register_referring_on(app, use)


def _register_looks(app: AsyncApp, use: Uses) -> None:
    @app.action(Action.MORE)
    async def more(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutReferral.read(click.value)
            return MoreView.view(await use.course.offered(click.actor, about.referral_id))

        await use.answers.in_modal(click.trigger_id, MoreView.loading(), fill)

    @app.action(Action.SEE_LIFE)
    async def life(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutReferral.read(click.value)
            return LifeView.view(await use.course.life(click.actor, about.referral_id))

        await use.answers.in_modal(click.trigger_id, LifeView.loading(), fill)

    @app.action(Action.MAKE_MOVE)
    async def start(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutMove.read(click.value)
            return _form(await use.course.start(click.actor, about.referral_id, Move(about.move)))

        await use.answers.in_modal(click.trigger_id, CourseForm.loading(), fill)


def _form(start: ShownStart) -> View:
    if start.move is Move.COMPLETE:
        return OutcomeForm.view(start)
    return BookForm.view(start) if start.move is Move.BOOK else CourseForm.view(start)


def _register_forms(app: AsyncApp, use: Uses) -> None:
    @app.view(CourseForm.callback_id)
    async def make(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> View | None:
            filled = CourseForm.read(body["view"])
            return _unless_moved_on(
                await use.course.make(
                    submission.actor,
                    filled.referral_id,
                    filled.move,
                    filled.reason,
                    filled.words,
                    submission.view.id,
                )
            )

        await use.answers.form(ack, deed(), CourseForm.trouble)

    @app.view(OutcomeForm.callback_id)
    async def complete(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> View | None:
            filled = OutcomeForm.read(body["view"])
            return _unless_moved_on(
                await use.course.complete(
                    submission.actor,
                    filled.referral_id,
                    CompleteFilled(filled.goals, filled.answer, filled.advice),
                    submission.view.id,
                )
            )

        await use.answers.form(ack, deed(), OutcomeForm.trouble)

    @app.view(BookForm.callback_id)
    async def book(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> View | None:
            referral_id, day, at = BookForm.read(body["view"])
            return _unless_moved_on(
                await use.course.book(submission.actor, referral_id, day, at, submission.view.id)
            )

        await use.answers.form(ack, deed(), BookForm.trouble)


def _register_referring_on(app: AsyncApp, use: Uses) -> None:
    @app.action(Action.REFER_ON)
    async def refer_on(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def deed() -> Message | None:
            about = AboutNext.read(click.value)
            await use.referrals.refer_on(click.actor, about.referral_id, about.person_id)
            return None

        await use.answers.deed(click.actor, click.place, deed())

    @app.action(Action.REFER_AGAIN)
    async def open_again(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutReferral.read(click.value)
            case = await use.reading.case_for(click.actor, about.referral_id, Deed.REFER_AGAIN)
            return ReferAgainForm.view(case)

        await use.answers.in_modal(click.trigger_id, ReferAgainForm.loading(), fill)

    @app.view(ReferAgainForm.callback_id)
    async def again(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> View:
            referral_id, therapist = ReferAgainForm.read(body["view"])
            referred = await use.referrals.refer_again(
                submission.actor, referral_id, therapist, submission.view.id
            )
            return notice_view(
                "Referral sent",
                f"The case code is {referred.case_code}. You will see the answer in its thread.",
            )

        await use.answers.form(ack, deed(), ReferAgainForm.trouble)


def _unless_moved_on(done: bool) -> View | None:
    return None if done else trouble_view(words_for(Cause.TOO_LATE, reason="moved_on"))
