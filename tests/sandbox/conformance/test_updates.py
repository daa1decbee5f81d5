"""chat.update: what is not named stays as it was, what is named as empty goes.

https://docs.slack.dev/reference/methods/chat.update
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.blockkit.wire import actions, button, section
from tests.sandbox.conformance.office import Office, refusal

CARD = [section(block_id="top"), actions(button("Accept", action_id="accept"), block_id="row")]
METADATA = {"event_type": "card", "event_payload": {"row": 7}}


class Posted:
    """One message of the bot's, and how it stands in the channel now."""

    def __init__(self, office: Office, ts: str) -> None:
        self._office = office
        self._place: dict[str, Any] = {"channel": office.channel, "ts": ts}

    async def update(self, **change: Any) -> dict[str, Any]:
        answer = await self._office.bot.api_call("chat.update", json={**self._place, **change})
        return dict(answer.data)  # type: ignore[arg-type]

    async def now(self) -> dict[str, Any]:
        page = await self._office.bot.conversations_history(
            channel=self._office.channel,
            latest=self._place["ts"],
            inclusive=True,
            limit=1,
            include_all_metadata=True,
        )
        return dict(page["messages"][0])


@pytest.fixture
async def posted(office: Office) -> Posted:
    answer = await office.bot.chat_postMessage(
        channel=office.channel,
        text="Card",
        blocks=CARD,
        attachments=[{"text": "More"}],
        metadata=METADATA,
    )
    return Posted(office, str(answer["ts"]))


def block_ids(message: dict[str, Any]) -> list[str]:
    return [block["block_id"] for block in message.get("blocks", [])]


async def test_words_alone_leave_the_blocks_and_their_buttons(posted: Posted) -> None:
    await posted.update(text="Accepted")

    now = await posted.now()
    assert now["text"] == "Accepted"
    assert block_ids(now) == ["top", "row"]
    assert now["attachments"][0]["text"] == "More"


async def test_empty_blocks_take_them_away(posted: Posted) -> None:
    await posted.update(text="Accepted", blocks=[])

    now = await posted.now()
    assert block_ids(now) == []
    assert now["text"] == "Accepted"


async def test_empty_attachments_take_them_away(posted: Posted) -> None:
    await posted.update(text="Accepted", attachments=[])

    now = await posted.now()
    assert "attachments" not in now
    assert block_ids(now) == ["top", "row"]


async def test_blocks_alone_leave_the_words(posted: Posted) -> None:
    await posted.update(blocks=[section(block_id="only")])

    now = await posted.now()
    assert block_ids(now) == ["only"]
    assert now["text"] == "Card"


async def test_metadata_stays_changes_and_goes(posted: Posted) -> None:
    await posted.update(text="Same")
    assert (await posted.now())["metadata"] == METADATA

    newer = {"event_type": "card", "event_payload": {"row": 8}}
    await posted.update(text="Newer", metadata=newer)
    assert (await posted.now())["metadata"] == newer

    await posted.update(text="None", metadata={})
    assert "metadata" not in await posted.now()


async def test_an_update_says_who_edited_and_keeps_the_time(posted: Posted, office: Office) -> None:
    before = await posted.now()

    answer = await posted.update(text="Accepted")

    assert answer["ts"] == before["ts"]
    assert answer["text"] == "Accepted"
    assert answer["message"]["edited"]["user"] == office.app.bot_user_id
    assert "edited" not in before


@pytest.mark.parametrize("change", [{}, {"text": ""}, {"blocks": []}, {"text": " ", "blocks": []}])
async def test_an_update_to_nothing_is_refused(
    posted: Posted, office: Office, change: dict[str, Any]
) -> None:
    place = {"channel": office.channel, "ts": (await posted.now())["ts"]}

    refused = await refusal(office.bot.api_call("chat.update", json={**place, **change}))

    assert refused.error == "no_text"


async def test_the_same_update_twice_is_harmless(posted: Posted) -> None:
    first = await posted.update(text="Accepted", blocks=CARD)
    second = await posted.update(text="Accepted", blocks=CARD)

    assert block_ids(first["message"]) == block_ids(second["message"])


async def test_everybody_hears_of_an_update_with_what_was_before(
    posted: Posted, office: Office
) -> None:
    ts = (await posted.now())["ts"]

    await posted.update(text="Accepted")

    told = await office.ear.payload("event_callback")
    while told["event"].get("subtype") != "message_changed":
        told = await office.ear.payload("event_callback")
    assert told["event"]["message"]["ts"] == ts
    assert told["event"]["message"]["text"] == "Accepted"
    assert told["event"]["previous_message"]["text"] == "Card"
