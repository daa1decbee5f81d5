"""What a bot can't reach: others' messages, private channels, archives, places it is not in."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox import Person
from tests.sandbox.conformance.office import Office, refusal
from tests.sandbox.manifest import manifest

UNSEEN: list[tuple[str, dict[str, Any]]] = [
    ("chat.postMessage", {"text": "Hi"}),
    ("chat.postEphemeral", {"text": "Hi", "user": "{lee}"}),
    ("chat.update", {"text": "Hi", "ts": "{ts}"}),
    ("chat.delete", {"ts": "{ts}"}),
    ("chat.getPermalink", {"message_ts": "{ts}"}),
    ("chat.scheduleMessage", {"text": "Hi", "post_at": 4102444800}),
    ("conversations.info", {}),
    ("conversations.members", {}),
    ("conversations.history", {}),
    ("conversations.replies", {"ts": "{ts}"}),
    ("conversations.invite", {"users": "{lee}"}),
    ("conversations.kick", {"user": "{lee}"}),
    ("conversations.join", {}),
    ("conversations.leave", {}),
    ("conversations.archive", {}),
    ("conversations.rename", {"name": "mine"}),
    ("conversations.setTopic", {"topic": "Hi"}),
    ("reactions.add", {"timestamp": "{ts}", "name": "eyes"}),
    ("reactions.get", {"timestamp": "{ts}"}),
    ("pins.add", {"timestamp": "{ts}"}),
    ("pins.list", {}),
]


async def ask(office: Office, method: str, arguments: dict[str, Any]) -> Any:
    return await office.bot.api_call(method, json=arguments)


@pytest.mark.parametrize(("method", "arguments"), UNSEEN)
async def test_a_private_channel_without_the_bot_is_not_there_for_it(
    office: Office, method: str, arguments: dict[str, Any]
) -> None:
    room = office.slack.add_channel(
        name="pair", private=True, members=[office.ana.id, office.lee.id]
    )
    ts = await office.ana.posts(room, "Between us")
    named = {"{ts}": ts, "{lee}": office.lee.id}
    filled = {name: named.get(str(value), value) for name, value in arguments.items()}

    refused = await refusal(ask(office, method, {"channel": room, **filled}))

    assert refused.error == "channel_not_found"


async def test_a_private_channel_without_the_bot_is_in_no_list(office: Office) -> None:
    room = office.slack.add_channel(name="pair", private=True, members=[office.ana.id])
    kinds = "public_channel,private_channel,mpim,im"

    everything = await office.bot.conversations_list(types=kinds)
    anas = await office.bot.users_conversations(user=office.ana.id, types=kinds)

    assert room not in [channel["id"] for channel in everything["channels"]]
    assert room not in [channel["id"] for channel in anas["channels"]]


async def test_a_bot_hears_nothing_of_a_private_channel_it_is_not_in(office: Office) -> None:
    room = office.slack.add_channel(name="pair", private=True, members=[office.ana.id])

    await office.ana.posts(room, "Between us")
    await office.ana.posts(office.channel, "For all")

    told = await office.ear.payload("event_callback")
    while told["event"].get("text") != "For all":
        assert told["event"].get("channel") != room
        told = await office.ear.payload("event_callback")


async def test_a_bot_that_is_sent_away_reaches_the_channel_no_more(office: Office) -> None:
    room = office.slack.add_channel(
        name="pair", private=True, members=[office.ana.id, office.app.bot_user_id]
    )
    await office.bot.chat_postMessage(channel=room, text="Hi")

    await office.ana.removes(room, office.app.bot_user_id)

    refused = await refusal(office.bot.chat_postMessage(channel=room, text="Still here?"))
    assert refused.error == "channel_not_found"


async def test_a_public_channel_is_seen_but_not_entered(office: Office) -> None:
    room = office.slack.add_channel(name="elsewhere", members=[office.ana.id])

    shown = await office.bot.conversations_info(channel=room)
    posting = await refusal(office.bot.chat_postMessage(channel=room, text="Hi"))
    reading = await refusal(office.bot.conversations_history(channel=room))

    assert shown["channel"]["is_member"] is False
    assert posting.error == "not_in_channel"
    assert reading.error == "not_in_channel"

    await office.bot.conversations_join(channel=room)
    assert (await office.bot.chat_postMessage(channel=room, text="Hi"))["ok"]


async def test_a_person_s_message_is_not_the_bot_s_to_change(office: Office) -> None:
    ts = await office.ana.posts(office.channel, "Mine")

    changing = await refusal(office.bot.chat_update(channel=office.channel, ts=ts, text="Yours"))
    deleting = await refusal(office.bot.chat_delete(channel=office.channel, ts=ts))

    assert changing.error == "cant_update_message"
    assert deleting.error == "cant_delete_message"
    assert office.ana.messages(office.channel)[-1].text == "Mine"


async def test_another_app_s_message_is_not_the_bot_s_to_change(office: Office) -> None:
    other = office.slack.install_app(manifest(name="Other", command="/other"))
    room = office.slack.add_channel(
        name="both", members=[office.ana.id, office.app.bot_user_id, other.bot_user_id]
    )
    posted = await office.client_of(other).chat_postMessage(channel=room, text="Theirs")

    changing = await refusal(office.bot.chat_update(channel=room, ts=posted["ts"], text="Yours"))
    deleting = await refusal(office.bot.chat_delete(channel=room, ts=posted["ts"]))

    assert changing.error == "cant_update_message"
    assert deleting.error == "cant_delete_message"


async def test_nor_is_a_bot_s_message_a_person_s_to_change(office: Office) -> None:
    posted = await office.bot.chat_postMessage(channel=office.channel, text="The bot's")

    with pytest.raises(Exception, match="cant_update_message"):
        await office.lee.edits(office.channel, posted["ts"], "Lee's")


async def test_a_message_that_is_gone_is_not_found(office: Office) -> None:
    posted = await office.bot.chat_postMessage(channel=office.channel, text="Hi")
    await office.bot.chat_delete(channel=office.channel, ts=posted["ts"])

    place: dict[str, Any] = {"channel": office.channel, "ts": posted["ts"]}
    assert (await refusal(office.bot.chat_update(**place, text="x"))).error == "message_not_found"
    assert (await refusal(office.bot.chat_delete(**place))).error == "message_not_found"
    reacting = office.bot.reactions_add(channel=office.channel, timestamp=posted["ts"], name="eyes")
    assert (await refusal(reacting)).error == "message_not_found"
    reading = office.bot.conversations_replies(**place)
    assert (await refusal(reading)).error == "thread_not_found"


async def test_an_archived_channel_takes_nothing_new(office: Office) -> None:
    posted = await office.bot.chat_postMessage(channel=office.channel, text="Hi")
    await office.ana.archives(office.channel)

    place: dict[str, Any] = {"channel": office.channel}
    posting = office.bot.chat_postMessage(**place, text="x")
    assert (await refusal(posting)).error == "is_archived"
    inviting = office.bot.conversations_invite(**place, users=office.ana.id)
    assert (await refusal(inviting)).error == "is_archived"
    joining = office.bot.conversations_join(**place)
    assert (await refusal(joining)).error == "is_archived"
    info = await office.bot.conversations_info(**place)
    assert info["channel"]["is_archived"] is True
    history = await office.bot.conversations_history(**place)
    assert posted["ts"] in [message["ts"] for message in history["messages"]]


@pytest.mark.parametrize("channel", ["C0NOWHERE00", "", "nonsense"])
async def test_a_channel_that_is_not_there_is_not_found(office: Office, channel: str) -> None:
    refused = await refusal(office.bot.chat_postMessage(channel=channel, text="Hi"))

    assert refused.error == "channel_not_found"


async def test_an_answer_to_a_thread_that_is_not_there_is_refused(office: Office) -> None:
    refused = await refusal(
        office.bot.chat_postMessage(
            channel=office.channel, text="Hi", thread_ts="1700000000.000100"
        )
    )

    assert refused.error == "thread_not_found"


async def test_an_ephemeral_message_is_for_somebody_in_the_channel(office: Office) -> None:
    away = office.slack.add_person(name="away", real_name="Away")
    place: dict[str, Any] = {"channel": office.channel, "text": "Hi"}

    refused = await refusal(office.bot.chat_postEphemeral(**place, user=away))
    assert refused.error == "user_not_in_channel"

    shown = await office.bot.chat_postEphemeral(**place, user=office.ana.id)
    history = await office.bot.conversations_history(channel=office.channel)
    assert [message.ts for message in office.ana.ephemerals(office.channel)] == [
        shown["message_ts"]
    ]
    assert office.lee.ephemerals(office.channel) == []
    assert shown["message_ts"] not in [message["ts"] for message in history["messages"]]


async def test_an_ephemeral_message_can_t_be_updated_by_its_ts(office: Office) -> None:
    shown = await office.bot.chat_postEphemeral(
        channel=office.channel, text="Hi", user=office.ana.id
    )

    refused = await refusal(
        office.bot.chat_update(channel=office.channel, ts=shown["message_ts"], text="x")
    )

    assert refused.error == "message_not_found"


async def direct(office: Office, person: Person) -> str:
    answer = await office.bot.conversations_open(users=person.id)
    return str(answer["channel"]["id"])


async def test_a_direct_message_is_between_two(office: Office) -> None:
    channel = await direct(office, office.ana)
    await office.bot.chat_postMessage(channel=channel, text="Between us")

    assert await direct(office, office.ana) == channel
    assert [m.text for m in office.ana.direct_messages_with(office.app.bot_user_id)] == [
        "Between us"
    ]
    assert office.lee.direct_messages_with(office.app.bot_user_id) == []
