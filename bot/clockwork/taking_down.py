"""Deleting in Slack what the bot posted about an erased case. Each step can be repeated.

A message that is gone already is as good as deleted. One of which nobody knows whether it arrived
is looked for by its row's id, as before a second try; a shared file by the thread it is in, for
Slack tells no timestamp of it.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Final, TypedDict

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.clockwork.pace import Pace
from bot.clockwork.posting import RefusedBySlack, call
from bot.services.outbox import Outbox, Owed, Target

_STILL_BEING_SENT: Final = timedelta(seconds=2)
# A look goes a little further back than the row, for clocks that differ.
_LOOK_BACK: Final = timedelta(minutes=10)
_PAGE: Final = 200
_GONE: Final = {"message_not_found", "file_not_found", "file_deleted"}

_log = structlog.get_logger("careloop.taking_down")


class _File(TypedDict, total=False):
    id: str


class _Metadata(TypedDict, total=False):
    event_payload: dict[str, str]


class _SlackMessage(TypedDict, total=False):
    ts: str
    bot_id: str
    files: list[_File]
    metadata: _Metadata


class TakingDown:
    """Deletes messages, and the files that were shared with them."""

    def __init__(self, outbox: Outbox, client: AsyncWebClient, pace: Pace) -> None:
        self._outbox = outbox
        self._client = client
        self._pace = pace

    async def take_down(self, owed: Owed) -> None:
        """Raises as `posting.call` does for what is to be tried again."""
        target = await self._outbox.target_of(owed)
        if target is None:
            await self._outbox.drop(owed)
            return
        if target.is_on_its_way:
            await self._outbox.later(owed, _STILL_BEING_SENT, "still_being_sent")
            return
        try:
            channel_id = await self._delete(owed, target)
        except RefusedBySlack as error:
            # The channel is gone or archived, or the bot was taken out of it: a person looks.
            _log.warning("not_deleted", outbox_id=owed.id, error=error.error)
            await self._outbox.give_up_taking_down(owed, error.error)
            return
        if channel_id is None:
            await self._outbox.drop(owed)
        else:
            await self._outbox.sent(owed, channel_id, None)

    async def _delete(self, owed: Owed, target: Target) -> str | None:
        """The channel in which there is nothing of it any more; None if it never was anywhere."""
        if target.channel_id is not None and target.message_ts is not None:
            await self._in_time(owed, target.channel_id)
            await self._delete_message(target.channel_id, target.message_ts)
            return target.channel_id
        if target.place is None or target.place.channel_id is None:
            return None
        channel_id = target.place.channel_id
        await self._in_time(owed, channel_id)
        found = [one async for one in self._messages(target, channel_id) if _is_of(target, one)]
        for message in found:
            for file in message.get("files", []):
                await self._delete_file(file["id"])
            await self._delete_message(channel_id, message["ts"])
        return channel_id

    async def _in_time(self, owed: Owed, channel_id: str) -> None:
        await self._pace.wait(channel_id)
        if datetime.now(UTC) >= owed.lease_until:
            _log.warning("lease_ended", outbox_id=owed.id)

    async def _delete_message(self, channel_id: str, ts: str) -> None:
        try:
            await call(self._client.chat_delete(channel=channel_id, ts=ts))
        except RefusedBySlack as error:
            if error.error not in _GONE:
                raise

    async def _delete_file(self, file_id: str) -> None:
        try:
            await call(self._client.files_delete(file=file_id))
        except RefusedBySlack as error:
            if error.error not in _GONE:
                raise

    async def _messages(self, target: Target, channel_id: str) -> AsyncIterator[_SlackMessage]:
        thread_ts = target.place.thread_ts if target.place else None
        oldest = f"{(target.owed_at - _LOOK_BACK).timestamp():.6f}"
        cursor: str | None = None
        while True:
            if thread_ts is not None:
                request = self._client.conversations_replies(
                    channel=channel_id,
                    ts=thread_ts,
                    oldest=oldest,
                    include_all_metadata=True,
                    limit=_PAGE,
                    cursor=cursor,
                )
            else:
                request = self._client.conversations_history(
                    channel=channel_id,
                    oldest=oldest,
                    include_all_metadata=True,
                    limit=_PAGE,
                    cursor=cursor,
                )
            page = await call(request)
            messages: list[_SlackMessage] = page["messages"]
            for message in messages:
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return


def _is_of(target: Target, message: _SlackMessage) -> bool:
    if not message.get("bot_id"):
        return False
    if target.is_file:
        return bool(message.get("files"))
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return payload.get("id") == target.row_id
