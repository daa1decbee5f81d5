"""The schema's history leads up to what the models say, and back, without losing data."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Inspector, Integer, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store import migrations
from bot.store.database import Database
from bot.store.engine import create_engine
from bot.store.errors import ConstraintViolated, DatabaseIsNewer, DatabaseMisused, StoreError
from bot.store.migrations import migrate, pending_migrations, unmigrate
from bot.store.tables import metadata
from bot.store.url import read_address

DATA = [
    "INSERT INTO master_keys (id, check_value, added_at)"
    " VALUES ('1', 'check', '2026-01-01 00:00:00')",
    "INSERT INTO data_keys (id, tenant, owner_kind, owner_id, master_key_id, wrapped, created_at)"
    " VALUES ('k1', 'clinic', 'patient', 'p1', '1', 'wrapped', '2026-01-01 00:00:00')",
    "INSERT INTO audit_entries (seq, at, actor, deed, subject_kind, subject_id, outcome, surface,"
    " facts, mac) VALUES (1, '2026-01-01 00:00:00', 'U1', 'refer', 'referral', 'r1', 'done',"
    " 'command', '{}', 'mac')",
]


def describe(connection: Connection) -> dict[str, Any]:
    """All that the database knows of each table: columns, keys, checks, indexes, triggers."""
    inspector: Inspector = inspect(connection)
    tables: dict[str, Any] = {}
    for name in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        tables[name] = {
            "columns": [
                (c["name"], str(c["type"]), c["nullable"], c["default"])
                for c in inspector.get_columns(name)
            ],
            "primary key": inspector.get_pk_constraint(name),
            "foreign keys": sorted(map(str, inspector.get_foreign_keys(name))),
            "unique": sorted(map(str, inspector.get_unique_constraints(name))),
            "checks": sorted(
                (str(c["name"]), c["sqltext"]) for c in inspector.get_check_constraints(name)
            ),
            "indexes": sorted(
                (
                    str(index["name"]),
                    tuple(index["column_names"]),
                    index["unique"],
                    sorted((k, str(v)) for k, v in index.get("dialect_options", {}).items()),
                )
                for index in inspector.get_indexes(name)
            ),
        }
    triggers = (
        "SELECT name || sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        if connection.dialect.name == "sqlite"
        else "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    )
    tables["triggers"] = list(connection.exec_driver_sql(triggers).scalars())
    return tables


def engine_on(url: str) -> AsyncEngine:
    return create_engine(read_address(url), foreign_keys=False)


async def described(url: str) -> dict[str, Any]:
    engine = engine_on(url)
    async with engine.connect() as connection:
        return await connection.run_sync(describe)


async def fill(url: str) -> None:
    database = await Database.open(url, lock=False)
    async with database.transaction() as session:
        connection = await session.connection()
        for statement in DATA:
            await connection.execute(text(statement))
    await database.close()


async def test_a_new_database_is_brought_up_to_date_once(empty_database_url: str) -> None:
    everything = await pending_migrations(empty_database_url)
    assert everything
    assert await migrate(empty_database_url) == everything
    assert await pending_migrations(empty_database_url) == []
    assert await migrate(empty_database_url) == []


def test_the_names_of_the_files_give_the_order_of_the_revisions() -> None:
    scripts = ScriptDirectory.from_config(migrations.config())
    walked = [script.revision for script in scripts.walk_revisions("base", "heads")]
    assert migrations.revisions() == walked[::-1]


async def test_a_database_of_a_newer_version_is_not_touched(database_url: str) -> None:
    engine = engine_on(database_url)
    async with engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseIsNewer):
        await pending_migrations(database_url)
    with pytest.raises(DatabaseIsNewer):
        await migrate(database_url)


async def test_asking_what_is_pending_makes_no_file(tmp_path: Path) -> None:
    assert await pending_migrations(f"sqlite:///{tmp_path / 'new.db'}")
    assert not (tmp_path / "new.db").exists()


async def test_the_migrations_lead_to_what_the_models_say(
    database_url: str, empty_database_url: str
) -> None:
    engine = engine_on(empty_database_url)
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    expected = await described(empty_database_url)
    assert expected["audit_entries"]["checks"]
    assert expected["triggers"]
    assert await described(database_url) == expected


async def test_the_data_in_the_tables_survive_the_way_up(empty_database_url: str) -> None:
    """Each revision in turn is applied to a database that has rows in it."""
    revisions = await pending_migrations(empty_database_url)
    await migrate(empty_database_url, revisions[0])
    await fill(empty_database_url)
    await migrate(empty_database_url)
    database = await Database.open(empty_database_url)
    async with database.reading() as session:
        connection = await session.connection()
        owner = await connection.scalar(text("SELECT owner_id FROM data_keys WHERE id = 'k1'"))
        assert owner == "p1"
    await database.close()


async def test_the_way_down_leaves_nothing_and_the_way_up_works_again(database_url: str) -> None:
    await fill(database_url)
    before = await described(database_url)
    for revision in [*reversed(migrations.revisions()[:-1]), "base"]:
        await unmigrate(database_url, revision)
    assert await described(database_url) == {"triggers": []}
    await migrate(database_url)
    assert await described(database_url) == before


async def test_a_revision_that_fails_leaves_the_database_as_it_was(
    empty_database_url: str,
) -> None:
    engine = engine_on(empty_database_url)
    last = list(metadata.sorted_tables)[-1].name
    async with engine.begin() as connection:
        await connection.exec_driver_sql(f"CREATE TABLE {last} (id INTEGER)")
    before = await described(empty_database_url)
    with pytest.raises(DatabaseMisused):
        await migrate(empty_database_url)
    assert await described(empty_database_url) == before


async def test_two_processes_that_migrate_at_once_take_turns(empty_database_url: str) -> None:
    applied = await asyncio.gather(*(migrate(empty_database_url) for _ in range(3)))
    assert sorted(map(len, applied))[:2] == [0, 0]
    assert await pending_migrations(empty_database_url) == []


async def test_a_rebuilt_table_keeps_its_constraints_and_its_rows(database_url: str) -> None:
    """SQLite rebuilds a table to alter it; what it knew must be there afterwards."""
    await fill(database_url)
    before = await described(database_url)
    engine = engine_on(database_url)

    def rebuild(connection: Connection) -> None:
        operations = Operations(
            MigrationContext.configure(connection, opts={"target_metadata": metadata})
        )
        with operations.batch_alter_table("data_keys", recreate="auto") as batch:
            batch.add_column(Column("extra", Integer, nullable=True))
            batch.alter_column("tenant", nullable=True)
        with operations.batch_alter_table("data_keys", recreate="auto") as batch:
            batch.drop_column("extra")
            batch.alter_column("tenant", nullable=False)

    async with engine.begin() as connection:
        await connection.run_sync(rebuild)
        assert (await connection.execute(text("SELECT count(*) FROM data_keys"))).scalar() == 1
    assert await described(database_url) == before


async def test_a_row_that_points_nowhere_stops_a_migration(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'careloop.db'}"
    await migrate(url)
    engine = engine_on(url)
    async with engine.begin() as connection:  # foreign keys are off on this connection
        await connection.execute(text(DATA[1]))
    with pytest.raises(ConstraintViolated, match="data_keys"):
        await migrate(url)


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all.db", "postgresql://x@127.0.0.1:1/y"])
async def test_a_database_that_is_not_there_is_a_typed_error(url: str) -> None:
    with pytest.raises(StoreError):
        await migrate(url)
