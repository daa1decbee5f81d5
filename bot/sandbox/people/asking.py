"""Asking an app: what every payload carries, and bringing it there."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox import render
from bot.sandbox.delivery.courier import Courier
from bot.sandbox.delivery.parcel import Answer, EnvelopeKind, Parcel
from bot.sandbox.delivery.triggers import Triggers
from bot.sandbox.state.model import App, Channel, ChannelKind, ResponseUrl
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject

NAME_OF_DIRECT = {ChannelKind.IM: "directmessage", ChannelKind.PRIVATE: "privategroup"}


@dataclass(frozen=True)
class Asking:
    workspace: Workspace
    courier: Courier
    triggers: Triggers

    def common(self, app: App, user: str) -> JsonObject:
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
    def channel(channel: Channel) -> JsonObject:
        return {
            "id": channel.id,
            "name": NAME_OF_DIRECT.get(channel.kind, channel.name),
        }

    def trigger(self, app: App, user: str) -> str:
        return self.triggers.give(self.workspace, app.id, user)

    def url(self, address: ResponseUrl) -> str:
        return f"{self.workspace.base_url}/actions/{address.key}"

    async def ask(self, app: App, name: str, payload: JsonObject, channel: str = "") -> Answer:
        parcel = Parcel(
            app.id, EnvelopeKind.INTERACTIVE, name, payload, channel, url=app.interactivity_url
        )
        return await self.courier.request(app, parcel)
