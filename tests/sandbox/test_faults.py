"""Slack misbehaves on request: what was done, what was not, and what the app is told."""

from __future__ import annotations

import asyncio
import time
from datetime import timedelta
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import MovableClock
from bot.sandbox import Fault, FaultKind
from bot.sandbox.pacing import POSTS_BURST
from tests.sandbox.conftest import Clinic, Listening


def texts(clinic: Clinic) -> list[str]:
    """What the app has posted."""
    return [one.text for one in clinic.ana.messages(clinic.channel) if one.bot_id]


async def test_a_rate_limit_says_when_to_come_back_and_does_nothing(clinic: Clinic) -> None:
    clinic.slack.faults.add(Fault(FaultKind.RATE_LIMITED, method="chat.postMessage", seconds=30))
    with pytest.raises(SlackApiError) as refusal:
        await clinic.posted()
    assert refusal.value.response.status_code == 429
    assert refusal.value.response.headers["Retry-After"] == "30"
    assert refusal.value.response["error"] == "ratelimited"
    await clinic.posted("now it works")
    assert texts(clinic) == ["now it works"]


async def test_a_fault_can_be_for_one_method_or_a_family_of_them(clinic: Clinic) -> None:
    fault = clinic.slack.faults.add(
        Fault(FaultKind.SERVER_ERROR, method="conversations.*", status=503, times=None)
    )
    for _ in range(2):
        with pytest.raises(SlackApiError) as refusal:
            await clinic.client.conversations_info(channel=clinic.channel)
        assert refusal.value.response.status_code == 503
    await clinic.posted()
    clinic.slack.faults.remove(fault)
    assert (await clinic.client.conversations_info(channel=clinic.channel))["ok"]


async def test_every_third_post_can_fail_after_the_first_one(clinic: Clinic) -> None:
    clinic.slack.faults.add(
        Fault(FaultKind.REFUSED, method="chat.postMessage", times=None, after=1, every=3)
    )
    went = []
    for number in range(7):
        try:
            await clinic.posted(str(number))
            went.append(number)
        except SlackApiError:
            continue
    assert went == [0, 2, 3, 5, 6]


@pytest.mark.parametrize(
    ("kind", "done"),
    [
        (FaultKind.RESET_BEFORE, []),
        (FaultKind.RESET_AFTER, ["hello"]),
        (FaultKind.ACCEPTED_THEN_SILENT, ["hello"]),
    ],
)
async def test_a_reset_leaves_the_app_not_knowing(
    clinic: Clinic, kind: FaultKind, done: list[str]
) -> None:
    clinic.slack.faults.add(Fault(kind, method="chat.postMessage", seconds=0.05))
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await clinic.posted()
    assert texts(clinic) == done
    assert clinic.slack.record.calls_of("chat.postMessage")[0].fault == kind.value


async def test_a_post_can_land_after_its_caller_gave_up(clinic: Clinic) -> None:
    fault = Fault(FaultKind.LATE_THEN_DONE, method="chat.postMessage", seconds=0.1)
    clinic.slack.faults.add(fault)
    with pytest.raises((aiohttp.ClientError, ConnectionError)):
        await clinic.posted("late")
    assert texts(clinic) == []
    await clinic.ana.next_event(lambda frame: frame.type == "message" and frame.text == "late")


async def test_slack_sdks_default_retry_posts_twice_when_the_answer_is_lost(
    clinic: Clinic,
) -> None:
    clinic.slack.faults.add(Fault(FaultKind.RESET_AFTER, method="chat.postMessage"))
    naive = AsyncWebClient(
        token=clinic.app.bot_token,
        base_url=f"{clinic.slack.url}/api/",
        retry_handlers=[AsyncConnectionErrorRetryHandler()],
    )
    await naive.chat_postMessage(channel=clinic.channel, text="once?")
    assert texts(clinic) == ["once?", "once?"]


async def test_a_slow_answer_is_slow(clinic: Clinic) -> None:
    clinic.slack.faults.add(Fault(FaultKind.SLOW, method="chat.postMessage", seconds=0.2))
    began = time.monotonic()
    await clinic.posted("slowly")
    assert time.monotonic() - began >= 0.2
    assert clinic.slack.record.calls_of("chat.postMessage")[0].seconds >= 0.2


async def _heard(clinic: Clinic, bolt: Listening) -> list[str]:
    await clinic.slack.settled()
    return [body["event"]["text"] for body in bolt.requests if body["event"]["type"] == "message"]


async def test_an_envelope_is_lost_for_good(clinic: Clinic, bolt: Listening) -> None:
    clinic.slack.faults.add(Fault(FaultKind.LOST, event="message"))
    await clinic.ana.posts(clinic.channel, "one")
    await clinic.ana.posts(clinic.channel, "two")
    assert await _heard(clinic, bolt) == ["two"]


async def test_an_envelope_comes_twice_with_the_same_event_id(
    clinic: Clinic, bolt: Listening
) -> None:
    clinic.slack.faults.add(Fault(FaultKind.REPEATED, event="message"))
    await clinic.ana.posts(clinic.channel, "one")
    assert await _heard(clinic, bolt) == ["one", "one"]
    assert len({body["event_id"] for body in bolt.requests}) == 1


async def test_two_envelopes_change_places(clinic: Clinic, bolt: Listening) -> None:
    clinic.slack.faults.add(Fault(FaultKind.REORDERED, event="message"))
    await clinic.ana.posts(clinic.channel, "one")
    await clinic.ana.posts(clinic.channel, "two")
    assert await _heard(clinic, bolt) == ["two", "one"]


async def test_an_envelope_comes_late(clinic: Clinic, bolt: Listening) -> None:
    clinic.slack.faults.add(Fault(FaultKind.DELAYED, event="message", seconds=0.1))
    await clinic.ana.posts(clinic.channel, "one")
    await clinic.ana.posts(clinic.channel, "two")
    assert await _heard(clinic, bolt) == ["two", "one"]


async def test_an_hour_without_any_delivery_ends_with_the_hour(
    clinic: Clinic, bolt: Listening, clock: MovableClock
) -> None:
    until = clock.now() + timedelta(hours=1)
    clinic.slack.faults.add(Fault(FaultKind.OUTAGE, until=until))
    await clinic.ana.posts(clinic.channel, "into the dark")
    assert not (await clinic.ana.runs("/refer", "", clinic.channel)).acknowledged
    clock.advance(timedelta(minutes=59))
    await clinic.ana.posts(clinic.channel, "still dark")
    clock.advance(timedelta(minutes=1))
    await clinic.ana.posts(clinic.channel, "light")
    assert await _heard(clinic, bolt) == ["light"]
    faults = [one.fault for one in clinic.slack.record.deliveries_of("message")]
    assert faults == ["outage", "outage", ""]


async def test_a_command_can_be_lost_on_its_way(clinic: Clinic, bolt: Listening) -> None:
    @bolt.app.command("/refer")
    async def refer(ack: Any) -> None:
        await ack()

    clinic.slack.faults.add(Fault(FaultKind.LOST, event="/refer"))
    assert not (await clinic.ana.runs("/refer", "", clinic.channel)).acknowledged
    assert (await clinic.ana.runs("/refer", "", clinic.channel)).ok


async def test_at_slacks_real_pace_a_channel_takes_a_burst_and_then_one_a_second(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(clinic.slack.pacing, "monotonic", lambda: now)
    clinic.slack.pacing.on = True
    for number in range(POSTS_BURST):
        await clinic.posted(str(number))
    with pytest.raises(SlackApiError) as refusal:
        await clinic.posted("too fast")
    assert refusal.value.response.headers["Retry-After"] == "1"
    direct = clinic.ana.direct_channel_with(clinic.app.bot_user_id)
    await clinic.client.chat_postMessage(channel=direct, text="another channel has its own pace")
    now += 1.0
    await clinic.posted("a second later")
    assert len(texts(clinic)) == POSTS_BURST + 1


async def test_other_methods_go_by_their_tier(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clinic.slack.pacing, "monotonic", lambda: 5.0)
    clinic.slack.pacing.on = True
    for _ in range(20):
        await clinic.client.users_list()
    with pytest.raises(SlackApiError, match="ratelimited"):
        await clinic.client.users_list()
    assert (await clinic.client.auth_test())["ok"]


async def test_calls_are_recorded_with_their_times_and_without_tokens(clinic: Clinic) -> None:
    await clinic.posted("hello")
    [call] = clinic.slack.record.calls_of("chat.postMessage", clinic.channel)
    assert call.ok
    assert call.app_id == clinic.app.app_id
    assert call.seconds < 5
    assert clinic.app.bot_token not in str(call.arguments)


async def test_acknowledgements_are_recorded_with_how_long_they_took(
    clinic: Clinic, bolt: Listening
) -> None:
    del bolt
    await asyncio.gather(
        *(clinic.ana.posts(clinic.channel, f"note {number}") for number in range(20))
    )
    await clinic.slack.settled()
    took = list(clinic.slack.record.seconds_to_acknowledge("message"))
    assert len(took) == 20
    assert all(0 < seconds < 3 for seconds in took)
