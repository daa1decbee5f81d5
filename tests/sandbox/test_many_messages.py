"""Many messages: long threads page by page, none lost and none twice."""

from __future__ import annotations

import asyncio

from slack_sdk import WebClient

from tests.sandbox.conftest import Clinic, Listening

REPLIES = 2000


async def test_two_thousand_replies_reach_the_app_in_order_and_read_back_whole(
    clinic: Clinic, bolt: Listening
) -> None:
    root = await clinic.ana.posts(clinic.channel, "root")
    sent = [
        await clinic.lee.posts(clinic.channel, f"reply {number}", thread_ts=root)
        for number in range(REPLIES)
    ]
    await clinic.slack.settled(60)
    heard = [body["event"]["ts"] for body in bolt.requests if "event" in body]
    assert sorted(heard) == [root, *sent]

    read: list[str] = []
    cursor = ""
    while True:
        answer = await clinic.client.conversations_replies(
            channel=clinic.channel, ts=root, limit=300, cursor=cursor
        )
        read.extend(one["ts"] for one in answer["messages"][1:])
        if not answer["has_more"]:
            break
        cursor = answer["response_metadata"]["next_cursor"]
    assert read == sent
    assert answer["messages"][0]["reply_count"] == REPLIES


async def test_the_synchronous_client_sees_the_same(clinic: Clinic) -> None:
    client = WebClient(token=clinic.app.bot_token, base_url=f"{clinic.slack.url}/api/")

    def story() -> list[str]:
        assert client.auth_test()["user_id"] == clinic.app.bot_user_id
        posted = client.chat_postMessage(channel=clinic.channel, text="one")
        client.chat_update(channel=clinic.channel, ts=posted["ts"], text="two")
        client.reactions_add(channel=clinic.channel, timestamp=posted["ts"], name="eyes")
        pages = client.conversations_history(channel=clinic.channel, limit=1)
        texts = [message["text"] for page in pages for message in page["messages"]]
        room = client.conversations_create(name="pair", is_private=True)["channel"]["id"]
        client.conversations_invite(channel=room, users=[clinic.ana.id, clinic.lee.id])
        assert clinic.ana.id in client.conversations_members(channel=room)["members"]
        return texts

    texts = await asyncio.to_thread(story)
    assert texts[0] == "two"
    assert len(texts) == len(clinic.ana.messages(clinic.channel))
