"""SQLAlchemy engines as Careloop needs them: checked settings, and errors without values."""

import asyncio
import errno
import os
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeGuard

import aiosqlite
from sqlalchemy import event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor, ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, NullPool
from sqlalchemy.util import await_only

from bot.store import one_trip
from bot.store.append_only import APPEND_ONLY
from bot.store.constraints import sqlite_constraint_name
from bot.store.errors import (
    AppendOnly,
    ConstraintViolated,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseFull,
    DatabaseMisused,
    DatabaseUnreachable,
    StoreError,
)
from bot.store.url import DatabaseAddress, DatabaseKind

if TYPE_CHECKING:
    import psycopg  # takes long to load: SQLAlchemy does so where a database is PostgreSQL's

BUSY_TIMEOUT_SECONDS: Final = 2
_CONNECT_TIMEOUT_SECONDS: Final = 5

Pragma = tuple[str, str, str | int]

# What must hold on every connection: the pragma, what sets it, what it then reads as.
# secure_delete: an erased key is overwritten in the file and not only unlinked.
_PRAGMAS: Final[tuple[Pragma, ...]] = (
    ("busy_timeout", str(BUSY_TIMEOUT_SECONDS * 1000), BUSY_TIMEOUT_SECONDS * 1000),
    ("journal_mode", "WAL", "wal"),
    ("synchronous", "FULL", 2),
    ("secure_delete", "ON", 1),
)

# A session that hangs must not hold its locks for ever: nothing is waited for within a transaction,
# so one that stands still for 15 s belongs to a process that does. It ends before the leases of
# that process do, so that others can take over. Times are UTC whatever the server says.
_POSTGRESQL_OPTIONS: Final = (
    "-c timezone=UTC -c lock_timeout=5s -c statement_timeout=30s "
    "-c idle_in_transaction_session_timeout=15s"
)

_SQLITE_ERRORS: Final[dict[int, tuple[type[StoreError], str]]] = {
    sqlite3.SQLITE_BUSY: (DatabaseBusy, "the database file is in use"),
    sqlite3.SQLITE_LOCKED: (DatabaseBusy, "the database file is in use"),
    sqlite3.SQLITE_FULL: (DatabaseFull, "the disk of the database file is full"),
    sqlite3.SQLITE_CANTOPEN: (DatabaseUnreachable, "the database file cannot be opened"),
    sqlite3.SQLITE_READONLY: (DatabaseUnreachable, "the database file cannot be written"),
    sqlite3.SQLITE_PERM: (DatabaseUnreachable, "the database file cannot be opened"),
    sqlite3.SQLITE_AUTH: (DatabaseUnreachable, "the database file cannot be opened"),
    sqlite3.SQLITE_IOERR: (DatabaseUnreachable, "the disk of the database file fails"),
    sqlite3.SQLITE_CORRUPT: (DatabaseDamaged, "the database file is damaged"),
    sqlite3.SQLITE_NOTADB: (DatabaseDamaged, "the database file is no database"),
}

# By SQLSTATE or its class: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL_ERRORS: Final[dict[str, tuple[type[StoreError], str]]] = {
    "53100": (DatabaseFull, "the disk of the database server is full"),
    "53300": (DatabaseBusy, "the database server has no connection left"),
    "53": (DatabaseBusy, "the database server lacks resources"),
    "55P03": (DatabaseBusy, "another process holds what is needed"),
    "57014": (DatabaseBusy, "the database server took too long"),
    "40": (DatabaseBusy, "another process changed the same rows"),
    "25006": (DatabaseUnreachable, "the database server cannot be written"),
    "08": (DatabaseUnreachable, "the database server cannot be reached"),
    "28": (DatabaseUnreachable, "the database server refuses the log-in"),
    "3D": (DatabaseUnreachable, "the database server has no such database"),
    "57": (DatabaseUnreachable, "the database server is stopping or starting"),
    "58": (DatabaseUnreachable, "the disk of the database server fails"),
    "XX": (DatabaseDamaged, "the database server reports damage"),
}


def create_engine(
    address: DatabaseAddress,
    *,
    begin: str = "BEGIN",
    pool_size: int | None = None,
    foreign_keys: bool = True,
    read_only: bool = False,
) -> AsyncEngine:
    """An engine on `address` that raises `StoreError`s.

    On SQLite `begin` is the statement that opens a transaction, and `read_only` refuses
    writing. `pool_size` None keeps no connection open. `foreign_keys` is off only while a
    migration rebuilds tables.
    """
    arguments: dict[str, object] = {"hide_parameters": True}
    if pool_size is None:
        arguments["poolclass"] = NullPool
    else:
        arguments |= {"pool_size": pool_size, "max_overflow": 0, "pool_timeout": 10}
    if address.file is not None:
        # The driver opens no transaction by itself; the event below does.
        arguments["async_creator"] = _opens(address.file)
    else:
        arguments["pool_pre_ping"] = pool_size is not None
        given = address.url.query.get("options", "")
        arguments["connect_args"] = {
            "connect_timeout": _CONNECT_TIMEOUT_SECONDS,
            "options": f"{_POSTGRESQL_OPTIONS} {given if isinstance(given, str) else ''}".strip(),
        }
    engine = create_async_engine(address.url, **arguments)
    event.listen(engine.sync_engine, "handle_error", _translate, retval=True)
    if address.kind is DatabaseKind.SQLITE:
        pragmas = [*_PRAGMAS, ("foreign_keys", *(("ON", 1) if foreign_keys else ("OFF", 0)))]
        if read_only:
            pragmas.append(("query_only", "ON", 1))
        _prepare_sqlite(engine, begin, pragmas, read_only=read_only)
    return engine


def _opens(file: Path) -> Callable[[], Awaitable[aiosqlite.Connection]]:
    async def open_file() -> aiosqlite.Connection:
        return await one_trip.connect(file, BUSY_TIMEOUT_SECONDS)

    return open_file


def create_private(file: Path) -> None:
    """Make an empty file that only its owner can read, if there is none.

    One that is there is not opened: closing it again would take away every lock that SQLite's
    connections of this process hold on it (https://sqlite.org/howtocorrupt.html, 2.2), and the
    next process to leave would take itself for the last one and delete the journal.
    Raises `DatabaseUnreachable` when it cannot be read and written.
    """
    try:
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        if not file.is_file():
            raise _cannot_be_opened(file, errno.EISDIR) from None
        if not os.access(file, os.R_OK | os.W_OK):
            raise _cannot_be_opened(file, errno.EACCES) from None
    except OSError as error:
        raise _cannot_be_opened(file, error.errno or 0) from None


def _cannot_be_opened(file: Path, why: int) -> DatabaseUnreachable:
    return DatabaseUnreachable(
        f"the database file {file.name} cannot be opened: {os.strerror(why)}"
    )


def _prepare_sqlite(
    engine: AsyncEngine, begin: str, pragmas: Sequence[Pragma], *, read_only: bool
) -> None:
    def on_connect(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        try:
            _set_and_check(connection, pragmas)
        except BaseException:
            connection.close()
            raise

    def on_begin(connection: Connection) -> None:
        driver = connection.connection.driver_connection
        if not isinstance(driver, one_trip.OneTripConnection):
            raise TypeError("SQLite is reached through OneTripConnection")
        if read_only:
            driver.begins_with(begin)
            return
        try:
            await_only(driver.in_its_thread(lambda raw: _begin(raw, begin)))
        except sqlite3.Error as error:
            raise from_sqlite(error) from None

    event.listen(engine.sync_engine, "connect", on_connect)
    event.listen(engine.sync_engine, "begin", on_begin)


def _begin(raw: sqlite3.Connection, begin: str) -> None:
    raw.execute(begin)


def _set_and_check(connection: DBAPIConnection, pragmas: Sequence[Pragma]) -> None:
    cursor = connection.cursor()
    try:
        for pragma, setting, _ in pragmas:
            _set(cursor, f"PRAGMA {pragma}={setting}")
        for pragma, setting, expected in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
            held = cursor.fetchone()
            if held is None or held[0] != expected:
                raise DatabaseUnreachable(
                    f"SQLite does not accept {pragma}={setting} for this file; "
                    "it must lie on a local disk"
                )
    except sqlite3.Error as error:
        raise from_sqlite(error) from None
    finally:
        cursor.close()


def _set(cursor: DBAPICursor, statement: str) -> None:
    """Run `statement`; again for a while when it is busy.

    SQLite does not wait by itself while two processes turn a new file to WAL at once.
    """
    give_up = monotonic() + BUSY_TIMEOUT_SECONDS
    while True:
        try:
            cursor.execute(statement)
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > give_up:
                raise
        await_only(asyncio.sleep(0.02))


def _translate(context: ExceptionContext) -> StoreError | None:
    """A typed error, without the driver's words, in the place of the driver's."""
    original = context.original_exception
    if context.is_pre_ping and context.is_disconnect:
        return None  # the pool replaces a connection that died while nobody used it
    if isinstance(original, sqlite3.Error):
        return from_sqlite(original)
    if _is_of_postgresql(original, context.dialect):
        unreachable = isinstance(original, context.dialect.loaded_dbapi.OperationalError)
        return _from_postgresql(original, unreachable=unreachable)
    if isinstance(original, OSError):
        return DatabaseUnreachable("the database cannot be reached")
    return None


def from_sqlite(error: sqlite3.Error) -> StoreError:
    """A typed error, without SQLite's words."""
    code = getattr(error, "sqlite_errorcode", 0) or 0
    message = str(error)
    if code == sqlite3.SQLITE_CONSTRAINT_TRIGGER and message == APPEND_ONLY:
        return AppendOnly("what was recorded may not be changed or deleted")
    if code & 0xFF == sqlite3.SQLITE_CONSTRAINT:
        return ConstraintViolated(sqlite_constraint_name(message))
    kind, words = _SQLITE_ERRORS.get(
        code & 0xFF, (DatabaseMisused, f"SQLite refused a statement (code {code})")
    )
    return kind(words)


def _is_of_postgresql(error: BaseException | None, dialect: Dialect) -> TypeGuard["psycopg.Error"]:
    return dialect.name == DatabaseKind.POSTGRESQL and isinstance(error, dialect.loaded_dbapi.Error)


def _from_postgresql(error: "psycopg.Error", *, unreachable: bool) -> StoreError:
    """`unreachable`: what the error means where the server named no state."""
    state = error.sqlstate or ""
    if state == "P0001" and error.diag.message_primary == APPEND_ONLY:
        return AppendOnly("what was recorded may not be changed or deleted")
    if state.startswith("23"):
        not_null = error.diag.column_name if state == "23502" else None
        return ConstraintViolated(error.diag.constraint_name or f"NOT NULL {not_null}")
    if not state and unreachable:
        return DatabaseUnreachable("the database server cannot be reached")
    for key in (state, state[:2]):
        if key in _POSTGRESQL_ERRORS:
            kind, words = _POSTGRESQL_ERRORS[key]
            return kind(words)
    return DatabaseMisused(f"PostgreSQL refused a statement (code {state or 'none'})")
