"""What is pushed to a person's client as things happen: the frames of the page protocol."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox import render
from bot.sandbox.people import sight
from bot.sandbox.people.frame import Frame
from bot.sandbox.state import happenings as h
from bot.sandbox.state.model import Channel, Message
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject, listed

Push = Callable[[JsonObject], None]
KEPT_FRAMES = 20_000


@dataclass
class Feeds:
    """Turns happenings into frames for those who look on right now; nobody else costs anything."""

    workspace: Workspace
    _by_user: dict[str, list[Push]] = field(default_factory=dict)

    def add(self, user: str, push: Push) -> Callable[[], None]:
        self._by_user.setdefault(user, []).append(push)

        def leave() -> None:
            pushes = self._by_user.get(user, [])
            if push in pushes:
                pushes.remove(push)
            if not pushes:
                self._by_user.pop(user, None)

        return leave

    def push(self, user: str, frame: JsonObject) -> None:
        for push in tuple(self._by_user.get(user, ())):
            push(frame)

    def push_all(self, frame: JsonObject) -> None:
        for user in tuple(self._by_user):
            self.push(user, frame)

    def hear(self, happening: h.Happening) -> None:  # one branch a happening
        match happening:
            case h.MessagePosted(channel, message):
                self._message(channel, message, "message")
            case h.MessageChanged(channel, message) | h.MessageTouched(channel, message):
                self._message(channel, message, "message_changed")
            case h.ReactionChanged(channel, message) | h.PinChanged(channel, message):
                self._message(channel, message, "message_changed")
            case h.MessageDeleted(channel, message):
                frame: JsonObject = {
                    "type": "message_deleted",
                    "channel": channel.id,
                    "ts": message.ts,
                    "thread_ts": message.thread_ts or None,
                }
                for user in self._watching(channel):
                    self.push(user, frame)
            case h.EphemeralShown(channel, message):
                self._one_message(message.ephemeral_to, channel, message, "ephemeral")
            case h.EphemeralGone(channel, message):
                gone: JsonObject = {
                    "type": "message_deleted",
                    "channel": channel.id,
                    "ts": message.ts,
                    "is_ephemeral": True,
                }
                self.push(message.ephemeral_to, gone)
            case h.ChannelDone(channel, deed):
                if deed is h.ChannelDeed.DELETED:
                    self.push_all({"type": "channel_gone", "channel": channel.id})
                else:
                    self._channel(channel)
            case h.MemberJoined(channel):
                self._channel(channel)
            case h.MemberLeft(channel, user):
                self._channel(channel)
                if not self.workspace.may_see(user.id, channel):
                    self.push(user.id, {"type": "channel_gone", "channel": channel.id})
            case h.ReadUpTo(channel, reader):
                marks = sight.read_marks(channel, reader)
                self.push(reader, {"type": "read", "channel": channel.id, **marks})
            case h.TeamJoined(user) | h.UserChanged(user) | h.PresenceChanged(user):
                self.push_all({"type": "users", "users": [sight.user(self.workspace, user)]})
            case h.DndChanged(user):
                self.push_all({"type": "users", "users": [sight.user(self.workspace, user)]})
            case h.AppInstalled() | h.StateReplaced():
                self.push_all({"type": "reload"})
            case _:
                self._views(happening)

    def _views(self, happening: h.Happening) -> None:
        match happening:
            case h.ModalOpened(view):
                shown = render.view(self.workspace, view)
                self.push(view.user, {"type": "modal_opened", "view": shown})
            case h.ModalUpdated(view):
                shown = render.view(self.workspace, view)
                self.push(view.user, {"type": "modal_updated", "view": shown})
            case h.ModalsClosed(user, views):
                ids = [view.id for view in views]
                frame: JsonObject = {
                    "type": "modal_closed",
                    "view_id": ids[0] if ids else None,
                    "view_ids": listed(ids),
                }
                self.push(user, frame)
            case h.HomePublished(view):
                shown = render.view(self.workspace, view)
                self.push(view.user, {"type": "home", "app_id": view.app_id, "view": shown})
            case _:
                return

    def _watching(self, channel: Channel) -> list[str]:
        return [user for user in self._by_user if self.workspace.may_see(user, channel)]

    def _message(self, channel: Channel, message: Message, kind: str) -> None:
        watching = self._watching(channel)
        if not watching:
            return
        rendered = {**render.message(self.workspace, message), "channel": channel.id}
        for user in watching:
            shown = sight.seen_by(rendered, user)
            self.push(user, {"type": kind, "channel": channel.id, "message": shown})
            if kind == "message" and message.on_timeline and user in channel.members:
                marks = sight.read_marks(channel, user)
                self.push(user, {"type": "read", "channel": channel.id, **marks})

    def _one_message(self, user: str, channel: Channel, message: Message, kind: str) -> None:
        shown = sight.message(self.workspace, message, user)
        self.push(user, {"type": kind, "channel": channel.id, "message": shown})

    def _channel(self, channel: Channel) -> None:
        for user in self._watching(channel):
            shown = sight.channel(self.workspace, channel, user)
            self.push(user, {"type": "channel", "channel": shown})


@dataclass
class Inbox:
    """The frames pushed to one person since somebody first looked, each handed out once."""

    frames: deque[Frame] = field(default_factory=lambda: deque(maxlen=KEPT_FRAMES))
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def put(self, frame: JsonObject) -> None:
        self.frames.append(Frame(frame))
        self.came.set()

    async def next(self, fits: Callable[[Frame], bool], seconds: float) -> Frame:
        """The first frame that fits, also one that came before; those before it are passed over.

        Raises TimeoutError after that many real seconds.
        """
        async with asyncio.timeout(seconds):
            while True:
                for index, frame in enumerate(self.frames):
                    if fits(frame):
                        for _ in range(index + 1):
                            self.frames.popleft()
                        return frame
                self.came.clear()
                await self.came.wait()
