"""conversations.history and conversations.replies, page by page."""

from __future__ import annotations

from bot.sandbox import render
from bot.sandbox.api.conversations import OneChannel
from bot.sandbox.api.method import Call, Method, Tier, Ts, every_kind
from bot.sandbox.api.paging import cursor_for, mark_in
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state.messages import between
from bot.sandbox.state.model import Channel
from bot.sandbox.state.workspace import TS_SHAPE
from bot.sandbox.wire import JsonObject

MOST = 999


class History(OneChannel):
    oldest: Ts = ""
    latest: Ts = ""
    inclusive: bool = False
    limit: int = 100
    cursor: str = ""
    include_all_metadata: bool = False


class Replies(History):
    ts: Ts
    limit: int = 1000


def _readable(call: Call, channel_id: str) -> Channel:
    channel = call.channel(channel_id, scope="history")
    if call.bot not in channel.members:
        raise SlackRefuses("not_in_channel")
    return channel


def _check(args: History) -> int:
    for value, code in ((args.oldest, "invalid_ts_oldest"), (args.latest, "invalid_ts_latest")):
        if value and not TS_SHAPE.fullmatch(value):
            raise SlackRefuses(code)
    if args.limit < 0:
        raise SlackRefuses("invalid_limit")
    return min(args.limit or 100, MOST)


def _time_in(cursor: str) -> str:
    mark = mark_in(cursor)
    if not TS_SHAPE.fullmatch(mark):
        raise SlackRefuses("invalid_cursor")
    return mark


def history(call: Call, args: History) -> JsonObject:
    """Newest first, as Slack gives it."""
    channel = _readable(call, args.channel)
    size = _check(args)
    start, end = between(channel.timeline, args.oldest, args.latest, inclusive=args.inclusive)
    if args.cursor:
        end = min(end, between(channel.timeline, "", _time_in(args.cursor), inclusive=True)[1])
    first = max(start, end - size)
    page = channel.timeline[first:end]
    has_more = first > start
    answer: JsonObject = {
        "messages": [
            render.message(call.workspace, channel.messages[ts], metadata=args.include_all_metadata)
            for ts in reversed(page)
        ],
        "has_more": has_more,
        "pin_count": len(channel.pins),
        "channel_actions_ts": None,
        "channel_actions_count": 0,
    }
    if args.latest:
        answer["latest"] = args.latest
    if has_more:
        cursor = cursor_for(channel.timeline[first - 1])
        answer["response_metadata"] = {"next_cursor": cursor}
    return answer


def replies(call: Call, args: Replies) -> JsonObject:
    """The root, then the replies, oldest first."""
    channel = _readable(call, args.channel)
    size = _check(args)
    asked = channel.messages.get(args.ts)
    if asked is None:
        raise SlackRefuses("thread_not_found")
    root = channel.messages.get(asked.thread_ts or asked.ts, asked)
    thread = channel.threads.get(root.ts, [])
    start, end = between(thread, args.oldest, args.latest, inclusive=args.inclusive)
    if args.cursor:
        start = max(start, between(thread, _time_in(args.cursor), "", inclusive=True)[0])
    page = thread[start : min(end, start + size)]
    has_more = start + len(page) < end
    shown = [
        render.message(call.workspace, channel.messages[ts], metadata=args.include_all_metadata)
        for ts in page
    ]
    head = render.message(call.workspace, root, metadata=args.include_all_metadata)
    answer: JsonObject = {"messages": [head, *shown], "has_more": has_more}
    if has_more:
        answer["response_metadata"] = {"next_cursor": cursor_for(thread[start + len(page)])}
    return answer


_SCOPES = every_kind("history")
METHODS = (
    Method("conversations.history", History, history, _SCOPES, Tier.THREE),
    Method("conversations.replies", Replies, replies, _SCOPES, Tier.THREE),
)
