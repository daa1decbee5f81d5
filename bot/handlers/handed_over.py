"""A coordinator says who goes on with the case of somebody who left, or closes it."""

from slack_bolt.async_app import AsyncApp
from slack_sdk.models.views import View

from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Submission
from bot.handlers.uses import Uses
from bot.services.errors import FieldsHaveProblems
from bot.views.carried import AboutReferral, Action
from bot.views.forms.who_goes_on import GoesOnForm, How
from bot.views.modals import notice_view


def register(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.WHO_GOES_ON, GoesOnForm)
    async def open_form(click: Click) -> View:
        about = AboutReferral.read(click.value)
        code, left = await use.handed_over.who_left(click.actor, about.referral_id)
        return GoesOnForm.view(about.referral_id, code, left)

    @modals.takes(GoesOnForm, _at_its_field)
    async def decide(submission: Submission, view: Body) -> View:
        filled = GoesOnForm.read(view)
        if filled.how is How.CLOSE:
            await use.handed_over.close(submission.actor, filled.referral_id)
            return notice_view("Closed", "Nothing more is due in this case.")
        if filled.slack_user_id is None:
            raise FieldsHaveProblems({"goes_on": "Choose who goes on."})
        referred = await use.handed_over.name(
            submission.actor, filled.referral_id, filled.slack_user_id, submission.view.id
        )
        return notice_view("It goes on", f"The new case is {referred.case_code}.")


def _at_its_field(error: Exception) -> dict[str, str] | None:
    return error.problems if isinstance(error, FieldsHaveProblems) else None
