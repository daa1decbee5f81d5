"""The database: opening it, reading from it, and one transaction a deed."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Final

from sqlalchemy.exc import StatementError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlalchemy.util import greenlet_spawn
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.engine import create_engine, create_private, from_sqlite
from bot.store.errors import DatabaseBusy, DatabaseMisused, StoreError
from bot.store.lock import ProcessLock
from bot.store.one_trip import OneTripConnection, SqlParameters, SqlRow
from bot.store.turns import Turns
from bot.store.url import DatabaseAddress, DatabaseKind, read_address

BeforeCommit = Callable[[AsyncSession], Awaitable[None]]
OnCommit = Callable[[], None]
GiveWay = Callable[[], Awaitable[None]]

_READERS: Final = 5
_POSTGRESQL_CONNECTIONS: Final = 10
_LONGEST_WAIT_SECONDS: Final = 30
_BEFORE_COMMIT: Final = "careloop.before_commit"
_ON_COMMIT: Final = "careloop.on_commit"
_SNAPSHOT: Final = "careloop.snapshot"


def before_commit(session: AsyncSession, work: BeforeCommit) -> None:
    """Run `work` as the last thing in this transaction, after all else has been written."""
    _works(session).append(work)


def on_commit(session: AsyncSession, callback: OnCommit) -> None:
    """Call `callback` once this transaction is on disk; never if it is rolled back."""
    _callbacks(session).append(callback)


def is_snapshot(session: AsyncSession) -> bool:
    """Whether it only reads, all of it as of one moment: what it answered once stays true."""
    return _SNAPSHOT in session.info


class Database:
    """An open database. Every error it raises is a `StoreError` without values."""

    def __init__(
        self,
        address: DatabaseAddress,
        writer: AsyncEngine,
        reader: AsyncEngine,
        lock: ProcessLock | None,
    ) -> None:
        self._address = address
        self._writer = writer
        self._reader = reader
        self._lock = lock
        # SQLite has one writer; waiting here is fair and costs no busy loop in SQLite.
        self._turn = Turns() if self.kind is DatabaseKind.SQLITE else None
        self._give_way: GiveWay = _nobody_passes
        self._express: _Express | None = None
        self._in_transaction: set[asyncio.Task[object] | None] = set()
        self._looking: dict[asyncio.Task[object] | None, AsyncSession] = {}

    @classmethod
    async def open(cls, url: str, *, lock: bool = True) -> "Database":
        """Open the database at `url` and check that it answers.

        `lock` keeps a second bot process off a SQLite file (`AnotherBotIsRunning`); commands
        that only look, or that write a little beside the running bot, go without it.
        Raises `DatabaseUrlInvalid`, `DatabaseUnreachable`, `DatabaseDamaged`.
        """
        address = read_address(url)
        held: ProcessLock | None = None
        if address.file is not None:
            create_private(address.file)
            held = ProcessLock(address.file) if lock else None
            writer = create_engine(address, begin="BEGIN IMMEDIATE", pool_size=1)
            reader = create_engine(address, begin="BEGIN", pool_size=_READERS, read_only=True)
        else:
            writer = create_engine(address, pool_size=_POSTGRESQL_CONNECTIONS)
            reader = writer.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            )
        database = cls(address, writer, reader, held)
        try:
            await database.check()
        except BaseException:
            await database.close()
            raise
        return database

    @property
    def kind(self) -> DatabaseKind:
        return self._address.kind

    def __str__(self) -> str:
        """Where it is, without its password."""
        return str(self._address)

    def gives_way(self, give_way: GiveWay) -> None:
        """Await `give_way` before every transaction and every look: who waits for Slack first."""
        self._give_way = give_way

    async def check(self) -> None:
        """Raise a `StoreError` unless the database answers now."""
        async with self.reading() as session:
            await session.connection()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """One deed: commits at a clean exit, rolls back on any error, cancellation included.

        A commit that has begun is finished even if the task is cancelled meanwhile, so that
        nobody is left not knowing. On SQLite one transaction runs at a time; raises
        `DatabaseBusy` when its turn does not come.
        """
        await self._give_way()
        async with self._own_turn(), self._deed() as session:
            yield session

    @asynccontextmanager
    async def _own_turn(self) -> AsyncIterator[None]:
        task = asyncio.current_task()
        if task in self._in_transaction:  # on SQLite it would wait for itself for ever
            raise RuntimeError("this task is in a transaction already: pass its session on")
        async with self._turn_to_write():
            self._in_transaction.add(task)
            try:
                yield
            finally:
                self._in_transaction.discard(task)

    @asynccontextmanager
    async def _turn_to_write(self, *, ahead: bool = False) -> AsyncIterator[None]:
        if self._turn is None:
            yield
            return
        async with AsyncExitStack() as until:
            try:
                turn = self._turn.mine(_LONGEST_WAIT_SECONDS, ahead=ahead)
                await until.enter_async_context(turn)
            except TimeoutError:
                raise DatabaseBusy("the transactions before this one take too long") from None
            yield

    async def at_once(self, statement: str, rows: Sequence[SqlParameters]) -> list[SqlRow]:
        """SQLite alone: a transaction of one statement for each of `rows`, in a single trip to
        SQLite's thread, ahead of every transaction that waits; what the statement returns.

        For what Slack waits on: a session costs about ten times as much as the write to disk.
        """
        if self._address.file is None:
            raise RuntimeError("only SQLite has a single writer to be ahead of")
        if self._express is None:
            self._express = _Express(self._address)
        async with self._turn_to_write(ahead=True):
            with typed_errors():
                return await self._express.write(statement, rows)

    @asynccontextmanager
    async def _deed(self) -> AsyncIterator[AsyncSession]:
        session = AsyncSession(self._writer, expire_on_commit=False)
        with typed_errors():
            try:
                await session.connection()  # BEGIN IMMEDIATE here, not at the first statement
                yield session
                await session.flush()
                for work in _works(session):
                    await work(session)
                await _to_the_end(_commit_and_tell(session))
            finally:
                await _to_the_end(session.close())

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        """A snapshot to read from: consistent, never waits for a writer, refuses to write."""
        if (under_way := self._looking.get(asyncio.current_task())) is not None:
            yield under_way
            return
        if asyncio.current_task() not in self._in_transaction:
            await self._give_way()
        session = AsyncSession(
            self._reader, expire_on_commit=False, autoflush=False, info={_SNAPSHOT: True}
        )
        with typed_errors():
            try:
                yield session
            finally:
                await _to_the_end(session.close())

    @asynccontextmanager
    async def one_look(self) -> AsyncIterator[None]:
        """Whatever this task reads inside, by whichever service, is read from one snapshot, and
        what was read once is not read again. Write nothing inside, and call nobody: it would be
        seen too late, and hold the snapshot."""
        async with self.reading() as session:
            task = asyncio.current_task()
            self._looking[task] = session
            try:
                yield
            finally:
                del self._looking[task]

    async def purge(self) -> None:
        """Remove what was overwritten or deleted from the database's files as well.

        After an erasure: the destroyed key stands in SQLite's journal until a checkpoint, and
        in PostgreSQL's table until it is vacuumed. Copies made elsewhere are not reached.
        """
        with typed_errors():
            if self._turn is None:
                engine = self._writer.execution_options(isolation_level="AUTOCOMMIT")
                async with engine.connect() as connection:
                    await connection.exec_driver_sql("VACUUM data_keys")
                return
            async with self._turn_to_write(), self._writer.connect() as connection:
                raw = await connection.get_raw_connection()  # opens no transaction
                cursor = raw.cursor()
                await greenlet_spawn(cursor.execute, "PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.close()

    async def close(self) -> None:
        """Close every connection and let the next process in."""
        if self._express is not None:
            await self._express.close()
        await self._reader.dispose()
        await self._writer.dispose()
        if self._lock is not None:
            self._lock.release()


class _Express:
    """A connection of its own for short writes, kept out of SQLAlchemy's hands while it is used.

    It leaves moving the journal into the file to the other writer: that takes several writes to
    disk, and Slack would wait for them.
    """

    def __init__(self, address: DatabaseAddress) -> None:
        self._engine = create_engine(address, pool_size=1)
        self._connection: AsyncConnection | None = None
        self._driver: OneTripConnection | None = None

    async def write(self, statement: str, rows: Sequence[SqlParameters]) -> list[SqlRow]:
        driver = self._driver or await self._open()
        returned: list[SqlRow] = []

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            try:
                for row in rows:
                    returned.extend(connection.execute(statement, row).fetchall())
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.rollback()

        try:
            await driver.in_its_thread(work)
        except sqlite3.Error as error:
            raise from_sqlite(error) from None
        return returned

    async def _open(self) -> OneTripConnection:
        self._connection = await self._engine.connect()
        driver = (await self._connection.get_raw_connection()).driver_connection
        if not isinstance(driver, OneTripConnection):
            raise TypeError("SQLite is reached through OneTripConnection")

        def leave_the_journal(connection: sqlite3.Connection) -> None:
            connection.execute("PRAGMA wal_autocheckpoint=0")

        await driver.in_its_thread(leave_the_journal)
        self._driver = driver
        return driver

    async def close(self) -> None:
        if self._connection is not None:
            await self._connection.close()
        await self._engine.dispose()


async def _nobody_passes() -> None:
    return


def _works(session: AsyncSession) -> list[BeforeCommit]:
    works: list[BeforeCommit] = session.info.setdefault(_BEFORE_COMMIT, [])
    return works


def _callbacks(session: AsyncSession) -> list[OnCommit]:
    callbacks: list[OnCommit] = session.info.setdefault(_ON_COMMIT, [])
    return callbacks


async def _commit_and_tell(session: AsyncSession) -> None:
    await session.commit()
    for callback in _callbacks(session):
        callback()


async def _to_the_end(work: Coroutine[None, None, None]) -> None:
    """Finish `work` even if this task is cancelled meanwhile; the cancellation follows then."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as error:
            cancelled = error
    task.result()
    if cancelled is not None:
        raise cancelled


@contextmanager
def typed_errors() -> Iterator[None]:
    """Let only typed errors out, and cut the driver's error off: its text repeats values."""
    try:
        yield
    except StoreError as error:
        error.__cause__ = error.__context__ = None
        raise
    except NoConnectionFree:
        raise DatabaseBusy("every connection to the database is in use") from None
    except StatementError as error:
        reason = type(error.orig).__name__ if error.orig else type(error).__name__
        raise DatabaseMisused(f"a value does not fit its column ({reason})") from None
