"""The master key is changed while people work: nobody notices, and the old one is let go."""

import asyncio
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.clock import MovableClock
from bot.commands.audit import audit_app
from bot.commands.keys import keys_app
from bot.demo.clinic import open_clinic
from bot.store.key_source import add_to_file
from bot.store.master_keys import new_master_key
from tests.journeys.test_the_loop import treatment_under_way


async def careloop(*words: str, **environment: str) -> Result:
    app = typer.Typer()
    for part in (audit_app, keys_app):
        app.add_typer(part)
    return await asyncio.to_thread(CliRunner().invoke, app, words, env=environment)


async def test_the_master_key_is_changed_while_the_bot_works(
    database_url: str,
    clock: MovableClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "master.keys"
    add_to_file(file, new_master_key("1"))
    at = {"DATABASE_URL": database_url, "CARELOOP_KEYS_FILE": str(file)}
    from_file = {"CARELOOP_KEYS": "", "CARELOOP_KEYS_FILE": str(file)}
    async with open_clinic(database_url, clock, more_settings=from_file) as clinic:
        case = await treatment_under_way(clinic)

        rotated = await careloop("keys", "rotate", **at)

        assert rotated.exit_code == 0, rotated.output
        assert "key 2 is in" in rotated.stdout
        await clinic.therapist.reports(case, "Session 1 today, 60 min MLD abdomen, pain 6 -> 3")
        form = await clinic.therapist.opens(case, "Patient details")
        assert form.seen.says("Jordan Ellis")
        await form.closes()
        other = await clinic.surgeon.refers(clinic.therapist, name="Robin Vance")
        await clinic.therapist.gets_message(other.code)
        status = await careloop("keys", "status", **at)
        assert "key 1  protects 0 data keys" in status.stdout
        assert "key 2" in status.stdout
        assert "patients  2 with a data key, 0 erased" in status.stdout

        kept = file.read_text().split()
        file.write_text(f"{kept[1]}\n")  # the old key is let go
        await clinic.stop_bot()
        await clinic.start_bot()
        await clinic.therapist.opens(other, "Patient details")
        assert clinic.therapist.form().seen.says("Robin Vance")
        verified = await careloop("audit", "verify", **at)
        assert verified.exit_code == 0, verified.output

        file.write_text(f"{kept[0]}\n")
        missing = await careloop("keys", "status", **at)
        assert missing.exit_code == 1
        assert "master key 2 is missing" in missing.stderr


async def test_keys_of_the_environment_are_changed_only_where_every_bot_has_them(
    database_url: str,
) -> None:
    first, second = new_master_key("1"), new_master_key("2")
    at = {"DATABASE_URL": database_url, "CARELOOP_KEYS": f"{first},{second}"}
    refused = await careloop("keys", "rotate", **at)
    assert refused.exit_code == 1
    assert "--everywhere" in refused.stderr
    made = await careloop("keys", "rotate", "--everywhere", **at)
    assert made.exit_code == 0, made.output
    wrong = await careloop("keys", "rotate", "3", "--everywhere", **at)
    assert wrong.exit_code == 1
