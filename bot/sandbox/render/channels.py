"""Channels and direct conversations."""

from __future__ import annotations

from bot.sandbox.state.model import Channel, ChannelKind, Topic
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject, listed


def _topic(topic: Topic) -> JsonObject:
    return {"value": topic.value, "creator": topic.creator, "last_set": topic.last_set}


def channel(workspace: Workspace, shown: Channel, viewer: str) -> JsonObject:
    """The conversation object as this user sees it."""
    if shown.kind is ChannelKind.IM:
        other = next((member for member in shown.members if member != viewer), viewer)
        return {
            "id": shown.id,
            "created": shown.created,
            "is_archived": shown.archived,
            "is_im": True,
            "is_org_shared": False,
            "context_team_id": workspace.team.id,
            "updated": shown.created * 1000,
            "user": other,
            "is_user_deleted": workspace.user(other).deleted,
            "priority": 0,
        }
    mpim = shown.kind is ChannelKind.MPIM
    private = shown.kind is ChannelKind.PRIVATE
    connected = bool(shown.connected_team_ids)
    answer: JsonObject = {
        "id": shown.id,
        "name": shown.name,
        "is_channel": not mpim and not private,
        "is_group": private,
        "is_im": False,
        "is_mpim": mpim,
        "is_private": shown.is_private,
        "created": shown.created,
        "is_archived": shown.archived,
        "is_general": shown.is_general,
        "unlinked": 0,
        "name_normalized": shown.name,
        "is_shared": connected,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "context_team_id": workspace.team.id,
        "updated": shown.created * 1000,
        "parent_conversation": None,
        "creator": shown.creator,
        "is_ext_shared": connected,
        "shared_team_ids": [workspace.team.id, *shown.connected_team_ids],
        "pending_connected_team_ids": [],
        "is_member": viewer in shown.members,
        "topic": _topic(shown.topic),
        "purpose": _topic(shown.purpose),
        "previous_names": listed(shown.previous_names),
    }
    if connected:
        answer["connected_team_ids"] = listed(shown.connected_team_ids)
    return answer
