"""The same loop, whether the bot connects to Slack or Slack sends signed requests to it."""

import socket
from datetime import timedelta

import aiohttp
import pytest

from bot.clock import MovableClock
from bot.demo.clinic import open_clinic
from bot.sandbox import AppMode
from tests.journeys.test_shared_cases import FOUND, asks, begins_to_refer, both_are_asked
from tests.journeys.test_the_loop import treatment_under_way


def a_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.mark.parametrize("mode", list(AppMode), ids=str)
async def test_the_loop_goes_round(sqlite_url: str, clock: MovableClock, mode: AppMode) -> None:
    # The address that Slack was told stays the same when the bot is started again.
    port = {"CARELOOP_PORT": str(a_free_port())}
    async with open_clinic(sqlite_url, clock, mode=mode, more_settings=port) as clinic:
        case = await treatment_under_way(clinic)
        await clinic.therapist.replies(case, "Session 1, 60 min MLD abdomen, pain 6 -> 3")
        await case.thread_shows("session update 1")

        await clinic.stop_bot()
        words = "Session 2, 60 min MLD abdomen, pain 4 -> 2"
        await clinic.therapist.person.posts(case.channel_id, words, case.ts)
        await clinic.start_bot()
        clock.advance(timedelta(minutes=10))  # Slack has tried again over HTTP, and given up
        await case.thread_shows("session update 2")

        await clinic.therapist.replies(case, "concern: left calf hot and swollen")
        alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
        form = await alert.clicks("Acknowledge")
        await form.submits(decision="see_patient", visit=clinic.later(hours=3), note="at noon")
        await case.thread_shows("will see the patient", "at noon")

        await clinic.nobody_covers(clinic.surgeon)
        okafor = clinic.covering_surgeon
        asked_from = await begins_to_refer(okafor, clinic)
        assert asked_from.seen.says(FOUND)
        await asks(asked_from)
        asked, _ = await both_are_asked(clinic, case)
        await (await asked.clicks("Choose what to share")).submits(shows="plan")
        await case.thread_shows("shares this case with", okafor.name)
        shown = await (await okafor.gets_message("share their case")).clicks("See what they share")
        assert shown.seen.says(case.code, "Treatment plan")


@pytest.mark.parametrize("mode", list(AppMode), ids=str)
async def test_monitoring_reads_how_the_work_goes_and_no_name_of_anybody(
    sqlite_url: str, clock: MovableClock, mode: AppMode
) -> None:
    ports = {"CARELOOP_PORT": "0", "CARELOOP_METRICS_PORT": "0"}
    async with open_clinic(sqlite_url, clock, mode=mode, more_settings=ports) as clinic:
        case = await treatment_under_way(clinic)
        await clinic.therapist.replies(case, "concern: left calf hot and swollen")
        await case.thread_shows("Urgent concern")
        assert clinic.bot is not None
        await clinic.bot.auditor.look()
        address = f"http://127.0.0.1:{clinic.bot.metrics_port}"
        async with aiohttp.ClientSession() as session:
            metrics = await (await session.get(f"{address}/metrics")).text()
            ready = await (await session.get(f"{address}/readyz")).json()

    assert ready["checks"] == {"store": True, "clockwork": True}
    for expected in (
        'careloop_open_concerns{severity="urgent"} 1.0',
        'careloop_deliveries_total{fate="sent",operation="post"}',
        'careloop_outbox_waiting{priority="urgent"} 0.0',
        "careloop_timer_lag_seconds 0.0",
        'careloop_findings{finding="concern_without_timer"} 0.0',
        'careloop_last_tick_timestamp_seconds{tick="timers"}',
        "careloop_acknowledgement_seconds_count{kind=",
    ):
        assert expected in metrics
    identifying = {case.code, case.channel_id, clinic.app.app_id} | {
        someone.user_id for someone in clinic.everybody
    }
    assert not [word for word in identifying if word in metrics]
