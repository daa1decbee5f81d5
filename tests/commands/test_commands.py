"""The commands for the operator: they do what they say, and say plainly when they cannot."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.commands.audit import audit_app
from bot.commands.db import db_app
from bot.commands.keys import keys_app
from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.key_source import add_to_file
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.tables.keys import KeyOwner
from bot.store.tables.referrals import Patient
from bot.store.vault import Vault
from tests.store.test_audit import NOON, record, tamper

KEY = new_master_key("1")


@pytest.fixture
def careloop(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    """A terminal in an empty folder with nothing set."""
    for name in os.environ:
        if name.startswith(("CARELOOP_", "SLACK_")) or name == "DATABASE_URL":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return CliRunner()


def run(runner: CliRunner, *words: str, **environment: str) -> Result:
    app = typer.Typer()
    for part in (audit_app, db_app, keys_app):
        app.add_typer(part)
    return runner.invoke(app, words, env=environment)


def test_a_new_key_is_one_that_the_settings_take(careloop: CliRunner) -> None:
    made = run(careloop, "keys", "new", "7")
    assert MasterKeys.parse(made.stdout).current_id == "7"
    assert "Keep a copy" in made.stderr
    assert made.stdout != run(careloop, "keys", "new", "7").stdout
    assert run(careloop, "keys", "new", "a b").exit_code == 1


def test_a_new_database_is_made_and_then_up_to_date(careloop: CliRunner) -> None:
    before = run(careloop, "db", "status")
    assert before.exit_code == 1
    assert "careloop db migrate" in before.stdout
    made = run(careloop, "db", "migrate")
    assert made.exit_code == 0, made.output
    assert "applied 0001" in made.stdout
    assert run(careloop, "db", "status").exit_code == 0
    assert "applied" not in run(careloop, "db", "migrate").stdout


def test_a_mistyped_address_is_said_plainly(careloop: CliRunner) -> None:
    told = run(careloop, "db", "status", DATABASE_URL="mysql://root:hunter2@db/x")
    assert told.exit_code == 1
    assert "sqlite:///" in told.stderr
    assert "hunter2" not in told.output


def test_the_database_of_a_running_bot_is_not_migrated(careloop: CliRunner) -> None:
    run(careloop, "db", "migrate")
    script = (
        "import asyncio\nfrom bot.store.database import Database\n"
        "async def main():\n"
        "    await Database.open('sqlite:///careloop.db'); print('open', flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())"
    )
    bot = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert bot.stdout is not None
    with bot.stdout:
        bot.stdout.readline()
        told = run(careloop, "db", "migrate")
        bot.kill()
        bot.wait()
    assert told.exit_code == 1
    assert f"number {bot.pid}" in told.stderr


@pytest.mark.parametrize("words", [("keys", "status"), ("audit", "verify")])
def test_a_database_that_was_never_made_says_what_to_run(
    careloop: CliRunner, words: tuple[str, str]
) -> None:
    told = run(careloop, *words, CARELOOP_KEYS=KEY)
    assert told.exit_code == 1
    assert "careloop db migrate" in told.stderr


async def test_the_status_of_the_keys_counts_what_they_protect(
    careloop: CliRunner, database_url: str
) -> None:
    database = await Database.open(database_url)
    vault = await Vault.start(database, MasterKeys.parse(KEY))
    async with database.transaction() as session:
        key_id = await vault.new_key(session, KeyOwner.PATIENT, "p1")
        session.add(patient("p1", key_id))
        # What somebody began to write and gave up is erased; it was nobody's record.
        await vault.destroy_key(session, await vault.new_key(session, KeyOwner.PATIENT, "draft"))
    await database.close()

    told = await in_thread(careloop, "keys", "status", DATABASE_URL=database_url, CARELOOP_KEYS=KEY)
    assert told.exit_code == 0, told.output
    assert "key 1  protects 4 data keys (current" in told.stdout
    assert "patients  1 with a data key, 0 erased" in told.stdout

    wrong = await in_thread(
        careloop, "keys", "status", DATABASE_URL=database_url, CARELOOP_KEYS=new_master_key("1")
    )
    assert wrong.exit_code == 1
    assert "master key 1 is not the one" in wrong.stderr
    assert "Put the right key back (CARELOOP_KEYS)" in wrong.stderr


def patient(patient_id: str, key_id: str) -> Patient:
    return Patient(
        id=patient_id, team_id="T1", key_id=key_id, identifiers_sealed=b"\x01", created_at=NOON,
        identity_index=bytes(32),
    )  # fmt: skip


async def test_a_key_file_of_another_database_gets_no_new_key(
    careloop: CliRunner, database_url: str, tmp_path: Path
) -> None:
    database = await Database.open(database_url)
    await Vault.start(database, MasterKeys.parse(KEY))
    await database.close()
    file = tmp_path / "keys"
    add_to_file(file, new_master_key("1"))
    before = file.read_text()

    at = {"DATABASE_URL": database_url, "CARELOOP_KEYS_FILE": str(file)}
    refused = await in_thread(careloop, "keys", "rotate", **at)

    assert refused.exit_code == 1
    assert "master key 1 is not the one" in refused.stderr
    assert "put the right key back (CARELOOP_KEYS_FILE)" in refused.stderr
    assert file.read_text() == before


async def test_a_key_that_was_put_into_a_file_by_somebody_else_is_taken_up(
    careloop: CliRunner, database_url: str, tmp_path: Path
) -> None:
    """A file that a key service writes, and this command can't."""
    file = tmp_path / "keys"
    add_to_file(file, KEY)
    at = {"DATABASE_URL": database_url, "CARELOOP_KEYS_FILE": str(file)}
    assert (await in_thread(careloop, "audit", "verify", **at)).exit_code == 0
    add_to_file(file, new_master_key("2"))
    before = file.read_text()

    done = await in_thread(careloop, "keys", "rotate", "--there-already", **at)

    assert done.exit_code == 0, done.output
    assert "key 2 protects 3 data keys more" in done.stdout
    assert file.read_text() == before
    for words in (("9", "--there-already"), ("a b",)):
        refused = await in_thread(careloop, "keys", "rotate", *words, **at)
        assert refused.exit_code == 1, words
        assert file.read_text() == before


async def test_verifying_the_audit_names_the_first_bad_entry(
    careloop: CliRunner, database_url: str
) -> None:
    database = await Database.open(database_url)
    audit = AuditLog((await Vault.start(database, MasterKeys.parse(KEY))).audit_key())
    await record(database, audit, "r1", "r2", "r3")

    settings = {"DATABASE_URL": database_url, "CARELOOP_KEYS": KEY}
    intact = await in_thread(careloop, "audit", "verify", **settings)
    assert intact.exit_code == 0, intact.output
    assert "intact: 3 entries" in intact.stdout

    await tamper(database, "UPDATE audit_entries SET actor = 'U999' WHERE seq = 2")
    await database.close()
    broken = await in_thread(careloop, "audit", "verify", **settings)
    assert broken.exit_code == 1
    assert re.search(r"broken at entry 2: changed; 1 entries before it hold", broken.stderr)


async def in_thread(runner: CliRunner, *words: str, **environment: str) -> Result:
    """The command starts an event loop of its own, as it does at a terminal."""
    import asyncio

    return await asyncio.to_thread(run, runner, *words, **environment)
