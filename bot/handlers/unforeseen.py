"""What no handler foresaw: Bolt hands it here, and the person is told what to quote."""

from pydantic import ValidationError
from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bot.boundary import note
from bot.handlers.answers import Body
from bot.handlers.payloads import Click, Command, Place, Shortcut, read
from bot.handlers.uses import Uses
from bot.handlers.words import FORESEEN, words_of, words_of_failure
from bot.services.actor import Actor, Surface
from bot.views.carried import Tampered
from bot.views.errors import draw_words


def register(app: AsyncApp, use: Uses) -> None:
    @app.error
    async def tell(error: Exception, body: Body, response: BoltResponse | None) -> None:
        foreseen = isinstance(error, FORESEEN)
        words = words_of(error) if foreseen else words_of_failure(note(error, "handler"))
        asked = _who_asked(body)
        if asked is not None:
            await use.answers.privately(*asked, draw_words(words))
        if isinstance(error, Tampered) and response is not None:
            response.status = 400  # what no client of Slack's sends is no failure of the bot's


def _who_asked(body: Body) -> tuple[Actor, Place | None] | None:
    """The person to tell and where they are; None for an event, which nobody waits for."""
    try:
        if body.get("type") == "block_actions":
            click = read(Click, body)
            return click.actor, click.place
        if "command" in body:
            command = read(Command, body)
            return command.actor, Place(command.channel_id)
        if body.get("type") in {"shortcut", "message_action"}:
            return read(Shortcut, body).actor, None
        if body.get("type") == "view_submission":
            return Actor("", str(body["user"]["id"]), Surface.FORM), None
    except (Tampered, ValidationError, KeyError, TypeError):
        return None
    return None
