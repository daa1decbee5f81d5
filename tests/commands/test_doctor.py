"""The doctor looks at a real installation, and says of each thing how it stands and what to do."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.clock import MovableClock
from bot.commands.checkups import Grade, Line
from bot.commands.doctor import doctor_command, examine
from bot.demo.clinic import Clinic, open_clinic
from bot.demo.serve import enter_telephone
from bot.sandbox.faults import Fault, FaultKind
from bot.sandbox.state.model import ChannelKind
from bot.store.master_keys import new_master_key
from bot.store.url import DatabaseKind
from tests.journeys.test_the_loop import treatment_under_way


@pytest.fixture
async def clinic(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Clinic]:
    """A clinic whose settings are in the environment, with a case, at the real time."""
    for name in os.environ:
        if name.startswith(("CARELOOP_", "SLACK_")) or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    async with open_clinic(empty_database_url, MovableClock(datetime.now(UTC))) as opened:
        settings = opened.settings
        for name, value in {
            "DATABASE_URL": empty_database_url,
            "CARELOOP_KEYS": settings.keys.get_secret_value(),
            "SLACK_API_URL": settings.slack_api_url,
            "SLACK_BOT_TOKEN": settings.slack_bot_token.get_secret_value(),
            "SLACK_APP_TOKEN": settings.slack_app_token.get_secret_value(),
            "CARELOOP_CLINIC_CHANNEL": settings.clinic_channel or "",
        }.items():
            monkeypatch.setenv(name, value)
        await treatment_under_way(opened)
        yield opened


async def lines(**ahead: float) -> dict[str, Line]:
    """What the doctor says, by what it is about. `ahead`: how wrong this machine's clock is."""
    machine = MovableClock(datetime.now(UTC) + timedelta(**ahead))
    found = [line async for line in examine(machine)]
    assert all(line.do or line.grade is Grade.OK for line in found)
    return {line.name: line for line in found}


def grades(found: dict[str, Line]) -> dict[str, str]:
    return {name: line.grade.value for name, line in found.items() if line.grade is not Grade.OK}


async def careloop(*words: str) -> Result:
    app = typer.Typer()
    app.command("doctor")(doctor_command)
    app.callback()(lambda: None)
    return await asyncio.to_thread(CliRunner().invoke, app, ["doctor", *words])


async def test_a_sound_installation_is_told_line_by_line(
    clinic: Clinic, database_kind: DatabaseKind
) -> None:
    told = await careloop()
    assert told.exit_code == 0, told.output
    assert (await careloop("--strict")).exit_code == 1
    found = await lines()
    warned = {"checkpoints", "backup", "concerns"}
    assert "/careloop ladders" in found["concerns"].do
    if database_kind is DatabaseKind.POSTGRESQL:
        warned.add("rights")  # the tests log in as the owner
        assert "careloop db grants" in found["rights"].do
    assert grades(found) == dict.fromkeys(sorted(warned), "warn")
    assert set(found) >= {
        "settings", "database", "keys", "rights", "timers", "inbox", "outbox", "checkpoints",
        "backup", "token", "scopes", "time", "way in", "clinic channel", "channels",
    }  # fmt: skip
    assert "1 of pairs, all private" in found["channels"].what
    token = os.environ["SLACK_BOT_TOKEN"]
    assert token not in told.output
    assert clinic.bot is not None


@pytest.mark.one_store
async def test_a_concern_that_no_surgeon_answers_has_somewhere_to_go(clinic: Clinic) -> None:
    assert clinic.bot is not None
    await enter_telephone(clinic)
    assert (await lines())["concerns"].what == "coordinators: 1; a telephone if nobody answers"
    await clinic.leaves(clinic.coordinator)
    found = await lines()
    assert found["concerns"].grade is Grade.FAIL
    assert "people add" in found["concerns"].do


@pytest.mark.one_store
async def test_what_is_wrong_with_slack_is_named_with_what_to_do(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = clinic.slack.workspace.state
    scopes = clinic.app.app.scopes
    scopes.remove("dnd:read")
    found = await lines()
    assert grades(found)["scopes"] == "fail"
    assert "lacks dnd:read" in found["scopes"].what
    assert "careloop manifest" in found["scopes"].do
    scopes += ["dnd:read", "channels:join"]
    assert "more than is needed: channels:join" in (await lines())["scopes"].what
    scopes.remove("channels:join")

    assert grades(await lines(seconds=30))["time"] == "warn"
    late = await lines(minutes=-10)
    assert late["time"].grade is Grade.FAIL
    assert "NTP" in late["time"].do

    room = next(
        one for one in state.channels.values() if "rivera-lee" in one.name or "lee" in one.name
    )
    room.kind = ChannelKind.PUBLIC
    found = await lines()
    assert found["channels"].grade is Grade.FAIL
    assert f"{room.id} is not private any more" in found["channels"].what
    room.kind = ChannelKind.PRIVATE
    room.connected_team_ids.append("T0OTHER")
    assert f"{room.id} is shared" in (await lines())["channels"].what
    room.connected_team_ids.clear()

    monkeypatch.setenv("CARELOOP_CLINIC_CHANNEL", "C0NOTHERE")
    assert "channel_not_found" in (await lines())["clinic channel"].what
    monkeypatch.setenv("CARELOOP_CLINIC_CHANNEL", "")
    assert grades(await lines())["clinic channel"] == "warn"

    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1-wrong")
    assert "Slack refuses SLACK_APP_TOKEN" in (await lines())["way in"].what

    limited = Fault(FaultKind.RATE_LIMITED, method="users.conversations", seconds=30)
    clinic.slack.faults.add(limited)
    assert "ratelimited" in (await lines())["channels"].what
    clinic.slack.faults.clear()

    clinic.slack.faults.add(Fault(FaultKind.RESET_BEFORE, method="auth.test"))
    assert (await lines())["slack"].grade is Grade.FAIL
    clinic.slack.faults.clear()

    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1-wrong")
    found = await lines()
    assert "invalid_auth" in found["token"].what
    assert "channels" not in found
    assert (await careloop()).exit_code == 1


@pytest.mark.one_store
async def test_what_is_wrong_here_is_named_with_what_to_do(
    clinic: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = clinic.settings.address.file
    assert file is not None
    file.chmod(0o644)
    found = await lines()
    assert f"chmod 600 {file.name}" in found["rights"].do
    file.chmod(0o600)

    await clinic.stop_bot()
    found = await lines(days=4)  # nobody worked for four days
    assert found["timers"].grade is Grade.FAIL
    assert "/readyz" in found["timers"].do

    right = os.environ["CARELOOP_KEYS"]
    monkeypatch.setenv("CARELOOP_KEYS", new_master_key("1"))
    found = await lines()
    assert "master key 1 is not the one" in found["keys"].what
    monkeypatch.setenv("CARELOOP_KEYS", right)

    monkeypatch.setenv("CARELOOP_PROT", "1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "")
    found = await lines()
    assert found["settings"].grade is Grade.FAIL
    assert "database" in found
    monkeypatch.delenv("CARELOOP_PROT")

    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    found = await lines()
    assert f"there is nothing in {tmp_path / 'new.db'} yet" in found["database"].what
    assert "careloop db migrate" in found["database"].do
    monkeypatch.setenv("DATABASE_URL", "postgresql://careloop:hunter2@127.0.0.1:1/careloop")
    told = await careloop()
    assert told.exit_code == 1
    assert "cannot be reached" in told.stdout
    assert "hunter2" not in told.output
