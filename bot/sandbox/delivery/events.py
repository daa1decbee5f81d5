"""From what happens to the events that apps are sent: who is subscribed, who may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.sandbox import render
from bot.sandbox.delivery.courier import Courier
from bot.sandbox.state import happenings as h
from bot.sandbox.state.model import App, Channel, ChannelKind, File, Message, User
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject

MESSAGE_SUBSCRIPTION = {
    ChannelKind.PUBLIC: "message.channels",
    ChannelKind.PRIVATE: "message.groups",
    ChannelKind.IM: "message.im",
    ChannelKind.MPIM: "message.mpim",
}
CHANNEL_TYPE = {
    ChannelKind.PUBLIC: "channel",
    ChannelKind.PRIVATE: "group",
    ChannelKind.IM: "im",
    ChannelKind.MPIM: "mpim",
}


@dataclass
class AppEvents:
    """Listens to the workspace and hands each app what it is subscribed to."""

    workspace: Workspace
    courier: Courier

    def hear(self, happening: h.Happening) -> None:  # one branch a happening
        match happening:
            case h.MessagePosted(channel, message):
                self._message_posted(channel, message)
            case h.MessageChanged():
                self._message_changed(happening)
            case h.MessageDeleted():
                self._message_deleted(happening)
            case h.ChannelDone():
                self._channel_done(happening)
            case h.MemberJoined(channel, user, inviter, event_ts):
                event = self._membership("member_joined_channel", channel, user, event_ts)
                if inviter:
                    event["inviter"] = inviter
                self._to_members(event, "member_joined_channel", channel, also=user.id)
            case h.MemberLeft():
                self._member_left(happening)
            case h.ReactionChanged():
                self._reaction(happening)
            case h.PinChanged():
                self._pin(happening)
            case h.UserChanged(user, event_ts):
                self._user_changed(user, event_ts)
            case h.TeamJoined(user, event_ts):
                shown = render.user(self.workspace, user)
                self._to_all({"type": "team_join", "user": shown, "event_ts": event_ts})
            case h.DndChanged(user, event_ts):
                self._dnd_changed(user, event_ts)
            case h.HomeOpened():
                self._home_opened(happening)
            case h.LinksShared():
                self._links_shared(happening)
            case h.FileShared(channel, file, user, event_ts):
                self._file_shared(channel, file, user, event_ts)
            case h.FileDeleted(file, event_ts):
                gone: JsonObject = {"type": "file_deleted", "file_id": file.id}
                self._to_all({**gone, "event_ts": event_ts})
            case h.AppRemoved(app, event_ts):
                self._removed(app, event_ts)
            case _:
                return

    # Messages

    def _message_posted(self, channel: Channel, message: Message) -> None:
        event: JsonObject | None = None
        for app in self._seeing(channel):
            if event is None:
                event = self._message_event(channel, message)
            if MESSAGE_SUBSCRIPTION[channel.kind] in app.bot_events:
                self.courier.send_event(app, event, channel=channel.id)
            self._mention(app, channel, message, event)
            self._metadata(app, channel, message, "posted", message.ts)

    def _message_event(self, channel: Channel, message: Message) -> JsonObject:
        return {
            **render.message(self.workspace, message, metadata=True),
            "channel": channel.id,
            "event_ts": message.ts,
            "channel_type": CHANNEL_TYPE[channel.kind],
        }

    def _mention(self, app: App, channel: Channel, message: Message, event: JsonObject) -> None:
        mentioned = f"<@{app.bot_user_id}>" in message.text
        if not mentioned or message.subtype not in {"", "thread_broadcast", "file_share"}:
            return
        if channel.kind is ChannelKind.IM or message.bot_id == app.bot_id:
            return
        if "app_mention" in app.bot_events:
            mention = {**event, "type": "app_mention"}
            mention.pop("channel_type")
            mention.pop("subtype", None)
            self.courier.send_event(app, mention, channel=channel.id)

    def _metadata(
        self, app: App, channel: Channel, message: Message, deed: str, event_ts: str
    ) -> None:
        if message.metadata is None or f"message_metadata_{deed}" not in app.bot_events:
            return
        event: JsonObject = {
            "type": f"message_metadata_{deed}",
            "app_id": message.app_id,
            "bot_id": message.bot_id,
            "user_id": message.user,
            "team_id": self.workspace.team.id,
            "channel_id": channel.id,
            "metadata": message.metadata,
            "message_ts": message.ts,
            "event_ts": event_ts,
        }
        self.courier.send_event(app, event, channel=channel.id)

    def _message_changed(self, done: h.MessageChanged) -> None:
        channel = done.channel
        event: JsonObject = {
            "type": "message",
            "subtype": "message_changed",
            "message": render.message(self.workspace, done.message, metadata=True),
            "previous_message": render.message(self.workspace, done.previous, metadata=True),
            "channel": channel.id,
            "hidden": True,
            "ts": done.event_ts,
            "event_ts": done.event_ts,
            "channel_type": CHANNEL_TYPE[channel.kind],
        }
        for app in self._seeing(channel):
            if MESSAGE_SUBSCRIPTION[channel.kind] in app.bot_events:
                self.courier.send_event(app, event, channel=channel.id)
            if done.message.metadata != done.previous.metadata:
                self._metadata(app, channel, done.message, "updated", done.event_ts)

    def _message_deleted(self, done: h.MessageDeleted) -> None:
        channel = done.channel
        event: JsonObject = {
            "type": "message",
            "subtype": "message_deleted",
            "previous_message": render.message(self.workspace, done.previous, metadata=True),
            "channel": channel.id,
            "hidden": True,
            "deleted_ts": done.message.ts,
            "event_ts": done.event_ts,
            "ts": done.event_ts,
            "channel_type": CHANNEL_TYPE[channel.kind],
        }
        for app in self._seeing(channel):
            if MESSAGE_SUBSCRIPTION[channel.kind] in app.bot_events:
                self.courier.send_event(app, event, channel=channel.id)
            self._metadata(app, channel, done.previous, "deleted", done.event_ts)

    def _links_shared(self, done: h.LinksShared) -> None:
        for app in self._seeing(done.channel):
            links = [link for link in done.links if _ours(app, link)]
            if not links or "link_shared" not in app.bot_events:
                continue
            event: JsonObject = {
                "type": "link_shared",
                "channel": done.channel.id,
                "is_bot_user_member": True,
                "user": done.message.user,
                "message_ts": done.message.ts,
                "unfurl_id": f"{done.channel.id}.{done.message.ts}",
                "source": "conversations_history",
                "links": [{"domain": urlsplit(link).hostname or "", "url": link} for link in links],
                "event_ts": done.event_ts,
            }
            if done.message.thread_ts:
                event["thread_ts"] = done.message.thread_ts
            self.courier.send_event(app, event, channel=done.channel.id)

    def _file_shared(self, channel: Channel, file: File, user: str, event_ts: str) -> None:
        event: JsonObject = {
            "type": "file_shared",
            "file_id": file.id,
            "user_id": user,
            "file": {"id": file.id},
            "channel_id": channel.id,
            "event_ts": event_ts,
        }
        self._to_members(event, "file_shared", channel)

    def _removed(self, app: App, event_ts: str) -> None:
        if "tokens_revoked" in app.bot_events:
            tokens: JsonObject = {"oauth": [], "bot": [app.bot_user_id]}
            self.courier.send_last_event(
                app, {"type": "tokens_revoked", "tokens": tokens, "event_ts": event_ts}
            )
        if "app_uninstalled" in app.bot_events:
            self.courier.send_last_event(app, {"type": "app_uninstalled", "event_ts": event_ts})

    def _item(self, channel: Channel, message: Message) -> JsonObject:
        return {"type": "message", "channel": channel.id, "ts": message.ts}

    def _reaction(self, done: h.ReactionChanged) -> None:
        kind = "reaction_added" if done.added else "reaction_removed"
        event: JsonObject = {
            "type": kind,
            "user": done.user,
            "reaction": done.reaction,
            "item": self._item(done.channel, done.message),
            "item_user": done.message.user,
            "event_ts": done.event_ts,
        }
        for app in self._seeing(done.channel):
            if kind in app.bot_events:
                self.courier.send_event(app, event, channel=done.channel.id)

    def _pin(self, done: h.PinChanged) -> None:
        kind = "pin_added" if done.added else "pin_removed"
        event: JsonObject = {
            "type": kind,
            "user": done.user,
            "channel_id": done.channel.id,
            "item": {
                "type": "message",
                "channel": done.channel.id,
                "created": self.workspace.seconds(),
                "created_by": done.user,
                "message": render.message(self.workspace, done.message),
            },
            "item_user": done.message.user,
            "pin_count": len(done.channel.pins),
            "event_ts": done.event_ts,
        }
        self._to_members(event, kind, done.channel)

    # Channels and who is in them

    def _membership(self, kind: str, channel: Channel, user: User, event_ts: str) -> JsonObject:
        return {
            "type": kind,
            "user": user.id,
            "channel": channel.id,
            "channel_type": "G" if channel.is_private else "C",
            "team": user.team_id,
            "event_ts": event_ts,
        }

    def _member_left(self, done: h.MemberLeft) -> None:
        event = self._membership("member_left_channel", done.channel, done.user, done.event_ts)
        self._to_members(event, "member_left_channel", done.channel)
        app = self.workspace.state.apps.get(done.user.app_id)
        kind = "group_left" if done.channel.is_private else "channel_left"
        if app is not None and kind in app.bot_events:
            told: JsonObject = {
                "type": kind,
                "channel": done.channel.id,
                "actor_id": done.by,
                "event_ts": done.event_ts,
            }
            self.courier.send_event(app, told, channel=done.channel.id)

    def _channel_done(self, done: h.ChannelDone) -> None:
        channel, deed = done.channel, done.deed
        if deed is h.ChannelDeed.TOLD:
            return
        if deed is h.ChannelDeed.OPENED:
            self._direct_opened(done)
            return
        if deed is h.ChannelDeed.CREATED and channel.is_private:
            return
        prefix = "channel"
        shared = {h.ChannelDeed.SHARED, h.ChannelDeed.UNSHARED}
        if channel.is_private and deed not in shared:
            prefix = "group"
        kind = f"{prefix}_{deed.value}"
        event: JsonObject = {"type": kind, "event_ts": done.event_ts}
        if deed in {h.ChannelDeed.CREATED, h.ChannelDeed.RENAMED}:
            shown: JsonObject = {
                "id": channel.id,
                "is_channel": not channel.is_private,
                "is_group": channel.is_private,
                "is_private": channel.is_private,
                "name": channel.name,
                "name_normalized": channel.name,
                "created": channel.created,
            }
            if deed is h.ChannelDeed.CREATED:
                shown |= {
                    "creator": channel.creator,
                    "context_team_id": self.workspace.team.id,
                    "is_shared": False,
                    "is_org_shared": False,
                    "is_ext_shared": False,
                }
            event["channel"] = shown
        elif deed in shared:
            event |= {"channel": channel.id, "connected_team_id": done.other_team_id}
            if deed is h.ChannelDeed.UNSHARED:
                event |= {
                    "previously_connected_team_id": event.pop("connected_team_id"),
                    "is_ext_shared": bool(channel.connected_team_ids),
                }
        else:
            event["channel"] = channel.id
            event["actor_id" if deed is h.ChannelDeed.DELETED else "user"] = done.by
        for app in self.workspace.state.apps.values():
            seen = not channel.is_private or app.bot_user_id in channel.members
            if app.installed and seen and kind in app.bot_events:
                self.courier.send_event(app, event, channel=channel.id)

    def _direct_opened(self, done: h.ChannelDone) -> None:
        if done.channel.kind is not ChannelKind.IM:
            return
        event: JsonObject = {
            "type": "im_created",
            "user": done.by,
            "channel": {"id": done.channel.id, "created": done.channel.created},
            "event_ts": done.event_ts,
        }
        self._to_members(event, "im_created", done.channel)

    # People

    def _user_changed(self, user: User, event_ts: str) -> None:
        shown = render.user(self.workspace, user)
        for kind in ("user_change", "user_profile_changed", "user_status_changed"):
            self._to_all(
                {
                    "type": kind,
                    "user": shown,
                    "cache_ts": self.workspace.seconds(),
                    "event_ts": event_ts,
                }
            )

    def _dnd_changed(self, user: User, event_ts: str) -> None:
        self._to_all(
            {
                "type": "dnd_updated_user",
                "user": user.id,
                "dnd_status": render.dnd(self.workspace, user),
                "event_ts": event_ts,
            }
        )

    def _home_opened(self, done: h.HomeOpened) -> None:
        app = self.workspace.state.apps.get(done.app_id)
        if app is None or "app_home_opened" not in app.bot_events:
            return
        event: JsonObject = {
            "type": "app_home_opened",
            "user": done.user.id,
            "channel": done.channel,
            "tab": done.tab,
            "event_ts": done.event_ts,
        }
        if done.view is not None and done.tab == "home":
            event["view"] = render.view(self.workspace, done.view)
        self.courier.send_event(app, event, channel=done.channel)

    # To whom

    def _seeing(self, channel: Channel) -> Iterator[App]:
        for app in self.workspace.state.apps.values():
            if app.installed and app.bot_user_id in channel.members:
                yield app

    def _to_members(
        self, event: JsonObject, kind: str, channel: Channel, *, also: str = ""
    ) -> None:
        for app in self.workspace.state.apps.values():
            inside = app.bot_user_id in channel.members or app.bot_user_id == also
            if app.installed and inside and kind in app.bot_events:
                self.courier.send_event(app, event, channel=channel.id)

    def _to_all(self, event: JsonObject) -> None:
        for app in self.workspace.state.apps.values():
            if app.installed and str(event["type"]) in app.bot_events:
                self.courier.send_event(app, event)


def _ours(app: App, link: str) -> bool:
    host = urlsplit(link).hostname or ""
    return any(host == domain or host.endswith(f".{domain}") for domain in app.unfurl_domains)
