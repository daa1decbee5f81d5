"""`careloop demo --story`: the loop in the terminal."""

import re
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.cli import app
from bot.demo import story
from bot.demo.clinic import Clinic
from bot.demo.people import Case
from bot.demo.story import Teller, play


def test_the_story_is_told_to_its_end() -> None:
    told = CliRunner().invoke(app, ["demo", "--story"])

    assert told.exit_code == 0, told.output
    assert "The loop is closed. Everything came as told." in told.output
    for who in ("Dr. Ana Rivera sees", "Sam Lee sees", "Dr. Chidi Okafor sees"):
        assert who in told.output
    assert not re.search(r"\x1b\[", told.output)  # no colour where there is no terminal


async def test_a_step_that_does_not_come_as_told_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody_nudges(clinic: Clinic, teller: Teller, case: Case) -> None:
        await clinic.therapist.gets_message("a nudge that is not due yet")

    monkeypatch.setattr(story, "_treat", nobody_nudges)
    console = Console(record=True)

    assert await play(tmp_path, console) is False
    assert "The story broke" in console.export_text()
