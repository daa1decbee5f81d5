"""Databases for every test: a fresh one of each kind, migrated, in a few milliseconds.

`database_url` gives the address of a migrated database, `empty_database_url` of one without
tables, `database` an open one. A test that asks for one of them runs twice: on SQLite and on
PostgreSQL; marked `one_store`, on SQLite alone unless `--every-store` is given. One that asks for
`sqlite_url` runs once.
"""

import logging
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog

from bot.store.database import Database
from bot.store.url import DatabaseKind
from tests.databases import PostgresServer, copy_of_template
from tests.founded import Foundings

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
    """Where a migrated SQLite file to copy belongs; made by the first test that asks.

    `make mutants` names one, as each mutant is a run of its own.
    """
    if named := os.environ.get("CARELOOP_TEMPLATE"):
        return Path(named)
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


@pytest.fixture(scope="session")
def foundings(
    tmp_path_factory: pytest.TempPathFactory,
    sqlite_template: Path,
    request: pytest.FixtureRequest,
) -> Foundings:
    """Clinics in which something was done before, to copy."""

    def server() -> PostgresServer:
        started: PostgresServer = request.getfixturevalue("postgres")
        return started

    return Foundings(tmp_path_factory.mktemp("founded"), sqlite_template, server)


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
