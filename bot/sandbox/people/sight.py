"""What a person's client shows: the JSON of the page protocol."""

from __future__ import annotations

from datetime import datetime

from bot.sandbox import render
from bot.sandbox.state import messages
from bot.sandbox.state.model import Channel, ChannelKind, Message, User
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject, JsonValue, listed


def user(workspace: Workspace, shown: User) -> JsonObject:
    words = shown.real_name.replace("Dr. ", "").split()
    initials = "".join(word[0] for word in (words[:1] + words[1:][-1:])) or shown.name[:1]
    resting = shown.dnd_until is not None and shown.dnd_until > workspace.now()
    return {
        "id": shown.id,
        "name": shown.name,
        "real_name": shown.real_name,
        "display_name": shown.display_name,
        "title": shown.title,
        "color": shown.color,
        "initials": initials.upper(),
        "tz": shown.tz,
        "is_bot": shown.is_bot,
        "app_id": shown.app_id or None,
        "deleted": shown.deleted,
        "is_restricted": shown.is_guest,
        "is_ultra_restricted": shown.kind.value == "single_channel_guest",
        "is_stranger": shown.is_foreign,
        "status_text": shown.status_text,
        "status_emoji": shown.status_emoji,
        "presence": shown.presence.value,
        "dnd": iso(shown.dnd_until) if resting and shown.dnd_until else None,
    }


def iso(moment: datetime) -> str:
    return moment.isoformat()


def channel(workspace: Workspace, shown: Channel, viewer: str) -> JsonObject:
    answer: JsonObject = {
        "id": shown.id,
        "name": shown.name,
        "kind": shown.kind.value,
        "topic": shown.topic.value,
        "purpose": shown.purpose.value,
        "members": listed(shown.members),
        "is_member": viewer in shown.members,
        "archived": shown.archived,
        "bookmarks": [*shown.bookmarks],
        "pins": listed(shown.pins),
        "latest_ts": shown.timeline[-1] if shown.timeline else None,
        **read_marks(shown, viewer),
    }
    if shown.kind is ChannelKind.IM:
        answer["user"] = next((member for member in shown.members if member != viewer), viewer)
    return answer


def read_marks(shown: Channel, viewer: str) -> JsonObject:
    if viewer not in shown.members:
        return {"unread": 0, "mentions": 0, "last_read": "0"}
    return {
        "unread": messages.unread(shown, viewer),
        "mentions": messages.mentions(shown, viewer),
        "last_read": shown.last_read.get(viewer, "0"),
    }


def message(workspace: Workspace, shown: Message, viewer: str) -> JsonObject:
    """The message with its files at addresses that this person's page may load."""
    return seen_by({**render.message(workspace, shown), "channel": shown.channel}, viewer)


def seen_by(rendered: JsonObject, viewer: str) -> JsonObject:
    """A message that was rendered once, for one of many who look on."""
    files = rendered.get("files")
    if not isinstance(files, list):
        return rendered
    shown = [file(one, viewer) if isinstance(one, dict) else one for one in files]
    return {**rendered, "files": [*shown]}


def file(shown: JsonObject, viewer: str) -> JsonObject:
    path = f"/_sandbox/as/{viewer}/files/{shown['id']}/{shown['name']}"
    answer: dict[str, JsonValue] = {**shown, "url_private": path}
    answer["url_private_download"] = f"{path}?download=1"
    if "thumb_360" in answer:
        answer["thumb_360"] = path
    return answer


def visible_channels(workspace: Workspace, viewer: str) -> list[Channel]:
    """What the person is in, and what is open for them to join."""
    return [one for one in workspace.state.channels.values() if workspace.may_see(viewer, one)]


def snapshot(workspace: Workspace, viewer: str, clock: JsonObject) -> JsonObject:
    state = workspace.state
    mine = workspace.user(viewer)
    live = [app for app in state.apps.values() if app.installed]
    commands: list[JsonValue] = [
        {
            "command": item.command,
            "description": item.description,
            "usage_hint": item.usage_hint,
            "app_id": app.id,
        }
        for app in live
        for item in app.commands
    ]
    shortcuts: list[JsonValue] = [
        {
            "name": item.name,
            "type": item.type,
            "callback_id": item.callback_id,
            "description": item.description,
            "app_id": app.id,
        }
        for app in live
        for item in app.shortcuts
    ]
    return {
        "type": "snapshot",
        "team": {"id": state.team.id, "name": state.team.name, "domain": state.team.domain},
        "me": user(workspace, mine),
        "users": [user(workspace, one) for one in state.users.values()],
        "channels": [
            channel(workspace, one, viewer) for one in visible_channels(workspace, viewer)
        ],
        "commands": commands,
        "shortcuts": shortcuts,
        "apps": [
            {
                "app_id": app.id,
                "bot_user_id": app.bot_user_id,
                "name": app.name,
                "has_home": app.has_home,
            }
            for app in live
        ],
        "usergroups": [render.usergroup(workspace, one) for one in state.usergroups.values()],
        "ephemerals": [
            message(workspace, one, viewer)
            for place in visible_channels(workspace, viewer)
            for one in place.ephemerals.values()
            if one.ephemeral_to == viewer
        ],
        "modals": [render.view(workspace, one) for one in state.modals.get(viewer, [])],
        "clock": clock,
    }
