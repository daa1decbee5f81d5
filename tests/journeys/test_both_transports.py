"""The same loop, whether the bot connects to Slack or Slack sends signed requests to it."""

from pathlib import Path

import pytest

from bot.clock import MovableClock
from bot.demo.clinic import open_clinic
from bot.sandbox import AppMode
from tests.journeys.test_the_loop import treatment_under_way


@pytest.mark.parametrize("mode", list(AppMode), ids=str)
async def test_the_loop_goes_round(tmp_path: Path, clock: MovableClock, mode: AppMode) -> None:
    async with open_clinic(f"sqlite:///{tmp_path / 'a.db'}", clock, mode=mode) as clinic:
        case = await treatment_under_way(clinic)
        await clinic.therapist.replies(case, "Session 1, 60 min MLD abdomen, pain 6 -> 3")
        await case.thread_shows("session update 1")

        await clinic.stop_bot()
        await clinic.therapist.replies(case, "Session 2, 60 min MLD abdomen, pain 4 -> 2")
        await clinic.start_bot()
        await case.thread_shows("session update 2")

        await clinic.therapist.replies(case, "concern: left calf hot and swollen")
        alert = await clinic.surgeon.gets_message("Urgent concern", case.code)
        form = await alert.clicks("Acknowledge")
        await form.submits(decision="see_patient", note="at noon")
        await case.thread_shows("will see the patient", "at noon")
