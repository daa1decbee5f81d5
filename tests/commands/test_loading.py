"""Each command loads what it needs, and nothing of the others'."""

import json
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from bot.cli import Commands, app

NOT_FOR_READING = ("slack_bolt", "slack_sdk", "sqlalchemy", "sqlmodel", "aiohttp", "apscheduler")


def test_reading_a_note_loads_neither_slack_nor_a_database() -> None:
    script = (
        "import sys\nfrom bot.cli import app\n"
        "try:\n    app(['parse-note'])\n"
        "finally:\n    print([name for name in sys.argv[1:] if name in sys.modules])\n"
    )
    note = {"id": "a", "posted_on": "2026-01-02", "text": "pain 3"}
    done = subprocess.run(
        [sys.executable, "-c", script, *NOT_FOR_READING],
        input=json.dumps(note),
        capture_output=True,
        text=True,
        check=True,
    )
    read, loaded = done.stdout.splitlines()
    assert json.loads(read)["fields"] == {"is_update": True, "pain_after": 3}
    assert loaded == "[]"


NOT_AT_THE_START = ("psycopg", "alembic", "apprise", "holidays", "matplotlib", "reportlab")


def test_a_bot_that_starts_loads_nothing_that_its_first_command_does_not_need() -> None:
    script = (
        "import sys\nimport bot.commands.run\n"
        "print([name for name in sys.argv[1:] if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *NOT_AT_THE_START],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


def test_help_lists_every_command_with_what_it_does() -> None:
    told = CliRunner().invoke(app, ["--help"])
    assert told.exit_code == 0, told.output
    for name in Commands.places:
        assert f" {name} " in told.output
    assert "Read session notes" in told.output


@pytest.mark.parametrize("name", Commands.places)
def test_every_command_explains_itself(name: str) -> None:
    told = CliRunner().invoke(app, [name, "--help"])
    assert told.exit_code == 0, told.output
    assert name in told.output


def test_a_mistyped_command_is_told_with_what_comes_near() -> None:
    told = CliRunner().invoke(app, ["parse-notes"])
    assert told.exit_code == 2
    assert "parse-note" in told.output
