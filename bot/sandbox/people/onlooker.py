"""What a person's client shows them."""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.errors import SlackRefuses
from bot.sandbox.people.feed import Feeds, Inbox
from bot.sandbox.people.frame import Frame
from bot.sandbox.people.outcome import NotSeen
from bot.sandbox.state import channels
from bot.sandbox.state.model import Channel, Message, User, View
from bot.sandbox.state.workspace import Workspace

DEFAULT_TIMEOUT = 5.0


class Onlooker:
    """Sees the workspace with one person's eyes; raises `NotSeen` for what they can't see."""

    def __init__(self, workspace: Workspace, feeds: Feeds, user_id: str) -> None:
        self._workspace = workspace
        self._inbox = Inbox()
        self.id = user_id
        self.stop_looking = feeds.add(user_id, self._inbox.put)

    @property
    def user(self) -> User:
        return self._workspace.user(self.id)

    def channel(self, channel_id: str) -> Channel:
        """The channel as long as this person may see it; `NotSeen` otherwise."""
        try:
            return self._workspace.channel_for(self.id, channel_id)
        except SlackRefuses as refusal:
            raise NotSeen(refusal.code) from refusal

    def channels(self) -> list[Channel]:
        """The channels and direct conversations that this person is in."""
        return [one for one in self._workspace.state.channels.values() if self.id in one.members]

    def channel_named(self, name: str) -> Channel:
        for one in self._workspace.state.channels.values():
            if one.name == name and self._workspace.may_see(self.id, one):
                return one
        raise NotSeen("channel_not_found")

    def messages(self, channel_id: str) -> list[Message]:
        """What stands in the channel itself, oldest first."""
        channel = self.channel(channel_id)
        return [channel.messages[ts] for ts in channel.timeline]

    def thread(self, channel_id: str, ts: str) -> list[Message]:
        """The root and its replies, oldest first."""
        channel = self.channel(channel_id)
        root = channel.messages.get(ts)
        if root is None:
            raise NotSeen("thread_not_found")
        return [root, *(channel.messages[reply] for reply in channel.threads.get(ts, []))]

    def ephemerals(self, channel_id: str) -> list[Message]:
        """What is shown in the channel to this person alone, oldest first."""
        channel = self.channel(channel_id)
        return [one for one in channel.ephemerals.values() if one.ephemeral_to == self.id]

    def direct_messages_with(self, other: str) -> list[Message]:
        """What stands in the direct conversation with this user, oldest first."""
        known = self._workspace.state.direct.get(",".join(sorted({self.id, other})))
        return self.messages(known) if known else []

    def direct_channel_with(self, other: str) -> str:
        """The id of the direct conversation with this user, opened if need be."""
        return channels.open_direct(self._workspace, self.id, [other])[0].id

    @property
    def modals(self) -> list[View]:
        """The open modals, the lowest first."""
        return list(self._workspace.state.modals.get(self.id, []))

    @property
    def modal(self) -> View | None:
        """The modal on top."""
        return self.modals[-1] if self.modals else None

    def home(self, app_id: str) -> View | None:
        """What the app last published for this person."""
        return self._workspace.state.homes.get(f"{app_id}:{self.id}")

    async def next_event(
        self,
        predicate: Callable[[Frame], bool] = lambda frame: True,
        timeout: float = DEFAULT_TIMEOUT,  # noqa: ASYNC109  # the contract's name for it
    ) -> Frame:
        """The next thing pushed to this person's client that fits (see the page protocol).

        Nothing is missed between calls: what came since the last one is looked at first.
        Raises TimeoutError after `timeout` real seconds.
        """
        return await self._inbox.next(predicate, timeout)

    def _place(self, channel_id: str) -> Channel:
        """A channel that this person sees and whose account still works."""
        if self.user.deleted:
            raise NotSeen("user_disabled")
        return self.channel(channel_id)

    def _own_place(self, channel_id: str) -> Channel:
        """A channel that this person is in."""
        channel = self._place(channel_id)
        if self.id not in channel.members:
            raise NotSeen("not_in_channel")
        return channel

    def _message(self, channel: Channel, ts: str) -> Message:
        message = channel.messages.get(ts)
        if message is None:
            raise NotSeen("message_not_found")
        return message
