"""A patient whom colleagues treat, too: asking them to share, their answer, and seeing it."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.care.sharing import ShareAnswer
from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Submission, read
from bot.handlers.uses import Uses
from bot.services.actor import Actor
from bot.shown.referring import ShownFormStep
from bot.views.carried import AboutShare, Action
from bot.views.errors import Cause, draw_words, words_for
from bot.views.forms.refer import ReferForm
from bot.views.forms.share import SharedView, ShareForm
from bot.views.message import Message
from bot.views.modals import notice_view, trouble_view

_SETTLED = words_for(Cause.TOO_LATE, reason="share_answered")


def register(app: AsyncApp, use: Uses) -> None:
    _register_asking(app, use)
    _register_answering(app, use)
    _register_seeing(app, use)


async def refer_view(use: Uses, actor: Actor, shown: ShownFormStep) -> View:
    """A step of the referral form, with who has the patient already."""
    return ReferForm.view(await use.shared_cases.found_for(actor, shown))


def _register_asking(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.replaces(Action.ASK_TO_SHARE)
    async def ask(click: Click, view: Body) -> View:
        filled = ReferForm.read(view)
        await use.shared_cases.ask(click.actor, filled.draft_id)
        shown = await use.drafts.go_to(
            click.actor,
            filled.draft_id,
            filled.step,
            filled.answers,
            filled.step,
            click.modal_id,
        )
        return await refer_view(use, click.actor, shown)


def _register_answering(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens(Action.AGREE_TO_SHARE, ShareForm)
    async def open_form(click: Click) -> View:
        about = AboutShare.read(click.value)
        return ShareForm.view(await use.shared_cases.to_answer(click.actor, about.share_id))

    @modals.takes(ShareForm)
    async def agree(submission: Submission, view: Body) -> View:
        filled = ShareForm.read(view)
        done = await use.shared_cases.answer(
            submission.actor, filled.share_id, ShareAnswer.AGREE, filled.shows
        )
        if not done:
            return trouble_view(_SETTLED)
        return notice_view("Shared", "Your colleague is told. You two can stop it at any time.")

    @app.action(Action.DECLINE_SHARE)
    async def decline(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def deed() -> Message | None:
            about = AboutShare.read(click.value)
            done = await use.shared_cases.answer(click.actor, about.share_id, ShareAnswer.DECLINE)
            return None if done else draw_words(_SETTLED)

        await use.answers.deed(click.actor, click.place, deed())


def _register_seeing(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @modals.opens_above(Action.SEE_SHARED, SharedView)
    async def see(click: Click) -> View:
        about = AboutShare.read(click.value)
        return SharedView.view(await use.shared_cases.shared(click.actor, about.share_id))
