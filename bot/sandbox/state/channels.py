"""Channels and direct conversations: making them, who is in them, what they are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state import messages, people
from bot.sandbox.state.happenings import (
    ChannelDeed,
    ChannelDone,
    MemberJoined,
    MemberLeft,
    ReadUpTo,
)
from bot.sandbox.state.model import Channel, ChannelKind, PersonKind, Topic
from bot.sandbox.state.workspace import Workspace

NAME_SHAPE = re.compile(r"[a-z0-9_\-\u00c0-\uffff]{1,80}")
LONGEST_TOPIC = 250
MOST_IN_MPIM = 9


def check_name(workspace: Workspace, name: str, *, renaming: str = "") -> str:
    """Slack's rules for a channel's name, with its codes."""
    if not name:
        raise SlackRefuses("invalid_name_required")
    if len(name) > 80:
        raise SlackRefuses("invalid_name_maxlength")
    if name != name.lower() or not NAME_SHAPE.fullmatch(name):
        raise SlackRefuses("invalid_name_specials")
    if not re.search(r"[^\W_]", name):
        raise SlackRefuses("invalid_name_punctuation")
    for channel in workspace.state.channels.values():
        if channel.name == name and not channel.is_direct and channel.id != renaming:
            raise SlackRefuses("name_taken")
    return name


def create(
    workspace: Workspace, by: str, name: str, *, private: bool, members: Sequence[str] = ()
) -> Channel:
    """A new channel with its maker and `members` in it."""
    check_name(workspace, name)
    channel = Channel(
        id=workspace.next_id("C"),
        name=name,
        kind=ChannelKind.PRIVATE if private else ChannelKind.PUBLIC,
        creator=by,
        created=workspace.seconds(),
    )
    channel.members[by] = None
    workspace.state.channels[channel.id] = channel
    workspace.tell(ChannelDone(channel, ChannelDeed.CREATED, by, workspace.next_ts()))
    for member in members:
        if member not in channel.members:
            enter(workspace, channel, member, inviter=by)
    return channel


def enter(workspace: Workspace, channel: Channel, user_id: str, *, inviter: str = "") -> None:
    """Put somebody in, with the line in the channel that tells of it."""
    user = workspace.user(user_id)
    if user.kind is PersonKind.SINGLE_CHANNEL_GUEST and any(
        user_id in other.members and not other.is_direct
        for other in workspace.state.channels.values()
    ):
        raise SlackRefuses("ura_max_channels")
    channel.members[user_id] = None
    if user.is_foreign and user.team_id not in channel.connected_team_ids:
        channel.connected_team_ids.append(user.team_id)
        workspace.tell(
            ChannelDone(channel, ChannelDeed.SHARED, user_id, workspace.next_ts(), user.team_id)
        )
    workspace.tell(MemberJoined(channel, user, inviter, workspace.next_ts()))
    messages.note(
        workspace,
        channel,
        user_id,
        "channel_join",
        text=f"<@{user_id}> has joined the channel",
        extra={"inviter": inviter} if inviter else {},
    )


def invite(workspace: Workspace, by: str, channel: Channel, user_ids: Iterable[str]) -> None:
    """Invite people; nobody is invited when one of them can't be."""
    _must_be_open(channel)
    if channel.is_direct:
        raise SlackRefuses("method_not_supported_for_channel_type")
    if by not in channel.members:
        raise SlackRefuses("not_in_channel")
    wanted = list(dict.fromkeys(user_ids))
    problems: list[tuple[str, str]] = []
    for user_id in wanted:
        code = _why_not(workspace, by, channel, user_id)
        if code:
            problems.append((user_id, code))
    if problems:
        raise SlackRefuses(
            problems[0][1],
            extra={"errors": [{"user": who, "ok": False, "error": why} for who, why in problems]},
        )
    for user_id in wanted:
        enter(workspace, channel, user_id, inviter=by)


def _why_not(workspace: Workspace, by: str, channel: Channel, user_id: str) -> str:
    user = workspace.state.users.get(user_id)
    if user is None:
        return "user_not_found"
    if user_id == by:
        return "cant_invite_self"
    if user_id in channel.members:
        return "already_in_channel"
    if user.deleted:
        return "user_disabled" if user.team_id == workspace.team.id else "user_not_found"
    return ""


def join(workspace: Workspace, user_id: str, channel: Channel) -> bool:
    """Join a public channel; False when one is in it already."""
    _must_be_open(channel)
    if channel.kind is not ChannelKind.PUBLIC:
        raise SlackRefuses("method_not_supported_for_channel_type")
    if user_id in channel.members:
        return False
    enter(workspace, channel, user_id)
    return True


def leave(workspace: Workspace, user_id: str, channel: Channel) -> bool:
    """Leave; False when one was not in it."""
    if channel.is_direct:
        raise SlackRefuses("method_not_supported_for_channel_type")
    if channel.is_general:
        raise SlackRefuses("cant_leave_general")
    _must_be_open(channel)
    if user_id not in channel.members:
        return False
    if channel.is_private and len(channel.members) == 1:
        raise SlackRefuses("last_member")
    _exit(workspace, user_id, channel, by=user_id)
    return True


def kick(workspace: Workspace, by: str, channel: Channel, user_id: str) -> None:
    if channel.is_direct:
        raise SlackRefuses("method_not_supported_for_channel_type")
    workspace.user(user_id)
    if user_id == by:
        raise SlackRefuses("cant_kick_self")
    if channel.is_general:
        raise SlackRefuses("cant_kick_from_general")
    if by not in channel.members or user_id not in channel.members:
        raise SlackRefuses("not_in_channel")
    _exit(workspace, user_id, channel, by=by)


def _exit(workspace: Workspace, user_id: str, channel: Channel, *, by: str) -> None:
    user = workspace.user(user_id)
    messages.note(
        workspace,
        channel,
        user_id,
        "channel_leave",
        text=f"<@{user_id}> has left the channel",
        extra={},
    )
    del channel.members[user_id]
    channel.last_read.pop(user_id, None)
    workspace.tell(MemberLeft(channel, user, by, workspace.next_ts()))


def archive(workspace: Workspace, by: str, channel: Channel) -> None:
    if channel.is_direct:
        raise SlackRefuses("method_not_supported_for_channel_type")
    if channel.is_general:
        raise SlackRefuses("cant_archive_general")
    if channel.archived:
        raise SlackRefuses("already_archived")
    if by not in channel.members:
        raise SlackRefuses("not_in_channel")
    messages.note(
        workspace, channel, by, "channel_archive", text=f"<@{by}> archived the channel", extra={}
    )
    channel.archived = True
    workspace.tell(ChannelDone(channel, ChannelDeed.ARCHIVED, by, workspace.next_ts()))


def unarchive(workspace: Workspace, by: str, channel: Channel) -> None:
    if channel.is_direct:
        raise SlackRefuses("method_not_supported_for_channel_type")
    if not channel.archived:
        raise SlackRefuses("not_archived")
    channel.archived = False
    channel.members.setdefault(by, None)
    workspace.tell(ChannelDone(channel, ChannelDeed.UNARCHIVED, by, workspace.next_ts()))
    messages.note(
        workspace,
        channel,
        by,
        "channel_unarchive",
        text=f"<@{by}> un-archived the channel",
        extra={},
    )


def rename(workspace: Workspace, by: str, channel: Channel, name: str) -> None:
    if channel.is_direct:
        raise SlackRefuses("method_not_supported_for_channel_type")
    _must_be_member(by, channel)
    _must_be_open(channel)
    check_name(workspace, name, renaming=channel.id)
    old = channel.name
    channel.previous_names.append(old)
    channel.name = name
    workspace.tell(ChannelDone(channel, ChannelDeed.RENAMED, by, workspace.next_ts()))
    messages.note(
        workspace,
        channel,
        by,
        "channel_name",
        text=f'<@{by}> has renamed the channel from "{old}" to "{name}"',
        extra={"old_name": old, "name": name},
    )


def convert(workspace: Workspace, by: str, channel: Channel, *, private: bool) -> None:
    """Make a channel public or private. People with the right can; bots have no method for it."""
    kind = ChannelKind.PRIVATE if private else ChannelKind.PUBLIC
    if channel.is_direct or channel.is_general or channel.kind is kind:
        raise SlackRefuses("method_not_supported_for_channel_type")
    _must_be_member(by, channel)
    channel.kind = kind
    word = "private" if private else "public"
    messages.note(
        workspace,
        channel,
        by,
        f"channel_convert_to_{word}",
        text=f"made this channel *{word}*.",
        extra={},
    )
    workspace.tell(ChannelDone(channel, ChannelDeed.TOLD, by, workspace.next_ts()))


def delete(workspace: Workspace, by: str, channel: Channel) -> None:
    """Delete it for good. People can do this in Slack; bots have no method for it."""
    if channel.is_direct or channel.is_general:
        raise SlackRefuses("method_not_supported_for_channel_type")
    del workspace.state.channels[channel.id]
    workspace.tell(ChannelDone(channel, ChannelDeed.DELETED, by, workspace.next_ts()))


def unshare(workspace: Workspace, by: str, channel: Channel, team_id: str) -> None:
    """End a Slack Connect share: the other workspace's people are out at once."""
    if team_id not in channel.connected_team_ids:
        raise SlackRefuses("team_not_found")
    for user_id in tuple(channel.members):
        if workspace.user(user_id).team_id == team_id:
            _exit(workspace, user_id, channel, by=by)
    channel.connected_team_ids.remove(team_id)
    workspace.tell(ChannelDone(channel, ChannelDeed.UNSHARED, by, workspace.next_ts(), team_id))


def set_topic(workspace: Workspace, by: str, channel: Channel, value: str) -> None:
    _describe(workspace, by, channel, channel.topic, value=value, kind="topic")


def set_purpose(workspace: Workspace, by: str, channel: Channel, value: str) -> None:
    _describe(workspace, by, channel, channel.purpose, value=value, kind="purpose")


def _describe(
    workspace: Workspace, by: str, channel: Channel, topic: Topic, *, value: str, kind: str
) -> None:
    if channel.is_direct:
        raise SlackRefuses("method_not_supported_for_channel_type")
    _must_be_member(by, channel)
    _must_be_open(channel)
    if len(value) > LONGEST_TOPIC:
        raise SlackRefuses("too_long")
    topic.value, topic.creator, topic.last_set = value, by, workspace.seconds()
    text = f"<@{by}> set the channel {kind}: {value}"
    messages.note(workspace, channel, by, f"channel_{kind}", text=text, extra={kind: value})
    workspace.tell(ChannelDone(channel, ChannelDeed.TOLD, by, workspace.next_ts()))


def open_direct(workspace: Workspace, by: str, user_ids: Iterable[str]) -> tuple[Channel, bool]:
    """The conversation of these people, and whether it was there already."""
    members = sorted({by, *user_ids})
    for user_id in members:
        people.usable(workspace, user_id)
    if len(members) < 2 and workspace.user(by).is_bot:
        raise SlackRefuses(
            "cannot_dm_bot" if workspace.user(by).is_bot else "users_list_not_supplied"
        )
    if len(members) > MOST_IN_MPIM:
        raise SlackRefuses("too_many_users")
    key = ",".join(members)
    known = workspace.state.direct.get(key)
    if known is not None:
        return workspace.state.channels[known], True
    if len(members) == 2 and all(workspace.user(member).is_bot for member in members):
        raise SlackRefuses("cannot_dm_bot")
    kind = ChannelKind.MPIM if len(members) > 2 else ChannelKind.IM
    names = "--".join(workspace.user(member).name for member in members)
    channel = Channel(
        id=workspace.next_id("D" if kind is ChannelKind.IM else "C"),
        name=f"mpdm-{names}-1" if kind is ChannelKind.MPIM else "",
        kind=kind,
        creator=by,
        created=workspace.seconds(),
        members=dict.fromkeys(members),
    )
    workspace.state.channels[channel.id] = channel
    workspace.state.direct[key] = channel.id
    workspace.tell(ChannelDone(channel, ChannelDeed.OPENED, by, workspace.next_ts()))
    return channel, False


def read_up_to(workspace: Workspace, user_id: str, channel: Channel, ts: str) -> None:
    """Remember how far somebody has read; it can go back (“mark as unread”)."""
    channel.last_read[user_id] = ts
    workspace.tell(ReadUpTo(channel, user_id))


def _must_be_open(channel: Channel) -> None:
    if channel.archived:
        raise SlackRefuses("is_archived")


def _must_be_member(user_id: str, channel: Channel) -> None:
    if user_id not in channel.members:
        raise SlackRefuses("not_in_channel")
