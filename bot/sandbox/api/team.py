"""auth.test, team.info, bots.info, usergroups.*: who one is and where."""

from __future__ import annotations

from bot.sandbox import render
from bot.sandbox.api.method import Arguments, Call, Method, NoArguments, Tier
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.wire import JsonObject, listed


class Bot(Arguments):
    bot: str = ""


class Groups(Arguments):
    include_users: bool = False
    include_count: bool = False
    include_disabled: bool = False


class Group(Arguments):
    usergroup: str


class Anything(Arguments):
    error: str = ""
    foo: str = ""


def auth_test(call: Call, args: NoArguments) -> JsonObject:
    team = call.workspace.team
    return {
        "url": f"{call.workspace.base_url}/",
        "team": team.name,
        "user": call.workspace.user(call.bot).name,
        "team_id": team.id,
        "user_id": call.bot,
        "bot_id": call.app.bot_id,
        "is_enterprise_install": False,
    }


def api_test(call: Call, args: Anything) -> JsonObject:
    if args.error:
        raise SlackRefuses(args.error, extra={"args": {"error": args.error}})
    return {"args": {"foo": args.foo}} if args.foo else {}


def team_info(call: Call, args: NoArguments) -> JsonObject:
    team = call.workspace.team
    return {
        "team": {
            "id": team.id,
            "name": team.name,
            "url": f"{call.workspace.base_url}/",
            "domain": team.domain,
            "email_domain": "clinic.example",
            "icon": {"image_default": True, "image_68": "https://avatars.example/team-68.png"},
            "avatar_base_url": "https://avatars.example/",
            "is_verified": False,
        }
    }


def bots_info(call: Call, args: Bot) -> JsonObject:
    wanted = args.bot or call.app.bot_id
    for app in call.workspace.state.apps.values():
        if app.bot_id == wanted:
            shown = render.bot_profile(call.workspace, app)
            shown.pop("team_id", None)
            return {"bot": shown}
    raise SlackRefuses("bot_not_found")


def list_groups(call: Call, args: Groups) -> JsonObject:
    shown: list[JsonObject] = []
    for group in call.workspace.state.usergroups.values():
        one = render.usergroup(call.workspace, group)
        if args.include_users:
            one["users"] = listed(group.users)
        if not args.include_count:
            one.pop("user_count")
        shown.append(one)
    return {"usergroups": [*shown]}


def group_users(call: Call, args: Group) -> JsonObject:
    group = call.workspace.state.usergroups.get(args.usergroup)
    if group is None:
        raise SlackRefuses("no_such_subteam")
    return {"users": listed(group.users)}


METHODS = (
    Method("api.test", Anything, api_test, (), Tier.FOUR),
    Method("auth.test", NoArguments, auth_test, (), Tier.UNLIMITED),
    Method("team.info", NoArguments, team_info, ("team:read",)),
    Method("bots.info", Bot, bots_info, ("users:read",)),
    Method("usergroups.list", Groups, list_groups, ("usergroups:read",), Tier.TWO),
    Method("usergroups.users.list", Group, group_users, ("usergroups:read",), Tier.TWO),
)
