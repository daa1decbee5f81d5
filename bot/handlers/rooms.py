"""A channel was shared, made public or private, or somebody came or left: looked at at once, and
before each message."""

from pydantic import BaseModel, ConfigDict, ValidationError
from slack_bolt.async_app import AsyncApp

from bot.boundary import attempt
from bot.handlers.answers import Body
from bot.handlers.uses import Uses

_CONVERTED = ("channel_convert_to_public", "channel_convert_to_private")
_CHANGED = (
    "channel_shared",
    "channel_unshared",
    "member_joined_channel",
    "member_left_channel",
)


class _Event(BaseModel):
    model_config = ConfigDict(extra="ignore")

    channel: str


def register(app: AsyncApp, use: Uses) -> None:
    async def look(body: Body) -> None:
        try:
            event = _Event.model_validate(body["event"])
        except ValidationError:
            return
        # If Slack can't be asked now, it is before the next message that goes there.
        await attempt(use.look_at_room(event.channel), "room")

    for kind in _CHANGED:
        app.event(kind)(look)
    for subtype in _CONVERTED:
        app.event({"type": "message", "subtype": subtype})(look)
