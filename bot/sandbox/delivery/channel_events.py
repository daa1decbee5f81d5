"""Events about channels: their lives, and who comes and goes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.delivery.audience import Audience
from bot.sandbox.state import happenings as h
from bot.sandbox.state.model import Channel, ChannelKind, User
from bot.sandbox.wire import JsonObject


@dataclass(frozen=True)
class ChannelEvents:
    audience: Audience

    def hear(self, happening: h.Happening) -> None:
        match happening:
            case h.ChannelDone():
                self._channel_done(happening)
            case h.MemberJoined(channel, user, inviter, event_ts):
                event = self._membership("member_joined_channel", channel, user, event_ts)
                if inviter:
                    event["inviter"] = inviter
                self.audience.to_members(event, channel, also=user.id)
            case h.MemberLeft():
                self._member_left(happening)
            case _:
                return

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
        self.audience.to_members(event, done.channel)
        app = self.audience.workspace.state.apps.get(done.user.app_id)
        kind = "group_left" if done.channel.is_private else "channel_left"
        if app is not None and kind in app.bot_events:
            told: JsonObject = {
                "type": kind,
                "channel": done.channel.id,
                "actor_id": done.by,
                "event_ts": done.event_ts,
            }
            self.audience.send(app, told, channel=done.channel.id)

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
                    "context_team_id": self.audience.workspace.team.id,
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
        for app in self.audience.workspace.state.apps.values():
            seen = not channel.is_private or app.bot_user_id in channel.members
            if app.installed and seen and kind in app.bot_events:
                self.audience.send(app, event, channel=channel.id)

    def _direct_opened(self, done: h.ChannelDone) -> None:
        if done.channel.kind is not ChannelKind.IM:
            return
        event: JsonObject = {
            "type": "im_created",
            "user": done.by,
            "channel": {"id": done.channel.id, "created": done.channel.created},
            "event_ts": done.event_ts,
        }
        self.audience.to_members(event, done.channel)
