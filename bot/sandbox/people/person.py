"""A person at their client: sees what Slack shows them, does what Slack lets them do."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from datetime import datetime

from bot.sandbox.errors import SlackRefuses
from bot.sandbox.people.asking import Asking
from bot.sandbox.people.feed import Feeds
from bot.sandbox.people.forms import Forms
from bot.sandbox.people.interactions import Interactions
from bot.sandbox.people.onlooker import Onlooker
from bot.sandbox.people.outcome import NotSeen, Outcome
from bot.sandbox.people.spots import Spot, in_message, in_view
from bot.sandbox.people.typed import LONGEST_TYPED, as_blocks, as_text
from bot.sandbox.state import channels, messages, people
from bot.sandbox.state import files as shared_files
from bot.sandbox.state.model import (
    App,
    PersonKind,
    Presence,
    View,
)
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject, objects_at


class Person(Onlooker):
    """Deeds raise `NotSeen` where the person can't see the place, and `SlackRefuses` with
    Slack's code where Slack says no. What an app is asked comes back as an `Outcome`."""

    def __init__(self, workspace: Workspace, asking: Asking, feeds: Feeds, user_id: str) -> None:
        super().__init__(workspace, feeds, user_id)
        self._interactions = Interactions(asking)
        self._forms = Forms(asking)

    # Messages

    async def posts(
        self,
        channel_id: str,
        text: str,
        thread_ts: str | None = None,
        broadcast: bool = False,
        files: Sequence[str] = (),
    ) -> str:
        """Post a message; the answer is its `ts`. `text` is what the person types."""
        channel = self._own_place(channel_id)
        if not text.strip() and not files:
            raise SlackRefuses("no_text")
        if len(text) > LONGEST_TYPED:
            raise SlackRefuses("msg_too_long")
        for file_id in files:
            shared_files.seen_by(self._workspace, self.id, file_id)
        stored = as_text(self._workspace, text)
        draft = messages.Draft(
            user=self.id,
            text=stored,
            subtype="file_share" if files else "",
            thread_ts=thread_ts or "",
            broadcast=broadcast,
            blocks=as_blocks(stored, self._workspace.next_id("")[-5:]),
            files=files,
            client_msg_id=str(uuid.uuid4()),
        )
        message = messages.post(self._workspace, channel, draft)
        await asyncio.sleep(0)  # whoever types fast still lets others have a turn
        shared_files.share(self._workspace, channel, files, self.id)
        return message.ts

    async def uploads(self, name: str, content: bytes) -> str:
        """Upload a file; the answer is its id, to be given to `posts` or a file input."""
        return shared_files.add(self._workspace, self.id, name, content).id

    async def edits(self, channel_id: str, ts: str, text: str) -> None:
        channel = self._own_place(channel_id)
        message = self._message(channel, ts)
        if message.user != self.id:
            raise SlackRefuses("cant_update_message")
        if not text.strip() and not message.files:
            raise SlackRefuses("no_text")
        stored = as_text(self._workspace, text)
        change = messages.Edit(
            text=stored, blocks=as_blocks(stored, self._workspace.next_id("")[-5:])
        )
        messages.edit(self._workspace, channel, message, self.id, change)

    async def deletes(self, channel_id: str, ts: str) -> None:
        channel = self._own_place(channel_id)
        ephemeral = channel.ephemerals.get(ts)
        if ephemeral is not None and ephemeral.ephemeral_to == self.id:
            messages.drop_ephemeral(self._workspace, channel, ts)
            return
        message = self._message(channel, ts)
        if message.user != self.id and self.user.kind is not PersonKind.OWNER:
            raise SlackRefuses("cant_delete_message")
        messages.delete(self._workspace, channel, message)

    async def reacts(self, channel_id: str, ts: str, name: str, *, on: bool = True) -> None:
        channel = self._own_place(channel_id)
        message = self._message(channel, ts)
        messages.react(self._workspace, channel, message, self.id, name.strip(":"), on=on)

    async def pins(self, channel_id: str, ts: str, *, on: bool = True) -> None:
        channel = self._own_place(channel_id)
        messages.pin(self._workspace, channel, self._message(channel, ts), self.id, on=on)

    async def reads(self, channel_id: str, ts: str | None = None) -> None:
        """Read up to `ts`, or all there is."""
        channel = self._own_place(channel_id)
        latest = channel.timeline[-1] if channel.timeline else "0"
        channels.read_up_to(self._workspace, self.id, channel, ts or latest)

    # Channels

    async def creates_channel(self, name: str, *, private: bool = False) -> str:
        if self.user.deleted:
            raise NotSeen("user_disabled")
        if self.user.is_guest or self.user.is_foreign:
            raise SlackRefuses("user_is_restricted")
        return channels.create(self._workspace, self.id, name, private=private).id

    async def invites(self, channel_id: str, *user_ids: str) -> None:
        channels.invite(self._workspace, self.id, self._own_place(channel_id), user_ids)

    async def joins(self, channel_id: str) -> None:
        channels.join(self._workspace, self.id, self._place(channel_id))

    async def leaves(self, channel_id: str) -> None:
        channels.leave(self._workspace, self.id, self._own_place(channel_id))

    async def removes(self, channel_id: str, user_id: str) -> None:
        channels.kick(self._workspace, self.id, self._own_place(channel_id), user_id)

    async def archives(self, channel_id: str) -> None:
        channels.archive(self._workspace, self.id, self._own_place(channel_id))

    async def unarchives(self, channel_id: str) -> None:
        channels.unarchive(self._workspace, self.id, self._place(channel_id))

    async def makes_public(self, channel_id: str) -> None:
        channels.convert(self._workspace, self.id, self._own_place(channel_id), private=False)

    async def makes_private(self, channel_id: str) -> None:
        channels.convert(self._workspace, self.id, self._own_place(channel_id), private=True)

    async def renames(self, channel_id: str, name: str) -> None:
        channels.rename(self._workspace, self.id, self._own_place(channel_id), name)

    async def deletes_channel(self, channel_id: str) -> None:
        """Delete a channel for good; owners may."""
        if self.user.kind is not PersonKind.OWNER:
            raise SlackRefuses("restricted_action")
        channels.delete(self._workspace, self.id, self.channel(channel_id))

    async def sets_topic(self, channel_id: str, topic: str) -> None:
        channels.set_topic(self._workspace, self.id, self._own_place(channel_id), topic)

    # With apps

    async def runs(self, command: str, text: str, channel_id: str) -> Outcome:
        """Run a slash command; waits for the acknowledgement, 3 seconds at most."""
        channel = self._own_place(channel_id)
        return await self._interactions.command(self.id, command, text, channel)

    async def clicks(
        self,
        channel_id: str,
        ts: str,
        action_id: str,
        *,
        block_id: str | None = None,
        option: str | None = None,
        options: Sequence[str] | None = None,
        state: JsonObject | None = None,
        **action: str | int | None,
    ) -> Outcome:
        """Use an element of a message, also one that only this person sees.

        `option` and `options` are options' values; whatever else an element takes goes by
        Slack's own name (`selected_date="2026-11-30"`, `selected_user="U1"`, `value="…"`).
        """
        spot = in_message(self._workspace, self.id, self._own_place(channel_id), ts)
        done = _action(option, options, action)
        return await self._interactions.act(
            self.id, spot, action_id, block_id, action=done, state=state
        )

    async def acts_in_view(
        self,
        view_id: str,
        action_id: str,
        *,
        block_id: str | None = None,
        option: str | None = None,
        options: Sequence[str] | None = None,
        state: JsonObject | None = None,
        **action: str | int | None,
    ) -> Outcome:
        """Use an element of a modal or Home tab; arguments as for `clicks`."""
        spot = in_view(self._workspace, self.id, view_id)
        done = _action(option, options, action)
        return await self._interactions.act(
            self.id, spot, action_id, block_id, action=done, state=state
        )

    async def acts(
        self,
        container: JsonObject,
        action_id: str,
        block_id: str | None,
        action: JsonObject,
        state: JsonObject | None = None,
    ) -> Outcome:
        """Use an element, told as the page tells it."""
        spot = self._spot(container)
        return await self._interactions.act(
            self.id, spot, action_id, block_id, action=action, state=state
        )

    def _spot(self, container: JsonObject) -> Spot:
        if container.get("type") == "view":
            return in_view(self._workspace, self.id, str(container.get("view_id", "")))
        channel = self._own_place(str(container.get("channel", "")))
        return in_message(self._workspace, self.id, channel, str(container.get("ts", "")))

    async def submits(self, view_id: str, values: JsonObject | None = None) -> Outcome:
        """Submit a modal: `values` is `{block_id: {action_id: element state}}`, over what the
        form started with and what was filled in before."""
        return await self._forms.submit(self.id, view_id, values or {})

    async def closes(self, view_id: str, *, everything: bool = False) -> None:
        await self._forms.close(self.id, view_id, everything=everything)

    async def opens_home(self, app_id: str, tab: str = "home") -> View | None:
        """Look at the app's Home tab; the answer is what is published at this moment."""
        app = self._app(app_id)
        channel = self.direct_channel_with(app.bot_user_id)
        self._interactions.open_home(self.id, app, self._workspace.state.channels[channel], tab)
        return self.home(app_id)

    def _app(self, app_id: str) -> App:
        app = self._workspace.state.apps.get(app_id)
        if app is None or not app.installed:
            raise NotSeen("app_not_found")
        return app

    async def uses_shortcut(self, callback_id: str) -> Outcome:
        return await self._interactions.shortcut(self.id, callback_id)

    async def uses_message_shortcut(self, callback_id: str, channel_id: str, ts: str) -> Outcome:
        channel = self._own_place(channel_id)
        message = self._message(channel, ts)
        return await self._interactions.message_shortcut(self.id, callback_id, channel, message)

    async def asks_options(
        self,
        place: str | tuple[str, str],
        block_id: str | None,
        action_id: str,
        query: str,
    ) -> list[JsonObject]:
        """What an external select offers: its options, or its groups of options.

        `place` is a view's id, or a message's channel and `ts`.
        """
        if isinstance(place, str):
            spot: Spot = in_view(self._workspace, self.id, place)
        else:
            channel = self._own_place(place[0])
            spot = in_message(self._workspace, self.id, channel, place[1])
        found = await self._interactions.options(self.id, spot, block_id, action_id, query)
        return objects_at(found, "options") or objects_at(found, "option_groups")

    async def options_for(
        self, container: JsonObject, block_id: str | None, action_id: str, query: str
    ) -> JsonObject:
        """The same, told as the page tells it."""
        spot = self._spot(container)
        return await self._interactions.options(self.id, spot, block_id, action_id, query)

    # About oneself

    async def is_present(self, presence: Presence) -> None:
        people.set_presence(self._workspace, self.id, presence)

    async def rests_until(self, until: datetime | None) -> None:
        people.set_dnd(self._workspace, self.id, until)


def _action(
    option: str | None, options: Sequence[str] | None, given: dict[str, str | int | None]
) -> JsonObject:
    action: JsonObject = {**given}
    if option is not None:
        action["selected_option"] = {"value": option}
    if options is not None:
        action["selected_options"] = [{"value": value} for value in options]
    return action
