"""What a person does with an app: commands, shortcuts, clicks, searches. Each asks the app and
puts into effect what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox import render
from bot.sandbox.blockkit import (
    NotOffered,
    action_payload,
    find_block_id,
    find_element,
    state_entry,
)
from bot.sandbox.delivery.parcel import EnvelopeKind, Parcel
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.people import answers
from bot.sandbox.people.asking import NAME_OF_DIRECT, Asking
from bot.sandbox.people.outcome import NotSeen, Outcome, failed
from bot.sandbox.people.spots import InView, Spot, values_at
from bot.sandbox.people.typed import as_text
from bot.sandbox.state import apps
from bot.sandbox.state.happenings import HomeOpened
from bot.sandbox.state.model import App, Channel, ChannelKind, Message
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject, object_at


@dataclass(frozen=True)
class Interactions:
    asking: Asking

    @property
    def _workspace(self) -> Workspace:
        return self.asking.workspace

    # Commands and shortcuts

    async def command(self, user: str, command: str, text: str, channel: Channel) -> Outcome:
        app = apps.of_command(self._workspace, command)
        if app is None:
            return Outcome(False, f"{command} is not a valid command.", "not_a_command")
        feature = next(item for item in app.commands if item.command == command)
        if channel.archived:
            raise SlackRefuses("is_archived")
        address = apps.give_response_url(self._workspace, app, user, channel.id)
        person = self._workspace.user(user)
        payload: JsonObject = {
            "token": app.verification_token,
            "team_id": self._workspace.team.id,
            "team_domain": self._workspace.team.domain,
            "channel_id": channel.id,
            "channel_name": channel.name or NAME_OF_DIRECT.get(channel.kind, channel.name),
            "user_id": user,
            "user_name": person.name,
            "command": command,
            "text": as_text(self._workspace, text) if feature.should_escape else text,
            "api_app_id": app.id,
            "is_enterprise_install": "false",
            "response_url": self.asking.url(address),
            "trigger_id": self.asking.trigger(app, user),
        }
        if channel.kind is ChannelKind.PRIVATE:
            payload["channel_name"] = "privategroup"
        parcel = Parcel(
            app.id, EnvelopeKind.COMMANDS, command, payload, channel.id, url=feature.url
        )
        answer = await self.asking.courier.request(app, parcel)
        if answer.failure is not None:
            return failed(answer, command)
        return answers.to_command(self._workspace, app, address, answer)

    async def shortcut(self, user: str, callback_id: str) -> Outcome:
        app, feature = self._shortcut(callback_id, "global")
        payload: JsonObject = {
            "type": "shortcut",
            **self.asking.common(app, user),
            "action_ts": self._workspace.next_ts(),
            "callback_id": callback_id,
            "trigger_id": self.asking.trigger(app, user),
        }
        answer = await self.asking.ask(app, "shortcut", payload)
        return failed(answer, feature) if answer.failure else Outcome(True)

    async def message_shortcut(
        self, user: str, callback_id: str, channel: Channel, message: Message
    ) -> Outcome:
        app, feature = self._shortcut(callback_id, "message")
        address = apps.give_response_url(
            self._workspace, app, user, channel.id, thread_ts=message.thread_ts
        )
        payload: JsonObject = {
            "type": "message_action",
            **self.asking.common(app, user),
            "action_ts": self._workspace.next_ts(),
            "channel": self.asking.channel(channel),
            "callback_id": callback_id,
            "trigger_id": self.asking.trigger(app, user),
            "message_ts": message.ts,
            "message": render.message(self._workspace, message),
            "response_url": self.asking.url(address),
        }
        answer = await self.asking.ask(app, "message_action", payload, channel.id)
        return failed(answer, feature) if answer.failure else Outcome(True)

    def _shortcut(self, callback_id: str, kind: str) -> tuple[App, str]:
        found = apps.of_shortcut(self._workspace, callback_id)
        if found is None or found[1].type != kind:
            raise NotSeen("shortcut_not_found")
        return found[0], found[1].name

    # Elements

    async def act(
        self,
        user: str,
        spot: Spot,
        action_id: str,
        block_id: str | None,
        *,
        action: JsonObject,
        state: JsonObject | None = None,
    ) -> Outcome:
        """Use an element. `state` is what else the client holds in the same message or view."""
        found_in = block_id or find_block_id(spot.blocks, action_id)
        element = find_element(spot.blocks, found_in, action_id)
        if element is None or found_in is None:
            raise NotSeen("action_not_found")
        values = values_at(spot, state)
        try:
            used = action_payload(found_in, element, action, self._workspace.next_ts())
            entry = state_entry(element, action)
        except NotOffered as refusal:
            raise NotSeen("option_not_found", [str(refusal)]) from refusal
        if entry is not None:
            block_values = values.setdefault(found_in, {})
            if isinstance(block_values, dict):
                block_values[action_id] = entry
        if isinstance(spot, InView):
            spot.view.values = values
        if _stays_local(spot, element, found_in):
            return Outcome(True)
        payload = self._block_actions(user, spot, used, values)
        answer = await self.asking.ask(spot.app, "block_actions", payload, spot.channel_id)
        return failed(answer, "This action") if answer.failure else Outcome(True)

    def _block_actions(
        self, user: str, spot: Spot, used: JsonObject, values: JsonObject
    ) -> JsonObject:
        payload: JsonObject = {
            "type": "block_actions",
            **self.asking.common(spot.app, user),
            "api_app_id": spot.app.id,
            "trigger_id": self.asking.trigger(spot.app, user),
            "actions": [used],
            **spot.container(self.asking),
        }
        if isinstance(spot, InView):
            return payload
        address = apps.give_response_url(
            self._workspace,
            spot.app,
            user,
            spot.channel.id,
            message_ts=spot.message.ts,
            thread_ts=spot.message.thread_ts,
            ephemeral=bool(spot.message.ephemeral_to),
        )
        payload["response_url"] = self.asking.url(address)
        payload["state"] = {"values": values}
        return payload

    async def options(
        self, user: str, spot: Spot, block_id: str | None, action_id: str, query: str
    ) -> JsonObject:
        """What an external select offers for what was typed into it."""
        found_in = block_id or find_block_id(spot.blocks, action_id)
        element = find_element(spot.blocks, found_in, action_id)
        if element is None:
            raise NotSeen("action_not_found")
        least = element.get("min_query_length", 3)
        if isinstance(least, int) and len(query) < least:
            return {"options": []}
        payload: JsonObject = {
            "type": "block_suggestion",
            **self.asking.common(spot.app, user),
            "api_app_id": spot.app.id,
            "action_id": action_id,
            "block_id": found_in,
            "value": query,
            **spot.container(self.asking),
        }
        parcel = Parcel(
            spot.app.id,
            EnvelopeKind.INTERACTIVE,
            "block_suggestion",
            payload,
            url=spot.app.options_url,
        )
        answer = await self.asking.courier.request(spot.app, parcel)
        if answer.failure is not None:
            raise SlackRefuses("operation_timeout", ["Result not available"])
        return answers.to_suggestion(answer)

    def open_home(self, user: str, app: App, channel: Channel, tab: str = "home") -> None:
        """The person looks at the app's Home (or messages) tab."""
        view = self._workspace.state.homes.get(f"{app.id}:{user}")
        event_ts = self._workspace.next_ts()
        self._workspace.tell(
            HomeOpened(app.id, self._workspace.user(user), tab, channel.id, view, event_ts)
        )


def _stays_local(spot: Spot, element: JsonObject, block_id: str) -> bool:
    """Inputs tell the app only when their block says `dispatch_action`."""
    blocks = spot.blocks if isinstance(spot.blocks, list) else []
    for block in blocks:
        if isinstance(block, dict) and block.get("block_id") == block_id:
            inside = object_at(block, "element").get("action_id") == element.get("action_id")
            return block.get("type") == "input" and inside and not block.get("dispatch_action")
    return False
