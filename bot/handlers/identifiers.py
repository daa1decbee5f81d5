"""One click replaces what says who a patient is in what the bot keeps."""

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.respond.async_respond import AsyncRespond

from bot.handlers.answers import Body
from bot.handlers.payloads import Click, read
from bot.handlers.uses import Uses
from bot.notices import Typed
from bot.views.carried import AboutTyped, Action
from bot.views.identifiers_typed import draw_replaced
from bot.views.message import Message


def register(app: AsyncApp, use: Uses) -> None:
    @app.action(Action.REPLACE_IDENTIFIERS)
    async def replace(ack: AsyncAck, body: Body, respond: AsyncRespond) -> None:
        await ack()
        click = read(Click, body)
        answer: list[Message] = []

        async def work() -> None:
            about = AboutTyped.read(click.value)
            typed = Typed(about.typed)
            changed = await use.replacing.replace(click.actor, typed, about.subject_id)
            answer.append(draw_replaced(typed, changed))

        await use.answers.deed(click.actor, click.place, work())
        for message in answer:
            await use.answers.put_instead(respond, message)
