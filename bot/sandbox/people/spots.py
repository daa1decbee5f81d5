"""Where an interactive element stands: in a message or in a view."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox import render
from bot.sandbox.blockkit import held_state
from bot.sandbox.people.asking import Asking
from bot.sandbox.people.outcome import NotSeen
from bot.sandbox.state import views
from bot.sandbox.state.model import App, Channel, Message, View
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject, JsonValue


@dataclass(frozen=True)
class InMessage:
    app: App
    channel: Channel
    message: Message

    @property
    def blocks(self) -> JsonValue:
        """Its blocks and those of its attachments."""
        inner: list[JsonValue] = [*self.message.blocks]
        for attachment in self.message.attachments:
            more = attachment.get("blocks")
            inner.extend(more if isinstance(more, list) else [])
        return inner

    @property
    def kept(self) -> JsonObject:
        """Slack keeps nothing of what is filled in in a message."""
        return {}

    @property
    def channel_id(self) -> str:
        return self.channel.id

    def container(self, asking: Asking) -> JsonObject:
        """The payload's fields that say where it was."""
        container: JsonObject = {
            "type": "message",
            "message_ts": self.message.ts,
            "channel_id": self.channel.id,
            "is_ephemeral": bool(self.message.ephemeral_to),
        }
        if self.message.thread_ts:
            container["thread_ts"] = self.message.thread_ts
        answer: JsonObject = {
            "container": container,
            "channel": asking.channel(self.channel),
        }
        if not self.message.ephemeral_to:
            answer["message"] = render.message(asking.workspace, self.message)
        return answer


@dataclass(frozen=True)
class InView:
    app: App
    view: View

    @property
    def blocks(self) -> JsonValue:
        return self.view.body.get("blocks")

    @property
    def kept(self) -> JsonObject:
        """What was filled in before."""
        return self.view.values

    @property
    def channel_id(self) -> str:
        return ""

    def container(self, asking: Asking) -> JsonObject:
        """The payload's fields that say where it was."""
        return {
            "container": {"type": "view", "view_id": self.view.id},
            "view": render.view(asking.workspace, self.view),
        }


Spot = InMessage | InView


def in_message(workspace: Workspace, user: str, channel: Channel, ts: str) -> InMessage:
    """A message that this person sees, also one that only they see."""
    message = channel.messages.get(ts) or channel.ephemerals.get(ts)
    if message is None or message.ephemeral_to not in {"", user}:
        raise NotSeen("message_not_found")
    return InMessage(workspace.app(message.app_id), channel, message)


def in_view(workspace: Workspace, user: str, view_id: str) -> InView:
    """A view that this person has before them."""
    view = views.find(workspace, view_id)
    if view.user != user:
        raise NotSeen("not_found")
    return InView(workspace.app(view.app_id), view)


def values_at(spot: Spot, state: JsonObject | None) -> JsonObject:
    """`state.values`: what it started with, what was kept, and what the client holds now."""
    held = held_state(spot.blocks, spot.kept, state or {})
    return {block_id: {**entries} for block_id, entries in held.items()}
