"""Every limit of Block Kit once more, over HTTP and with slack_sdk's client: just inside is
taken, just outside is refused with Slack's code and a pointer, and leaves nothing behind."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.sandbox.blockkit import JsonObject, Surface
from tests.sandbox.blockkit.faults import FAULTS
from tests.sandbox.blockkit.limits_of_blocks import BLOCKS
from tests.sandbox.blockkit.limits_of_elements import BUTTONS, CHOICES, INPUTS
from tests.sandbox.blockkit.measures import Limit
from tests.sandbox.blockkit.wire import CODES, ROOTS, home, line, modal
from tests.sandbox.conformance.office import Office, refusal

TABLES = {"blocks": BLOCKS, "buttons": BUTTONS, "choices": CHOICES, "inputs": INPUTS}
PLACES = [
    pytest.param(table, surface, id=f"{name} in a {surface}")
    for name, table in TABLES.items()
    for surface in Surface
]


class Door:
    """One way in for blocks: a message, a modal that is open, a Home tab."""

    def __init__(self, office: Office, surface: Surface) -> None:
        self._office = office
        self._surface = surface
        self._view_id = ""

    async def send(self, block: JsonObject) -> None:
        bot = self._office.bot
        if self._surface is Surface.MESSAGE:
            await bot.chat_postMessage(channel=self._office.channel, text="x", blocks=[block])
        elif self._surface is Surface.HOME:
            await bot.views_publish(user_id=self._office.ana.id, view=home(block))
        elif self._view_id:
            await bot.views_update(view_id=self._view_id, view=modal(block))
        else:
            self._view_id = (await self._office.opens(modal(block)))["id"]

    async def answer_to(self, block: JsonObject) -> tuple[str, list[str]]:
        """Slack's code and lines; an empty code where it took the block."""
        try:
            await self.send(block)
        except SlackApiError as refused:
            body: dict[str, Any] = refused.response.data
            return body["error"], body.get("response_metadata", {}).get("messages", [])
        return "", []


@pytest.mark.parametrize(("table", "surface"), PLACES)
async def test_each_limit_holds_over_http(
    office: Office, table: list[Limit], surface: Surface
) -> None:
    door = Door(office, surface)
    wrong: dict[str, object] = {}
    for limit in (limit for limit in table if surface in limit.surfaces):
        inside = await door.answer_to(limit.build(limit.inside))
        if inside != ("", []):
            wrong[f"{limit.name}, inside"] = inside
        code, lines = await door.answer_to(limit.build(limit.inside + limit.step))
        expected = line(limit.says, f"{ROOTS[surface]}/0{limit.pointer}")
        if code != CODES[surface] or expected not in lines:
            wrong[f"{limit.name}, outside"] = (code, lines)

    assert wrong == {}


@pytest.mark.parametrize("surface", Surface)
async def test_each_fault_is_refused_over_http(office: Office, surface: Surface) -> None:
    door = Door(office, surface)
    await door.send({"type": "divider"})
    wrong: dict[str, object] = {}
    for name, (block, where, words, pointer) in FAULTS.items():
        if where is surface and isinstance(block, dict):
            code, lines = await door.answer_to(block)
            expected = line(words, f"{ROOTS[surface]}/0{pointer}")
            if code != CODES[surface] or expected not in lines:
                wrong[name] = (code, lines)

    assert wrong == {}


async def test_a_refused_message_is_not_posted(office: Office) -> None:
    before = office.ana.messages(office.channel)

    await refusal(
        office.bot.chat_postMessage(channel=office.channel, text="x", blocks=[{"type": "nope"}])
    )

    assert office.ana.messages(office.channel) == before


async def test_a_refused_modal_does_not_use_up_its_trigger(office: Office) -> None:
    trigger = await office.trigger()

    await refusal(office.bot.views_open(trigger_id=trigger, view=modal({"type": "nope"})))
    assert office.ana.modal is None

    await office.bot.views_open(trigger_id=trigger, view=modal())
    assert office.ana.modal is not None


async def test_a_refused_update_leaves_the_view_as_it_was(office: Office) -> None:
    view = await office.opens(modal())

    await refusal(office.bot.views_update(view_id=view["id"], view=modal({"type": "nope"})))

    again = await office.bot.views_update(view_id=view["id"], hash=view["hash"], view=modal())
    assert again["ok"]


async def test_what_a_message_may_say_in_all(office: Office) -> None:
    async def post(**content: Any) -> AsyncSlackResponse:
        # Not chat_postMessage: it warns where there is no text.
        body = {"channel": office.channel, **content}
        return await office.bot.api_call("chat.postMessage", json=body)

    async def code(**content: Any) -> str:
        return (await refusal(post(**content))).error

    dividers = [{"type": "divider"}]
    await post(text="x" * 40_000)
    await post(text="x", blocks=dividers * 50)
    await post(blocks=dividers)
    await post(text="x", blocks=[])

    assert await code(text="x" * 40_001) == "msg_too_long"
    assert await code(text="x", blocks=dividers * 51) == "invalid_blocks"
    assert await code() == "no_text"
    assert await code(text="") == "no_text"
    assert await code(text=" ", blocks=[]) == "no_text"
    long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}
    assert await code(text="x", blocks=[long] * 5) == "msg_blocks_too_long"


@pytest.mark.parametrize("method", ["chat_postMessage", "chat_postEphemeral", "chat_update"])
async def test_every_way_to_say_something_is_as_strict(office: Office, method: str) -> None:
    posted = await office.bot.chat_postMessage(channel=office.channel, text="x")
    place = {
        "chat_postMessage": {},
        "chat_postEphemeral": {"user": office.ana.id},
        "chat_update": {"ts": posted["ts"]},
    }[method]
    header = {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}
    call = getattr(office.bot, method)

    refused = await refusal(call(channel=office.channel, text="x", blocks=[header], **place))

    assert refused.error == "invalid_blocks"
    assert refused.messages == [line("must be less than 151 characters", "/blocks/0/text/text")]
    assert refused.body["errors"] == [
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]"
    ]


async def test_a_scheduled_message_is_looked_at_when_it_is_scheduled(office: Office) -> None:
    due = int(office.slack.clock.now().timestamp()) + 600
    refused = await refusal(
        office.bot.chat_scheduleMessage(
            channel=office.channel, post_at=due, text="x", blocks=[{"type": "nope"}]
        )
    )

    assert refused.error == "invalid_blocks"
