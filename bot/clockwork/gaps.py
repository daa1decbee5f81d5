"""Looking for what was missed: what was said while the bot was away, or an event that got lost.

Slack delivers nothing while no connection is up and gives up after three tries, so the threads are
read back: whole after each (re)connect, from the last known message every few minutes.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Final, TypedDict, TypeVar

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.clockwork.posting import (
    CertainlyNotSent,
    NotInstalled,
    PerhapsSent,
    RefusedBySlack,
    call,
)
from bot.services.inbox import Arrived, Inbox
from bot.services.threads import OpenThread, Threads

_PAGE: Final = 200
_LONGEST_WAIT: Final = 30.0
# A look that breaks off is made again soon: nobody else tells of what was missed.
_WAITS: Final = (0.5, 1.0, 2.0, 4.0)

Found = TypeVar("Found")

_log = structlog.get_logger("careloop.gaps")


class _Edited(TypedDict):
    ts: str


class _File(TypedDict, total=False):
    id: str
    mimetype: str


class _SlackMessage(TypedDict, total=False):
    ts: str
    thread_ts: str
    user: str
    text: str
    bot_id: str
    subtype: str
    edited: _Edited
    files: list[_File]


class GapRecovery:
    """Puts what Slack has and the record lacks into the inbox, as if Slack had just told it."""

    def __init__(
        self,
        client: AsyncWebClient,
        inbox: Inbox,
        threads: Threads,
        team_id: str,
        worked_off: Callable[[], Awaitable[None]],
        is_closed: Callable[[str], Awaitable[bool]],
    ) -> None:
        """`worked_off` returns once all that had come in when it was called is in the record.
        `is_closed` looks whether a channel may be spoken in, and sees that its people are told."""
        self._client = client
        self._inbox = inbox
        self._threads = threads
        self._team_id = team_id
        self._worked_off = worked_off
        self._is_closed = is_closed
        self._turn = asyncio.Lock()

    async def look(self, *, whole: bool) -> int:
        """Read every open thread back; gives how many things were missing.

        `whole` finds edits and deletions too; otherwise only what came after the last known reply.
        """
        found = 0
        channels: set[str] = set()
        async with self._turn:
            for thread in await self._threads.open_threads():
                try:
                    if thread.channel_id not in channels:
                        # Who has to know that it may not be spoken in is told by that.
                        await self._patiently(partial(self._is_closed, thread.channel_id))
                        channels.add(thread.channel_id)
                    found += await self._patiently(partial(self._look_at, thread, whole=whole))
                except NotInstalled as error:
                    _log.warning("thread_not_readable", error=error.error)
                    if "channels:" not in error.needed:
                        return found
                    # One channel that was made public: the others are read all the same.
                except RefusedBySlack as error:
                    _log.warning("thread_not_readable", error=error.error)
                except (CertainlyNotSent, PerhapsSent) as error:
                    _log.warning("slack_not_readable", error=error.error)
                    return found
        if found:
            _log.info("gap_closed", count=found)
        _log.info("read_back", whole=whole, count=found)
        return found

    async def _patiently(self, look: Callable[[], Awaitable[Found]]) -> Found:
        for wait in _WAITS:
            try:
                return await look()
            except NotInstalled:
                raise
            except (CertainlyNotSent, PerhapsSent) as error:
                _log.warning("slack_not_readable", error=error.error, wait=wait)
                await asyncio.sleep(wait)
        return await look()

    async def _look_at(self, thread: OpenThread, *, whole: bool) -> int:
        newest = max(thread.known, default=None)
        oldest = None if whole or newest is None else newest
        replies = [message async for message in self._replies(thread, oldest)]
        news = await self._still_news(thread, self._news(thread, replies))
        missing = [self._as_event(thread, message) for message in news]
        if whole:
            # By what was known before Slack was asked: a reply that came since is not gone.
            seen = {message["ts"] for message in replies}
            gone = [ts for ts, entry in thread.known.items() if entry.stands and ts not in seen]
            missing += [self._as_deletion(thread, ts) for ts in gone]
        for event in missing:
            await self._inbox.keep(event)
        return len(missing)

    async def _still_news(
        self, thread: OpenThread, news: list[_SlackMessage]
    ) -> list[_SlackMessage]:
        """What Slack has told of, but still waits to be worked off, is no gap."""
        while news:
            await self._till_worked_off()
            now = replace(thread, known=await self._threads.known(thread.referral_id))
            left = self._news(now, news)
            if len(left) == len(news):
                break
            news = left
        return news

    async def _till_worked_off(self) -> None:
        with suppress(TimeoutError):  # a reply that is then kept a second time changes nothing
            async with asyncio.timeout(_LONGEST_WAIT):
                await self._worked_off()

    def _news(self, thread: OpenThread, messages: Sequence[_SlackMessage]) -> list[_SlackMessage]:
        return [message for message in messages if self._is_news(thread, message)]

    async def _replies(
        self, thread: OpenThread, oldest: str | None
    ) -> AsyncIterator[_SlackMessage]:
        cursor: str | None = None
        while True:
            try:
                page = await call(
                    self._client.conversations_replies(
                        channel=thread.channel_id,
                        ts=thread.thread_ts,
                        oldest=oldest,
                        limit=_PAGE,
                        cursor=cursor,
                    )
                )
            except NotInstalled:
                raise  # Only a person can mend that; the others need not wait for it.
            except CertainlyNotSent as error:
                if error.wait is None:
                    raise
                await asyncio.sleep(min(_LONGEST_WAIT, error.wait.total_seconds()))
                continue
            messages: list[_SlackMessage] = page["messages"]
            for message in messages:
                yield message
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return

    def _is_news(self, thread: OpenThread, message: _SlackMessage) -> bool:
        if message["ts"] == thread.thread_ts or "user" not in message or message.get("bot_id"):
            return False
        known = thread.known.get(message["ts"])
        edited = message.get("edited")
        return known is None or (edited is not None and edited["ts"] not in known.wordings)

    def _as_event(self, thread: OpenThread, message: _SlackMessage) -> Arrived:
        event: dict[str, object] = {
            "type": "message",
            "channel": thread.channel_id,
            "thread_ts": thread.thread_ts,
            "ts": message["ts"],
            "user": message["user"],
            "text": message.get("text", ""),
        }
        edited = message.get("edited")
        if edited is not None:
            event["edited"] = edited
        if files := message.get("files"):
            event["files"] = files
        said = edited["ts"] if edited else message["ts"]
        return self._arrived(f"{thread.channel_id}:{message['ts']}:{said}", event)

    def _as_deletion(self, thread: OpenThread, ts: str) -> Arrived:
        event: dict[str, object] = {
            "type": "message",
            "subtype": "message_deleted",
            "channel": thread.channel_id,
            "deleted_ts": ts,
            "previous_message": {"thread_ts": thread.thread_ts},
        }
        return self._arrived(f"{thread.channel_id}:{ts}:deleted", event)

    def _arrived(self, key: str, event: dict[str, object]) -> Arrived:
        body = {"team_id": self._team_id, "event": event}
        return Arrived(f"gap:{key}", "message", json.dumps(body))
