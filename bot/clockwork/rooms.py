"""Making a pair's private channel. Each step can be repeated, so a crash does no harm."""

import re
import unicodedata
from typing import Final

from slack_sdk.web.async_client import AsyncWebClient

from bot.clockwork.posting import CertainlyNotSent, RefusedBySlack, call
from bot.ids import new_id
from bot.notices import OpenRoom
from bot.services.outbox import Outbox, Owed, RoomToOpen
from bot.services.referrals import UNNAMED_ROOM

_PURPOSE: Final = "Referrals between the two of you. Each thread is one referral, kept by Careloop."
_INVITED_ALREADY: Final = {"already_in_channel", "cant_invite_self"}
_PAGE: Final = 200
_LONGEST_WORD: Final = 30


async def open_room(client: AsyncWebClient, outbox: Outbox, owed: Owed, notice: OpenRoom) -> None:
    """Create the channel, or find the one that an earlier try created, and invite both."""
    room = await outbox.room_to_open(notice)
    channel_id = room.channel_id
    if channel_id is None:
        name = room.channel_name
        if name.startswith(UNNAMED_ROOM):
            name = await _name_after(client, room)
            await outbox.name_room(room.room_id, name)
        try:
            made = await call(client.conversations_create(name=name, is_private=True))
            channel_id = str(made["channel"]["id"])
        except RefusedBySlack as error:
            if error.error != "name_taken":
                raise
            channel_id = await _own_channel(client, name)
            if channel_id is None:
                # Somebody else's, that the bot does not see: another one is thought of.
                await outbox.name_room(room.room_id, f"{UNNAMED_ROOM}{new_id()[:10]}")
                raise CertainlyNotSent("name_taken") from None
    for user_id in room.slack_user_ids:
        try:
            await call(client.conversations_invite(channel=channel_id, users=[user_id]))
        except RefusedBySlack as error:
            if error.error not in _INVITED_ALREADY:
                raise
    await call(client.conversations_setPurpose(channel=channel_id, purpose=_PURPOSE))
    await outbox.room_opened(owed, room.room_id, channel_id)


async def _name_after(client: AsyncWebClient, room: RoomToOpen) -> str:
    """Both surnames, so that they find it; never anything of a patient. Slack: at most 80
    characters, lower case. The end makes it one of a kind."""
    words: list[str] = []
    for user_id in room.slack_user_ids:
        user = (await call(client.users_info(user=user_id)))["user"]
        surname = str(user.get("real_name") or user.get("name") or "").split()[-1:]
        plain = unicodedata.normalize("NFKD", "".join(surname)).casefold()
        words.append(re.sub(r"[^a-z0-9]", "", plain)[:_LONGEST_WORD] or "care")
    return "-".join([*words, new_id()[:4]])


async def _own_channel(client: AsyncWebClient, name: str) -> str | None:
    cursor: str | None = None
    while True:
        page = await call(
            client.users_conversations(
                types="private_channel", exclude_archived=True, limit=_PAGE, cursor=cursor
            )
        )
        for channel in page["channels"]:
            if channel["name"] == name:
                return str(channel["id"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if cursor is None:
            return None
