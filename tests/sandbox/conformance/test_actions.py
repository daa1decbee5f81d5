"""What an app is told of each use of each element, in a message, a modal and a Home tab,
against Slack's documented fields."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.blockkit import JsonObject, Surface
from tests.sandbox.blockkit.test_places import ELEMENT_PLACES, holding
from tests.sandbox.blockkit.test_state import KEPT, PAYLOADS
from tests.sandbox.blockkit.wire import (
    actions,
    button,
    element,
    home,
    input_block,
    modal,
    option,
)
from tests.sandbox.conformance.office import Office

COMMON = {"type", "user", "api_app_id", "token", "container", "trigger_id", "team", "enterprise",
          "is_enterprise_install", "actions"}  # fmt: skip
CASES = [
    pytest.param(case, surface, id=f"{case} in a {surface}")
    for case, (used, _, _) in PAYLOADS.items()
    for surface in Surface
    if surface in ELEMENT_PLACES[str(used["type"])][1].split()
]


def housed(used: JsonObject) -> JsonObject:
    """The element in the first kind of block that takes it, ready to tell of its use."""
    kind = str(used["type"])
    block = ELEMENT_PLACES[kind][0].split()[0]
    if block == "input":
        return input_block({**used, "action_id": "a"}, block_id="b", dispatch_action=True)
    held, where = holding(block, kind)
    field = {**used, "action_id": "a"}
    if where == "/accessory":
        return {**held, "accessory": field, "block_id": "b"}
    return {**held, "elements": [field], "block_id": "b"}


async def told_of(
    office: Office, surface: Surface, block: JsonObject, done: JsonObject, action_id: str = "a"
) -> dict[str, Any]:
    """Show the block, let Ana use its element, and hand back what the app was told."""
    if surface is Surface.MESSAGE:
        posted = await office.bot.chat_postMessage(channel=office.channel, text="x", blocks=[block])
        container: JsonObject = {
            "type": "message",
            "channel": office.channel,
            "ts": posted["ts"],
        }
    elif surface is Surface.MODAL:
        container = {"type": "view", "view_id": (await office.opens(modal(block)))["id"]}
    else:
        shown = await office.bot.views_publish(user_id=office.ana.id, view=home(block))
        container = {"type": "view", "view_id": shown["view"]["id"]}
    outcome = await office.ana.acts(container, action_id, "b", done)
    assert outcome.acknowledged
    return await office.ear.payload("block_actions")


def with_flags(value: Any) -> Any:
    """Expected texts as Slack hands them back: with the flag it adds."""
    if isinstance(value, list):
        return [with_flags(item) for item in value]
    if not isinstance(value, dict):
        return value
    flags = {"plain_text": {"emoji": True}, "mrkdwn": {"verbatim": False}}
    return {
        **flags.get(value.get("type", ""), {}),
        **{name: with_flags(item) for name, item in value.items()},
    }


@pytest.mark.parametrize(("case", "surface"), CASES)
async def test_an_app_is_told_what_was_done_in_slack_s_fields(
    office: Office, case: str, surface: Surface
) -> None:
    used, done, expected = PAYLOADS[case]

    payload = await told_of(office, surface, housed(used), done)

    [action] = payload["actions"]
    assert action.pop("action_ts")
    assert action == {
        "type": used["type"],
        "action_id": "a",
        "block_id": "b",
        **with_flags(expected),
    }


@pytest.mark.parametrize("surface", Surface)
async def test_a_payload_says_where_it_happened(office: Office, surface: Surface) -> None:
    block = actions(button("Go", action_id="a"), block_id="b")

    payload = await told_of(office, surface, block, {})

    assert set(payload) >= COMMON
    assert payload["user"]["id"] == office.ana.id
    assert payload["user"]["team_id"] == payload["team"]["id"]
    assert payload["api_app_id"] == office.app.app_id
    if surface is Surface.MESSAGE:
        assert set(payload) >= {"channel", "message", "response_url", "state"}
        assert payload["channel"] == {"id": office.channel, "name": "clinic"}
        assert payload["message"]["bot_id"] == office.app.bot_id
        assert payload["container"] == {
            "type": "message",
            "message_ts": payload["message"]["ts"],
            "channel_id": office.channel,
            "is_ephemeral": False,
        }
    else:
        assert "response_url" not in payload
        assert payload["container"] == {"type": "view", "view_id": payload["view"]["id"]}
        assert payload["view"]["type"] == surface


async def test_a_press_in_an_ephemeral_message_brings_no_message(office: Office) -> None:
    shown = await office.bot.chat_postEphemeral(
        channel=office.channel,
        user=office.ana.id,
        text="x",
        blocks=[actions(button("Go", action_id="a"), block_id="b")],
    )

    await office.ana.clicks(office.channel, shown["message_ts"], "a")

    payload = await office.ear.payload("block_actions")
    assert "message" not in payload
    assert payload["container"]["is_ephemeral"] is True
    assert payload["response_url"]


@pytest.mark.parametrize("kind", [kind for kind in KEPT if "modal" in ELEMENT_PLACES[kind][1]])
async def test_a_form_hands_over_every_field(office: Office, kind: str) -> None:
    """Typed with Slack's own names, whatever the person's client left out."""
    kept = KEPT[kind]
    value = {"number_input": "3", "email_text_input": "ana@clinic.org",
             "url_text_input": "https://clinic.org"}.get(kind, kept.then)  # fmt: skip
    view = await office.opens(modal(input_block(element(kind, action_id="a"), block_id="b")))

    outcome = await office.ana.submits(view["id"], {"b": {"a": {kept.field: value}}})

    assert outcome.ok, outcome
    payload = await office.ear.payload("view_submission")
    assert payload["view"]["state"]["values"] == {
        "b": {"a": {"type": kind, kept.field: with_flags(value)}}
    }


async def test_a_forged_option_is_not_handed_over(office: Office) -> None:
    menu = element("static_select", action_id="a")
    view = await office.opens(modal(input_block(menu, block_id="b")))
    forged: JsonObject = {"b": {"a": {"selected_option": option("v0", {"text": "Forged"})}}}

    await office.ana.submits(view["id"], forged)

    payload = await office.ear.payload("view_submission")
    assert payload["view"]["state"]["values"]["b"]["a"]["selected_option"] == with_flags(
        option("v0")
    )


@pytest.mark.parametrize("kind", ["static_select", "overflow"])
async def test_nobody_can_pick_what_is_not_there(office: Office, kind: str) -> None:
    block = actions(element(kind, action_id="a"), block_id="b")
    posted = await office.bot.chat_postMessage(channel=office.channel, text="x", blocks=[block])

    with pytest.raises(Exception, match="option_not_found"):
        await office.ana.clicks(office.channel, posted["ts"], "a", option="forged")


async def test_an_input_tells_nothing_unless_it_is_asked_to(office: Office) -> None:
    quiet = input_block(element("plain_text_input", action_id="a"), block_id="b")
    view = await office.opens(modal(quiet))

    await office.ana.acts_in_view(view["id"], "a", value="Hi")

    assert "block_actions" not in [one.name for one in office.slack.record.deliveries]
