"""People, their profiles and groups, and their team."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.sandbox.state import people
from bot.sandbox.state.model import PersonKind, User, UserGroup
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject


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
