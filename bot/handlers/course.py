"""The course of a referral: what is offered, questions, holds, ends, the outcome, its review."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.care.referral import Move
from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Submission, read
from bot.handlers.uses import Uses
from bot.services.course import CompleteFilled
from bot.shown.course import ShownStart
from bot.views.carried import AboutMove, AboutNext, AboutReferral, Action
from bot.views.errors import Cause, words_for
from bot.views.forms.course import (
    BookForm,
    CourseForm,
    LifeView,
    MoreView,
    OutcomeForm,
)
from bot.views.message import Message
from bot.views.modals import trouble_view


def register(app: AsyncApp, use: Uses) -> None:
    _register_looks(app, use)
    _register_forms(app, use)
    _register_referring_on(app, use)


def _register_looks(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.MORE, MoreView)
    async def more(click: Click) -> View:
        about = AboutReferral.read(click.value)
        return MoreView.view(await use.course.offered(click.actor, about.referral_id))

    @modals.opens(Action.SEE_LIFE, LifeView)
    async def life(click: Click) -> View:
        about = AboutReferral.read(click.value)
        return LifeView.view(await use.course.life(click.actor, about.referral_id))

    @modals.opens(Action.MAKE_MOVE, CourseForm)
    async def start(click: Click) -> View:
        about = AboutMove.read(click.value)
        return _form(await use.course.start(click.actor, about.referral_id, Move(about.move)))


def _form(start: ShownStart) -> View:
    if start.move is Move.COMPLETE:
        return OutcomeForm.view(start)
    return BookForm.view(start) if start.move is Move.BOOK else CourseForm.view(start)


def _register_forms(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.takes(CourseForm)
    async def make(submission: Submission, view: Body) -> View | None:
        filled = CourseForm.read(view)
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

    @modals.takes(OutcomeForm)
    async def complete(submission: Submission, view: Body) -> View | None:
        filled = OutcomeForm.read(view)
        return _unless_moved_on(
            await use.course.complete(
                submission.actor,
                filled.referral_id,
                CompleteFilled(filled.goals, filled.answer, filled.advice),
                submission.view.id,
            )
        )

    @modals.takes(BookForm)
    async def book(submission: Submission, view: Body) -> View | None:
        referral_id, day, at = BookForm.read(view)
        return _unless_moved_on(
            await use.course.book(submission.actor, referral_id, day, at, submission.view.id)
        )


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


def _unless_moved_on(done: bool) -> View | None:
    return None if done else trouble_view(words_for(Cause.TOO_LATE, reason="moved_on"))
