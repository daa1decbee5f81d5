"""Events about messages: posted, changed, deleted, reacted to, with files and links."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.sandbox import render
from bot.sandbox.delivery.audience import Audience
from bot.sandbox.state import happenings as h
from bot.sandbox.state.model import App, Channel, ChannelKind, File, Message
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


@dataclass(frozen=True)
class MessageEvents:
    audience: Audience

    def hear(self, happening: h.Happening) -> None:
        match happening:
            case h.MessagePosted(channel, message):
                self._message_posted(channel, message)
            case h.MessageChanged():
                self._message_changed(happening)
            case h.MessageDeleted():
                self._message_deleted(happening)
            case h.ReactionChanged():
                self._reaction(happening)
            case h.PinChanged():
                self._pin(happening)
            case h.LinksShared():
                self._links_shared(happening)
            case h.FileShared(channel, file, user, event_ts):
                self._file_shared(channel, file, user, event_ts)
            case h.FileDeleted(file, event_ts):
                gone: JsonObject = {"type": "file_deleted", "file_id": file.id}
                self.audience.to_all({**gone, "event_ts": event_ts})
            case _:
                return

    def _message_posted(self, channel: Channel, message: Message) -> None:
        event: JsonObject | None = None
        for app in self.audience.seeing(channel):
            if event is None:
                event = self._message_event(channel, message)
            if MESSAGE_SUBSCRIPTION[channel.kind] in app.bot_events:
                self.audience.send(app, event, channel=channel.id)
            self._mention(app, channel, message, event)
            self._metadata(app, channel, message, "posted", message.ts)

    def _message_event(self, channel: Channel, message: Message) -> JsonObject:
        return {
            **render.message(self.audience.workspace, message, metadata=True),
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
            self.audience.send(app, mention, channel=channel.id)

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
            "team_id": self.audience.workspace.team.id,
            "channel_id": channel.id,
            "metadata": message.metadata,
            "message_ts": message.ts,
            "event_ts": event_ts,
        }
        self.audience.send(app, event, channel=channel.id)

    def _message_changed(self, done: h.MessageChanged) -> None:
        channel = done.channel
        event: JsonObject = {
            "type": "message",
            "subtype": "message_changed",
            "message": render.message(self.audience.workspace, done.message, metadata=True),
            "previous_message": render.message(
                self.audience.workspace, done.previous, metadata=True
            ),
            "channel": channel.id,
            "hidden": True,
            "ts": done.event_ts,
            "event_ts": done.event_ts,
            "channel_type": CHANNEL_TYPE[channel.kind],
        }
        for app in self.audience.seeing(channel):
            if MESSAGE_SUBSCRIPTION[channel.kind] in app.bot_events:
                self.audience.send(app, event, channel=channel.id)
            if done.message.metadata != done.previous.metadata:
                self._metadata(app, channel, done.message, "updated", done.event_ts)

    def _message_deleted(self, done: h.MessageDeleted) -> None:
        channel = done.channel
        event: JsonObject = {
            "type": "message",
            "subtype": "message_deleted",
            "previous_message": render.message(
                self.audience.workspace, done.previous, metadata=True
            ),
            "channel": channel.id,
            "hidden": True,
            "deleted_ts": done.message.ts,
            "event_ts": done.event_ts,
            "ts": done.event_ts,
            "channel_type": CHANNEL_TYPE[channel.kind],
        }
        for app in self.audience.seeing(channel):
            if MESSAGE_SUBSCRIPTION[channel.kind] in app.bot_events:
                self.audience.send(app, event, channel=channel.id)
            self._metadata(app, channel, done.previous, "deleted", done.event_ts)

    def _links_shared(self, done: h.LinksShared) -> None:
        for app in self.audience.seeing(done.channel):
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
            self.audience.send(app, event, channel=done.channel.id)

    def _file_shared(self, channel: Channel, file: File, user: str, event_ts: str) -> None:
        event: JsonObject = {
            "type": "file_shared",
            "file_id": file.id,
            "user_id": user,
            "file": {"id": file.id},
            "channel_id": channel.id,
            "event_ts": event_ts,
        }
        self.audience.to_members(event, channel)

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
        for app in self.audience.seeing(done.channel):
            if kind in app.bot_events:
                self.audience.send(app, event, channel=done.channel.id)

    def _pin(self, done: h.PinChanged) -> None:
        kind = "pin_added" if done.added else "pin_removed"
        event: JsonObject = {
            "type": kind,
            "user": done.user,
            "channel_id": done.channel.id,
            "item": {
                "type": "message",
                "channel": done.channel.id,
                "created": self.audience.workspace.seconds(),
                "created_by": done.user,
                "message": render.message(self.audience.workspace, done.message),
            },
            "item_user": done.message.user,
            "pin_count": len(done.channel.pins),
            "event_ts": done.event_ts,
        }
        self.audience.to_members(event, done.channel)


def _ours(app: App, link: str) -> bool:
    host = urlsplit(link).hostname or ""
    return any(host == domain or host.endswith(f".{domain}") for domain in app.unfurl_domains)
