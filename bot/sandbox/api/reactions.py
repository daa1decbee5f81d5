"""reactions.*, pins.* and bookmarks.*: what is attached to messages and channels."""

from __future__ import annotations

from bot.sandbox import render
from bot.sandbox.api.method import Arguments, Call, Method, Text, Tier
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state import messages
from bot.sandbox.state.happenings import ChannelDeed, ChannelDone
from bot.sandbox.wire import JsonObject


class OnMessage(Arguments):
    channel: str
    timestamp: Text


class React(OnMessage):
    name: str


class GetReactions(OnMessage):
    full: bool = False


class OneChannel(Arguments):
    channel: str


class Bookmark(Arguments):
    channel_id: str
    title: str
    type: str
    link: str = ""
    emoji: str = ""
    entity_id: str = ""
    parent_id: str = ""


class BookmarksOf(Arguments):
    channel_id: str


def _react(call: Call, args: React, *, on: bool) -> JsonObject:
    channel = call.channel(args.channel)
    if call.bot not in channel.members and channel.is_private:
        raise SlackRefuses("not_in_channel")
    message = messages.find(channel, args.timestamp)
    messages.react(call.workspace, channel, message, call.bot, args.name.strip(":"), on=on)
    return {}


def add_reaction(call: Call, args: React) -> JsonObject:
    return _react(call, args, on=True)


def remove_reaction(call: Call, args: React) -> JsonObject:
    return _react(call, args, on=False)


def get_reactions(call: Call, args: GetReactions) -> JsonObject:
    channel = call.channel(args.channel)
    message = messages.find(channel, args.timestamp)
    return {
        "type": "message",
        "channel": channel.id,
        "message": {
            **render.message(call.workspace, message),
            "permalink": f"{call.workspace.base_url}/archives/{channel.id}/p"
            f"{message.ts.replace('.', '')}",
        },
    }


def _pin(call: Call, args: OnMessage, *, on: bool) -> JsonObject:
    channel = call.channel(args.channel)
    if call.bot not in channel.members:
        raise SlackRefuses("not_in_channel")
    message = messages.find(channel, args.timestamp)
    messages.pin(call.workspace, channel, message, call.bot, on=on)
    return {}


def add_pin(call: Call, args: OnMessage) -> JsonObject:
    return _pin(call, args, on=True)


def remove_pin(call: Call, args: OnMessage) -> JsonObject:
    return _pin(call, args, on=False)


def list_pins(call: Call, args: OneChannel) -> JsonObject:
    channel = call.channel(args.channel)
    return {
        "items": [
            {
                "channel": channel.id,
                "created": int(ts.split(".")[0]),
                "created_by": channel.messages[ts].pinned_by,
                "message": render.message(call.workspace, channel.messages[ts]),
                "type": "message",
            }
            for ts in reversed(channel.pins)
        ]
    }


def add_bookmark(call: Call, args: Bookmark) -> JsonObject:
    channel = call.channel(args.channel_id)
    if args.type != "link":
        raise SlackRefuses("invalid_bookmark_type")
    if not args.link.startswith(("http://", "https://")):
        raise SlackRefuses("invalid_link")
    if len(channel.bookmarks) >= 100:
        raise SlackRefuses("too_many_bookmarks")
    now = call.workspace.seconds()
    bookmark: JsonObject = {
        "id": call.workspace.next_id("Bk"),
        "channel_id": channel.id,
        "title": args.title,
        "link": args.link,
        "emoji": args.emoji,
        "icon_url": None,
        "type": "link",
        "entity_id": args.entity_id or None,
        "date_created": now,
        "date_updated": 0,
        "rank": chr(ord("a") + len(channel.bookmarks) % 26),
        "last_updated_by_user_id": call.bot,
        "last_updated_by_team_id": call.workspace.team.id,
        "shortcut_id": None,
        "app_id": call.app.id,
    }
    channel.bookmarks.append(bookmark)
    call.workspace.tell(ChannelDone(channel, ChannelDeed.TOLD, call.bot, call.workspace.next_ts()))
    return {"bookmark": bookmark}


def list_bookmarks(call: Call, args: BookmarksOf) -> JsonObject:
    return {"bookmarks": [*call.channel(args.channel_id).bookmarks]}


METHODS = (
    Method("reactions.add", React, add_reaction, ("reactions:write",)),
    Method("reactions.remove", React, remove_reaction, ("reactions:write",), Tier.TWO),
    Method("reactions.get", GetReactions, get_reactions, ("reactions:read",)),
    Method("pins.add", OnMessage, add_pin, ("pins:write",), Tier.TWO),
    Method("pins.remove", OnMessage, remove_pin, ("pins:write",), Tier.TWO),
    Method("pins.list", OneChannel, list_pins, ("pins:read",), Tier.TWO),
    Method("bookmarks.add", Bookmark, add_bookmark, ("bookmarks:write",), Tier.TWO),
    Method("bookmarks.list", BookmarksOf, list_bookmarks, ("bookmarks:read",)),
)
