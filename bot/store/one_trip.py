"""aiosqlite without a trip to its thread where SQLite answers faster than a thread wakes.

SQLAlchemy asks aiosqlite for a cursor, executes, fetches and closes, and waits each time for the
connection's thread. A statement of a deed takes SQLite 10 µs; the trip takes ten times that of
processor time, more until it is back. So a statement and its rows are fetched at once, and right
here, on the event loop. What may take long goes to the thread: a BEGIN that waits for another
writer, a COMMIT that waits for the disk, many rows at once, changes of tables; and a SELECT that is
not done after a moment is broken off and asked again there. Nobody else waits longer for the loop
than such a moment.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import monotonic
from typing import Final, TypeAlias

import aiosqlite

SqlValue: TypeAlias = str | bytes | int | float | None
SqlRow: TypeAlias = tuple[SqlValue, ...]
SqlParameters: TypeAlias = Sequence[SqlValue] | dict[str, SqlValue]

# How long one SELECT holds the event loop at most.
_A_MOMENT_SECONDS: Final = 0.005
# How long a deed goes on, statement after statement, before it lets others in: short, as whoever
# acknowledges needs several turns, and each comes round when all others have had theirs.
_A_TURN_SECONDS: Final = 0.001
# Of SQLite's instructions, between two looks at the time: about 20 µs.
_LOOK_EVERY: Final = 1000
_LOOKS: Final = "SELECT "
_QUICK: Final = (_LOOKS, "INSERT ", "UPDATE ")


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

        if not statement.startswith(_QUICK):
            await self._connection.in_its_thread(work)
        else:
            await self._connection.here(work, may_be_broken_off=statement.startswith(_LOOKS))

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
    """A connection whose cursors make one trip a statement, and none for what is quick."""

    _begin: str | None = None
    # Each is counted by one side alone: the trips that the loop asked for, and those that the
    # thread has done. Work that its task no longer waits for is still on its way.
    _asked = 0
    _done = 0
    _held_since = 0.0

    def begins_with(self, begin: str) -> None:
        """Open the next transaction by `begin`, together with its first statement."""
        self._begin = begin

    async def in_its_thread(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Do `work` in the connection's own thread, in a transaction if one was asked for."""
        begin, self._begin = self._begin, None

        def begun(connection: sqlite3.Connection) -> None:
            try:
                if begin is not None:
                    connection.execute(begin)
                work(connection)
            finally:
                self._done += 1

        self._asked += 1
        await self._execute(begun, self._conn)  # type: ignore[no-untyped-call]  # aiosqlite's own
        self._held_since = monotonic()

    async def here(
        self, work: Callable[[sqlite3.Connection], None], *, may_be_broken_off: bool = False
    ) -> None:
        """Do `work`, which is quick, on the event loop, in a transaction if one was asked for.

        What `may_be_broken_off` is, if it turns out not to be quick, and is done in the thread.
        """
        if self._asked != self._done:
            await self.in_its_thread(work)
            return
        connection = self._conn
        begin, self._begin = self._begin, None
        if begin is not None:
            connection.execute(begin)
        if may_be_broken_off and not _done_in_a_moment(connection, work):
            await self.in_its_thread(work)
            return
        if not may_be_broken_off:
            work(connection)
        if monotonic() - self._held_since > _A_TURN_SECONDS:
            await asyncio.sleep(0)
            self._held_since = monotonic()

    async def commit(self) -> None:
        if not self._nothing_was_begun():
            await self.in_its_thread(sqlite3.Connection.commit)

    async def rollback(self) -> None:
        if not self._nothing_was_begun():
            await self.here(sqlite3.Connection.rollback)

    def _nothing_was_begun(self) -> bool:
        begin, self._begin = self._begin, None
        return begin is not None

    async def cursor(self) -> _Cursor:  # type: ignore[override]
        return _Cursor(self)


def _done_in_a_moment(
    connection: sqlite3.Connection, look: Callable[[sqlite3.Connection], None]
) -> bool:
    """Do `look`; False if it was broken off, which leaves its transaction as it was."""
    until = monotonic() + _A_MOMENT_SECONDS
    connection.set_progress_handler(lambda: monotonic() > until, _LOOK_EVERY)
    try:
        look(connection)
    except sqlite3.OperationalError as error:
        # Words that are no UTF-8 are refused by the driver, which has no number for it.
        if getattr(error, "sqlite_errorcode", None) != sqlite3.SQLITE_INTERRUPT:
            raise
        return False
    finally:
        connection.set_progress_handler(None, 0)
    return True


def connect(file: Path, timeout_seconds: float) -> OneTripConnection:
    """A connection to `file`, to be awaited. The driver opens no transaction by itself."""

    def open_file() -> sqlite3.Connection:
        return sqlite3.connect(
            file, timeout=timeout_seconds, isolation_level=None, check_same_thread=False
        )

    connection = OneTripConnection(open_file, iter_chunk_size=64)
    connection._thread.daemon = True  # as those are that SQLAlchemy makes itself
    return connection
