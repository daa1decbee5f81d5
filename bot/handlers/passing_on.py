"""A concern is passed on to a surgeon by name, who accepts it or says that they can't."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Submission, read
from bot.handlers.uses import Uses
from bot.services.errors import AccountCannotTreat, NotRegistered
from bot.views.carried import AboutConcern, Action
from bot.views.forms.pass_on import PassOnForm
from bot.views.message import Message, section
from bot.views.modals import notice_view


def register(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.HAND_ON_CONCERN, PassOnForm)
    async def open_form(click: Click) -> View:
        about = AboutConcern.read(click.value)
        concern = await use.reading.concerns.to_pass_on(click.actor, about.concern_id)
        return _settled_already() if concern.state.is_settled else PassOnForm.view(concern)

    @modals.takes(PassOnForm, _at_the_person)
    async def ask(submission: Submission, view: Body) -> View | None:
        filled = PassOnForm.read(view)
        before = await use.passing_on.ask(submission.actor, filled.concern_id, filled.slack_user_id)
        return _settled_already() if before.is_settled else None

    @app.action(Action.DECLINE_CONCERN)
    async def decline(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def deed() -> Message | None:
            about = AboutConcern.read(click.value)
            declined = await use.passing_on.decline(click.actor, about.concern_id)
            return None if declined else _nothing_to_decline()

        await use.answers.deed(click.actor, click.place, deed())


def _at_the_person(error: Exception) -> dict[str, str] | None:
    if isinstance(error, NotRegistered | AccountCannotTreat):
        return PassOnForm.no_surgeon()
    return None


def _nothing_to_decline() -> Message:
    words = "This is settled already, so nothing was changed."
    return Message(words, [section(words)])


def _settled_already() -> View:
    return notice_view(
        "Settled already",
        "Nothing was changed; the thread shows how the concern stands.",
    )
