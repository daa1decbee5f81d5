"""Messages: posting, editing, deleting, reacting, pinning, and finding them again."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state.happenings import (
    EphemeralGone,
    EphemeralShown,
    LinksShared,
    MessageChanged,
    MessageDeleted,
    MessagePosted,
    MessageTouched,
    PinChanged,
    ReactionChanged,
)
from bot.sandbox.state.model import Channel, Message, Presence
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject

LINK = re.compile(r"<(https?://[^|>\s]+)(?:\|[^>]*)?>")
REACTION_NAME = re.compile(r"[a-z0-9_+'\-]+(?:::skin-tone-[2-6])?")
MOST_REACTIONS = 23


@dataclass
class Draft:
    """A message before it is posted."""

    user: str
    text: str
    subtype: str = ""
    thread_ts: str = ""
    broadcast: bool = False
    blocks: list[JsonObject] = field(default_factory=list)
    attachments: list[JsonObject] = field(default_factory=list)
    metadata: JsonObject | None = None
    files: Sequence[str] = ()
    bot_id: str = ""
    app_id: str = ""
    client_msg_id: str = ""
    username: str = ""
    icons: JsonObject = field(default_factory=dict)


def post(workspace: Workspace, channel: Channel, draft: Draft) -> Message:
    """Put a message where it belongs and tell of it."""
    if channel.archived:
        raise SlackRefuses("is_archived")
    thread_ts = _root_of(channel, draft.thread_ts)
    message = Message(
        ts=workspace.next_ts(),
        channel=channel.id,
        user=draft.user,
        text=draft.text,
        subtype=draft.subtype or ("thread_broadcast" if thread_ts and draft.broadcast else ""),
        bot_id=draft.bot_id,
        app_id=draft.app_id,
        client_msg_id=draft.client_msg_id,
        username=draft.username,
        icons=draft.icons,
        thread_ts=thread_ts,
        broadcast=bool(thread_ts) and draft.broadcast,
        blocks=draft.blocks,
        attachments=draft.attachments,
        metadata=draft.metadata,
        files=list(draft.files),
    )
    _place(channel, message)
    if message.user in channel.members and message.on_timeline:
        channel.last_read[message.user] = message.ts
    workspace.tell(MessagePosted(channel, message))
    if message.is_reply:
        workspace.tell(MessageTouched(channel, channel.messages[message.thread_ts]))
    links = tuple(dict.fromkeys(LINK.findall(message.text)))
    if links and not message.bot_id:
        workspace.tell(LinksShared(channel, message, links, workspace.next_ts()))
    return message


def _root_of(channel: Channel, thread_ts: str) -> str:
    if not thread_ts:
        return ""
    root = channel.messages.get(thread_ts)
    if root is None:
        raise SlackRefuses("thread_not_found")
    if root.is_reply:
        return root.thread_ts
    return thread_ts


def _place(channel: Channel, message: Message) -> None:
    channel.messages[message.ts] = message
    if message.is_reply:
        channel.threads.setdefault(message.thread_ts, []).append(message.ts)
        channel.messages[message.thread_ts].thread_ts = message.thread_ts
    if message.on_timeline:
        channel.timeline.append(message.ts)


def note(
    workspace: Workspace, channel: Channel, user: str, subtype: str, *, text: str, extra: JsonObject
) -> None:
    """One of the lines that Slack itself puts into a channel (joined, renamed, new topic)."""
    message = Message(
        ts=workspace.next_ts(),
        channel=channel.id,
        user=user,
        text=text,
        subtype=subtype,
        extra=extra,
    )
    _place(channel, message)
    workspace.tell(MessagePosted(channel, message))


def show_ephemeral(workspace: Workspace, channel: Channel, draft: Draft, to: str) -> Message:
    """Show a message to one person. It is kept for that person's client only."""
    message = Message(
        ts=workspace.next_ts(),
        channel=channel.id,
        user=draft.user,
        text=draft.text,
        bot_id=draft.bot_id,
        app_id=draft.app_id,
        thread_ts=draft.thread_ts,
        blocks=draft.blocks,
        attachments=draft.attachments,
        ephemeral_to=to,
    )
    if workspace.user(to).presence is Presence.ACTIVE:  # who is away never gets it
        channel.ephemerals[message.ts] = message
        workspace.tell(EphemeralShown(channel, message))
    return message


def drop_ephemeral(workspace: Workspace, channel: Channel, ts: str) -> None:
    message = channel.ephemerals.pop(ts, None)
    if message is not None:
        workspace.tell(EphemeralGone(channel, message))


def find(channel: Channel, ts: str) -> Message:
    message = channel.messages.get(ts)
    if message is None:
        raise SlackRefuses("message_not_found")
    return message


@dataclass
class Edit:
    """What an edit puts in place; None leaves a part as it is, an empty part takes it away."""

    text: str | None = None
    blocks: list[JsonObject] | None = None
    attachments: list[JsonObject] | None = None
    metadata: JsonObject | None = None
    files: Sequence[str] | None = None


def edit(workspace: Workspace, channel: Channel, message: Message, by: str, change: Edit) -> None:
    """Change a message in place; only its author marks it as edited."""
    if channel.archived:
        raise SlackRefuses("is_archived")
    previous = replace(message)
    if change.text is not None:
        message.text = change.text
    if change.blocks is not None:
        message.blocks = change.blocks
    if change.attachments is not None:
        message.attachments = change.attachments
    if change.metadata is not None:
        message.metadata = change.metadata or None
    if change.files is not None:
        message.files = list(change.files)
    event_ts = workspace.next_ts()
    message.edited_by = by
    message.edited_ts = f"{event_ts.split('.')[0]}.000000"
    workspace.tell(MessageChanged(channel, message, previous, event_ts))


def delete(workspace: Workspace, channel: Channel, message: Message) -> None:
    """Take a message away. A root with replies leaves a tombstone, as in Slack."""
    previous = replace(message)
    event_ts = workspace.next_ts()
    if message.ts in channel.pins:
        channel.pins.remove(message.ts)
    if channel.threads.get(message.ts):
        message.subtype = "tombstone"
        message.text = "This message was deleted."
        message.user, message.bot_id, message.app_id = "USLACKBOT", "", ""
        message.blocks, message.attachments, message.files = [], [], []
        message.metadata, message.reactions = None, {}
        message.edited_by = message.edited_ts = message.client_msg_id = ""
        workspace.tell(MessageChanged(channel, message, previous, event_ts))
        return
    _remove(channel, message)
    workspace.tell(MessageDeleted(channel, message, previous, event_ts))
    root = channel.messages.get(message.thread_ts) if message.is_reply else None
    if root is None:
        return
    if not channel.threads.get(root.ts):
        channel.threads.pop(root.ts, None)
        root.thread_ts = ""
        if root.subtype == "tombstone":
            _remove(channel, root)
            workspace.tell(MessageDeleted(channel, root, replace(root), workspace.next_ts()))
            return
    workspace.tell(MessageTouched(channel, root))


def _remove(channel: Channel, message: Message) -> None:
    del channel.messages[message.ts]
    _drop(channel.timeline, message.ts)
    if message.is_reply:
        _drop(channel.threads.get(message.thread_ts, []), message.ts)


def _drop(ordered: list[str], ts: str) -> None:
    index = bisect_left(ordered, ts)
    if index < len(ordered) and ordered[index] == ts:
        del ordered[index]


def react(
    workspace: Workspace, channel: Channel, message: Message, user: str, name: str, *, on: bool
) -> None:
    if not REACTION_NAME.fullmatch(name):
        raise SlackRefuses("invalid_name")
    who = message.reactions.get(name, [])
    if on and user in who:
        raise SlackRefuses("already_reacted")
    if not on and user not in who:
        raise SlackRefuses("no_reaction")
    if on and name not in message.reactions and len(message.reactions) >= MOST_REACTIONS:
        raise SlackRefuses("too_many_emoji")
    if channel.archived:
        raise SlackRefuses("is_archived")
    if on:
        message.reactions[name] = [*who, user]
    else:
        left = [other for other in who if other != user]
        if left:
            message.reactions[name] = left
        else:
            del message.reactions[name]
    workspace.tell(ReactionChanged(channel, message, user, name, on, workspace.next_ts()))


def pin(workspace: Workspace, channel: Channel, message: Message, user: str, *, on: bool) -> None:
    if on and message.ts in channel.pins:
        raise SlackRefuses("already_pinned")
    if not on and message.ts not in channel.pins:
        raise SlackRefuses("no_pin")
    if on:
        insort(channel.pins, message.ts)
        message.pinned_by = user
    else:
        channel.pins.remove(message.ts)
        message.pinned_by = ""
    workspace.tell(PinChanged(channel, message, user, on, workspace.next_ts()))


def between(
    ordered: Sequence[str], oldest: str, latest: str, *, inclusive: bool
) -> tuple[int, int]:
    """The half-open range of indexes in `ordered` that lies in the given span of time."""
    start, end = 0, len(ordered)
    if oldest:
        start = bisect_left(ordered, oldest) if inclusive else bisect_right(ordered, oldest)
    if latest:
        end = bisect_right(ordered, latest) if inclusive else bisect_left(ordered, latest)
    return start, max(start, end)


# What Slack writes about a channel's people marks nothing unread and calls nobody.
_NOTICES = frozenset({"channel_join", "channel_leave", "group_join", "group_leave"})


def _unread(channel: Channel, user_id: str) -> list[Message]:
    first = bisect_right(channel.timeline, channel.last_read.get(user_id, ""))
    later = (channel.messages[ts] for ts in channel.timeline[first:])
    return [message for message in later if message.subtype not in _NOTICES]


def unread(channel: Channel, user_id: str) -> int:
    """How many messages in the channel itself came after what this person has read."""
    return len(_unread(channel, user_id))


def mentions(channel: Channel, user_id: str, *, at_most: int = 99) -> int:
    """How many of the unread messages speak to this person; in direct messages all do."""
    newest = _unread(channel, user_id)[-at_most:]
    if channel.is_direct:
        return len(newest)
    marks = (f"<@{user_id}>", "<!channel>", "<!here>", "<!everyone>")
    return sum(1 for message in newest if any(mark in message.text for mark in marks))
