"""Every event's payload, caused by people and compared with the shape in Slack's reference.

https://docs.slack.dev/reference/events/
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.clock import MovableClock
from bot.sandbox import PersonKind
from tests.sandbox.conftest import Clinic, Listening

ENVELOPE = {
    "token",
    "team_id",
    "api_app_id",
    "event",
    "type",
    "event_id",
    "event_time",
    "authorizations",
    "is_ext_shared_channel",
    "event_context",
}


def has(event: dict[str, Any], *fields: str) -> None:
    """The event carries each of these fields."""
    missing = set(fields) - set(event)
    assert not missing, f"{event['type']} lacks {sorted(missing)}"


async def test_a_message_comes_in_slacks_envelope(clinic: Clinic, bolt: Listening) -> None:
    ts = await clinic.ana.posts(clinic.channel, "Knee, & <b> @sam.lee https://a.example/x.")
    body = await bolt.envelope("message")
    assert set(body) >= ENVELOPE
    assert body["type"] == "event_callback"
    assert body["api_app_id"] == clinic.app.app_id
    assert body["authorizations"][0]["user_id"] == clinic.app.bot_user_id
    event = body["event"]
    has(event, "client_msg_id", "type", "user", "text", "ts", "team", "blocks", "channel")
    has(event, "event_ts", "channel_type")
    assert event["ts"] == event["event_ts"] == ts
    assert event["channel_type"] == "channel"
    escaped = f"Knee, &amp; &lt;b&gt; <@{clinic.lee.id}> <https://a.example/x>."
    assert event["text"] == escaped
    elements = event["blocks"][0]["elements"][0]["elements"]
    assert [element["type"] for element in elements] == ["text", "user", "text", "link", "text"]
    assert elements[0]["text"] == "Knee, & <b> "


async def test_a_reply_and_a_broadcast_name_their_thread(clinic: Clinic, bolt: Listening) -> None:
    root = await clinic.ana.posts(clinic.channel, "root")
    await clinic.lee.posts(clinic.channel, "reply", thread_ts=root)
    await bolt.event("message")
    reply = await bolt.event("message")
    assert reply["thread_ts"] == root
    assert reply["parent_user_id"] == clinic.ana.id
    await clinic.lee.posts(clinic.channel, "for all", thread_ts=root, broadcast=True)
    broadcast = await bolt.event("message", "thread_broadcast")
    has(broadcast, "thread_ts", "root", "user", "text", "ts", "channel", "event_ts")
    assert broadcast["root"]["ts"] == root
    assert broadcast["root"]["reply_count"] == 2
    history = await clinic.client.conversations_history(channel=clinic.channel)
    assert [one["text"] for one in history["messages"][:2]] == ["for all", "root"]


async def test_an_edit_carries_what_was_and_what_is(clinic: Clinic, bolt: Listening) -> None:
    ts = await clinic.ana.posts(clinic.channel, "left knee")
    await clinic.ana.edits(clinic.channel, ts, "right knee")
    event = await bolt.event("message", "message_changed")
    has(event, "message", "previous_message", "channel", "hidden", "ts", "event_ts")
    assert event["hidden"] is True
    assert event["message"]["text"] == "right knee"
    assert event["message"]["edited"]["user"] == clinic.ana.id
    assert event["previous_message"]["text"] == "left knee"
    assert "edited" not in event["previous_message"]
    assert event["message"]["ts"] == event["previous_message"]["ts"] == ts
    assert event["ts"] > ts


async def test_a_deletion_carries_what_was(clinic: Clinic, bolt: Listening) -> None:
    ts = await clinic.ana.posts(clinic.channel, "oops")
    await clinic.ana.deletes(clinic.channel, ts)
    event = await bolt.event("message", "message_deleted")
    has(event, "deleted_ts", "previous_message", "channel", "hidden", "ts", "event_ts")
    assert event["deleted_ts"] == ts
    assert event["previous_message"]["text"] == "oops"


async def test_a_root_with_replies_leaves_a_tombstone(clinic: Clinic, bolt: Listening) -> None:
    root = await clinic.ana.posts(clinic.channel, "root")
    reply = await clinic.lee.posts(clinic.channel, "reply", thread_ts=root)
    await clinic.ana.deletes(clinic.channel, root)
    event = await bolt.event("message", "message_changed")
    assert event["message"]["subtype"] == "tombstone"
    assert event["message"]["user"] == "USLACKBOT"
    assert event["previous_message"]["text"] == "root"
    await clinic.lee.deletes(clinic.channel, reply)
    deleted = [await bolt.event("message", "message_deleted") for _ in range(2)]
    assert [one["deleted_ts"] for one in deleted] == [reply, root]


async def test_a_file_comes_with_its_message(clinic: Clinic, bolt: Listening) -> None:
    file_id = await clinic.ana.uploads("scan.png", b"\x89PNG")
    await clinic.ana.posts(clinic.channel, "the scan", files=[file_id])
    event = await bolt.event("message", "file_share")
    has(event, "files", "upload", "user", "text", "ts", "channel", "event_ts", "channel_type")
    file = event["files"][0]
    assert {"id", "name", "mimetype", "filetype", "size", "url_private", "permalink"} <= set(file)
    assert file["size"] == 4
    shared = await bolt.event("file_shared")
    has(shared, "file_id", "user_id", "file", "channel_id", "event_ts")
    assert shared["file_id"] == file_id


async def test_the_apps_own_messages_come_back_marked_as_a_bots(
    clinic: Clinic, bolt: Listening
) -> None:
    ts = await clinic.posted(metadata={"event_type": "card", "event_payload": {"row": "1"}})
    event = await bolt.event("message")
    has(event, "bot_id", "app_id", "bot_profile", "user", "text", "ts", "team")
    assert event["ts"] == ts
    assert event["bot_id"] == clinic.app.bot_id
    assert event["metadata"] == {"event_type": "card", "event_payload": {"row": "1"}}
    posted = await bolt.event("message_metadata_posted")
    has(posted, "app_id", "bot_id", "user_id", "channel_id", "metadata", "message_ts", "event_ts")


async def test_a_bot_with_another_name_makes_a_bot_message(clinic: Clinic, bolt: Listening) -> None:
    await clinic.posted("hi", username="Night shift", icon_emoji=":owl:")
    event = await bolt.event("message", "bot_message")
    assert event["username"] == "Night shift"
    assert event["icons"] == {"emoji": ":owl:"}
    assert "user" not in event


async def test_a_mention_is_an_event_of_its_own_beside_the_message(
    clinic: Clinic, bolt: Listening
) -> None:
    await clinic.ana.posts(clinic.channel, f"<@{clinic.app.bot_user_id}> help")
    event = await bolt.event("app_mention")
    has(event, "user", "text", "ts", "channel", "event_ts")
    assert "channel_type" not in event
    assert (await bolt.event("message"))["text"] == event["text"]


async def test_a_direct_message_is_of_the_im_type_and_no_mention(
    clinic: Clinic, bolt: Listening
) -> None:
    direct = clinic.ana.direct_channel_with(clinic.app.bot_user_id)
    await clinic.ana.posts(direct, f"<@{clinic.app.bot_user_id}> hello")
    assert (await bolt.event("message"))["channel_type"] == "im"
    await clinic.slack.settled()
    assert not clinic.slack.record.deliveries_of("app_mention")
    created = await bolt.event("im_created")
    has(created, "user", "channel", "event_ts")


async def test_joining_and_leaving_are_told_twice_as_lines_and_as_events(
    clinic: Clinic, bolt: Listening
) -> None:
    kim = clinic.slack.add_person("kim", "Dr. Kim Okafor")
    await clinic.ana.invites(clinic.channel, kim)
    joined = await bolt.event("member_joined_channel")
    has(joined, "user", "channel", "channel_type", "team", "inviter", "event_ts")
    assert joined["channel_type"] == "C"
    assert joined["inviter"] == clinic.ana.id
    line = await bolt.event("message", "channel_join")
    assert line["text"] == f"<@{kim}> has joined the channel"
    assert line["inviter"] == clinic.ana.id
    await clinic.slack.person(kim).leaves(clinic.channel)
    left = await bolt.event("member_left_channel")
    has(left, "user", "channel", "channel_type", "team", "event_ts")
    assert (await bolt.event("message", "channel_leave"))["user"] == kim


async def test_a_removed_bot_hears_of_it_once_and_then_nothing(
    clinic: Clinic, bolt: Listening
) -> None:
    await clinic.ana.removes(clinic.channel, clinic.app.bot_user_id)
    left = await bolt.event("channel_left")
    has(left, "channel", "actor_id", "event_ts")
    assert left["actor_id"] == clinic.ana.id
    await clinic.slack.settled()
    clinic.slack.record.clear()
    await clinic.ana.posts(clinic.channel, "between ourselves")
    await clinic.slack.settled()
    assert not clinic.slack.record.deliveries


async def test_reactions_name_the_message_and_its_author(clinic: Clinic, bolt: Listening) -> None:
    ts = await clinic.ana.posts(clinic.channel, "ready")
    await clinic.lee.reacts(clinic.channel, ts, "eyes")
    added = await bolt.event("reaction_added")
    has(added, "user", "reaction", "item", "item_user", "event_ts")
    assert added["item"] == {"type": "message", "channel": clinic.channel, "ts": ts}
    assert added["item_user"] == clinic.ana.id
    await clinic.lee.reacts(clinic.channel, ts, "eyes", on=False)
    assert (await bolt.event("reaction_removed"))["reaction"] == "eyes"


async def test_pins_are_told(clinic: Clinic, bolt: Listening) -> None:
    ts = await clinic.ana.posts(clinic.channel, "card")
    await clinic.ana.pins(clinic.channel, ts)
    has(await bolt.event("pin_added"), "user", "channel_id", "item", "event_ts")
    await clinic.ana.pins(clinic.channel, ts, on=False)
    has(await bolt.event("pin_removed"), "user", "channel_id", "item", "event_ts")


async def test_a_channels_life_is_told_event_by_event(clinic: Clinic, bolt: Listening) -> None:
    owner = clinic.slack.person(clinic.slack.add_person("o", "Owner", kind=PersonKind.OWNER))
    room = await owner.creates_channel("ward")
    created = await bolt.event("channel_created")
    assert {"id", "name", "created", "creator"} <= set(created["channel"])
    await owner.renames(room, "ward-2")
    renamed = await bolt.event("channel_rename")
    assert renamed["channel"]["name"] == "ward-2"
    await owner.archives(room)
    assert {"channel", "user"} <= set(await bolt.event("channel_archive"))
    await owner.unarchives(room)
    assert {"channel", "user"} <= set(await bolt.event("channel_unarchive"))
    await owner.deletes_channel(room)
    assert (await bolt.event("channel_deleted"))["channel"] == room


async def test_a_private_channels_life_is_told_to_those_inside_only(
    clinic: Clinic, bolt: Listening
) -> None:
    room = await clinic.private_room()
    await clinic.ana.renames(room, "room-2")
    await clinic.ana.posts(room, "between us")
    await clinic.slack.settled()
    assert not clinic.slack.record.deliveries
    await clinic.ana.invites(room, clinic.app.bot_user_id)
    assert (await bolt.event("member_joined_channel"))["channel_type"] == "G"
    await clinic.ana.posts(room, "hello bot")
    assert (await bolt.event("message"))["channel_type"] == "group"
    await clinic.ana.archives(room)
    assert (await bolt.event("group_archive"))["channel"] == room


async def test_topic_and_name_changes_stand_in_the_channel(clinic: Clinic, bolt: Listening) -> None:
    await clinic.ana.sets_topic(clinic.channel, "Knees")
    assert (await bolt.event("message", "channel_topic"))["topic"] == "Knees"
    await clinic.ana.renames(clinic.channel, "knees")
    line = await bolt.event("message", "channel_name")
    assert (line["old_name"], line["name"]) == ("clinic", "knees")


async def test_people_come_and_change(clinic: Clinic, bolt: Listening) -> None:
    kim = clinic.slack.add_person("kim", "Dr. Kim Okafor")
    joined = await bolt.event("team_join")
    assert joined["user"]["id"] == kim
    clinic.slack.change_person(kim, title="Chief", tz="Asia/Tokyo")
    changed = await bolt.event("user_change")
    has(changed, "user", "cache_ts", "event_ts")
    assert changed["user"]["profile"]["title"] == "Chief"
    assert changed["user"]["tz_offset"] == 9 * 3600
    clinic.slack.change_person(kim, kind=PersonKind.DEACTIVATED)
    assert (await bolt.event("user_change"))["user"]["deleted"] is True


async def test_do_not_disturb_is_told_and_ends_by_itself(
    clinic: Clinic, bolt: Listening, clock: MovableClock
) -> None:
    await clinic.lee.rests_until(clock.now() + timedelta(hours=8))
    event = await bolt.event("dnd_updated_user")
    has(event, "user", "dnd_status", "event_ts")
    assert event["dnd_status"]["dnd_enabled"] is True
    clock.advance(timedelta(hours=9))
    info = await clinic.client.dnd_info(user=clinic.lee.id)
    assert info["dnd_enabled"] is False


async def test_opening_the_home_tab_is_told_with_the_view_it_has(
    clinic: Clinic, bolt: Listening
) -> None:
    await clinic.ana.opens_home(clinic.app.app_id)
    first = await bolt.event("app_home_opened")
    has(first, "user", "channel", "tab", "event_ts")
    assert "view" not in first
    home = {"type": "home", "blocks": [{"type": "divider"}]}
    await clinic.client.views_publish(user_id=clinic.ana.id, view=home)
    await clinic.ana.opens_home(clinic.app.app_id)
    again = await bolt.event("app_home_opened")
    assert again["view"]["type"] == "home"
    assert again["channel"].startswith("D")


async def test_a_link_to_the_apps_domain_is_told(clinic: Clinic, bolt: Listening) -> None:
    ts = await clinic.ana.posts(
        clinic.channel, "see https://notes.clinic.example/7 and https://other.example/"
    )
    event = await bolt.event("link_shared")
    has(event, "channel", "user", "message_ts", "links", "unfurl_id", "source", "event_ts")
    link = "https://notes.clinic.example/7"
    assert event["links"] == [{"domain": "notes.clinic.example", "url": link}]
    assert event["message_ts"] == ts


async def test_a_shared_channel_says_so_until_it_is_unshared(
    clinic: Clinic, bolt: Listening
) -> None:
    slack = clinic.slack
    guest = slack.add_person("eve", "Eve Stranger", kind=PersonKind.FOREIGN)
    await clinic.ana.invites(clinic.channel, guest)
    shared = await bolt.event("channel_shared")
    assert shared["connected_team_id"] != slack.workspace.team.id
    await slack.person(guest).posts(clinic.channel, "hello from outside")
    body = await bolt.envelope("message")
    assert body["is_ext_shared_channel"] is True
    assert body["event"]["user_team"] == shared["connected_team_id"]
    stranger = await clinic.client.users_info(user=guest)
    assert stranger["user"]["is_stranger"] is True
    assert stranger["user"]["team_id"] == shared["connected_team_id"]
    slack.unshare(clinic.channel)
    gone = await bolt.event("channel_unshared")
    has(gone, "channel", "previously_connected_team_id", "is_ext_shared", "event_ts")
    members = await clinic.client.conversations_members(channel=clinic.channel)
    assert guest not in members["members"]


async def test_an_app_hears_only_what_it_subscribed_to(clinic: Clinic, bolt: Listening) -> None:
    del bolt
    clinic.app.app.bot_events = ["reaction_added"]
    ts = await clinic.ana.posts(clinic.channel, "quiet")
    await clinic.lee.reacts(clinic.channel, ts, "eyes")
    await clinic.slack.settled()
    assert [one.name for one in clinic.slack.record.deliveries] == ["reaction_added"]


async def test_an_uninstalled_app_hears_of_it_and_its_token_is_void(
    clinic: Clinic, bolt: Listening
) -> None:
    clinic.slack.uninstall(clinic.app)
    await bolt.event("app_uninstalled")
    with pytest.raises(SlackApiError, match="account_inactive"):
        await clinic.client.auth_test()
