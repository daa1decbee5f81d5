"""Which apps an event is for: who is subscribed, who may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.delivery.courier import Courier
from bot.sandbox.state.model import App, Channel
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject


@dataclass(frozen=True)
class Audience:
    """The apps of a workspace, as an event looks at them."""

    workspace: Workspace
    courier: Courier

    def seeing(self, channel: Channel) -> Iterator[App]:
        """The apps whose bot is in the channel."""
        for app in self.workspace.state.apps.values():
            if app.installed and app.bot_user_id in channel.members:
                yield app

    def to_members(self, event: JsonObject, channel: Channel, *, also: str = "") -> None:
        """To each subscribed app that is in the channel, or whose bot is `also`."""
        for app in self.workspace.state.apps.values():
            inside = app.bot_user_id in channel.members or app.bot_user_id == also
            if app.installed and inside and event["type"] in app.bot_events:
                self.send(app, event, channel=channel.id)

    def to_all(self, event: JsonObject) -> None:
        """To each subscribed app."""
        for app in self.workspace.state.apps.values():
            if app.installed and event["type"] in app.bot_events:
                self.send(app, event)

    def send(self, app: App, event: JsonObject, *, channel: str = "") -> None:
        self.courier.send_event(app, event, channel=channel)

    def send_last(self, app: App, event: JsonObject) -> None:
        """To an app that is gone already."""
        if event["type"] in app.bot_events:
            self.courier.send_last_event(app, event)
