"""Whether a pair's channel may still be spoken in: looked up before anything is said there.

An event may be lost, and of a channel that was made public the bot gets none at all, as it may not
read public channels. So what counts is what Slack says of the channel at the time of speaking.
"""

from collections import OrderedDict
from time import monotonic
from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.care.rooms import RoomTrouble, troubles_of
from bot.clockwork.posting import NotInstalled, RefusedBySlack, call
from bot.services.rooms import Rooms
from bot.services.strangers import Strangers

# Slack takes about 50 such look-ups a minute. What was right half a minute ago is taken for right.
_TRUSTED_FOR: Final = 30.0
_REMEMBERED: Final = 2048
_PAGE: Final = 200

_log = structlog.get_logger("careloop.rooms")


class RoomWatch:
    """Looks at channels of pairs, and closes or opens them to the bot by what it sees."""

    def __init__(
        self, client: AsyncWebClient, rooms: Rooms, strangers: Strangers, team_id: str
    ) -> None:
        self._client = client
        self.deeds = rooms
        self._strangers = strangers
        self._me: str | None = None
        self._team_id = team_id
        self._looked: OrderedDict[str, float] = OrderedDict()

    async def is_closed(self, channel_id: str) -> bool:
        """Whether nothing may be said in a channel. False for what is no pair's channel.

        Raises as `posting.call` does when Slack can't be asked.
        """
        room = await self.deeds.watched(self._team_id, channel_id)
        if room is None:
            return False
        if monotonic() - self._looked.get(channel_id, -_TRUSTED_FOR) < _TRUSTED_FOR:
            return bool(room.troubles)
        found = await self._troubles(channel_id)
        if found is None:
            return bool(room.troubles)
        known = {one for one in room.troubles if one.is_of_the_channel}
        if known != set(found):
            _log.warning("room_changed", kind=",".join(found) or "settled")
            await self.deeds.found(room.room_id, found)
        # In a channel that is open to others, who is in it says nothing more.
        strangers = not found and await self._strangers.seen(
            room.room_id, await self._members(channel_id)
        )
        self._looked[channel_id] = monotonic()
        if len(self._looked) > _REMEMBERED:
            self._looked.popitem(last=False)
        return bool(found) or strangers

    def forget(self) -> None:
        """Trust nothing that was seen before."""
        self._looked.clear()

    async def look(self, channel_id: str) -> None:
        """Slack says that something has changed: look anew. Raises as `is_closed`."""
        self._looked.pop(channel_id, None)
        await self.is_closed(channel_id)

    async def _members(self, channel_id: str) -> set[str]:
        """Who is in a channel, the bot left out; a pair's channel has no second page of them, and
        if one has, those on the first are enough to be noticed."""
        if self._me is None:
            self._me = str((await call(self._client.auth_test()))["user_id"])
        page = await call(self._client.conversations_members(channel=channel_id, limit=_PAGE))
        return set(page["members"]) - {self._me}

    async def _troubles(self, channel_id: str) -> list[RoomTrouble] | None:
        """What is wrong with a channel; None for one that the bot does not see at all, which says
        so by itself when something is sent there."""
        try:
            answer = await call(self._client.conversations_info(channel=channel_id))
        except NotInstalled as error:
            # The bot has no right to look at public channels, and looks at none.
            if "channels:read" in error.needed:
                return [RoomTrouble.PUBLIC]
            raise
        except RefusedBySlack:
            return None
        channel = answer["channel"]
        return troubles_of(
            is_private=bool(channel.get("is_private")),
            is_shared=bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared")),
            is_org_shared=bool(channel.get("is_org_shared")),
        )
