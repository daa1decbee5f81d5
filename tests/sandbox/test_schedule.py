"""Scheduled messages come when the workspace's clock reaches them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from slack_sdk.errors import SlackApiError

from bot.clock import MovableClock
from tests.sandbox.conftest import Clinic


async def test_a_scheduled_message_is_posted_at_its_time(
    clinic: Clinic, clock: MovableClock
) -> None:
    at = int(clock.now().timestamp()) + 3600
    answer = await clinic.client.chat_scheduleMessage(
        channel=clinic.channel, post_at=at, text="Time for the check-in"
    )
    assert {"channel", "scheduled_message_id", "post_at", "message"} <= set(answer.data)
    listed = await clinic.client.chat_scheduledMessages_list(channel=clinic.channel)
    assert [one["id"] for one in listed["scheduled_messages"]] == [answer["scheduled_message_id"]]
    clock.advance(timedelta(hours=1))
    frame = await clinic.ana.next_event(lambda frame: frame.text == "Time for the check-in")
    assert frame.ts.split(".")[0] == str(at)
    again = await clinic.client.chat_scheduledMessages_list()
    assert again["scheduled_messages"] == []


async def test_a_scheduled_message_can_be_taken_back(clinic: Clinic, clock: MovableClock) -> None:
    at = int(clock.now().timestamp()) + 60
    answer = await clinic.client.chat_scheduleMessage(
        channel=clinic.channel, post_at=at, text="never"
    )
    given = answer["scheduled_message_id"]
    await clinic.client.chat_deleteScheduledMessage(
        channel=clinic.channel, scheduled_message_id=given
    )
    with pytest.raises(SlackApiError, match="invalid_scheduled_message_id"):
        await clinic.client.chat_deleteScheduledMessage(
            channel=clinic.channel, scheduled_message_id=given
        )
    clock.advance(timedelta(hours=1))
    await clinic.ana.posts(clinic.channel, "later")
    await clinic.ana.next_event(lambda frame: frame.text == "later")
    assert "never" not in [one.text for one in clinic.ana.messages(clinic.channel)]


@pytest.mark.parametrize(("seconds", "error"), [(0, "time_in_past"), (121 * 86400, "time_too_far")])
async def test_a_time_that_has_passed_or_is_too_far_is_refused(
    clinic: Clinic, clock: MovableClock, seconds: int, error: str
) -> None:
    with pytest.raises(SlackApiError, match=error):
        await clinic.client.chat_scheduleMessage(
            channel=clinic.channel, post_at=int(clock.now().timestamp()) + seconds, text="x"
        )
