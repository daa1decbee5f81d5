"""What a workspace consists of: plain data, held in one `State`, saved and loaded as it is."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import PlainSerializer, PlainValidator

from bot.sandbox.wire import JsonObject


def _bytes(value: object) -> bytes:
    return base64.b64decode(value) if isinstance(value, str) else bytes(str(value), "ascii")


Content = Annotated[
    bytes,
    PlainSerializer(lambda content: base64.b64encode(content).decode(), return_type=str),
    PlainValidator(_bytes),
]
"""Bytes that are base64 text in a saved state."""


class PersonKind(StrEnum):
    """What somebody is in the workspace."""

    MEMBER = "member"
    OWNER = "owner"
    GUEST = "guest"
    SINGLE_CHANNEL_GUEST = "single_channel_guest"
    FOREIGN = "foreign"
    """Somebody of another workspace, met over Slack Connect."""
    DEACTIVATED = "deactivated"
    BOT = "bot"


class ChannelKind(StrEnum):
    """The kinds of conversation, by the names that the page uses."""

    PUBLIC = "channel"
    PRIVATE = "private"
    IM = "im"
    MPIM = "mpim"


class AppMode(StrEnum):
    """How Slack reaches an app."""

    SOCKET = "socket"
    HTTP = "http"


class Presence(StrEnum):
    ACTIVE = "active"
    AWAY = "away"


@dataclass
class Team:
    id: str
    name: str
    domain: str


@dataclass
class User:
    id: str
    team_id: str
    name: str
    real_name: str
    kind: PersonKind
    display_name: str = ""
    title: str = ""
    email: str = ""
    tz: str = "UTC"
    color: str = "9f69e7"
    app_id: str = ""
    bot_id: str = ""
    presence: Presence = Presence.ACTIVE
    dnd_until: datetime | None = None
    status_text: str = ""
    status_emoji: str = ""
    updated: int = 0

    @property
    def deleted(self) -> bool:
        return self.kind is PersonKind.DEACTIVATED

    @property
    def is_bot(self) -> bool:
        return self.kind is PersonKind.BOT

    @property
    def is_guest(self) -> bool:
        return self.kind in {PersonKind.GUEST, PersonKind.SINGLE_CHANNEL_GUEST}

    @property
    def is_foreign(self) -> bool:
        return self.kind is PersonKind.FOREIGN


@dataclass
class Message:
    ts: str
    channel: str
    user: str
    text: str
    subtype: str = ""
    bot_id: str = ""
    app_id: str = ""
    client_msg_id: str = ""
    username: str = ""
    icons: JsonObject = field(default_factory=dict)
    thread_ts: str = ""
    broadcast: bool = False
    blocks: list[JsonObject] = field(default_factory=list)
    attachments: list[JsonObject] = field(default_factory=list)
    metadata: JsonObject | None = None
    files: list[str] = field(default_factory=list)
    edited_by: str = ""
    edited_ts: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)
    pinned_by: str = ""
    ephemeral_to: str = ""
    extra: JsonObject = field(default_factory=dict)
    """Fields that only some subtypes have: `inviter`, `topic`, `old_name` and the like."""

    @property
    def is_reply(self) -> bool:
        return bool(self.thread_ts) and self.thread_ts != self.ts

    @property
    def on_timeline(self) -> bool:
        """Whether it stands in the channel itself and not only in a thread."""
        return not self.is_reply or self.broadcast


@dataclass
class Topic:
    value: str = ""
    creator: str = ""
    last_set: int = 0


@dataclass
class Channel:
    id: str
    name: str
    kind: ChannelKind
    creator: str
    created: int
    members: dict[str, None] = field(default_factory=dict)
    topic: Topic = field(default_factory=Topic)
    purpose: Topic = field(default_factory=Topic)
    archived: bool = False
    is_general: bool = False
    previous_names: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    timeline: list[str] = field(default_factory=list)
    """The `ts` of what stands in the channel, oldest first."""
    threads: dict[str, list[str]] = field(default_factory=dict)
    """The `ts` of the replies under each root, oldest first."""
    ephemerals: dict[str, Message] = field(default_factory=dict)
    last_read: dict[str, str] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)
    bookmarks: list[JsonObject] = field(default_factory=list)
    connected_team_ids: list[str] = field(default_factory=list)
    """The other workspaces that share it over Slack Connect."""

    @property
    def is_direct(self) -> bool:
        return self.kind in {ChannelKind.IM, ChannelKind.MPIM}

    @property
    def is_private(self) -> bool:
        return self.kind is not ChannelKind.PUBLIC


@dataclass
class View:
    id: str
    app_id: str
    user: str
    body: JsonObject
    """What the app gave: type, title, blocks, callback_id, private_metadata and so on."""
    hash: str
    root_view_id: str
    previous_view_id: str = ""
    external_id: str = ""
    values: JsonObject = field(default_factory=dict)


@dataclass
class File:
    id: str
    name: str
    title: str
    mimetype: str
    user: str
    created: int
    content: Content
    length: int
    upload_key: str = ""
    complete: bool = False
    channels: list[str] = field(default_factory=list)
    alt_text: str = ""


@dataclass
class SlashCommand:
    command: str
    description: str = ""
    usage_hint: str = ""
    url: str = ""
    should_escape: bool = False


@dataclass
class Shortcut:
    name: str
    type: str
    callback_id: str
    description: str = ""


@dataclass
class App:
    id: str
    name: str
    mode: AppMode
    bot_user_id: str
    bot_id: str
    scopes: list[str]
    bot_events: list[str]
    commands: list[SlashCommand]
    shortcuts: list[Shortcut]
    has_home: bool
    messages_tab: bool
    interactive: bool
    bot_token: str
    app_token: str
    signing_secret: str
    client_id: str
    client_secret: str
    verification_token: str
    request_url: str = ""
    interactivity_url: str = ""
    options_url: str = ""
    redirect_urls: list[str] = field(default_factory=list)
    unfurl_domains: list[str] = field(default_factory=list)
    manifest: JsonObject = field(default_factory=dict)
    installed: bool = True
    url_verified: bool = False


@dataclass
class ResponseUrl:
    """Where an app may answer a deed: five times in thirty minutes."""

    key: str
    app_id: str
    channel: str
    user: str
    expires: datetime
    uses: int = 0
    message_ts: str = ""
    thread_ts: str = ""
    ephemeral: bool = False


@dataclass
class UserGroup:
    id: str
    handle: str
    name: str
    users: list[str]
    created: int
    creator: str
    description: str = ""


@dataclass
class OauthCode:
    """What a person's consent gives an app: exchanged once for its token."""

    code: str
    app_id: str
    user: str
    redirect_uri: str
    expires: datetime
    used: bool = False


@dataclass
class ScheduledMessage:
    id: str
    app_id: str
    channel: str
    post_at: int
    text: str
    arguments: JsonObject
    created: int


@dataclass
class State:
    """Everything there is; `counter` and `last_ts` keep ids and timestamps unique."""

    team: Team
    counter: int = 0
    last_ts: int = 0
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    direct: dict[str, str] = field(default_factory=dict)
    """Direct conversations by their sorted members, joined with commas."""
    apps: dict[str, App] = field(default_factory=dict)
    foreign_teams: dict[str, Team] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    """Published Home tabs by `app_id:user`."""
    modals: dict[str, list[View]] = field(default_factory=dict)
    """Open modals of each person, the lowest first."""
    files: dict[str, File] = field(default_factory=dict)
    usergroups: dict[str, UserGroup] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    oauth_codes: dict[str, OauthCode] = field(default_factory=dict)
    scheduled: dict[str, ScheduledMessage] = field(default_factory=dict)
