"""An app manifest that asks for everything."""

from __future__ import annotations

from bot.sandbox.state.subscriptions import SCOPES_OF_EVENTS
from bot.sandbox.wire import JsonObject, listed

SCOPES = [
    "app_mentions:read",
    "bookmarks:read",
    "bookmarks:write",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "chat:write.customize",
    "commands",
    "dnd:read",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "links:read",
    "metadata.message:read",
    "mpim:history",
    "mpim:read",
    "mpim:write",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users.profile:read",
    "users:read",
    "users:read.email",
    "users:write",
]


def manifest(
    *,
    name: str = "Loop",
    scopes: list[str] | None = None,
    events: list[str] | None = None,
    command: str = "/refer",
) -> JsonObject:
    """`scopes` and `events` default to all there are."""
    return {
        "display_information": {"name": name},
        "features": {
            "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
            "bot_user": {"display_name": name, "always_online": True},
            "slash_commands": [
                {"command": command, "description": "Refer a patient", "usage_hint": "[name]"}
            ],
            "shortcuts": [
                {
                    "name": "Raise a concern",
                    "type": "message",
                    "callback_id": "raise_concern",
                    "description": "Raise a concern about this",
                },
                {
                    "name": "Refer a patient",
                    "type": "global",
                    "callback_id": "refer",
                    "description": "Open the form",
                },
            ],
            "unfurl_domains": ["clinic.example"],
        },
        "oauth_config": {
            "redirect_urls": ["http://127.0.0.1:3000/slack/oauth_redirect"],
            "scopes": {"bot": listed(SCOPES if scopes is None else scopes)},
        },
        "settings": {
            "event_subscriptions": {
                "bot_events": listed(SCOPES_OF_EVENTS if events is None else events)
            },
            "interactivity": {"is_enabled": True},
            "socket_mode_enabled": True,
        },
    }
