"""Reading back: pages by cursor, `oldest`, `latest`, `inclusive`, limits and metadata."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.sandbox.conformance.office import Office, refusal


async def posts(office: Office, count: int, **more: Any) -> list[str]:
    """Post that many messages; the answer is their timestamps, oldest first."""
    return [
        str((await office.bot.chat_postMessage(channel=office.channel, text=f"{n}", **more))["ts"])
        for n in range(count)
    ]


async def history(office: Office, **arguments: Any) -> list[str]:
    """All pages of the history, newest first, as slack_sdk walks them."""
    found: list[str] = []
    pages = await office.bot.conversations_history(channel=office.channel, **arguments)
    async for page in pages:
        found += [message["ts"] for message in page["messages"]]
    return found


async def replies(office: Office, ts: str, **arguments: Any) -> list[str]:
    found: list[str] = []
    pages = await office.bot.conversations_replies(channel=office.channel, ts=ts, **arguments)
    async for page in pages:
        found += [message["ts"] for message in page["messages"]]
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 8, 100])
async def test_every_message_comes_once_whatever_the_page(office: Office, limit: int) -> None:
    before = await history(office)
    posted = await posts(office, 7)

    found = await history(office, limit=limit)

    assert found == [*reversed(posted), *before]


async def test_a_page_says_whether_there_is_more(office: Office) -> None:
    await posts(office, 3)

    first = await office.bot.conversations_history(channel=office.channel, limit=2)
    assert first["has_more"] is True
    cursor = first["response_metadata"]["next_cursor"]
    assert cursor

    everything = await office.bot.conversations_history(channel=office.channel, limit=900)
    assert everything["has_more"] is False
    assert not (everything.get("response_metadata") or {}).get("next_cursor")


async def test_what_is_posted_between_two_pages_moves_nothing(office: Office) -> None:
    posted = await posts(office, 6)
    first = await office.bot.conversations_history(channel=office.channel, limit=3)

    await posts(office, 3)
    second = await office.bot.conversations_history(
        channel=office.channel, limit=3, cursor=first["response_metadata"]["next_cursor"]
    )

    both = [message["ts"] for page in (first, second) for message in page["messages"]]
    assert both == list(reversed(posted))


async def test_bounds_are_open_unless_they_are_told_to_be_closed(office: Office) -> None:
    """Every pair of bounds, on messages and between them, against the plain definition."""
    earlier = await history(office)
    posted = await posts(office, 4)
    everything = sorted([*earlier, *posted])
    beside = [f"{ts.split('.')[0]}.{int(ts.split('.')[1]) + 50:06d}" for ts in posted[:2]]
    bounds = [None, posted[0], posted[2], posted[3], *beside]

    for oldest, latest, inclusive in product(bounds, bounds, (True, False)):
        given = {"oldest": oldest, "latest": latest}
        arguments = {name: value for name, value in given.items() if value is not None}
        found = await history(office, inclusive=inclusive, limit=2, **arguments)
        expected = [
            ts
            for ts in everything
            if (oldest is None or ts > oldest or (inclusive and ts == oldest))
            and (latest is None or ts < latest or (inclusive and ts == latest))
        ]
        assert found == expected[::-1], (oldest, latest, inclusive)


async def test_one_message_is_found_by_its_time(office: Office) -> None:
    posted = await posts(office, 3)

    page = await office.bot.conversations_history(
        channel=office.channel, latest=posted[1], inclusive=True, limit=1
    )

    assert [message["text"] for message in page["messages"]] == ["1"]


@pytest.mark.parametrize("limit", [1, 2, 5, 100])
async def test_a_thread_is_its_root_and_every_reply_once(office: Office, limit: int) -> None:
    [root] = await posts(office, 1)
    answers = await posts(office, 5, thread_ts=root)

    found = await replies(office, root, limit=limit)

    assert list(dict.fromkeys(found)) == [root, *answers]
    assert found.count(answers[0]) == 1


async def test_replies_are_not_in_the_channel_but_broadcasts_are(office: Office) -> None:
    [root] = await posts(office, 1)
    [quiet] = await posts(office, 1, thread_ts=root)
    [loud] = await posts(office, 1, thread_ts=root, reply_broadcast=True)

    found = await history(office)

    assert quiet not in found
    assert loud in found
    assert await replies(office, root) == [root, quiet, loud]


async def test_replies_after_a_time_are_only_those(office: Office) -> None:
    [root] = await posts(office, 1)
    answers = await posts(office, 4, thread_ts=root)

    found = await replies(office, root, oldest=answers[1])

    assert [ts for ts in found if ts != root] == answers[2:]


async def test_a_root_tells_of_its_thread(office: Office) -> None:
    [root] = await posts(office, 1)
    answers = await posts(office, 2, thread_ts=root)
    await office.ana.posts(office.channel, "Thanks", thread_ts=root)

    page = await office.bot.conversations_replies(channel=office.channel, ts=root)

    head = page["messages"][0]
    assert head["thread_ts"] == root
    assert head["reply_count"] == 3
    assert head["reply_users_count"] == 2
    assert set(head["reply_users"]) == {office.app.bot_user_id, office.ana.id}
    assert head["latest_reply"] > answers[-1]


@pytest.mark.parametrize("cursor", ["nonsense", "bmV4dDp4", "%%%"])
async def test_a_made_up_cursor_is_refused(office: Office, cursor: str) -> None:
    for call in (
        office.bot.conversations_history(channel=office.channel, cursor=cursor),
        office.bot.users_list(cursor=cursor),
        office.bot.conversations_list(cursor=cursor),
        office.bot.conversations_members(channel=office.channel, cursor=cursor),
    ):
        assert (await refusal(call)).error == "invalid_cursor"


@pytest.mark.parametrize(
    ("bound", "error"), [("oldest", "invalid_ts_oldest"), ("latest", "invalid_ts_latest")]
)
async def test_a_bound_that_is_no_time_is_refused(office: Office, bound: str, error: str) -> None:
    arguments: dict[str, Any] = {bound: "yesterday"}

    refused = await refusal(office.bot.conversations_history(channel=office.channel, **arguments))

    assert refused.error == error


async def test_people_and_channels_come_in_pages_too(office: Office) -> None:
    people = [office.slack.add_person(name=f"p{n}", real_name=f"P {n}") for n in range(5)]
    rooms = [office.slack.add_channel(name=f"room-{n}", members=people) for n in range(5)]
    await office.bot.conversations_join(channel=rooms[0])

    users = [
        user["id"]
        async for page in await office.bot.users_list(limit=2)
        for user in page["members"]
    ]
    channels = [
        channel["id"]
        async for page in await office.bot.conversations_list(limit=2)
        for channel in page["channels"]
    ]
    members = [
        member
        async for page in await office.bot.conversations_members(channel=rooms[0], limit=2)
        for member in page["members"]
    ]

    assert {*people, office.ana.id, office.app.bot_user_id} <= set(users)
    assert len(users) == len(set(users))
    assert set(channels) == {office.channel, *rooms}
    assert len(channels) == len(set(channels))
    assert members == [*people, office.app.bot_user_id]


METADATA = {"event_type": "case_card", "event_payload": {"row": 7, "who": ["a", "b"]}}


async def test_metadata_comes_back_to_those_who_ask(office: Office) -> None:
    [root] = await posts(office, 1, metadata=METADATA)
    await posts(office, 1, thread_ts=root, metadata=METADATA)
    place: dict[str, Any] = {"channel": office.channel}

    plain = await office.bot.conversations_history(**place)
    asked = await office.bot.conversations_history(**place, include_all_metadata=True)
    thread = await office.bot.conversations_replies(**place, ts=root, include_all_metadata=True)

    assert plain["messages"][0].get("metadata", {}).get("event_payload") is None
    assert asked["messages"][0]["metadata"] == METADATA
    assert [message["metadata"] for message in thread["messages"]] == [METADATA, METADATA]


async def test_metadata_changes_with_an_update_and_stays_without_one(office: Office) -> None:
    [ts] = await posts(office, 1, metadata=METADATA)
    place: dict[str, Any] = {"channel": office.channel, "ts": ts}

    async def now() -> Any:
        page = await office.bot.conversations_history(
            channel=office.channel, include_all_metadata=True, limit=1
        )
        return page["messages"][0].get("metadata")

    await office.bot.chat_update(**place, text="Same")
    assert await now() == METADATA

    newer = {"event_type": "case_card", "event_payload": {"row": 8}}
    await office.bot.chat_update(**place, text="Newer", metadata=newer)
    assert await now() == newer


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_type": "x", "event_payload": {"a": "x" * 9000}}, "metadata_too_large"),
        ({"event_type": "x"}, "invalid_metadata_schema"),
        ({"event_payload": {}}, "invalid_metadata_schema"),
        (["x"], "invalid_metadata_format"),
    ],
)
async def test_metadata_of_the_wrong_shape_or_size_is_refused(
    office: Office, metadata: Any, error: str
) -> None:
    refused = await refusal(
        office.bot.api_call(
            "chat.postMessage",
            json={"channel": office.channel, "text": "Hi", "metadata": metadata},
        )
    )

    assert refused.error == error
