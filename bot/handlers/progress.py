"""Progress, from the case card: the trend as a picture, the report as a document and in words."""

from collections.abc import Awaitable, Callable

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.handlers.answers import Body
from bot.handlers.payloads import Click, read
from bot.handlers.uses import Uses
from bot.services.actor import Actor
from bot.services.progress import Asked
from bot.views.carried import AboutReferral, Action
from bot.views.message import Message
from bot.views.progress_messages import draw_nothing_yet, draw_on_its_way


def register(app: AsyncApp, use: Uses) -> None:
    async def answer(
        click: Click, what: str, ask: Callable[[Actor, str], Awaitable[Asked]]
    ) -> None:
        async def deed() -> Message:
            about = AboutReferral.read(click.value)
            asked = await ask(click.actor, about.referral_id)
            return draw_on_its_way(what) if asked is Asked.OWED else draw_nothing_yet()

        await use.answers.deed(click.actor, click.place, deed())

    @app.action(Action.TREND)
    async def trend(ack: AsyncAck, body: Body) -> None:
        await ack()
        await answer(read(Click, body), "trend", use.progresses.ask_for_trend)

    @app.action(Action.REPORT)
    async def report(ack: AsyncAck, body: Body) -> None:
        await ack()
        await answer(read(Click, body), "progress report", use.progresses.ask_for_report)
