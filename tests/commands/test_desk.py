"""What keeps an operator's command from its work is said plainly, whichever command it is."""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.store.master_keys import new_master_key

# Each that speaks to Slack, or works where Slack says which workspace it is.
COMMANDS = (
    "patients erase K7QF-3M --reason patient_asked --yes",
    "patients hold K7QF-3M --reason court",
    "patients release K7QF-3M --reason court",
    "retention report",
    "retention apply --yes",
    "plans export K7QF-3M",
    "people list",
    "people add U0123456789 coordinator",
    "people cover U0123456789",
    "people emergency U0123456789",
)


@pytest.fixture
def at(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Mapping[str, str]:
    """Settings of an installation whose Slack is away."""
    for name in os.environ:
        if name.startswith(("CARELOOP_", "SLACK_")) or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return {
        "DATABASE_URL": sqlite_url,
        "CARELOOP_KEYS": new_master_key("1"),
        "SLACK_API_URL": "http://127.0.0.1:1/api/",
        "SLACK_BOT_TOKEN": "xoxb-1-secret",
        "SLACK_APP_TOKEN": "xapp-1-secret",
    }


def careloop(command: str, at: Mapping[str, str]) -> Result:
    return CliRunner().invoke(app, command.split(), env=dict(at))


@pytest.fixture
async def refusing() -> AsyncIterator[str]:
    """A Slack that knows no token."""

    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error": "invalid_auth"})

    application = web.Application()
    application.router.add_post("/api/auth.test", refuse)
    async with TestServer(application) as server:
        yield str(server.make_url("/api/"))


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_without_slack_says_so(command: str, at: Mapping[str, str]) -> None:
    told = careloop(command, at)
    assert (told.exit_code, type(told.exception)) == (1, SystemExit), told.output
    assert told.stderr == (
        "careloop: Slack can't be reached; check the network, the proxy and SLACK_API_URL\n"
    )


async def test_a_token_that_slack_refuses_is_said_to_be_it(
    at: Mapping[str, str], refusing: str
) -> None:
    told = await asyncio.to_thread(careloop, COMMANDS[0], {**at, "SLACK_API_URL": refusing})
    assert told.exit_code == 1
    assert "Slack refuses SLACK_BOT_TOKEN: invalid_auth; `careloop doctor`" in told.stderr
    assert "secret" not in told.output


@pytest.mark.parametrize("command", ["audit verify", "keys status", "retention report", "backup b"])
def test_a_database_with_nothing_in_it_may_be_the_wrong_place(
    command: str, at: Mapping[str, str], tmp_path: Path
) -> None:
    told = careloop(command, {**at, "DATABASE_URL": f"sqlite:///{tmp_path / 'typo.db'}"})
    assert told.exit_code == 1
    assert f"there is nothing in {tmp_path / 'typo.db'} yet" in told.stderr
    assert "careloop db migrate" in told.stderr
    assert not (tmp_path / "typo.db").exists()
