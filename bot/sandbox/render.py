"""From state to the JSON that Slack's answers and events carry."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.sandbox.state import people
from bot.sandbox.state.model import (
    App,
    Channel,
    ChannelKind,
    File,
    Message,
    PersonKind,
    Topic,
    User,
    UserGroup,
    View,
)
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject, JsonValue, listed

MOST_REPLY_USERS = 5


def team(workspace: Workspace) -> JsonObject:
    return {"id": workspace.team.id, "domain": workspace.team.domain}


def profile(workspace: Workspace, user: User) -> JsonObject:
    first, _, last = user.real_name.partition(" ")
    picture = f"https://avatars.example/{user.id}"
    shown: JsonObject = {
        "title": user.title,
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.display_name,
        "display_name_normalized": user.display_name,
        "fields": {},
        "status_text": user.status_text,
        "status_emoji": user.status_emoji,
        "status_emoji_display_info": [],
        "status_expiration": 0,
        "avatar_hash": user.id[-10:].lower(),
        "image_24": f"{picture}-24.png",
        "image_32": f"{picture}-32.png",
        "image_48": f"{picture}-48.png",
        "image_72": f"{picture}-72.png",
        "image_192": f"{picture}-192.png",
        "image_512": f"{picture}-512.png",
        "status_text_canonical": "",
        "team": user.team_id,
    }
    if user.is_bot:
        shown |= {"api_app_id": user.app_id, "bot_id": user.bot_id, "always_active": True}
    else:
        shown |= {"first_name": first, "last_name": last, "email": user.email}
    return shown


def _zone(workspace: Workspace, user: User) -> tuple[str, int]:
    local = workspace.now().astimezone(ZoneInfo(user.tz))
    offset = local.utcoffset()
    return local.tzname() or user.tz, int(offset.total_seconds()) if offset else 0


def user(workspace: Workspace, shown: User, *, email: bool = True) -> JsonObject:
    """The user object; `email` only with the scope users:read.email."""
    label, offset = _zone(workspace, shown)
    their_profile = profile(workspace, shown)
    if not email:
        their_profile.pop("email", None)
    answer: JsonObject = {
        "id": shown.id,
        "team_id": shown.team_id,
        "name": shown.name,
        "deleted": shown.deleted,
        "profile": their_profile,
        "is_bot": shown.is_bot,
        "is_app_user": False,
        "updated": shown.updated,
    }
    if shown.deleted:
        return answer
    owner = shown.kind is PersonKind.OWNER
    answer |= {
        "color": shown.color,
        "real_name": shown.real_name,
        "tz": shown.tz,
        "tz_label": label,
        "tz_offset": offset,
        "is_admin": owner,
        "is_owner": owner,
        "is_primary_owner": owner,
        "is_restricted": shown.is_guest,
        "is_ultra_restricted": shown.kind is PersonKind.SINGLE_CHANNEL_GUEST,
        "is_email_confirmed": not shown.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }
    if shown.is_foreign:
        answer["is_stranger"] = True
    if shown.kind is PersonKind.SINGLE_CHANNEL_GUEST:
        answer["is_restricted"] = True
    return answer


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


def bot_profile(workspace: Workspace, app: App) -> JsonObject:
    return {
        "id": app.bot_id,
        "app_id": app.id,
        "user_id": app.bot_user_id,
        "name": app.name,
        "icons": {
            size: f"https://avatars.example/{app.id}-{size}.png"
            for size in ("image_36", "image_48", "image_72")
        },
        "deleted": not app.installed,
        "updated": workspace.user(app.bot_user_id).updated,
        "team_id": workspace.team.id,
    }


def message(  # each field is there only when it means something
    workspace: Workspace, shown: Message, *, metadata: bool = False, thread: bool = True
) -> JsonObject:
    """The message object; `thread` adds what a root knows of its replies."""
    answer: JsonObject = {}
    if shown.subtype:
        answer["subtype"] = shown.subtype
    if shown.subtype != "bot_message":
        answer["user"] = shown.user
    answer |= {"type": "message", "ts": shown.ts}
    if shown.client_msg_id:
        answer["client_msg_id"] = shown.client_msg_id
    if shown.bot_id:
        answer |= {"bot_id": shown.bot_id, "app_id": shown.app_id}
    if shown.username:
        answer["username"] = shown.username
    if shown.icons:
        answer["icons"] = shown.icons
    answer["text"] = shown.text
    author = workspace.state.users.get(shown.user)
    answer["team"] = author.team_id if author else workspace.team.id
    if author is not None and author.is_foreign:
        answer |= {"user_team": author.team_id, "source_team": author.team_id}
    app = workspace.state.apps.get(shown.app_id)
    if app is not None:
        answer["bot_profile"] = bot_profile(workspace, app)
    if shown.blocks:
        answer["blocks"] = [*shown.blocks]
    if shown.attachments:
        answer["attachments"] = [*shown.attachments]
    if shown.files:
        answer["files"] = [
            file(workspace, workspace.state.files[file_id])
            for file_id in shown.files
            if file_id in workspace.state.files
        ]
        answer["upload"] = False
        answer["display_as_bot"] = False
    if shown.edited_ts:
        answer["edited"] = {"user": shown.edited_by, "ts": shown.edited_ts}
    if shown.reactions:
        answer["reactions"] = [
            {"name": name, "users": listed(users), "count": len(users)}
            for name, users in shown.reactions.items()
        ]
    if shown.pinned_by:
        answer["pinned_to"] = [shown.channel]
        answer["pinned_info"] = {"channel": shown.channel, "pinned_by": shown.pinned_by}
    if metadata and shown.metadata is not None:
        answer["metadata"] = shown.metadata
    if shown.ephemeral_to:
        answer["is_ephemeral"] = True
    answer |= shown.extra
    if shown.thread_ts and thread:
        answer |= _thread(workspace, shown)
    elif shown.thread_ts:
        answer["thread_ts"] = shown.thread_ts
    return answer


def _thread(workspace: Workspace, shown: Message) -> JsonObject:
    home = workspace.state.channels.get(shown.channel)
    answer: JsonObject = {"thread_ts": shown.thread_ts}
    if home is None:
        return answer
    root = home.messages.get(shown.thread_ts)
    if shown.is_reply:
        if root is not None:
            answer["parent_user_id"] = root.user
            if shown.broadcast:
                answer["root"] = message(workspace, root)
        return answer
    replies = home.threads.get(shown.ts, [])
    if not replies:
        return answer
    repliers: dict[str, None] = {}
    for ts in replies[:200]:
        repliers[home.messages[ts].user] = None
    return answer | {
        "reply_count": len(replies),
        "reply_users_count": len(repliers),
        "latest_reply": replies[-1],
        "reply_users": listed(list(repliers)[:MOST_REPLY_USERS]),
        "is_locked": False,
        "subscribed": False,
    }


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
    return answer


def _of_kind(workspace: Workspace, shown: File, kinds: set[ChannelKind]) -> list[JsonValue]:
    channels = workspace.state.channels
    return listed(at for at in shown.channels if at in channels and channels[at].kind in kinds)


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


def usergroup(workspace: Workspace, shown: UserGroup) -> JsonObject:
    return {
        "id": shown.id,
        "team_id": workspace.team.id,
        "is_usergroup": True,
        "is_subteam": True,
        "name": shown.name,
        "description": shown.description,
        "handle": shown.handle,
        "is_external": False,
        "date_create": shown.created,
        "date_update": shown.created,
        "date_delete": 0,
        "auto_type": None,
        "auto_provision": False,
        "enterprise_subteam_id": "",
        "created_by": shown.creator,
        "updated_by": shown.creator,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
        "user_count": len(shown.users),
    }


def dnd(workspace: Workspace, shown: User) -> JsonObject:
    resting = people.in_dnd(workspace, shown)
    until = int(shown.dnd_until.timestamp()) if resting and shown.dnd_until else 1
    return {
        "dnd_enabled": resting,
        "next_dnd_start_ts": workspace.seconds() if resting else 1,
        "next_dnd_end_ts": until,
    }
