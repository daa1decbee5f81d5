"""Commands and their triggers: payloads as in Slack's reference, through Bolt.

https://docs.slack.dev/reference/interaction-payloads/
"""

from __future__ import annotations

import pytest
from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError

from bot.sandbox.delivery import parcel, socket_mode, triggers
from tests.sandbox.conftest import Clinic, Listening
from tests.sandbox.pieces import modal, open_modal


async def test_a_command_carries_what_slack_sends(clinic: Clinic, bolt: Listening) -> None:
    @bolt.app.command("/refer")
    async def refer(ack: AsyncAck) -> None:
        await ack(text="Thanks", response_type="in_channel")

    outcome = await clinic.ana.runs("/refer", "knee & hip", clinic.channel)
    assert outcome.ok
    body = await bolt.command()
    assert {
        "token",
        "team_id",
        "team_domain",
        "channel_id",
        "channel_name",
        "user_id",
        "user_name",
        "command",
        "text",
        "api_app_id",
        "is_enterprise_install",
        "response_url",
        "trigger_id",
    } <= set(body)
    assert body["text"] == "knee & hip"
    assert body["channel_name"] == "clinic"
    assert clinic.lee.messages(clinic.channel)[-1].text == "Thanks"


async def test_a_command_nobody_answers_says_so_after_three_seconds(
    clinic: Clinic, bolt: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    del bolt
    assert parcel.ACKNOWLEDGE_WITHIN_SECONDS == 3.0
    monkeypatch.setattr(socket_mode, "ACKNOWLEDGE_WITHIN_SECONDS", 0.2)
    outcome = await clinic.ana.runs("/refer", "", clinic.channel)
    assert not outcome.acknowledged
    assert outcome.error == "operation_timeout"
    assert outcome.text == "/refer failed because the app did not respond."
    assert len(clinic.slack.record.deliveries) == 1


async def test_an_unknown_command_is_no_command(clinic: Clinic) -> None:
    outcome = await clinic.ana.runs("/nothing", "", clinic.channel)
    assert outcome.text == "/nothing is not a valid command."


async def test_a_trigger_serves_once(clinic: Clinic, bolt: Listening) -> None:
    await open_modal(clinic, bolt)
    trigger_id = (await bolt.command())["trigger_id"]
    with pytest.raises(SlackApiError, match="trigger_exchanged"):
        await clinic.client.views_open(trigger_id=trigger_id, view=modal())


async def test_a_trigger_is_gone_after_three_real_seconds(
    clinic: Clinic, bolt: Listening, monkeypatch: pytest.MonkeyPatch
) -> None:
    @bolt.app.command("/refer")
    async def refer(ack: AsyncAck) -> None:
        await ack()

    assert triggers.TRIGGER_LIFE_SECONDS == 3.0
    await clinic.ana.runs("/refer", "", clinic.channel)
    body = await bolt.command()
    real = clinic.slack.triggers.monotonic
    monkeypatch.setattr(clinic.slack.triggers, "monotonic", lambda: real() + 3.1)
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await clinic.client.views_open(trigger_id=body["trigger_id"], view=modal())


async def test_a_trigger_that_slack_never_gave_opens_nothing(clinic: Clinic) -> None:
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        await clinic.client.views_open(trigger_id="1.2.abc", view=modal())
