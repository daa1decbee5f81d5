"""What a person does with an app: commands, shortcuts, clicks, forms. Each asks the app and
puts into effect what it answers."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox import render
from bot.sandbox.blockkit import (
    NotOffered,
    action_payload,
    check_submission,
    find_block_id,
    find_element,
    held_state,
    state_entry,
)
from bot.sandbox.delivery.courier import Courier
from bot.sandbox.delivery.parcel import Answer, EnvelopeKind, Parcel
from bot.sandbox.delivery.triggers import Triggers
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.people import answers
from bot.sandbox.people.outcome import NotSeen, Outcome, failed
from bot.sandbox.people.typed import as_text
from bot.sandbox.state import apps, views
from bot.sandbox.state.happenings import HomeOpened
from bot.sandbox.state.model import App, Channel, ChannelKind, Message, ResponseUrl, View
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject, JsonValue, object_at, text_at

_NAME_OF_DIRECT = {ChannelKind.IM: "directmessage", ChannelKind.PRIVATE: "privategroup"}


@dataclass(frozen=True)
class Spot:
    """Where an interactive element stands: in a message or in a view."""

    app: App
    channel: Channel | None = None
    message: Message | None = None
    view: View | None = None

    @property
    def blocks(self) -> JsonValue:
        if self.view is not None:
            return self.view.body.get("blocks")
        assert self.message is not None  # noqa: S101  # one of the two is there
        inner: list[JsonValue] = [*self.message.blocks]
        for attachment in self.message.attachments:
            more = attachment.get("blocks")
            inner.extend(more if isinstance(more, list) else [])
        return inner


@dataclass
class Interactions:
    workspace: Workspace
    courier: Courier
    triggers: Triggers

    # Commands and shortcuts

    async def command(self, user: str, command: str, text: str, channel: Channel) -> Outcome:
        app = apps.of_command(self.workspace, command)
        if app is None:
            return Outcome(False, f"{command} is not a valid command.", "not_a_command")
        feature = next(item for item in app.commands if item.command == command)
        if channel.archived:
            raise SlackRefuses("is_archived")
        address = apps.give_response_url(self.workspace, app, user, channel.id)
        person = self.workspace.user(user)
        payload: JsonObject = {
            "token": app.verification_token,
            "team_id": self.workspace.team.id,
            "team_domain": self.workspace.team.domain,
            "channel_id": channel.id,
            "channel_name": channel.name or _NAME_OF_DIRECT.get(channel.kind, channel.name),
            "user_id": user,
            "user_name": person.name,
            "command": command,
            "text": as_text(self.workspace, text) if feature.should_escape else text,
            "api_app_id": app.id,
            "is_enterprise_install": "false",
            "response_url": self._url(address),
            "trigger_id": self._trigger(app, user),
        }
        if channel.kind is ChannelKind.PRIVATE:
            payload["channel_name"] = "privategroup"
        parcel = Parcel(
            app.id, EnvelopeKind.COMMANDS, command, payload, channel.id, url=feature.url
        )
        answer = await self.courier.request(app, parcel)
        if answer.failure is not None:
            return failed(answer, command)
        return answers.to_command(self.workspace, app, address, answer)

    async def shortcut(self, user: str, callback_id: str) -> Outcome:
        app, feature = self._shortcut(callback_id, "global")
        payload: JsonObject = {
            "type": "shortcut",
            **self._common(app, user),
            "action_ts": self.workspace.next_ts(),
            "callback_id": callback_id,
            "trigger_id": self._trigger(app, user),
        }
        answer = await self._ask(app, "shortcut", payload)
        return failed(answer, feature) if answer.failure else Outcome(True)

    async def message_shortcut(
        self, user: str, callback_id: str, channel: Channel, message: Message
    ) -> Outcome:
        app, feature = self._shortcut(callback_id, "message")
        address = apps.give_response_url(
            self.workspace, app, user, channel.id, thread_ts=message.thread_ts
        )
        payload: JsonObject = {
            "type": "message_action",
            **self._common(app, user),
            "action_ts": self.workspace.next_ts(),
            "channel": self._channel(channel),
            "callback_id": callback_id,
            "trigger_id": self._trigger(app, user),
            "message_ts": message.ts,
            "message": render.message(self.workspace, message),
            "response_url": self._url(address),
        }
        answer = await self._ask(app, "message_action", payload, channel.id)
        return failed(answer, feature) if answer.failure else Outcome(True)

    def _shortcut(self, callback_id: str, kind: str) -> tuple[App, str]:
        found = apps.of_shortcut(self.workspace, callback_id)
        if found is None or found[1].type != kind:
            raise NotSeen("shortcut_not_found")
        return found[0], found[1].name

    # Elements

    def spot_in_message(self, user: str, channel: Channel, ts: str) -> Spot:
        message = channel.messages.get(ts) or channel.ephemerals.get(ts)
        if message is None or message.ephemeral_to not in {"", user}:
            raise NotSeen("message_not_found")
        return Spot(self.workspace.app(message.app_id), channel, message)

    def spot_in_view(self, user: str, view_id: str) -> Spot:
        view = self._view(user, view_id)
        return Spot(self.workspace.app(view.app_id), view=view)

    def _view(self, user: str, view_id: str) -> View:
        view = views.find(self.workspace, view_id)
        if view.user != user:
            raise NotSeen("not_found")
        return view

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
        values = self._values(spot, state)
        try:
            used = action_payload(found_in, element, action, self.workspace.next_ts())
            entry = state_entry(element, action)
        except NotOffered as refusal:
            raise NotSeen("option_not_found", [str(refusal)]) from refusal
        if entry is not None:
            block_values = values.setdefault(found_in, {})
            if isinstance(block_values, dict):
                block_values[action_id] = entry
        if spot.view is not None:
            spot.view.values = values
        if _stays_local(spot, element, found_in):
            return Outcome(True)
        payload = self._block_actions(user, spot, used, values)
        channel = spot.channel.id if spot.channel else ""
        answer = await self._ask(spot.app, "block_actions", payload, channel)
        return failed(answer, "This action") if answer.failure else Outcome(True)

    @staticmethod
    def _values(spot: Spot, state: JsonObject | None) -> JsonObject:
        kept = spot.view.values if spot.view is not None else {}
        held = held_state(spot.blocks, kept, state or {})
        return {block_id: {**entries} for block_id, entries in held.items()}

    def _block_actions(
        self, user: str, spot: Spot, used: JsonObject, values: JsonObject
    ) -> JsonObject:
        payload: JsonObject = {
            "type": "block_actions",
            **self._common(spot.app, user),
            "api_app_id": spot.app.id,
            "trigger_id": self._trigger(spot.app, user),
            "actions": [used],
            **self._container(spot),
        }
        if spot.view is not None:
            return payload
        assert spot.channel is not None and spot.message is not None  # noqa: S101, PT018
        message = spot.message
        address = apps.give_response_url(
            self.workspace,
            spot.app,
            user,
            spot.channel.id,
            message_ts=message.ts,
            thread_ts=message.thread_ts,
            ephemeral=bool(message.ephemeral_to),
        )
        payload["response_url"] = self._url(address)
        payload["state"] = {"values": values}
        return payload

    def _container(self, spot: Spot) -> JsonObject:
        if spot.view is not None:
            return {
                "container": {"type": "view", "view_id": spot.view.id},
                "view": render.view(self.workspace, spot.view),
            }
        assert spot.channel is not None and spot.message is not None  # noqa: S101, PT018
        container: JsonObject = {
            "type": "message",
            "message_ts": spot.message.ts,
            "channel_id": spot.channel.id,
            "is_ephemeral": bool(spot.message.ephemeral_to),
        }
        if spot.message.thread_ts:
            container["thread_ts"] = spot.message.thread_ts
        answer: JsonObject = {"container": container, "channel": self._channel(spot.channel)}
        if not spot.message.ephemeral_to:
            answer["message"] = render.message(self.workspace, spot.message)
        return answer

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
            **self._common(spot.app, user),
            "api_app_id": spot.app.id,
            "action_id": action_id,
            "block_id": found_in,
            "value": query,
            **self._container(spot),
        }
        parcel = Parcel(
            spot.app.id,
            EnvelopeKind.INTERACTIVE,
            "block_suggestion",
            payload,
            url=spot.app.options_url,
        )
        answer = await self.courier.request(spot.app, parcel)
        if answer.failure is not None:
            raise SlackRefuses("operation_timeout", ["Result not available"])
        return answers.to_suggestion(answer)

    # Forms

    async def submit(self, user: str, view_id: str, values: JsonObject) -> Outcome:
        """Send a modal's form. What Slack's own client refuses never reaches the app."""
        view = self._view(user, view_id)
        if not views.is_open(self.workspace, view) or "submit" not in view.body:
            raise NotSeen("not_found")
        spot = Spot(self.workspace.app(view.app_id), view=view)
        view.values = self._values(spot, values)
        complaints = check_submission(view.body, view.values)
        if complaints:
            return Outcome(False, error="not_complete", errors=complaints)
        app = spot.app
        payload: JsonObject = {
            "type": "view_submission",
            **self._common(app, user),
            "api_app_id": app.id,
            "trigger_id": self._trigger(app, user),
            "view": render.view(self.workspace, view),
            "response_urls": self._response_urls(app, user, view),
        }
        answer = await self._ask(app, "view_submission", payload)
        if answer.failure is not None:
            return Outcome(False, "We had some trouble connecting. Try again?", "operation_timeout")
        return answers.to_submission(self.workspace, app, view, answer)

    def _response_urls(self, app: App, user: str, view: View) -> list[JsonValue]:
        """For inputs that ask for one: where the app may post, by what was chosen."""
        given: list[JsonValue] = []
        for block_id, entries in view.values.items():
            for action_id, entry in (entries if isinstance(entries, dict) else {}).items():
                element = find_element(view.body, block_id, action_id)
                if element is None or element.get("response_url_enabled") is not True:
                    continue
                chosen = entry if isinstance(entry, dict) else {}
                channel = text_at(chosen, "selected_conversation") or text_at(
                    chosen, "selected_channel"
                )
                if channel:
                    address = apps.give_response_url(self.workspace, app, user, channel)
                    given.append(
                        {
                            "block_id": block_id,
                            "action_id": action_id,
                            "channel_id": channel,
                            "response_url": self._url(address),
                        }
                    )
        return given

    async def close(self, user: str, view_id: str, *, everything: bool = False) -> None:
        """Close a modal (or, with the cross of a stack, all of them)."""
        view = self._view(user, view_id)
        if not views.is_open(self.workspace, view):
            raise NotSeen("not_found")
        stack = self.workspace.state.modals[user]
        gone = tuple(stack) if everything or view.body.get("clear_on_close") else (view,)
        told = [one for one in reversed(gone) if one.body.get("notify_on_close")]
        if len(gone) > 1:
            views.close_all(self.workspace, user)
        else:
            views.close_top(self.workspace, view)
        for one in told:
            app = self.workspace.app(one.app_id)
            payload: JsonObject = {
                "type": "view_closed",
                **self._common(app, user),
                "api_app_id": app.id,
                "view": render.view(self.workspace, one),
                "is_cleared": len(gone) > 1,
            }
            await self._ask(app, "view_closed", payload)

    def open_home(self, user: str, app: App, channel: Channel, tab: str = "home") -> None:
        """The person looks at the app's Home (or messages) tab."""
        view = self.workspace.state.homes.get(f"{app.id}:{user}")
        event_ts = self.workspace.next_ts()
        self.workspace.tell(
            HomeOpened(app.id, self.workspace.user(user), tab, channel.id, view, event_ts)
        )

    # What all payloads have

    def _common(self, app: App, user: str) -> JsonObject:
        person = self.workspace.user(user)
        return {
            "user": {
                "id": user,
                "username": person.name,
                "name": person.name,
                "team_id": person.team_id,
            },
            "token": app.verification_token,
            "team": render.team(self.workspace),
            "enterprise": None,
            "is_enterprise_install": False,
        }

    @staticmethod
    def _channel(channel: Channel) -> JsonObject:
        return {
            "id": channel.id,
            "name": _NAME_OF_DIRECT.get(channel.kind, channel.name),
        }

    def _trigger(self, app: App, user: str) -> str:
        return self.triggers.give(self.workspace, app.id, user)

    def _url(self, address: ResponseUrl) -> str:
        return f"{self.workspace.base_url}/actions/{address.key}"

    async def _ask(self, app: App, name: str, payload: JsonObject, channel: str = "") -> Answer:
        parcel = Parcel(
            app.id, EnvelopeKind.INTERACTIVE, name, payload, channel, url=app.interactivity_url
        )
        return await self.courier.request(app, parcel)


def _stays_local(spot: Spot, element: JsonObject, block_id: str) -> bool:
    """Inputs tell the app only when their block says `dispatch_action`."""
    blocks = spot.blocks if isinstance(spot.blocks, list) else []
    for block in blocks:
        if isinstance(block, dict) and block.get("block_id") == block_id:
            inside = object_at(block, "element").get("action_id") == element.get("action_id")
            return block.get("type") == "input" and inside and not block.get("dispatch_action")
    return False
