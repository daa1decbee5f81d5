"""A digest's buttons, each settling a line in its place; and how often a case's two are asked."""

from collections.abc import Awaitable, Callable, Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.care.checkins import Answer
from bot.handlers.answers import Body
from bot.handlers.payloads import Click, Submission, read
from bot.handlers.uses import Uses
from bot.services.errors import FieldsHaveProblems
from bot.views.carried import AboutCheckIn, AboutReferral, Action
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
    @app.action(Action.LOG_FROM_DIGEST)
    async def open_session(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutCheckIn.read(click.value)
            referral_id = await use.checkins.is_open(click.actor, about.checkin_id)
            return SessionForm.view(await use.updates_shown.session_form(click.actor, referral_id))

        await use.answers.in_modal(click.trigger_id, SessionForm.loading(), fill)

    @app.action(Action.SNOOZE)
    async def open_snooze(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutCheckIn.read(click.value)
            await use.checkins.is_open(click.actor, about.checkin_id)
            return SnoozeForm.view(about.checkin_id)

        await use.answers.in_modal(click.trigger_id, SnoozeForm.loading(), fill)

    @app.view(SnoozeForm.callback_id)
    async def snooze(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> None:
            filled = SnoozeForm.read(body["view"])
            await use.checkins.snooze(submission.actor, filled.checkin_id, filled.until)

        await use.answers.form(ack, deed(), SnoozeForm.trouble)

    @app.action(Action.WISH)
    async def open_wish(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutCheckIn.read(click.value)
            await use.checkins.is_open(click.actor, about.checkin_id)
            return WishForm.view(about.checkin_id)

        await use.answers.in_modal(click.trigger_id, WishForm.loading(), fill)

    @app.view(WishForm.callback_id)
    async def wish(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> None:
            filled = WishForm.read(body["view"])
            await use.checkins.wish_for_another_plan(
                submission.actor, filled.checkin_id, filled.words, submission.view.id
            )

        await use.answers.form(ack, deed(), WishForm.trouble)


def _register_rhythm(app: AsyncApp, use: Uses) -> None:
    @app.action(Action.RHYTHM)
    async def open_rhythm(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            about = AboutReferral.read(click.value)
            return RhythmForm.view(await use.checkins.rhythm(click.actor, about.referral_id))

        await use.answers.in_modal(click.trigger_id, RhythmForm.loading(), fill)

    @app.view(RhythmForm.callback_id)
    async def set_rhythm(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> None:
            filled = RhythmForm.read(body["view"])
            await use.checkins.set_rhythm(
                submission.actor,
                filled.referral_id,
                filled.therapist,
                filled.surgeon,
                joint=filled.joint,
                view_id=submission.view.id,
            )

        await use.answers.form(ack, deed(), RhythmForm.trouble, _at_its_field)


def _at_its_field(error: Exception) -> Mapping[str, str] | None:
    return error.problems if isinstance(error, FieldsHaveProblems) else None
