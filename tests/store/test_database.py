"""The database keeps what it confirmed, says plainly what is wrong, and repeats no values."""

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import traceback
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from time import monotonic

import pytest
from sqlalchemy import text
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.columns import BlindIndex, SealedText, UtcDateTime, choice
from bot.store.database import Database, before_commit, on_commit
from bot.store.engine import create_engine
from bot.store.errors import (
    AnotherBotIsRunning,
    AppendOnly,
    ConstraintViolated,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseMisused,
    DatabaseUnreachable,
    DatabaseUrlInvalid,
    StoreError,
)
from bot.store.tables.audit import AuditEntry
from bot.store.tables.keys import DataKeyRecord, KeyOwner, MasterKeyRecord
from bot.store.url import DatabaseKind, read_address

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def master(name: str) -> MasterKeyRecord:
    return MasterKeyRecord(id=name, check_value=b"check", added_at=NOON)


def data_key(name: str, master_id: str = "1", owner: str = "p1") -> DataKeyRecord:
    return DataKeyRecord(
        id=name,
        tenant="clinic",
        owner_kind=KeyOwner.PATIENT,
        owner_id=owner,
        master_key_id=master_id,
        wrapped=b"wrapped",
        created_at=NOON,
    )


async def names(database: Database) -> list[str]:
    async with database.reading() as session:
        return list(await session.exec(select(MasterKeyRecord.id).order_by(MasterKeyRecord.id)))


async def test_what_a_transaction_wrote_is_there_for_the_next_process(database_url: str) -> None:
    first = await Database.open(database_url)
    async with first.transaction() as session:
        session.add(master("1"))
    await first.close()
    second = await Database.open(database_url)
    assert await names(second) == ["1"]
    await second.close()


async def test_an_error_undoes_the_whole_deed(database: Database) -> None:
    async def half_a_deed() -> None:
        async with database.transaction() as session:
            session.add(master("1"))
            await session.flush()
            raise LookupError("the patient is not there")

    with pytest.raises(LookupError):
        await half_a_deed()
    assert await names(database) == []


async def test_a_cancelled_deed_is_undone_and_the_next_one_runs(database: Database) -> None:
    wrote = asyncio.Event()

    async def deed() -> None:
        async with database.transaction() as session:
            session.add(master("1"))
            await session.flush()
            wrote.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(deed())
    await wrote.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.transaction() as session:
        session.add(master("2"))
    assert await names(database) == ["2"]


async def test_a_deed_cancelled_during_its_commit_is_whole_and_is_told_of(
    database: Database,
) -> None:
    told = asyncio.Event()

    async def deed() -> None:
        async with database.transaction() as session:
            session.add(master("1"))
            await session.flush()
            on_commit(session, told.set)

            async def cancel_the_commit(_: AsyncSession) -> None:
                task.cancel()  # delivered at the next wait, which is the commit

            before_commit(session, cancel_the_commit)

    task = asyncio.create_task(deed())
    with pytest.raises(asyncio.CancelledError):
        await task
    assert told.is_set()
    assert await names(database) == ["1"]


async def test_who_asked_is_told_after_the_commit_and_only_then(database: Database) -> None:
    told: list[str] = []
    async with database.transaction() as session:
        on_commit(session, lambda: told.append("kept"))
        session.add(master("1"))
        assert told == []
    assert told == ["kept"]
    with pytest.raises(ConstraintViolated):
        async with database.transaction() as session:
            on_commit(session, lambda: told.append("undone"))
            session.add(master("1"))
    assert told == ["kept"]


async def test_the_last_work_of_a_transaction_is_part_of_it(database: Database) -> None:
    async def last(session: AsyncSession) -> None:
        seen = (await session.exec(select(MasterKeyRecord.id))).all()
        session.add(master(f"after-{'-'.join(seen)}"))

    async with database.transaction() as session:
        before_commit(session, last)
        session.add(master("1"))
    assert await names(database) == ["1", "after-1"]


async def test_a_hundred_deeds_at_once_all_count(database: Database) -> None:
    async def deed(number: int) -> None:
        async with database.transaction() as session:
            session.add(master(f"{number:03}"))

    await asyncio.gather(*(deed(number) for number in range(100)))
    assert len(await names(database)) == 100


async def test_a_transaction_within_a_transaction_is_a_defect_and_no_deadlock(
    database: Database,
) -> None:
    async with database.transaction():
        with pytest.raises(RuntimeError, match="in a transaction already"):
            async with database.transaction():
                pytest.fail("it must not begin")
    async with database.transaction():
        pass


@pytest.mark.parametrize("database_kind", [DatabaseKind.POSTGRESQL], indirect=True)
async def test_a_server_that_was_restarted_is_connected_to_again(database: Database) -> None:
    async with database.transaction() as session:
        session.add(master("1"))
        others = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database()"
        )
    with pytest.raises(DatabaseUnreachable):
        async with database.transaction() as session:
            session.add(master("lost"))
            await session.flush()
            await (await session.connection()).execute(text(others))
    assert await names(database) == ["1"]
    async with database.transaction() as session:
        session.add(master("2"))
    assert await names(database) == ["1", "2"]


async def test_a_reader_sees_one_moment_and_waits_for_nobody(database: Database) -> None:
    async with database.transaction() as session:
        session.add(master("1"))
    async with database.reading() as reader:
        before = (await reader.exec(select(MasterKeyRecord.id))).all()
        async with database.transaction() as writer:
            writer.add(master("2"))
            await writer.flush()
            during = await asyncio.wait_for(names(database), 1)
        after = (await reader.exec(select(MasterKeyRecord.id))).all()
    assert before == during == after == ["1"]
    assert await names(database) == ["1", "2"]


async def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(StoreError):
        async with database.reading() as session:
            session.add(master("1"))
            await session.flush()
    assert await names(database) == []


@pytest.mark.parametrize(
    ("rows", "constraint"),
    [
        ([data_key("k1"), data_key("k1", owner="p2")], "pk_data_keys"),
        ([data_key("k1"), data_key("k2")], "ix_data_keys_living"),
        ([data_key("k1", master_id="nine")], "fk_data_keys_master_key_id"),
        ([DataKeyRecord(**data_key("k1").model_dump() | {"wrapped": None})], "destroyed"),
        ([DataKeyRecord(**data_key("k1").model_dump() | {"tenant": None})], "NOT NULL tenant"),
    ],
    ids=["repeated id", "second living key", "points nowhere", "neither nor", "missing"],
)
async def test_a_broken_rule_is_named_and_its_values_are_not(
    database: Database, rows: list[DataKeyRecord], constraint: str
) -> None:
    with pytest.raises(ConstraintViolated) as caught:
        async with database.transaction() as session:
            session.add(master("1"))
            await session.flush()
            for row in rows:
                session.add(DataKeyRecord(**row.model_dump()))
                await session.flush()
    foreign_key_on_sqlite = database.kind is DatabaseKind.SQLITE and constraint.startswith("fk_")
    expected = "FOREIGN KEY" if foreign_key_on_sqlite else constraint
    assert expected in caught.value.constraint
    shown = "".join(traceback.format_exception(caught.value))
    assert "Key (" not in shown
    assert "p1" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


async def test_a_broken_rule_inside_a_savepoint_leaves_the_deed_going(database: Database) -> None:
    async with database.transaction() as session:
        session.add(master("1"))
        await session.flush()
        with pytest.raises(ConstraintViolated):
            async with session.begin_nested():
                connection = await session.connection()
                await connection.execute(
                    text("INSERT INTO master_keys VALUES ('1', 'x', '2026-01-01')")
                )
        session.add(master("2"))
    assert await names(database) == ["1", "2"]


async def test_a_value_outside_its_closed_set_is_refused_by_the_database(
    database: Database,
) -> None:
    with pytest.raises(ConstraintViolated, match="ck_data_keys_key_owner"):
        async with database.transaction() as session:
            session.add(master("1"))
            await session.flush()
            connection = await session.connection()
            await connection.execute(
                text(
                    "INSERT INTO data_keys (id, tenant, owner_kind, owner_id, master_key_id,"
                    " wrapped, created_at) VALUES ('k', 't', 'nobody', 'o', '1', 'w', '2026-01-01')"
                )
            )


async def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    in_new_york = NOON.astimezone(timezone(timedelta(hours=-5)))
    async with database.transaction() as session:
        session.add(MasterKeyRecord(id="1", check_value=b"c", added_at=in_new_york))
    async with database.reading() as session:
        added_at = (await session.exec(select(MasterKeyRecord.added_at))).one()
    assert added_at == NOON
    assert added_at.tzinfo is UTC


async def test_a_naive_time_is_refused(database: Database) -> None:
    with pytest.raises(DatabaseMisused, match="does not fit"):
        async with database.transaction() as session:
            session.add(
                MasterKeyRecord(id="1", check_value=b"c", added_at=datetime(2026, 1, 1))  # noqa: DTZ001
            )


def test_sealed_columns_take_nothing_in_clear() -> None:
    dialect = create_engine(read_address("postgresql://x@y/z")).dialect
    with pytest.raises(ValueError, match="sealed"):
        SealedText().process_bind_param(b"Jane Doe", dialect)
    with pytest.raises(ValueError, match="blind index"):
        BlindIndex().process_bind_param(b"Jane Doe", dialect)
    with pytest.raises(ValueError, match="time zone"):
        UtcDateTime().process_bind_param(datetime(2026, 1, 1), dialect)  # noqa: DTZ001
    assert choice(KeyOwner).length == 40


async def test_what_was_recorded_can_only_be_added_to(database: Database) -> None:
    async with database.transaction() as session:
        words = dict.fromkeys(
            ("actor", "deed", "subject_kind", "subject_id", "outcome", "surface"), "x"
        )
        session.add(AuditEntry(seq=1, at=NOON, facts="{}", mac=b"m", **words))
    statements = ["UPDATE audit_entries SET actor = 'y'", "DELETE FROM audit_entries"]
    if database.kind is DatabaseKind.POSTGRESQL:
        statements.append("TRUNCATE audit_entries")
    for statement in statements:
        with pytest.raises(AppendOnly):
            async with database.transaction() as session:
                await (await session.connection()).execute(text(statement))


# --- What is wrong with the database is said plainly -----------------------------------------


async def test_a_second_bot_is_told_that_another_one_is_running(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'careloop.db'}"
    first = await Database.open(url)
    with pytest.raises(AnotherBotIsRunning, match=rf"number {os.getpid()}.*careloop\.db"):
        await Database.open(url)
    looker = await Database.open(url, lock=False)
    await looker.close()
    await first.close()
    second = await Database.open(url)
    await second.close()


async def test_a_killed_bot_lets_the_next_one_in(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'careloop.db'}"
    script = (
        "import asyncio, sys\nfrom bot.store.database import Database\n"
        "async def main():\n"
        "    await Database.open(sys.argv[1]); print('open', flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())"
    )
    other = subprocess.Popen([sys.executable, "-c", script, url], stdout=subprocess.PIPE)
    assert other.stdout is not None
    with other.stdout:
        assert other.stdout.readline() == b"open\n"
        with pytest.raises(AnotherBotIsRunning, match=f"number {other.pid}"):
            await Database.open(url)
        other.send_signal(signal.SIGKILL)
        other.wait()
    mine = await Database.open(url)
    await mine.close()


async def test_a_locked_file_is_busy_after_two_seconds(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'careloop.db'}"
    mine, theirs = await Database.open(url), await Database.open(url, lock=False)
    async with theirs.transaction():
        began = monotonic()
        with pytest.raises(DatabaseBusy):
            async with mine.transaction():
                pytest.fail("somebody else is writing")
        assert 1.5 < monotonic() - began < 6
    async with mine.transaction():
        pass
    await mine.close()
    await theirs.close()


async def test_a_full_disk_is_named_and_what_was_kept_stays(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'careloop.db'}")
    async with database.transaction() as session:
        connection = await session.connection()
        await connection.execute(text("CREATE TABLE notes (body TEXT)"))
        await connection.execute(text("INSERT INTO notes VALUES ('kept')"))
    with pytest.raises(DatabaseFull):
        async with database.transaction() as session:
            connection = await session.connection()
            await connection.execute(text("PRAGMA max_page_count = 10"))
            await connection.execute(
                text("INSERT INTO notes VALUES (:body)"), {"body": "x" * 200_000}
            )
    async with database.reading() as session:
        bodies = await (await session.connection()).execute(text("SELECT body FROM notes"))
        assert bodies.scalars().all() == ["kept"]
    await database.close()


async def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    letter = tmp_path / "letter.db"
    letter.write_text("Dear colleague, " * 500)
    with pytest.raises(DatabaseDamaged):
        await Database.open(f"sqlite:///{letter}")
    assert letter.read_text().startswith("Dear colleague")


async def test_a_folder_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable, match=r"careloop\.db cannot be opened"):
        await Database.open(f"sqlite:///{tmp_path / 'nowhere' / 'careloop.db'}")
    with pytest.raises(DatabaseUnreachable):
        await Database.open(f"sqlite:///{tmp_path}")


@pytest.mark.parametrize(
    "url", ["postgresql://careloop:hunter2@127.0.0.1:1/careloop", "postgresql://u@no.invalid/x"]
)
async def test_a_server_that_is_not_there_is_unreachable(url: str) -> None:
    with pytest.raises(DatabaseUnreachable) as caught:
        await Database.open(url)
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


async def test_a_file_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'careloop.db'}")
    async with database.transaction() as session:
        await (await session.connection()).execute(text("CREATE TABLE notes (body TEXT)"))
    modes = {entry.name: entry.stat().st_mode & 0o077 for entry in tmp_path.iterdir()}
    assert modes == dict.fromkeys(modes, 0)
    await database.close()


async def test_sqlite_runs_with_the_safeguards_it_promises(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'careloop.db'}")
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    for session_of in (database.transaction, database.reading):
        async with session_of() as session:
            connection = await session.connection()
            held = {
                name: await connection.scalar(text(f"PRAGMA {name}"))  # the names above
                for name in expected
            }
        assert held == expected
    await database.close()


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///careloop.db", "sqlite+aiosqlite"),
        ("postgres://u:p@h/d", "postgresql+psycopg"),
        ("postgresql://u:p@h/d?sslmode=require", "postgresql+psycopg"),
        (" postgresql+psycopg://u:p@h/d\n", "postgresql+psycopg"),
    ],
)
def test_addresses_are_read_as_people_and_hosters_write_them(given: str, driver: str) -> None:
    address = read_address(given)
    assert address.url.drivername == driver
    assert ":p@" not in str(address)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "careloop.db",
        "mysql://u:hunter2@h/d",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///a?b=c",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(given: str) -> None:
    with pytest.raises(DatabaseUrlInvalid) as caught:
        read_address(given)
    assert "hunter2" not in str(caught.value)


async def test_what_slack_waits_for_is_written_at_once_and_whole_or_not_at_all(
    database: Database, database_kind: DatabaseKind
) -> None:
    if database_kind is not DatabaseKind.SQLITE:
        pytest.skip("PostgreSQL takes many writers")
    insert = "INSERT INTO people_seen VALUES (?) ON CONFLICT DO NOTHING RETURNING name"
    async with database.transaction() as session:
        await (await session.connection()).execute(
            text("CREATE TABLE people_seen (name TEXT PRIMARY KEY NOT NULL)")
        )
    assert await database.at_once(insert, [("ana",), ("sam",), ("ana",)]) == [("ana",), ("sam",)]
    with pytest.raises(ConstraintViolated):
        await database.at_once(insert, [("noor",), (None,)])
    assert await database.at_once(insert, [("noor",), ("sam",)]) == [("noor",)]


async def test_what_slack_waits_for_passes_the_transactions_that_wait(
    database: Database, database_kind: DatabaseKind
) -> None:
    if database_kind is not DatabaseKind.SQLITE:
        pytest.skip("PostgreSQL takes many writers")
    order: list[str] = []

    async def writes(name: str) -> None:
        async with database.transaction():
            order.append(name)

    async def at_once() -> None:
        await database.at_once("SELECT ?", [("ana",)])
        order.append("at once")

    async with database.transaction():
        waiting = [asyncio.create_task(writes("first")), asyncio.create_task(writes("second"))]
        await asyncio.sleep(0)
        waiting.append(asyncio.create_task(at_once()))
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert order == ["at once", "first", "second"]


async def test_within_one_look_everybody_reads_the_same_moment(database: Database) -> None:
    async def names() -> list[str]:
        async with database.reading() as session:
            found = await (await session.connection()).execute(text("SELECT name FROM looked_at"))
            return [str(name) for (name,) in found.all()]

    async def writes(name: str) -> None:
        async with database.transaction() as session:
            await (await session.connection()).execute(
                text("INSERT INTO looked_at VALUES (:name)"), {"name": name}
            )

    async with database.transaction() as session:
        await (await session.connection()).execute(text("CREATE TABLE looked_at (name TEXT)"))
    await writes("ana")
    async with database.one_look():
        assert await names() == ["ana"]
        await asyncio.create_task(writes("sam"))
        assert await names() == ["ana"]
        assert await asyncio.create_task(names()) == ["ana", "sam"]
    assert await names() == ["ana", "sam"]


async def test_opening_it_once_more_takes_no_lock_from_whoever_has_it_open(
    sqlite_url: str, tmp_path: Path
) -> None:
    """SQLite's locks belong to the process: closing the file anywhere in it frees all of them, and
    another process that leaves takes itself for the last one, and deletes the journal."""
    ours = await Database.open(sqlite_url)
    async with ours.transaction() as session:
        await (await session.connection()).execute(text("CREATE TABLE kept (number INTEGER)"))
    second = await Database.open(sqlite_url, lock=False)
    await second.close()
    file = tmp_path / "careloop.db"
    comes_and_goes = (
        "import sqlite3, sys; other = sqlite3.connect(sys.argv[1]);"
        " other.execute('SELECT * FROM kept').fetchall(); other.close()"
    )
    command = [sys.executable, "-c", comes_and_goes, str(file)]
    await asyncio.to_thread(subprocess.run, command, check=True)

    assert file.with_name("careloop.db-wal").exists()
    async with ours.transaction() as session:
        await (await session.connection()).execute(text("INSERT INTO kept VALUES (1)"))
    await ours.close()
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(1,)]
