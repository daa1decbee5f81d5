"""aiosqlite with one trip to its thread a statement, where there are four.

SQLAlchemy asks aiosqlite for a cursor, executes, fetches and closes, and waits each time for the
connection's thread. A deed has about 25 statements; most of its time went into those waits. Here a
statement and its rows come back from the thread together, and the BEGIN of a look goes there with
its first statement.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import aiosqlite

SqlValue: TypeAlias = str | bytes | int | float | None
SqlRow: TypeAlias = tuple[SqlValue, ...]
SqlParameters: TypeAlias = Sequence[SqlValue] | dict[str, SqlValue]


class _Cursor:
    """What SQLAlchemy uses of a cursor. Its rows are here as soon as `execute` returns."""

    def __init__(self, connection: "OneTripConnection") -> None:
        self._connection = connection
        self._rows: list[SqlRow] = []
        self.description: tuple[tuple[str, None, None, None, None, None, None], ...] | None = None
        self.lastrowid: int | None = None
        self.rowcount = -1

    async def execute(self, statement: str, parameters: SqlParameters = ()) -> None:
        def work(connection: sqlite3.Connection) -> None:
            self._keep(connection.execute(statement, parameters))

        await self._connection.in_its_thread(work)

    async def executemany(self, statement: str, rows: Iterable[SqlParameters]) -> None:
        def work(connection: sqlite3.Connection) -> None:
            self._keep(connection.executemany(statement, rows))

        await self._connection.in_its_thread(work)

    def _keep(self, cursor: sqlite3.Cursor) -> None:
        try:
            self.description = cursor.description
            self._rows = cursor.fetchall() if cursor.description else []
            self.lastrowid = cursor.lastrowid
            self.rowcount = cursor.rowcount
        finally:
            cursor.close()

    async def fetchall(self) -> list[SqlRow]:
        return self._rows

    async def close(self) -> None:
        self._rows = []


class OneTripConnection(aiosqlite.Connection):
    """A connection whose cursors make one trip a statement."""

    _begin: str | None = None

    def begins_with(self, begin: str) -> None:
        """Open the next transaction by `begin`, in the trip of its first statement."""
        self._begin = begin

    async def in_its_thread(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do `work` where SQLite's connection lives, in a transaction if one was asked for."""
        begin, self._begin = self._begin, None

        def begun(connection: sqlite3.Connection) -> None:
            if begin is not None:
                connection.execute(begin)
            work(connection)

        await self._execute(begun, self._conn)  # type: ignore[no-untyped-call]  # aiosqlite's own

    async def commit(self) -> None:
        if not self._nothing_was_begun():
            await super().commit()

    async def rollback(self) -> None:
        if not self._nothing_was_begun():
            await super().rollback()

    def _nothing_was_begun(self) -> bool:
        begin, self._begin = self._begin, None
        return begin is not None

    async def cursor(self) -> _Cursor:  # type: ignore[override]
        return _Cursor(self)


def connect(file: Path, timeout_seconds: float) -> OneTripConnection:
    """A connection to `file`, to be awaited. The driver opens no transaction by itself."""

    def open_file() -> sqlite3.Connection:
        return sqlite3.connect(
            file, timeout=timeout_seconds, isolation_level=None, check_same_thread=False
        )

    connection = OneTripConnection(open_file, iter_chunk_size=64)
    connection._thread.daemon = True  # as those are that SQLAlchemy makes itself
    return connection
