"""Each method's answer has the fields that the sample on Slack's page of it has.

From https://docs.slack.dev/reference/methods: paths into the answer, `[]` for a list's first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from aiohttp import ClientSession

from tests.sandbox.blockkit.wire import modal, section
from tests.sandbox.conformance.office import Office

TOPIC = "{topic,purpose}.{value,creator,last_set}"
CHANNEL = f"""
    channel.{{id,name,is_channel,is_group,is_im,is_mpim,is_private,created,creator,is_archived}}
    channel.{{is_general,unlinked,name_normalized,is_shared,is_ext_shared,is_org_shared}}
    channel.{{pending_shared,is_pending_ext_shared,is_member,previous_names,updated}}
    channel.{{context_team_id,shared_team_ids,parent_conversation}} channel.{TOPIC}
"""
USER = """
    user.{id,team_id,name,deleted,color,real_name,tz,tz_label,tz_offset,is_admin,is_owner}
    user.{is_primary_owner,is_restricted,is_ultra_restricted,is_bot,is_app_user,updated}
    user.profile.{title,phone,real_name,real_name_normalized,display_name}
    user.profile.{display_name_normalized,status_text,status_emoji,status_expiration,avatar_hash}
    user.profile.{email,team,image_24,image_32,image_48,image_72,image_192,image_512}
"""
MESSAGE = "{type,user,text,ts,team,bot_id,app_id}"
BOT_PROFILE = "{id,app_id,name,icons.image_36,deleted,updated,team_id}"
VIEW = """
    view.{id,team_id,type,title,submit,close,blocks[],private_metadata,callback_id,external_id}
    view.{state.values,hash,clear_on_close,notify_on_close,root_view_id,previous_view_id,app_id}
    view.{bot_id,app_installed_team_id}
"""
PLACE = {"channel": "{channel}"}
ON = {**PLACE, "timestamp": "{ts}"}

# method: (arguments, the answer's fields)
ANSWERS: dict[str, tuple[dict[str, Any], str]] = {
    "auth.test": ({}, "{url,team,user,team_id,user_id,bot_id,is_enterprise_install}"),
    "chat.postMessage": (
        {**PLACE, "text": "Hi", "blocks": [section()]},
        f"{{channel,ts}} message.{MESSAGE} message.bot_profile.{BOT_PROFILE} message.blocks[].type",
    ),
    "chat.postEphemeral": ({**PLACE, "text": "Hi", "user": "{user}"}, "message_ts"),
    "chat.update": (
        {**PLACE, "ts": "{ts}", "text": "Newer"},
        f"{{channel,ts,text}} message.{MESSAGE} message.edited.{{user,ts}}",
    ),
    "chat.delete": ({**PLACE, "ts": "{ts}"}, "{channel,ts}"),
    "chat.getPermalink": ({**PLACE, "message_ts": "{ts}"}, "{channel,permalink}"),
    "chat.scheduleMessage": (
        {**PLACE, "text": "Later", "post_at": "{soon}"},
        "{channel,scheduled_message_id,post_at} message.{text,type,user,bot_id,team}",
    ),
    "conversations.create": ({"name": "new"}, CHANNEL),
    "conversations.info": (
        {**PLACE, "include_num_members": True},
        f"{CHANNEL} channel.last_read channel.num_members",
    ),
    "conversations.invite": ({**PLACE, "users": "{new}"}, CHANNEL),
    "conversations.join": (PLACE, CHANNEL),
    "conversations.list": (
        {},
        CHANNEL.replace("channel.", "channels[].")
        + "channels[].num_members response_metadata.next_cursor",
    ),
    "users.conversations": (
        {},
        "channels[].{id,name,is_channel,created,creator} response_metadata.next_cursor",
    ),
    "conversations.members": (PLACE, "members[] response_metadata.next_cursor"),
    "conversations.history": (
        PLACE,
        f"{{has_more,pin_count,channel_actions_ts,channel_actions_count}} messages[].{MESSAGE}",
    ),
    "conversations.replies": (
        {**PLACE, "ts": "{root}"},
        f"has_more messages[].{MESSAGE} messages[].{{thread_ts,reply_count,reply_users_count}}"
        " messages[].{latest_reply,reply_users[],subscribed,is_locked}",
    ),
    "conversations.open": (
        {"users": "{user}", "return_im": True},
        "channel.{id,created,is_im,user}",
    ),
    "conversations.setTopic": ({**PLACE, "topic": "Hi"}, CHANNEL),
    "users.info": ({"user": "{user}"}, USER),
    "users.list": (
        {},
        USER.replace("user.", "members[].") + "cache_ts response_metadata.next_cursor",
    ),
    "users.lookupByEmail": ({"email": "ana@clinic.org"}, USER),
    "users.profile.get": (
        {"user": "{user}"},
        "profile.{title,phone,real_name,display_name,status_text,status_emoji,email,image_72}",
    ),
    "users.getPresence": ({"user": "{user}"}, "presence"),
    "dnd.info": ({"user": "{user}"}, "{dnd_enabled,next_dnd_start_ts,next_dnd_end_ts}"),
    "dnd.teamInfo": (
        {"users": "{user}"},
        "users.{user}.{dnd_enabled,next_dnd_start_ts,next_dnd_end_ts}",
    ),
    "team.info": ({}, "team.{id,name,domain,email_domain,icon.image_68,url}"),
    "bots.info": ({"bot": "{bot}"}, "bot.{id,deleted,name,updated,app_id,user_id,icons.image_36}"),
    "reactions.get": (
        {**PLACE, "timestamp": "{root}"},
        f"{{type,channel}} message.{MESSAGE} message.{{permalink}}"
        " message.reactions[].{name,users[],count}",
    ),
    "pins.list": (PLACE, f"items[].{{channel,created,created_by,type}} items[].message.{MESSAGE}"),
    "bookmarks.add": (
        {"channel_id": "{channel}", "title": "Us", "type": "link", "link": "https://a.org"},
        "bookmark.{id,channel_id,title,link,emoji,icon_url,type,date_created,date_updated,rank}"
        " bookmark.{last_updated_by_user_id,last_updated_by_team_id,app_id}",
    ),
    "usergroups.list": (
        {"include_users": True, "include_count": True},
        "usergroups[].{id,team_id,is_usergroup,name,description,handle,is_external,date_create}"
        " usergroups[].{date_update,date_delete,auto_type,created_by,updated_by,user_count}"
        " usergroups[].users[]",
    ),
    "usergroups.users.list": ({"usergroup": "{group}"}, "users[]"),
    "views.open": ({"trigger_id": "{trigger}", "view": modal()}, VIEW),
    "views.publish": (
        {"user_id": "{user}", "view": {"type": "home", "blocks": [section()]}},
        VIEW,
    ),
    "files.getUploadURLExternal": ({"filename": "a.txt", "length": 2}, "{upload_url,file_id}"),
    "apps.connections.open": ({}, "url"),
}


def alternatives(path: str) -> Iterable[str]:
    """`a.{b,c.d}.e` stands for `a.b.e` and `a.c.d.e`; braces don't lie in each other."""
    before, brace, rest = path.partition("{")
    if not brace:
        return [path]
    inside, _, after = rest.partition("}")
    return [f"{before}{one}{tail}" for one in inside.split(",") for tail in alternatives(after)]


def lacking(answer: Any, path: str) -> str:
    """The first step of the path that is not there, or nothing."""
    here = answer
    for step in path.split("."):
        name = step.removesuffix("[]")
        if not isinstance(here, dict) or name not in here:
            return f"{path} (at {name})"
        here = here[name]
        if step.endswith("[]"):
            if not here:
                return f"{path} (empty {name})"
            here = here[0]
    return ""


async def names_for(office: Office) -> dict[str, Any]:
    """A workspace in which every method has something to answer."""
    place: dict[str, Any] = {"channel": office.channel}
    ana = office.slack.add_person(name="ana", real_name="Ana", email="ana@clinic.org")
    root = (await office.bot.chat_postMessage(**place, text="Root"))["ts"]
    await office.bot.chat_postMessage(**place, text="Reply", thread_ts=root)
    await office.bot.reactions_add(**place, timestamp=root, name="eyes")
    await office.bot.pins_add(**place, timestamp=root)
    await office.bot.conversations_invite(**place, users=ana)
    last = (await office.bot.chat_postMessage(**place, text="Last"))["ts"]
    return {
        "{channel}": office.channel,
        "{user}": ana,
        "{new}": office.slack.add_person(name="new", real_name="New"),
        "{bot}": office.app.bot_id,
        "{root}": root,
        "{ts}": last,
        "{soon}": int(office.slack.clock.now().timestamp()) + 600,
        "{group}": office.slack.add_user_group("surgeons", "Surgeons", [ana]),
        "{trigger}": await office.trigger(),
    }


@pytest.mark.parametrize("method", ANSWERS)
async def test_an_answer_has_slack_s_fields(office: Office, method: str) -> None:
    arguments, fields = ANSWERS[method]
    names = await names_for(office)
    filled = {
        name: names.get(value, value) if isinstance(value, str) else value
        for name, value in arguments.items()
    }
    token = office.app.app_token if method.startswith("apps.") else office.app.bot_token

    async with (
        ClientSession(headers={"Authorization": f"Bearer {token}"}) as session,
        session.post(f"{office.slack.url}/api/{method}", json=filled) as response,
    ):
        answer = await response.json()

    assert answer["ok"] is True, answer
    paths = [
        one.replace("<user>", str(names["{user}"]))
        for path in fields.replace("users.{user}.", "users.<user>.").split()
        for one in alternatives(path)
    ]
    assert [fault for fault in (lacking(answer, path) for path in paths) if fault] == []
