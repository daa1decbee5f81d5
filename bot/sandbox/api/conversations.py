"""conversations.*: channels and who is in them."""

from __future__ import annotations

from pydantic import Field

from bot.sandbox import render
from bot.sandbox.api.method import Arguments, Call, Method, Tier, Words, every_kind
from bot.sandbox.api.paging import page_of
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state import channels
from bot.sandbox.state.model import Channel, ChannelKind
from bot.sandbox.wire import JsonObject, listed

KINDS_BY_TYPE = {
    "public_channel": ChannelKind.PUBLIC,
    "private_channel": ChannelKind.PRIVATE,
    "im": ChannelKind.IM,
    "mpim": ChannelKind.MPIM,
}


class Create(Arguments):
    name: str
    is_private: bool = False


class OneChannel(Arguments):
    channel: str


class Info(OneChannel):
    include_num_members: bool = False
    include_locale: bool = False


class Invite(OneChannel):
    users: Words


class Kick(OneChannel):
    user: str


class Open(Arguments):
    channel: str = ""
    users: Words = Field(default_factory=list)
    return_im: bool = False
    prevent_creation: bool = False


class ListChannels(Arguments):
    types: Words = Field(default_factory=lambda: ["public_channel"])
    exclude_archived: bool = False
    limit: int = 100
    cursor: str = ""


class UsersChannels(ListChannels):
    user: str = ""


class Members(OneChannel):
    limit: int = 100
    cursor: str = ""


class Rename(OneChannel):
    name: str


class Topic(OneChannel):
    topic: str


class Purpose(OneChannel):
    purpose: str


def _shown(call: Call, channel: Channel) -> JsonObject:
    return render.channel(call.workspace, channel, call.bot)


def create(call: Call, args: Create) -> JsonObject:
    call.require("groups:write" if args.is_private else "channels:manage")
    channel = channels.create(call.workspace, call.bot, args.name, private=args.is_private)
    return {"channel": _shown(call, channel)}


def invite(call: Call, args: Invite) -> JsonObject:
    channel = call.channel(args.channel)
    if not args.users:
        raise SlackRefuses("no_user")
    _may_manage(call, channel, "invites")
    channels.invite(call.workspace, call.bot, channel, args.users)
    return {"channel": _shown(call, channel)}


def _may_manage(call: Call, channel: Channel, narrow: str = "") -> None:
    if channel.kind is ChannelKind.PUBLIC:
        any_of = ["channels:manage"]
        if narrow:
            any_of.append(f"channels:write.{narrow}")
    else:
        any_of = [f"{'groups' if channel.kind is ChannelKind.PRIVATE else 'mpim'}:write"]
        if narrow:
            any_of.append(f"groups:write.{narrow}")
    call.require(*any_of)


def kick(call: Call, args: Kick) -> JsonObject:
    channel = call.channel(args.channel)
    _may_manage(call, channel)
    channels.kick(call.workspace, call.bot, channel, args.user)
    return {"errors": {}}


def open_conversation(call: Call, args: Open) -> JsonObject:
    if args.channel:
        channel, known = call.channel(args.channel), True
        if not channel.is_direct:
            raise SlackRefuses("method_not_supported_for_channel_type")
    elif not args.users:
        raise SlackRefuses("users_list_not_supplied")
    else:
        others = [user for user in args.users if user != call.bot]
        call.require("mpim:write" if len(others) > 1 else "im:write")
        channel, known = channels.open_direct(call.workspace, call.bot, args.users)
    answer: JsonObject = {
        "channel": _shown(call, channel) if args.return_im else {"id": channel.id}
    }
    if known:
        answer |= {"no_op": True, "already_open": True}
    return answer


def info(call: Call, args: Info) -> JsonObject:
    channel = call.channel(args.channel, scope="read")
    shown = _shown(call, channel)
    if channel.is_direct or call.bot in channel.members:
        shown["last_read"] = channel.last_read.get(call.bot, "0000000000.000000")
    if args.include_num_members:
        shown["num_members"] = len(channel.members)
    if args.include_locale:
        shown["locale"] = "en-US"
    return {"channel": shown}


def _kinds(call: Call, types: list[str]) -> set[ChannelKind]:
    kinds: set[ChannelKind] = set()
    for name in types:
        kind = KINDS_BY_TYPE.get(name)
        if kind is None:
            raise SlackRefuses("invalid_types")
        call.require(f"{'channels' if kind is ChannelKind.PUBLIC else _prefix(kind)}:read")
        kinds.add(kind)
    return kinds


def _prefix(kind: ChannelKind) -> str:
    return {ChannelKind.PRIVATE: "groups", ChannelKind.IM: "im", ChannelKind.MPIM: "mpim"}[kind]


def list_channels(call: Call, args: ListChannels) -> JsonObject:
    kinds = _kinds(call, args.types)
    seen = [
        channel
        for channel in call.workspace.state.channels.values()
        if channel.kind in kinds
        and call.workspace.may_see(call.bot, channel)
        and not (args.exclude_archived and channel.archived)
    ]
    page, cursor = page_of(seen, args.cursor, args.limit)
    shown: list[JsonObject] = []
    for channel in page:
        one = _shown(call, channel)
        if not channel.is_direct:
            one["num_members"] = len(channel.members)
        shown.append(one)
    return {"channels": [*shown], "response_metadata": {"next_cursor": cursor}}


def users_conversations(call: Call, args: UsersChannels) -> JsonObject:
    kinds = _kinds(call, args.types)
    user = call.workspace.user(args.user or call.bot)
    seen = [
        channel
        for channel in call.workspace.state.channels.values()
        if channel.kind in kinds
        and user.id in channel.members
        and call.workspace.may_see(call.bot, channel)
        and not (args.exclude_archived and channel.archived)
    ]
    page, cursor = page_of(seen, args.cursor, args.limit)
    return {
        "channels": [_shown(call, channel) for channel in page],
        "response_metadata": {"next_cursor": cursor},
    }


def members(call: Call, args: Members) -> JsonObject:
    channel = call.channel(args.channel, scope="read")
    page, cursor = page_of(list(channel.members), args.cursor, args.limit)
    return {"members": listed(page), "response_metadata": {"next_cursor": cursor}}


def join(call: Call, args: OneChannel) -> JsonObject:
    channel = call.channel(args.channel)
    joined = channels.join(call.workspace, call.bot, channel)
    answer: JsonObject = {"channel": _shown(call, channel)}
    if not joined:
        answer |= {
            "warning": "already_in_channel",
            "response_metadata": {"warnings": ["already_in_channel"]},
        }
    return answer


def leave(call: Call, args: OneChannel) -> JsonObject:
    channel = call.channel(args.channel)
    _may_manage(call, channel)
    return {} if channels.leave(call.workspace, call.bot, channel) else {"not_in_channel": True}


def archive(call: Call, args: OneChannel) -> JsonObject:
    channel = call.channel(args.channel)
    _may_manage(call, channel)
    channels.archive(call.workspace, call.bot, channel)
    return {}


def unarchive(call: Call, args: OneChannel) -> JsonObject:
    channel = call.channel(args.channel)
    _may_manage(call, channel)
    channels.unarchive(call.workspace, call.bot, channel)
    return {}


def rename(call: Call, args: Rename) -> JsonObject:
    channel = call.channel(args.channel)
    _may_manage(call, channel)
    if call.bot != channel.creator:
        raise SlackRefuses("not_authorized")
    channels.rename(call.workspace, call.bot, channel, args.name)
    return {"channel": _shown(call, channel)}


def set_topic(call: Call, args: Topic) -> JsonObject:
    channel = call.channel(args.channel)
    _may_manage(call, channel, "topic")
    channels.set_topic(call.workspace, call.bot, channel, args.topic)
    return {"channel": _shown(call, channel)}


def set_purpose(call: Call, args: Purpose) -> JsonObject:
    channel = call.channel(args.channel)
    _may_manage(call, channel, "topic")
    channels.set_purpose(call.workspace, call.bot, channel, args.purpose)
    return {"purpose": args.purpose, "channel": _shown(call, channel)}


_READ = every_kind("read")
_MANAGE = ("channels:manage", "groups:write", "im:write", "mpim:write")
METHODS = (
    Method("conversations.create", Create, create, _MANAGE, Tier.TWO),
    Method("conversations.invite", Invite, invite),
    Method("conversations.kick", Kick, kick, _MANAGE),
    Method("conversations.open", Open, open_conversation, _MANAGE),
    Method("conversations.info", Info, info, _READ),
    Method("conversations.list", ListChannels, list_channels, _READ, Tier.TWO),
    Method("users.conversations", UsersChannels, users_conversations, _READ),
    Method("conversations.members", Members, members, _READ, Tier.FOUR),
    Method("conversations.join", OneChannel, join, ("channels:join",)),
    Method("conversations.leave", OneChannel, leave, _MANAGE),
    Method("conversations.archive", OneChannel, archive, _MANAGE, Tier.TWO),
    Method("conversations.unarchive", OneChannel, unarchive, _MANAGE, Tier.TWO),
    Method("conversations.rename", Rename, rename, _MANAGE, Tier.TWO),
    Method("conversations.setTopic", Topic, set_topic, (), Tier.TWO),
    Method("conversations.setPurpose", Purpose, set_purpose, (), Tier.TWO),
)
