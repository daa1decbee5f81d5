"""Each method without its scope, and with nothing but its scope, method by method."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox import AppMode, InstalledApp, LocalSlack
from bot.sandbox.api import METHODS
from tests.sandbox.conformance.office import client_of, refusal
from tests.sandbox.manifest import SCOPES, manifest

# What a bot needs for each method, from its page under https://docs.slack.dev/reference/methods;
# where several are named, any one of them will do. `{channel}` is a public channel that the bot
# is in, `{private}` a private one, `{user}` a person, `{ts}` a message of the bot's.
CHANNEL = {"channel": "{channel}"}
PRIVATE = {"channel": "{private}"}
NEEDED: dict[str, tuple[dict[str, Any], set[str]]] = {
    "chat.postMessage": ({**CHANNEL, "text": "Hi"}, {"chat:write"}),
    "chat.postEphemeral": ({**CHANNEL, "user": "{user}", "text": "Hi"}, {"chat:write"}),
    "chat.update": ({**CHANNEL, "ts": "{ts}", "text": "Hi"}, {"chat:write"}),
    "chat.delete": ({**CHANNEL, "ts": "{ts}"}, {"chat:write"}),
    "chat.scheduleMessage": ({**CHANNEL, "text": "Hi", "post_at": 4102444800}, {"chat:write"}),
    "chat.deleteScheduledMessage": (
        {**CHANNEL, "scheduled_message_id": "Q1"},
        {"chat:write"},
    ),
    "conversations.create": ({"name": "new"}, {"channels:manage"}),
    "conversations.invite": (
        {**CHANNEL, "users": "{user}"},
        {"channels:manage", "channels:write.invites"},
    ),
    "conversations.kick": ({**CHANNEL, "user": "{user}"}, {"channels:manage"}),
    "conversations.open": ({"users": "{user}"}, {"im:write"}),
    "conversations.info": (CHANNEL, {"channels:read"}),
    "conversations.list": ({}, {"channels:read"}),
    "conversations.members": (CHANNEL, {"channels:read"}),
    "conversations.history": (CHANNEL, {"channels:history"}),
    "conversations.replies": ({**CHANNEL, "ts": "{ts}"}, {"channels:history"}),
    "conversations.join": (CHANNEL, {"channels:join"}),
    "conversations.leave": (CHANNEL, {"channels:manage"}),
    "conversations.archive": (CHANNEL, {"channels:manage"}),
    "conversations.unarchive": (CHANNEL, {"channels:manage"}),
    "conversations.rename": ({**CHANNEL, "name": "renamed"}, {"channels:manage"}),
    "conversations.setTopic": (
        {**CHANNEL, "topic": "Hi"},
        {"channels:manage", "channels:write.topic"},
    ),
    "conversations.setPurpose": (
        {**CHANNEL, "purpose": "Hi"},
        {"channels:manage", "channels:write.topic"},
    ),
    "users.info": ({"user": "{user}"}, {"users:read"}),
    "users.list": ({}, {"users:read"}),
    "users.lookupByEmail": ({"email": "ana@example.org"}, {"users:read.email"}),
    "users.conversations": ({"user": "{user}"}, {"channels:read"}),
    "users.profile.get": ({"user": "{user}"}, {"users.profile:read"}),
    "users.getPresence": ({"user": "{user}"}, {"users:read"}),
    "users.setPresence": ({"presence": "away"}, {"users:write"}),
    "dnd.info": ({"user": "{user}"}, {"dnd:read"}),
    "dnd.teamInfo": ({"users": "{user}"}, {"dnd:read"}),
    "reactions.add": ({**CHANNEL, "timestamp": "{ts}", "name": "eyes"}, {"reactions:write"}),
    "reactions.remove": ({**CHANNEL, "timestamp": "{ts}", "name": "eyes"}, {"reactions:write"}),
    "reactions.get": ({**CHANNEL, "timestamp": "{ts}"}, {"reactions:read"}),
    "files.getUploadURLExternal": ({"filename": "a.txt", "length": 3}, {"files:write"}),
    "files.completeUploadExternal": ({"files": [{"id": "F1"}]}, {"files:write"}),
    "files.info": ({"file": "F1"}, {"files:read"}),
    "files.delete": ({"file": "F1"}, {"files:write"}),
    "usergroups.list": ({}, {"usergroups:read"}),
    "usergroups.users.list": ({"usergroup": "S1"}, {"usergroups:read"}),
    "team.info": ({}, {"team:read"}),
    "bots.info": ({}, {"users:read"}),
    "pins.add": ({**CHANNEL, "timestamp": "{ts}"}, {"pins:write"}),
    "pins.remove": ({**CHANNEL, "timestamp": "{ts}"}, {"pins:write"}),
    "pins.list": (CHANNEL, {"pins:read"}),
    "bookmarks.add": (
        {"channel_id": "{channel}", "title": "Hi", "type": "link", "link": "https://a.org"},
        {"bookmarks:write"},
    ),
    "bookmarks.list": ({"channel_id": "{channel}"}, {"bookmarks:read"}),
}
IN_PRIVATE: dict[str, tuple[dict[str, Any], set[str]]] = {
    "conversations.create": ({"name": "new", "is_private": True}, {"groups:write"}),
    "conversations.invite": (
        {**PRIVATE, "users": "{user}"},
        {"groups:write", "groups:write.invites"},
    ),
    "conversations.kick": ({**PRIVATE, "user": "{user}"}, {"groups:write"}),
    "conversations.info": (PRIVATE, {"groups:read"}),
    "conversations.list": ({"types": "private_channel"}, {"groups:read"}),
    "conversations.members": (PRIVATE, {"groups:read"}),
    "conversations.history": (PRIVATE, {"groups:history"}),
    "conversations.leave": (PRIVATE, {"groups:write"}),
    "conversations.archive": (PRIVATE, {"groups:write"}),
    "conversations.setTopic": (
        {**PRIVATE, "topic": "Hi"},
        {"groups:write", "groups:write.topic"},
    ),
}
NEEDS_NONE = {
    "api.test",
    "apps.connections.open",
    "auth.revoke",
    "auth.test",
    "chat.getPermalink",
    "chat.scheduledMessages.list",
    "oauth.v2.access",
    "views.open",
    "views.publish",
    "views.push",
    "views.update",
}
ALL_SCOPES = sorted({*SCOPES, "channels:write.invites", "channels:write.topic"})

CASES = [
    pytest.param(method, arguments, scopes, id=f"{method} in a {where} channel")
    for where, table in (("public", NEEDED), ("private", IN_PRIVATE))
    for method, (arguments, scopes) in table.items()
]


class Desk:
    """A workspace with an app of just these scopes, and the arguments filled in for it."""

    def __init__(self, slack: LocalSlack, scopes: list[str]) -> None:
        self.app = install(slack, scopes)
        ana = slack.add_person(name="ana", real_name="Ana", email="ana@example.org")
        bot = self.app.bot_user_id
        self.client = client_of(slack, self.app.bot_token)
        self._names = {
            "{user}": ana,
            "{channel}": slack.add_channel(name="open", members=[ana, bot]),
            "{private}": slack.add_channel(name="closed", private=True, members=[ana, bot]),
            "{ts}": "1700000000.000100",
        }

    async def call(self, method: str, arguments: dict[str, Any]) -> None:
        filled = {name: self._names.get(str(value), value) for name, value in arguments.items()}
        await self.client.api_call(method, json=filled)

    async def error_of(self, method: str, arguments: dict[str, Any]) -> str:
        """Slack's code, or an empty one where the call went well."""
        try:
            await self.call(method, arguments)
        except SlackApiError as refused:
            return str(refused.response["error"])
        return ""


def install(slack: LocalSlack, scopes: list[str]) -> InstalledApp:
    """An app with these scopes and nothing that would need others."""
    bare = manifest(scopes=scopes, events=[])
    features: Any = bare["features"]
    features["slash_commands"] = []
    features["shortcuts"] = []
    return slack.install_app(bare, mode=AppMode.SOCKET)


@pytest.mark.parametrize(("method", "arguments", "scopes"), CASES)
async def test_without_its_scope_a_method_is_refused(
    slack: LocalSlack, method: str, arguments: dict[str, Any], scopes: set[str]
) -> None:
    rest = [scope for scope in ALL_SCOPES if scope not in scopes]
    desk = Desk(slack, rest)

    refused = await refusal(desk.call(method, arguments))  # type: ignore[arg-type]

    assert refused.error == "missing_scope"
    assert set(refused.body["provided"].split(",")) == set(rest)
    assert set(refused.body["needed"].split(",")) & scopes


@pytest.mark.parametrize(("method", "arguments", "scopes"), CASES)
async def test_any_one_of_its_scopes_is_enough(
    slack: LocalSlack, method: str, arguments: dict[str, Any], scopes: set[str]
) -> None:
    for scope in sorted(scopes):
        desk = Desk(slack, [scope])
        assert await desk.error_of(method, arguments) != "missing_scope", scope
        slack.reset()


async def test_every_method_is_in_these_tables() -> None:
    assert set(NEEDED) | NEEDS_NONE == set(METHODS)


async def test_a_name_and_a_face_of_its_own_need_a_scope(slack: LocalSlack) -> None:
    desk = Desk(slack, ["chat:write"])

    refused = await refusal(
        desk.call("chat.postMessage", {**CHANNEL, "text": "Hi", "username": "Robot"})  # type: ignore[arg-type]
    )

    assert refused.error == "missing_scope"
    assert refused.body["needed"] == "chat:write.customize"


async def test_a_channel_the_bot_is_not_in_takes_posts_with_a_scope_only(
    slack: LocalSlack,
) -> None:
    ana = slack.add_person(name="ana", real_name="Ana")
    channel = slack.add_channel(name="elsewhere", members=[ana])
    shy = client_of(slack, install(slack, ["chat:write"]).bot_token)
    bold = client_of(slack, install(slack, ["chat:write", "chat:write.public"]).bot_token)

    refused = await refusal(shy.chat_postMessage(channel=channel, text="Hi"))

    assert refused.error == "not_in_channel"
    assert (await bold.chat_postMessage(channel=channel, text="Hi"))["ok"]


async def test_an_email_address_is_shown_with_a_scope_only(slack: LocalSlack) -> None:
    ana = slack.add_person(name="ana", real_name="Ana", email="ana@example.org")
    shy = client_of(slack, install(slack, ["users:read"]).bot_token)
    bold = client_of(slack, install(slack, ["users:read", "users:read.email"]).bot_token)

    hidden = (await shy.users_info(user=ana))["user"]["profile"]
    shown = (await bold.users_info(user=ana))["user"]["profile"]

    assert "email" not in hidden
    assert shown["email"] == "ana@example.org"
