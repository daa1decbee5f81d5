"""Adding somebody to a pair's channel, or removing them: whatever is right at this moment."""

from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.clockwork.posting import RefusedBySlack, call
from bot.notices import SeatInRoom
from bot.services.outbox import Outbox, Owed

# It is so already; or whoever it is can't be in a channel any more.
_IS_SO: Final = {"already_in_channel", "not_in_channel", "user_not_found", "user_is_disabled"}


async def take_seat(client: AsyncWebClient, outbox: Outbox, owed: Owed, notice: SeatInRoom) -> None:
    """Raises as `posting.call` does. Done twice it does no harm."""
    seat = await outbox.seat(notice)
    if seat.channel_id is None:
        await outbox.drop(owed)  # Nobody sits anywhere yet.
        return
    channel_id, user_id = seat.channel_id, seat.slack_user_id
    try:
        if seat.is_theirs:
            await call(client.conversations_invite(channel=channel_id, users=[user_id]))
        else:
            await call(client.conversations_kick(channel=channel_id, user=user_id))
    except RefusedBySlack as error:
        if error.error not in _IS_SO:
            raise
    await outbox.sent(owed, channel_id, None)
