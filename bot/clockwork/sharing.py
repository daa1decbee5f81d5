"""Putting a file into a thread: drawn as things stand, uploaded, then shared, once.

Slack shows nothing of an upload before `files.completeUploadExternal`, so whatever breaks off
earlier is done again. That last call has no idempotency key and its message carries no metadata;
what names the file is its title, which holds the minute in which it was asked for, and the outbox
owes at most one of a kind for each case and minute. So after a crash or a time-out the thread is
looked through for a file of that title, once it had time to appear, and the file is shared again
only if it is not there.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from slack_sdk.errors import SlackRequestError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clockwork.pace import Pace
from bot.clockwork.posting import CertainlyNotSent, PerhapsSent, RefusedBySlack, call
from bot.notices import ReportAsked, TrendAsked
from bot.pictures.studio import DrawingFailed, Kind, Studio
from bot.services.outbox import Destination, Outbox, Owed
from bot.services.progress import Progresses
from bot.services.reading import Reading
from bot.views.progress_messages import SharedFile, report_file, trend_file

FileNotice = TrendAsked | ReportAsked

_PLACE_IS_COMING: Final = timedelta(seconds=5)
# Slack handles uploads in the background: a file may appear some seconds after the call.
_SETTLE: Final = timedelta(seconds=10)
_LEFT_FOR_THE_ROW: Final = timedelta(seconds=3)
_LEAST_FOR_AN_UPLOAD: Final = timedelta(seconds=8)
_MOST_ATTEMPTS_TO_DRAW: Final = 3
_PAGE: Final = 200

_log = structlog.get_logger("careloop.sharing")


@dataclass(frozen=True)
class _Thread:
    channel_id: str
    ts: str


class Sharing:
    """Shares the files that are owed to threads."""

    def __init__(
        self,
        outbox: Outbox,
        client: AsyncWebClient,
        progresses: Progresses,
        reading: Reading,
        studio: Studio,
        pace: Pace,
    ) -> None:
        self._outbox = outbox
        self._client = client
        self._progresses = progresses
        self._reading = reading
        self._studio = studio
        self._pace = pace

    async def share(self, owed: Owed, notice: FileNotice) -> None:
        """Raises as `posting.call` does for what is to be tried again or put aside."""
        thread = _thread(await self._outbox.destination(owed))
        if thread is None:
            await self._outbox.later(owed, _PLACE_IS_COMING, "place_not_there_yet")
            return
        shown = await self._progresses.shown(notice.referral_id, notice.asked_by)
        if shown is None or not shown.progress.has_values:
            await self._outbox.drop(owed)  # What there was to show was withdrawn meanwhile.
            return
        reader = await self._reading.slack_user(notice.asked_by)
        is_trend = isinstance(notice, TrendAsked)
        file = (trend_file if is_trend else report_file)(shown, notice.asked_at, reader)
        if owed.may_be_posted and await self._is_there(owed, thread, file.title):
            await self._outbox.sent(owed, thread.channel_id, None)
            return
        try:
            content = await self._studio.draw(Kind.TREND if is_trend else Kind.REPORT, shown)
        except DrawingFailed as error:
            if owed.attempts >= _MOST_ATTEMPTS_TO_DRAW:
                raise
            raise CertainlyNotSent(f"not drawn: {error.reason}") from None
        await self._pace.wait(thread.channel_id)
        await self._upload(owed, thread, file, content)

    async def _upload(self, owed: Owed, thread: _Thread, file: SharedFile, content: bytes) -> None:
        left = owed.lease_until - datetime.now(UTC) - _LEFT_FOR_THE_ROW
        if left < _LEAST_FOR_AN_UPLOAD:
            raise CertainlyNotSent("drawing_took_long")
        upload = self._client.files_upload_v2(
            filename=file.name,
            title=file.title,
            content=content,
            alt_txt=file.alt_text,
            channel=thread.channel_id,
            thread_ts=thread.ts,
            initial_comment=file.comment,
        )
        try:
            await call(_within(left, upload))
        except SlackRequestError:
            raise CertainlyNotSent("upload_refused") from None
        except CertainlyNotSent as error:
            if error.error == "missing_scope":  # Nothing else in the thread waits for that.
                raise RefusedBySlack(error.error) from None
            raise
        except PerhapsSent as error:
            _log.warning("perhaps_shared", outbox_id=owed.id, error=error.error)
            await self._outbox.unknown(owed, _SETTLE, error.error)
            return
        await self._outbox.sent(owed, thread.channel_id, None)

    async def _is_there(self, owed: Owed, thread: _Thread, title: str) -> bool:
        cursor: str | None = None
        while True:
            try:
                page = await call(
                    self._client.conversations_replies(
                        channel=thread.channel_id,
                        ts=thread.ts,
                        oldest=f"{owed.owed_at.timestamp() - 600:.6f}",
                        limit=_PAGE,
                        cursor=cursor,
                    )
                )
            except (PerhapsSent, CertainlyNotSent) as error:
                raise PerhapsSent(f"look_up_{error.error}") from None
            for message in page["messages"]:
                if any(file.get("title") == title for file in message.get("files", [])):
                    return True
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return False


def _thread(place: Destination | None) -> _Thread | None:
    if place is None or place.channel_id is None or place.thread_ts is None:
        return None
    return _Thread(place.channel_id, place.thread_ts)


async def _within(most: timedelta, work: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    async with asyncio.timeout(most.total_seconds()):
        return await work
