"""Answering a referral, from its card: accept, decline, close; and who the patient is."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.models.views import View

from bot.care.permissions import Deed
from bot.care.referral import ReferralState
from bot.handlers.answers import Body
from bot.handlers.modals import Modals
from bot.handlers.payloads import Click, Submission, read
from bot.handlers.uses import Uses
from bot.views.carried import AboutReferral, Action
from bot.views.errors import Cause, draw_words, words_for
from bot.views.forms.decline import DeclineForm
from bot.views.message import Message
from bot.views.patient import PatientView


def register(app: AsyncApp, use: Uses) -> None:
    modals = Modals(app, use.answers)

    @app.action(Action.ACCEPT)
    async def accept(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def deed() -> Message | None:
            about = AboutReferral.read(click.value)
            state = await use.referrals.accept(click.actor, about.referral_id)
            return None if state is ReferralState.ACCEPTED else _moved_on()

        await use.answers.deed(click.actor, click.place, deed())

    @modals.opens(Action.DECLINE, DeclineForm)
    async def open_decline(click: Click) -> View:
        about = AboutReferral.read(click.value)
        case = await use.reading.case_for(click.actor, about.referral_id, Deed.DECLINE)
        return DeclineForm.view(case)

    @modals.takes(DeclineForm)
    async def decline(submission: Submission, view: Body) -> None:
        filled = DeclineForm.read(view)
        await use.referrals.decline(
            submission.actor, filled.referral_id, filled.words, filled.reason
        )

    @app.action(Action.CLOSE)
    async def close(ack: AsyncAck, body: Body) -> None:
        await ack()
        click = read(Click, body)

        async def deed() -> Message | None:
            about = AboutReferral.read(click.value)
            state = await use.referrals.close(click.actor, about.referral_id)
            return None if state is ReferralState.CLOSED else _moved_on()

        await use.answers.deed(click.actor, click.place, deed())

    @modals.opens(Action.SEE_PATIENT, PatientView)
    async def see_patient(click: Click) -> View:
        about = AboutReferral.read(click.value)
        return PatientView.view(await use.reading.patient(click.actor, about.referral_id))


def _moved_on() -> Message:
    return draw_words(words_for(Cause.TOO_LATE, reason="moved_on"))
