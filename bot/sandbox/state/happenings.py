"""What can happen in a workspace, told to whoever listens: the apps' events and the open pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from bot.sandbox.state.model import App, Channel, File, Message, User, View


@dataclass(frozen=True)
class MessagePosted:
    channel: Channel
    message: Message


@dataclass(frozen=True)
class MessageChanged:
    channel: Channel
    message: Message
    previous: Message
    event_ts: str


@dataclass(frozen=True)
class MessageTouched:
    """A change that pages show and apps are not told of: a reply count, a pin."""

    channel: Channel
    message: Message


@dataclass(frozen=True)
class MessageDeleted:
    channel: Channel
    message: Message
    previous: Message
    event_ts: str


@dataclass(frozen=True)
class EphemeralShown:
    channel: Channel
    message: Message


@dataclass(frozen=True)
class EphemeralGone:
    channel: Channel
    message: Message


class ChannelDeed(StrEnum):
    CREATED = "created"
    RENAMED = "rename"
    ARCHIVED = "archive"
    UNARCHIVED = "unarchive"
    DELETED = "deleted"
    SHARED = "shared"
    UNSHARED = "unshared"
    OPENED = "opened"
    TOLD = "told"
    """Topic, purpose or bookmarks changed: only pages look at it."""


@dataclass(frozen=True)
class ChannelDone:
    channel: Channel
    deed: ChannelDeed
    by: str
    event_ts: str
    other_team_id: str = ""


@dataclass(frozen=True)
class MemberJoined:
    channel: Channel
    user: User
    inviter: str
    event_ts: str


@dataclass(frozen=True)
class MemberLeft:
    channel: Channel
    user: User
    by: str
    event_ts: str


@dataclass(frozen=True)
class ReactionChanged:
    channel: Channel
    message: Message
    user: str
    reaction: str
    added: bool
    event_ts: str


@dataclass(frozen=True)
class PinChanged:
    channel: Channel
    message: Message
    user: str
    added: bool
    event_ts: str


@dataclass(frozen=True)
class UserChanged:
    user: User
    event_ts: str


@dataclass(frozen=True)
class TeamJoined:
    user: User
    event_ts: str


@dataclass(frozen=True)
class PresenceChanged:
    user: User


@dataclass(frozen=True)
class DndChanged:
    user: User
    event_ts: str


@dataclass(frozen=True)
class HomeOpened:
    app_id: str
    user: User
    tab: str
    channel: str
    view: View | None
    event_ts: str


@dataclass(frozen=True)
class HomePublished:
    view: View


@dataclass(frozen=True)
class ModalOpened:
    view: View


@dataclass(frozen=True)
class ModalUpdated:
    view: View


@dataclass(frozen=True)
class ModalsClosed:
    user: str
    views: tuple[View, ...] = field(default=())


@dataclass(frozen=True)
class ReadUpTo:
    channel: Channel
    user: str


@dataclass(frozen=True)
class LinksShared:
    channel: Channel
    message: Message
    links: tuple[str, ...]
    event_ts: str


@dataclass(frozen=True)
class FileShared:
    channel: Channel
    file: File
    user: str
    event_ts: str


@dataclass(frozen=True)
class FileDeleted:
    file: File
    event_ts: str


@dataclass(frozen=True)
class AppRemoved:
    app: App
    event_ts: str


@dataclass(frozen=True)
class MessageScheduled:
    due: int


@dataclass(frozen=True)
class AppInstalled:
    app_id: str


@dataclass(frozen=True)
class StateReplaced:
    """The workspace was reset or loaded: whatever one knew is void."""


Happening = (
    MessagePosted
    | MessageChanged
    | MessageTouched
    | MessageDeleted
    | EphemeralShown
    | EphemeralGone
    | ChannelDone
    | MemberJoined
    | MemberLeft
    | ReactionChanged
    | PinChanged
    | UserChanged
    | TeamJoined
    | PresenceChanged
    | DndChanged
    | HomeOpened
    | HomePublished
    | ModalOpened
    | ModalUpdated
    | ModalsClosed
    | ReadUpTo
    | LinksShared
    | FileShared
    | FileDeleted
    | AppRemoved
    | MessageScheduled
    | AppInstalled
    | StateReplaced
)
