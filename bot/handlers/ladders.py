"""Ladders and the clinic's telephone, edited by coordinators from the Home tab or /careloop."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Submission, read
from bot.handlers.uses import Uses
from bot.services.actor import Actor
from bot.services.errors import LadderRefused
from bot.views.carried import Action
from bot.views.forms.ladders import (
    AboutLadder,
    AboutRung,
    AboutSeverity,
    LadderForm,
    LaddersView,
    RungForm,
    RungNumber,
    TelephoneForm,
)
from bot.views.modals import notice_view


async def open_ladders(use: Uses, actor: Actor, trigger_id: str) -> None:
    """All ladders, in a modal."""

    async def fill() -> View:
        return LaddersView.view(await use.ladders.all(actor))

    await use.answers.in_modal(trigger_id, LaddersView.loading(), fill)


def register(app: AsyncApp, use: Uses) -> None:
    @app.action(Action.LADDERS)
    async def open_all(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)
        await open_ladders(use, click.actor, click.trigger_id)

    _register_ladder(app, use)
    _register_rungs(app, use)
    _register_telephone(app, use)


def _register_ladder(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @app.action(Action.EDIT_LADDER)
    async def edit(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            severity = AboutSeverity.read(click.value).of
            return LadderForm.view(await use.ladders.one(click.actor, severity, None))

        await use.answers.on_top(click.trigger_id, LaddersView.loading(), fill)

    @modals.takes(LadderForm, _refused)
    async def save(submission: Submission, view: Body) -> View:
        severity, ladder = LadderForm.read(view)
        version = await use.ladders.save(submission.actor, severity, ladder)
        await _show_all_below(use, submission)
        return notice_view(
            "Ladder saved",
            f"Version {version} holds for concerns from now on. Those that run already keep "
            "theirs.",
        )


def _refused(error: Exception) -> dict[str, str] | None:
    return LadderForm.refused(error.reasons) if isinstance(error, LadderRefused) else None


def _register_rungs(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    async def open_rung(click: Click, index: int) -> View:
        about = AboutLadder.read(click.carried)
        # Asks the gate before anything is shown.
        shown = await use.ladders.one(click.actor, about.of, about.draft)
        rung = AboutRung(severity=about.severity, ladder=about.ladder, index=index)
        return RungForm.view(rung, shown.outside)

    @app.action(Action.CHANGE_RUNG)
    async def change(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            return await open_rung(click, RungNumber.read(click.value).index)

        await use.answers.on_top(click.trigger_id, LaddersView.loading(), fill)

    @app.action(Action.ADD_RUNG)
    async def add(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            return await open_rung(click, -1)

        await use.answers.on_top(click.trigger_id, LaddersView.loading(), fill)

    @modals.takes(RungForm)
    async def done(submission: Submission, view: Body) -> None:
        filled = RungForm.read(view)
        shown = await use.ladders.one(submission.actor, filled.severity, filled.draft)
        await use.answers.below(submission.view.previous_view_id, LadderForm.view(shown))


def _register_telephone(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @app.action(Action.EDIT_TELEPHONE)
    async def edit(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def fill() -> View:
            return TelephoneForm.view((await use.ladders.all(click.actor)).telephone)

        await use.answers.on_top(click.trigger_id, LaddersView.loading(), fill)

    @modals.takes(TelephoneForm)
    async def save(submission: Submission, view: Body) -> None:
        await use.ladders.set_telephone(submission.actor, TelephoneForm.read(view))
        await _show_all_below(use, submission)


async def _show_all_below(use: Uses, submission: Submission) -> None:
    """The overview from which the form was opened shows what was saved."""
    shown = await use.ladders.all(submission.actor)
    await use.answers.below(submission.view.previous_view_id, LaddersView.view(shown))
