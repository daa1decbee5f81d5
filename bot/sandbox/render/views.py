"""Modals and Home tabs."""

from __future__ import annotations

from bot.sandbox.state.model import View
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject


def view(workspace: Workspace, shown: View, *, with_values: bool = True) -> JsonObject:
    """The view object as views.open answers it and interactions carry it."""
    app = workspace.app(shown.app_id)
    body = shown.body
    return {
        "id": shown.id,
        "team_id": workspace.team.id,
        "type": body.get("type", "modal"),
        "blocks": body.get("blocks", []),
        "private_metadata": body.get("private_metadata") or "",
        "callback_id": body.get("callback_id") or "",
        "state": {"values": shown.values if with_values else {}},
        "hash": shown.hash,
        "title": body.get("title"),
        "clear_on_close": bool(body.get("clear_on_close")),
        "notify_on_close": bool(body.get("notify_on_close")),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": shown.previous_view_id or None,
        "root_view_id": shown.root_view_id,
        "app_id": shown.app_id,
        "external_id": shown.external_id,
        "app_installed_team_id": workspace.team.id,
        "bot_id": app.bot_id,
    }
