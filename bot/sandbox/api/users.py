"""users.* and dnd.*: who there is and whether they may be disturbed."""

from __future__ import annotations

from pydantic import Field

from bot.sandbox import render
from bot.sandbox.api.method import Arguments, Call, Method, Tier, Words
from bot.sandbox.api.paging import page_of
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state import people
from bot.sandbox.state.model import Presence, User
from bot.sandbox.wire import JsonObject, JsonValue


class OneUser(Arguments):
    user: str


class MaybeUser(Arguments):
    user: str = ""


class ListUsers(Arguments):
    limit: int = 0
    cursor: str = ""
    include_locale: bool = False


class ByEmail(Arguments):
    email: str


class SeveralUsers(Arguments):
    users: Words = Field(default_factory=list)


class SetPresence(Arguments):
    presence: str


def _shown(call: Call, user: User) -> JsonObject:
    return render.user(call.workspace, user, email="users:read.email" in call.app.scopes)


def info(call: Call, args: OneUser) -> JsonObject:
    return {"user": _shown(call, call.workspace.user(args.user))}


def list_users(call: Call, args: ListUsers) -> JsonObject:
    everybody = list(call.workspace.state.users.values())
    page, cursor = page_of(everybody, args.cursor, args.limit or 1000)
    return {
        "members": [_shown(call, user) for user in page],
        "cache_ts": call.workspace.seconds(),
        "response_metadata": {"next_cursor": cursor},
    }


def by_email(call: Call, args: ByEmail) -> JsonObject:
    return {"user": _shown(call, people.by_email(call.workspace, args.email))}


def get_profile(call: Call, args: MaybeUser) -> JsonObject:
    profile = render.profile(call.workspace, call.workspace.user(args.user or call.bot))
    if "users:read.email" not in call.app.scopes:
        profile.pop("email", None)
    return {"profile": profile}


def get_presence(call: Call, args: MaybeUser) -> JsonObject:
    user = call.workspace.user(args.user or call.bot)
    return {"presence": user.presence.value}


def set_presence(call: Call, args: SetPresence) -> JsonObject:
    if args.presence not in {"auto", "away"}:
        raise SlackRefuses("invalid_presence")
    presence = Presence.AWAY if args.presence == "away" else Presence.ACTIVE
    people.set_presence(call.workspace, call.bot, presence)
    return {}


def dnd_info(call: Call, args: MaybeUser) -> JsonObject:
    return render.dnd(call.workspace, call.workspace.user(args.user or call.bot))


def dnd_team_info(call: Call, args: SeveralUsers) -> JsonObject:
    if len(args.users) > 50:
        raise SlackRefuses("too_many_users")
    shown: dict[str, JsonValue] = {}
    for user_id in args.users:
        user = call.workspace.state.users.get(user_id)
        if user is not None:
            shown[user_id] = render.dnd(call.workspace, user)
    return {"users": shown}


_READ = ("users:read",)
METHODS = (
    Method("users.info", OneUser, info, _READ, Tier.FOUR),
    Method("users.list", ListUsers, list_users, _READ, Tier.TWO),
    Method("users.lookupByEmail", ByEmail, by_email, ("users:read.email",)),
    Method("users.profile.get", MaybeUser, get_profile, ("users.profile:read",), Tier.FOUR),
    Method("users.getPresence", MaybeUser, get_presence, _READ),
    Method("users.setPresence", SetPresence, set_presence, ("users:write",), Tier.TWO),
    Method("dnd.info", MaybeUser, dnd_info, ("dnd:read",)),
    Method("dnd.teamInfo", SeveralUsers, dnd_team_info, ("dnd:read",), Tier.TWO),
)
