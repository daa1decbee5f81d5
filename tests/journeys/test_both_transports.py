"""The same loop, whether the bot connects to Slack or Slack sends signed requests to it."""

import socket
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.demo.clinic import open_clinic
from bot.sandbox import AppMode
from tests.journeys.test_the_loop import treatment_under_way


def a_free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.mark.parametrize("mode", list(AppMode), ids=str)
async def test_the_loop_goes_round(tmp_path: Path, clock: MovableClock, mode: AppMode) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    # The address that Slack was told stays the same when the bot is started again.
    port = {"CARELOOP_PORT": str(a_free_port())}
    async with open_clinic(url, clock, mode=mode, more_settings=port) as clinic:
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
        await form.submits(decision="see_patient", note="at noon")
        await case.thread_shows("will see the patient", "at noon")
