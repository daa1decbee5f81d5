"""One's own working time and absences: from the Home tab, or `/careloop hours` and `away`."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.handlers.answers import Body, said
from bot.handlers.home_view import home_view
from bot.handlers.payloads import Click, Submission, read
from bot.handlers.uses import Uses
from bot.services.absences import Planned
from bot.services.actor import Actor
from bot.services.errors import FieldsHaveProblems
from bot.views.carried import AboutAbsence, Action
from bot.views.forms.absence import AbsenceForm
from bot.views.forms.working_time import WorkingTimeForm
from bot.views.message import Message


def register(app: AsyncApp, use: Uses) -> None:
    @app.action(Action.WORKING_TIME)
    async def open_hours(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)
        await open_working_time(use, click.actor, click.trigger_id)

    @app.view(WorkingTimeForm.callback_id)
    async def set_hours(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> View:
            now = await use.working_time.shown(submission.actor)
            chosen = WorkingTimeForm.read(body["view"], now.clinic_region)
            await use.working_time.set(submission.actor, chosen, submission.view.id)
            return said("Working hours saved", "They hold from now on.")

        await use.answers.form(ack, deed(), WorkingTimeForm.trouble, _at_its_field)
        await _redraw_home(use, submission.actor)

    @app.action(Action.ABSENCE)
    async def open_away(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)
        await open_absence(use, click.actor, click.trigger_id)

    @app.view(AbsenceForm.callback_id)
    async def enter(ack: AsyncAck, body: Body) -> None:
        submission = read(Submission, body)

        async def deed() -> View:
            filled = AbsenceForm.read(body["view"])
            planned = Planned(filled.first, filled.last, filled.covered_by, filled.who)
            await use.absences.enter(submission.actor, planned, submission.view.id)
            return said(
                "Absence saved",
                "Whoever covers has been told."
                if planned.covered_by
                else "Nobody covers: what is due waits until the return. Urgent concerns do not.",
            )

        await use.answers.form(ack, deed(), AbsenceForm.trouble, _at_its_field)
        await _redraw_home(use, submission.actor)

    @app.action(Action.END_ABSENCE)
    async def end(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def deed() -> Message | None:
            await use.absences.end(click.actor, AboutAbsence.read(click.value).absence_id)
            return None

        await use.answers.deed(click.actor, click.place, deed())
        await _redraw_home(use, click.actor)


async def open_working_time(use: Uses, actor: Actor, trigger_id: str) -> None:
    async def fill() -> View:
        return WorkingTimeForm.view(await use.working_time.shown(actor))

    await use.answers.in_modal(trigger_id, WorkingTimeForm.loading(), fill)


async def open_absence(use: Uses, actor: Actor, trigger_id: str) -> None:
    async def fill() -> View:
        return AbsenceForm.view(await use.working_time.shown(actor))

    await use.answers.in_modal(trigger_id, AbsenceForm.loading(), fill)


async def _redraw_home(use: Uses, actor: Actor) -> None:
    await use.answers.home(actor, await home_view(use, actor))


def _at_its_field(error: Exception) -> Mapping[str, str] | None:
    return error.problems if isinstance(error, FieldsHaveProblems) else None
