"""A backup is made while people work, opens only whole and with its key, and is tried."""

import asyncio
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from typer.testing import CliRunner, Result

from bot.clock import MovableClock
from bot.commands.audit import audit_app
from bot.commands.backup import backup_command, restore_command
from bot.demo.clinic import open_clinic
from bot.store.backup import check
from bot.store.backup_file import BackupInvalid, BackupReader, BackupWriter
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.migrations import revisions
from bot.store.url import DatabaseKind
from bot.store.vault import Vault
from tests.databases import PostgresServer
from tests.journeys.test_the_loop import treatment_under_way

KEY = new_master_key("1")


async def careloop(*words: str, **environment: str) -> Result:
    app = typer.Typer()
    app.add_typer(audit_app)
    app.command("backup")(backup_command)
    app.command("restore")(restore_command)
    return await asyncio.to_thread(CliRunner().invoke, app, words, env=environment)


async def test_a_backup_made_while_people_work_is_restored_and_the_bot_goes_on_from_it(
    database_url: str, database_kind: DatabaseKind, tmp_path: Path, postgres: PostgresServer
) -> None:
    file = tmp_path / "careloop.backup"
    async with open_clinic(database_url, MovableClock()) as clinic:
        keys = clinic.settings.keys.get_secret_value()
        at = {"DATABASE_URL": database_url, "CARELOOP_KEYS": keys}
        case = await treatment_under_way(clinic)
        await clinic.therapist.replies(case, "Session 1, 60 min MLD abdomen, pain 6 -> 3")
        await clinic.therapist.is_asked(case, "pain 6 → 3")
        done = asyncio.Event()

        async def people_work() -> int:
            said = 0
            while not done.is_set():
                await clinic.therapist.replies(case, f"She slept well, {said} times now")
                said += 1
            return said

        working = asyncio.create_task(people_work())
        made = await careloop("backup", str(file), **at)
        done.set()
        said = await working
        await clinic.settled()
        assert made.exit_code == 0, made.output
        assert said > 0
        assert "tried: " in made.stdout
        assert "the audit log is intact" in made.stdout
        assert file.stat().st_mode & 0o777 == 0o600
        whole = file.read_bytes()
        for secret in (b"Jordan Ellis", b"pain 6", clinic.therapist.user_id.encode(), b"audit_ent"):
            assert secret not in whole
        assert [one.name for one in tmp_path.iterdir() if ".careloop-try" in one.name] == []

        # Into a database of the other kind: what is kept does not hang on how.
        if database_kind is DatabaseKind.POSTGRESQL:
            other = f"sqlite:///{tmp_path / 'other.db'}"
            restored = await careloop("restore", str(file), DATABASE_URL=other, CARELOOP_KEYS=keys)
            assert restored.exit_code == 0, restored.output
        with postgres.database("template0") as other:
            restored = await careloop("restore", str(file), DATABASE_URL=other, CARELOOP_KEYS=keys)
            assert restored.exit_code == 0, restored.output
            assert "1 patients' records opened" in restored.stdout
            again = await careloop("restore", str(file), DATABASE_URL=other, CARELOOP_KEYS=keys)
            assert again.exit_code == 1
            assert "is not empty" in again.stderr
            verified = await careloop("audit", "verify", DATABASE_URL=other, CARELOOP_KEYS=keys)
            assert verified.exit_code == 0, verified.output

            await clinic.stop_bot()
            clinic.settings = clinic.settings.model_copy(update={"database_url": SecretStr(other)})
            await clinic.start_bot()
            form = await clinic.therapist.opens(case, "Patient details")
            assert form.seen.says("Jordan Ellis")
            await form.closes()
            later = await clinic.surgeon.refers(clinic.therapist, name="Robin Vance")
            await clinic.therapist.gets_message(later.code)
            await clinic.settled()
            await clinic.stop_bot()


@dataclass(frozen=True)
class Small:
    """A small backup, and its bytes."""

    file: Path
    raw: bytes


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    file = tmp_path_factory.mktemp("backup") / "small.backup"

    at = datetime(2026, 11, 22, tzinfo=UTC)
    with BackupWriter(file, MasterKeys.parse(KEY), revisions()[-1], at) as writer:
        writer.write(b'{"table":"people","columns":["id"]}\n')
        for _ in range(60_000):  # several pieces, also when compressed
            writer.write(b'["%s"]\n' % os.urandom(40).hex().encode())
        writer.write(b'{"end":{"people":60000}}\n')
        writer.finish()
    return Small(file, file.read_bytes())


def test_a_whole_backup_opens(small: Small) -> None:
    assert check(BackupReader(small.file, MasterKeys.parse(KEY))).total == 60_000
    assert len(small.raw) > 2 << 20


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(where=st.floats(0, 1, exclude_max=True), change=st.integers(1, 255))
def test_a_backup_that_was_changed_anywhere_is_refused(
    small: Small, tmp_path: Path, where: float, change: int
) -> None:
    # Half of the changes in what is read first: the header, and the lengths of the first piece.
    place = int(where * 2 * 1000) if where < 0.5 else int((where - 0.5) * 2 * len(small.raw))
    changed = bytearray(small.raw)
    changed[place] ^= change
    file = tmp_path / "changed.backup"
    file.write_bytes(changed)
    with pytest.raises(BackupInvalid):
        check(BackupReader(file, MasterKeys.parse(KEY)))


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.floats(0, 1, exclude_max=True))
def test_a_backup_that_was_cut_off_is_refused(small: Small, tmp_path: Path, where: float) -> None:
    file = tmp_path / "cut.backup"
    file.write_bytes(small.raw[: int(where * len(small.raw))])
    with pytest.raises(BackupInvalid):
        check(BackupReader(file, MasterKeys.parse(KEY)))


def test_a_backup_cut_off_between_pieces_and_one_with_pieces_swapped_are_refused(
    small: Small, tmp_path: Path
) -> None:
    start = small.raw.index(b"}") + 1
    size = 4 + int.from_bytes(small.raw[start : start + 4])
    first, rest = small.raw[start : start + size], small.raw[start + size :]
    second, third = rest[:size], rest[size:]
    file = tmp_path / "other.backup"
    for pieces in ([first], [first, second], [second, first, third], [first, third]):
        file.write_bytes(small.raw[:start] + b"".join(pieces))
        with pytest.raises(BackupInvalid, match=r"was changed or cut off at piece"):
            check(BackupReader(file, MasterKeys.parse(KEY)))


@pytest.mark.one_store
async def test_what_can_t_be_restored_is_said_plainly_and_nothing_is_written(
    database_url: str, tmp_path: Path
) -> None:
    database = await Database.open(database_url)
    await Vault.start(database, MasterKeys.parse(KEY))
    await database.close()
    at = {"DATABASE_URL": database_url, "CARELOOP_KEYS": KEY}
    file = tmp_path / "a.backup"
    made = await careloop("backup", str(file), "--no-try", **at)
    assert made.exit_code == 0, made.output
    again = await careloop("backup", str(file), **at)
    assert "it is there already" in again.stderr
    nowhere = await careloop("backup", str(tmp_path / "none" / "a.backup"), **at)
    assert "cannot be written" in nowhere.stderr

    empty = tmp_path / "empty.db"
    target = {"DATABASE_URL": f"sqlite:///{empty}"}
    (tmp_path / "text").write_text("careloop? no")
    for name, keys, told in [
        ("a.backup", new_master_key("1"), "or master key 1 is not the one that it was made with"),
        ("a.backup", new_master_key("2"), "was made with master key 1, which is not there"),
        ("text", KEY, "is no backup of careloop"),
        ("nothing", KEY, "cannot be read"),
    ]:
        refused = await careloop("restore", str(tmp_path / name), CARELOOP_KEYS=keys, **target)
        assert refused.exit_code == 1
        assert told in refused.stderr
        assert not empty.exists()
    restored = await careloop("restore", str(file), CARELOOP_KEYS=KEY, **target)
    assert restored.exit_code == 0, restored.output
