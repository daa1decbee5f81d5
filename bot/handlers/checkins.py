"""A digest's buttons, each settling a line in its place; and how often a case's two are asked."""

from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.care.checkins import Answer
from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Submission, read
from bot.handlers.uses import Uses
from bot.services.errors import FieldsHaveProblems
from bot.views.carried import AboutCheckIn, AboutReferral, Action
from bot.views.forms.plan import PlanForm
from bot.views.forms.rhythm import RhythmForm
from bot.views.forms.session import SessionForm
from bot.views.forms.snooze import SnoozeForm
from bot.views.forms.wish import WishForm
from bot.views.message import Message


def register(app: AsyncApp, use: Uses) -> None:
    _register_answers(app, use)
    _register_forms(app, use)
    _register_rhythm(app, use)


def _register_answers(app: AsyncApp, use: Uses) -> None:
    async def answer(body: Body, deed: Callable[[Click, str], Awaitable[None]]) -> None:
        click = read(Click, body)

        async def work() -> Message | None:
            await deed(click, AboutCheckIn.read(click.value).checkin_id)
            return None

        await use.answers.deed(click.actor, click.place, work())

    @app.action(Action.ALL_WELL)
    async def all_well(ack: AsyncAck, body: Body) -> None:
        await ack()
        await answer(
            body, lambda click, one: use.checkins.answer(click.actor, one, Answer.ALL_WELL)
        )

    @app.action(Action.SEEN)
    async def seen(ack: AsyncAck, body: Body) -> None:
        await ack()
        await answer(body, lambda click, one: use.checkins.answer(click.actor, one, Answer.SEEN))

    @app.action(Action.NO_SHOW)
    async def no_show(ack: AsyncAck, body: Body) -> None:
        await ack()
        await answer(body, lambda click, one: use.checkins.no_show(click.actor, one))

    @app.action(Action.TOMORROW)
    async def tomorrow(ack: AsyncAck, body: Body) -> None:
        await ack()
        await answer(body, lambda click, one: use.checkins.snooze(click.actor, one, None))


def _register_forms(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.LOG_FROM_DIGEST, SessionForm)
    async def open_session(click: Click) -> View:
        about = AboutCheckIn.read(click.value)
        referral_id = await use.checkins.is_open(click.actor, about.checkin_id)
        return SessionForm.view(await use.updates_shown.session_form(click.actor, referral_id))

    @modals.opens(Action.SNOOZE, SnoozeForm)
    async def open_snooze(click: Click) -> View:
        about = AboutCheckIn.read(click.value)
        await use.checkins.is_open(click.actor, about.checkin_id)
        return SnoozeForm.view(about.checkin_id)

    @modals.takes(SnoozeForm)
    async def snooze(submission: Submission, view: Body) -> None:
        filled = SnoozeForm.read(view)
        await use.checkins.snooze(submission.actor, filled.checkin_id, filled.until)

    @modals.opens(Action.WISH, PlanForm)
    async def change_plan(click: Click) -> View:
        about = AboutCheckIn.read(click.value)
        referral_id = await use.checkins.is_open(click.actor, about.checkin_id)
        plan = await use.plan_reading.plan(click.actor, referral_id)
        if plan.cannot_propose or plan.start is None:  # then it can be said in words
            return WishForm.view(about.checkin_id)
        return PlanForm.view(plan)

    @modals.takes(WishForm)
    async def wish(submission: Submission, view: Body) -> None:
        filled = WishForm.read(view)
        await use.checkins.wish_for_another_plan(
            submission.actor, filled.checkin_id, filled.words, submission.view.id
        )


def _register_rhythm(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.RHYTHM, RhythmForm)
    async def open_rhythm(click: Click) -> View:
        about = AboutReferral.read(click.value)
        return RhythmForm.view(await use.checkins.rhythm(click.actor, about.referral_id))

    @modals.takes(RhythmForm, _at_its_field)
    async def set_rhythm(submission: Submission, view: Body) -> None:
        filled = RhythmForm.read(view)
        await use.checkins.set_rhythm(
            submission.actor,
            filled.referral_id,
            filled.therapist,
            filled.surgeon,
            joint=filled.joint,
            view_id=submission.view.id,
        )


def _at_its_field(error: Exception) -> Mapping[str, str] | None:
    return error.problems if isinstance(error, FieldsHaveProblems) else None
