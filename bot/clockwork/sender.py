"""Sending what is owed: each once, in order, the urgent first, also through crashes and outages.

A row is committed as `sending` before Slack is called. If the call breaks off, nobody knows whether
the message was posted, so after a settle window the sender looks for the row's id in the metadata
of the channel's messages, and posts only if it is not there.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.boundary import Failed, attempt
from bot.clockwork.calling_out import CallingOut
from bot.clockwork.closing_views import close_view
from bot.clockwork.held_back import RATE_LIMITED, HeldBack, Request
from bot.clockwork.pace import Pace
from bot.clockwork.posting import CertainlyNotSent, PerhapsSent, RefusedBySlack, call
from bot.clockwork.rooms import open_room
from bot.clockwork.seats import take_seat
from bot.clockwork.sharing import Sharing
from bot.clockwork.taking_down import TakingDown
from bot.notices import (
    CloseView,
    Notice,
    OpenRoom,
    OutsideCall,
    Place,
    RecordErased,
    ReportAsked,
    SeatInRoom,
    TrendAsked,
)
from bot.services.outbox import LEASE, LEASE_FOR_A_CALL, SETTLE, Destination, Outbox, Owed
from bot.store.errors import StoreError
from bot.store.queries.rooms import HELD_BACK
from bot.store.tables.work import OutboxOperation
from bot.store.vault import KeyDestroyed
from bot.views.message import Message

EVENT_TYPE: Final = "careloop_notice"

# More than this many sends wait for their channel's pace at once only if they are urgent.
_MOST_IN_FLIGHT: Final = 64
# It is woken at once when the channel is settled; this is for what nobody tells.
_ROOM_IS_CLOSED: Final = timedelta(minutes=5)
_PLACE_IS_COMING: Final = timedelta(seconds=5)
# A look-up goes a little further back than the row, for clocks that differ.
_LOOK_BACK: Final = timedelta(minutes=10)
_LONGEST_WAIT: Final = 60
# Of one message, after a short burst. Slack takes about 50 updates a minute from an app.
_REDRAWS_PER_SECOND: Final = 1.0
_PAGE: Final = 200
# Whoever waits longer for their channel's pace gives the place to others.
_LONGEST_PAUSE: Final = (LEASE - LEASE_FOR_A_CALL) / 2
_POST: Final = "chat.postMessage"
# The message to be redrawn is gone: there is nothing to draw on.
_NOTHING_TO_REDRAW: Final = {
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
    "channel_not_found",
    "not_in_channel",
    "is_archived",
}

_log = structlog.get_logger("careloop.sender")

Draw = Callable[[Notice, Place], Awaitable[Message | None]]


class Sender:
    """Sends what the outbox hands out; `draw` makes a message of a notice, as things stand now."""

    def __init__(
        self,
        outbox: Outbox,
        client: AsyncWebClient,
        draw: Draw,
        sharing: Sharing,
        calling_out: CallingOut,
        taking_down: TakingDown,
        pace: Pace,
        is_closed: Callable[[str], Awaitable[bool]],
    ) -> None:
        """`is_closed` tells whether nothing may be said in a channel."""
        self._outbox = outbox
        self._client = client
        self._draw = draw
        self._sharing = sharing
        self._calling_out = calling_out
        self._taking_down = taking_down
        self._is_closed = is_closed
        self._pace = pace
        self._redraws = Pace(_REDRAWS_PER_SECOND)
        self._slack = HeldBack(outbox.now)
        self._in_flight: set[asyncio.Task[None]] = set()
        self._kick: Callable[[], None] = lambda: None

    def when_done(self, kick: Callable[[], None]) -> None:
        """`kick` is called whenever a send has ended: the next of its lane may go."""
        self._kick = kick

    async def __call__(self) -> datetime | None:
        """Start whatever may go out now; gives when something more may."""
        while True:
            full = len(self._in_flight) >= _MOST_IN_FLIGHT
            claimed = await self._outbox.claim(only_urgent=full)
            if not claimed:
                return await self._outbox.next_due()
            for owed in claimed:
                task = asyncio.create_task(self._send_safely(owed))
                self._in_flight.add(task)
                task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._in_flight.discard(task)
        self._kick()

    async def finish(self) -> None:
        """Wait for what is in flight."""
        while self._in_flight:
            await asyncio.wait(self._in_flight)

    @property
    def is_idle(self) -> bool:
        return not self._in_flight

    async def _send_safely(self, owed: Owed) -> None:
        try:
            done = await attempt(
                self._send(owed), "send", StoreError, outbox_id=owed.id, kind=owed.notice.kind
            )
        except StoreError as error:
            # The row stays `sending`; once its lease has ended it is looked for.
            _log.warning("fate_not_recorded", outbox_id=owed.id, error=type(error).__name__)
            return
        if isinstance(done, Failed):
            await attempt(
                self._outbox.park(owed, f"internal {done.reference}"), "park", outbox_id=owed.id
            )

    async def _send(self, owed: Owed) -> None:
        try:
            await self._deliver(owed)
        except CertainlyNotSent as error:
            wait = error.wait or _backoff(owed)
            _log.warning(
                "not_sent", outbox_id=owed.id, error=error.error, wait=wait.total_seconds()
            )
            await self._outbox.later(owed, wait, error.error)
            ordinary = self._slack.left(_POST)
            if ordinary > timedelta() and not owed.is_urgent and error.error == RATE_LIMITED:
                await self._outbox.hold_posts(ordinary)
        except PerhapsSent as error:
            _log.warning("perhaps_sent", outbox_id=owed.id, error=error.error)
            if owed.operation is OutboxOperation.WHISPER:
                await self._outbox.whispered(owed)
            elif owed.operation is OutboxOperation.POST:
                await self._outbox.unknown(owed, _backoff(owed), error.error)
            else:
                # Redrawing or opening a channel once more does no harm; but what broke off may
                # still arrive, and must not come after what is drawn next.
                await self._outbox.later(owed, max(_backoff(owed), SETTLE), error.error)
        except KeyDestroyed:
            # Erased since it was owed: there is nothing to say any more.
            await self._outbox.drop(owed)
        except RefusedBySlack as error:
            _log.warning("refused", outbox_id=owed.id, error=error.error)
            nothing_to_redraw = (
                owed.operation is OutboxOperation.REDRAW and error.error in _NOTHING_TO_REDRAW
            )
            if nothing_to_redraw or owed.operation is OutboxOperation.WHISPER:
                await self._outbox.drop(owed)
            else:
                await self._outbox.park(owed, error.error)

    async def _deliver(self, owed: Owed) -> None:
        if isinstance(owed.notice, OpenRoom):
            await open_room(self._client, self._outbox, owed, owed.notice)
            return
        if isinstance(owed.notice, SeatInRoom):
            await take_seat(self._client, self._outbox, owed, owed.notice)
            return
        if isinstance(owed.notice, CloseView):
            await close_view(self._client, self._outbox, owed, owed.notice)
            return
        if owed.operation is OutboxOperation.TAKE_DOWN:
            await self._taking_down.take_down(owed)
            return
        if await self._is_held_back(owed):
            return
        if isinstance(owed.notice, TrendAsked | ReportAsked):
            await self._sharing.share(owed, owed.notice)
            return
        if isinstance(owed.notice, OutsideCall):
            await self._calling_out.call(owed, owed.notice)
            return
        is_redraw = owed.operation is OutboxOperation.REDRAW
        if is_redraw:
            # Waits before it is drawn: what changes meanwhile is in it, and needs no other one.
            await self._redraws.wait(owed.target_key or "")
        if owed.operation is OutboxOperation.WHISPER and (
            owed.may_be_posted or self._outbox.is_stale(owed)
        ):
            # It can't be looked for, so it is not said twice; and late it is of no use.
            await self._outbox.drop(owed)
            return
        message = None
        async with self._outbox.one_look():
            place = await self._outbox.destination(owed)
            is_gone = place is None and is_redraw and await self._outbox.target_is_gone(owed)
            wait = await self._outbox.quiet_for(owed)
            if place is not None and wait is None:
                message = await self._draw(owed.notice, owed.place)
        if is_gone:
            await self._outbox.drop(owed)
        elif wait is not None:
            await self._outbox.later(owed, wait, "quiet_hours")
        elif place is None and not self._outbox.has_no_clinic_channel(owed):
            await self._outbox.later(owed, _PLACE_IS_COMING, "place_not_there_yet")
        elif place is None or message is None:
            await self._outbox.drop(owed)
        else:
            await self._say(owed, place, message)

    async def _is_held_back(self, owed: Owed) -> bool:
        """Whether it would be said in a channel that others can read: then it waits."""
        if isinstance(owed.notice, RecordErased | OutsideCall):
            return False
        try:
            place = await self._outbox.destination(owed)
            if place is None or place.person_id is not None or place.channel_id is None:
                return False
            if not await self._is_closed(place.channel_id):
                return False
        except CertainlyNotSent as error:
            if owed.may_be_posted:
                raise PerhapsSent(f"look_at_room_{error.error}") from None
            raise
        except PerhapsSent as error:
            if owed.may_be_posted:
                raise
            raise CertainlyNotSent(f"look_at_room_{error.error}") from None
        if owed.may_be_posted:
            await self._outbox.unknown(owed, _ROOM_IS_CLOSED, HELD_BACK)
        else:
            await self._outbox.later(owed, _ROOM_IS_CLOSED, HELD_BACK)
        return True

    async def _say(self, owed: Owed, place: Destination, message: Message) -> None:
        channel_id = place.channel_id or await self._open_direct_channel(place)
        if owed.may_be_posted and owed.operation is OutboxOperation.POST:
            found = await self._look_for(owed, channel_id, place.thread_ts)
            if found is not None:
                await self._outbox.sent(owed, channel_id, found)
                return
        if owed.is_urgent:
            self._pace.take(channel_id)
        elif (pause := self._pace.pause(channel_id)) > _LONGEST_PAUSE:
            await self._outbox.later(owed, pause, "pace")  # others may go out meanwhile
            return
        else:
            await self._pace.wait(channel_id)
        if not owed.has_time_for_a_call(self._outbox.alive()):
            # This process stood still, or was long about it: a call that begins now might arrive
            # when another process has looked for it already. If one has taken the row over, this
            # changes nothing.
            _log.warning("lease_too_short", outbox_id=owed.id)
            await self._outbox.later(owed, timedelta(), "lease_too_short")
            return
        if place.message_ts is not None:
            await self._redraw(owed, channel_id, place.message_ts, message)
        elif owed.operation is OutboxOperation.WHISPER:
            await self._whisper(owed, channel_id, place, message)
        else:
            await self._post(owed, channel_id, place, message)

    async def _redraw(self, owed: Owed, channel_id: str, ts: str, message: Message) -> None:
        await self._slack.call(
            "chat.update",
            channel_id,
            lambda: self._client.chat_update(
                channel=channel_id, ts=ts, text=message.text, blocks=message.blocks
            ),
            urgent=owed.is_urgent,
        )
        await self._outbox.sent(owed, channel_id, ts)

    async def _whisper(
        self, owed: Owed, channel_id: str, place: Destination, message: Message
    ) -> None:
        await self._slack.call(
            "chat.postEphemeral",
            channel_id,
            lambda: self._client.chat_postEphemeral(
                channel=channel_id,
                user=place.slack_user_id or "",
                thread_ts=place.thread_ts,
                text=message.text,
                blocks=message.blocks,
            ),
            urgent=owed.is_urgent,
        )
        await self._outbox.whispered(owed)

    async def _post(
        self, owed: Owed, channel_id: str, place: Destination, message: Message
    ) -> None:
        posted = await self._slack.call(
            _POST,
            channel_id,
            lambda: self._client.chat_postMessage(
                channel=channel_id,
                thread_ts=place.thread_ts,
                text=message.text,
                blocks=message.blocks,
                metadata={"event_type": EVENT_TYPE, "event_payload": _label(owed)},
                unfurl_links=False,
                unfurl_media=False,
            ),
            urgent=owed.is_urgent,
        )
        await self._outbox.sent(owed, str(posted["channel"]), str(posted["ts"]))

    async def _open_direct_channel(self, place: Destination) -> str:
        opened = await call(self._client.conversations_open(users=[place.slack_user_id or ""]))
        channel_id = str(opened["channel"]["id"])
        if place.person_id is not None:
            await self._outbox.know_direct_channel(place.person_id, channel_id)
        return channel_id

    async def _look_for(self, owed: Owed, channel_id: str, thread_ts: str | None) -> str | None:
        """The timestamp of the message that carries the row's id; None if there is none."""
        oldest = f"{(owed.owed_at - _LOOK_BACK).timestamp():.6f}"
        cursor: str | None = None
        while True:
            method, request = self._look_up(channel_id, thread_ts, oldest, cursor)
            try:
                page = await self._slack.call(method, channel_id, request, urgent=owed.is_urgent)
            except PerhapsSent as error:
                # Only the look-up broke off: nothing was posted by it, so look again.
                raise CertainlyNotSent(f"look_up_{error.error}", _backoff(owed)) from None
            except CertainlyNotSent as error:
                raise CertainlyNotSent(f"look_up_{error.error}", error.wait) from None
            for message in page["messages"]:
                metadata = message.get("metadata") or {}
                if (metadata.get("event_payload") or {}).get("id") == owed.id:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return None

    def _look_up(
        self, channel_id: str, thread_ts: str | None, oldest: str, cursor: str | None
    ) -> tuple[str, Request]:
        """One page of what a channel, or a thread of it, says since `oldest`."""
        if thread_ts is None:
            return "conversations.history", lambda: self._client.conversations_history(
                channel=channel_id,
                oldest=oldest,
                include_all_metadata=True,
                limit=_PAGE,
                cursor=cursor,
            )
        return "conversations.replies", lambda: self._client.conversations_replies(
            channel=channel_id,
            ts=thread_ts,
            oldest=oldest,
            include_all_metadata=True,
            limit=_PAGE,
            cursor=cursor,
        )


def _label(owed: Owed) -> dict[str, str]:
    """What a message carries unseen: the row that it came of, to be found by, and its kind."""
    return {"id": owed.id, "kind": owed.notice.kind}


def _backoff(owed: Owed) -> timedelta:
    """1, 2, 4 … seconds, at most a minute; urgent rows at most five seconds."""
    longest = 5 if owed.is_urgent else _LONGEST_WAIT
    return timedelta(seconds=min(longest, 2 ** min(owed.attempts - 1, 10)))
