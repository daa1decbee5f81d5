"""Files."""

from __future__ import annotations

from bot.sandbox.state.model import ChannelKind, File
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject, JsonValue, listed


def file(workspace: Workspace, shown: File) -> JsonObject:
    """The file object. `url_private` wants the token of an app that may see the file."""
    created = shown.created
    path = f"{workspace.base_url}/files-pri/{workspace.team.id}-{shown.id}"
    extension = shown.name.rpartition(".")[2].lower() if "." in shown.name else "text"
    answer: JsonObject = {
        "id": shown.id,
        "created": created,
        "timestamp": created,
        "name": shown.name,
        "title": shown.title,
        "mimetype": shown.mimetype,
        "filetype": extension,
        "pretty_type": extension.upper(),
        "user": shown.user,
        "user_team": workspace.team.id,
        "editable": False,
        "size": len(shown.content),
        "mode": "hosted",
        "is_external": False,
        "external_type": "",
        "is_public": any(
            workspace.state.channels[at].kind is ChannelKind.PUBLIC
            for at in shown.channels
            if at in workspace.state.channels
        ),
        "public_url_shared": False,
        "display_as_bot": False,
        "username": "",
        "url_private": f"{path}/{shown.name}",
        "url_private_download": f"{path}/download/{shown.name}",
        "media_display_type": "unknown",
        "permalink": f"{workspace.base_url}/files/{shown.user}/{shown.id}/{shown.name}",
        "has_rich_preview": False,
        "file_access": "visible",
        "channels": _of_kind(workspace, shown, {ChannelKind.PUBLIC}),
        "groups": _of_kind(workspace, shown, {ChannelKind.PRIVATE, ChannelKind.MPIM}),
        "ims": _of_kind(workspace, shown, {ChannelKind.IM}),
        "comments_count": 0,
    }
    if shown.mimetype.startswith("image/"):
        answer["thumb_360"] = f"{path}/{shown.name}"
        if shown.alt_text:
            answer["alt_txt"] = shown.alt_text
    return answer


def _of_kind(workspace: Workspace, shown: File, kinds: set[ChannelKind]) -> list[JsonValue]:
    channels = workspace.state.channels
    return listed(at for at in shown.channels if at in channels and channels[at].kind in kinds)
