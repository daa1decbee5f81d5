"""One's own templates: looked through, named anew, thrown away."""

from collections.abc import Mapping

from slack_bolt.async_app import AsyncApp
from slack_sdk.models.views import View

from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Submission
from bot.handlers.uses import Uses
from bot.services.actor import Actor
from bot.services.errors import FieldsHaveProblems, TooLate
from bot.views.carried import AboutTemplate, Action
from bot.views.forms.templates import RenameForm, TemplatesView


def register(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    async def all_of(actor: Actor) -> View:
        return TemplatesView.view(await use.templates.own(actor))

    @modals.opens_above(Action.TEMPLATES, TemplatesView)
    async def show(click: Click) -> View:
        return await all_of(click.actor)

    @modals.opens_above(Action.RENAME_TEMPLATE, RenameForm)
    async def open_name(click: Click) -> View:
        template_id = AboutTemplate.read(click.value).template_id
        for one in await use.templates.own(click.actor):
            if one.id == template_id:
                return RenameForm.view(one)
        raise TooLate("template_gone")

    @modals.takes(RenameForm, _at_its_field)
    async def rename(submission: Submission, view: Body) -> None:
        filled = RenameForm.read(view)
        await use.templates.rename(submission.actor, filled.template_id, filled.name)
        # The list from which the form was opened shows the new name.
        below = await all_of(submission.actor)
        await use.answers.below(submission.view.previous_view_id, below)

    @modals.replaces(Action.DELETE_TEMPLATE)
    async def delete(click: Click, _view: Body) -> View:
        await use.templates.delete(click.actor, AboutTemplate.read(click.value).template_id)
        return await all_of(click.actor)


def _at_its_field(error: Exception) -> Mapping[str, str] | None:
    return error.problems if isinstance(error, FieldsHaveProblems) else None
