"""Trouble of the store, as it really comes: held, full, gone."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import aiosqlite
import psycopg
from psycopg import sql
from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from bot.store.url import DatabaseKind, read_address

# What every deed needs. On PostgreSQL a migration takes such locks.
_NEEDED = ("people", "referrals", "inbox", "outbox")


@contextmanager
def held_by_another_process(url: str) -> Iterator[None]:
    """Somebody else writes, and does not come to an end."""
    address = read_address(url)
    if address.file is not None:
        holder = sqlite3.connect(address.file, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            holder.rollback()
            holder.close()
        return
    with psycopg.connect(url) as connection:
        tables = sql.SQL(", ").join(sql.Identifier(name) for name in _NEEDED)
        connection.execute(sql.SQL("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE").format(tables))
        yield
        connection.rollback()


@asynccontextmanager
async def held_as_soon_as_it_is_free(url: str) -> AsyncIterator[None]:
    """As above, for a bot in this very process: waiting for it would hold it up for ever."""
    address = read_address(url)
    if address.file is None:
        with held_by_another_process(url):
            yield
        return
    holder = sqlite3.connect(address.file, isolation_level=None, timeout=0)
    while True:
        try:
            holder.execute("BEGIN IMMEDIATE")
            break
        except sqlite3.OperationalError:
            await asyncio.sleep(0.001)
    try:
        yield
    finally:
        holder.rollback()
        holder.close()


class Disk:
    """The disk below a SQLite file, for connections opened while this lives; it can be full."""

    def __init__(self, url: str) -> None:
        if read_address(url).kind is not DatabaseKind.SQLITE:
            raise ValueError("only a SQLite file's size can be held down from here")
        self._connections: list[aiosqlite.Connection] = []
        self._pages: int | None = None

    def know(self, connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        raw = getattr(connection, "driver_connection", None)
        if isinstance(raw, aiosqlite.Connection):
            self._connections.append(raw)
            if self._pages is not None:
                connection.cursor().execute(f"PRAGMA max_page_count = {self._pages}")

    async def is_full(self) -> None:
        """From now on SQLite gets no page more than the file has: it reports SQLITE_FULL."""
        await self._allow(1)

    async def has_room(self) -> None:
        await self._allow(1_000_000)

    async def _allow(self, pages: int) -> None:
        self._pages = pages
        for connection in self._connections:
            with suppress(ValueError):  # it was closed meanwhile
                await connection.execute(f"PRAGMA max_page_count = {pages}")


@contextmanager
def watched_disk(url: str) -> Iterator[Disk]:
    disk = Disk(url)
    event.listen(Pool, "connect", disk.know)
    try:
        yield disk
    finally:
        event.remove(Pool, "connect", disk.know)


@asynccontextmanager
async def out_of_reach(url: str, server_url: str) -> AsyncIterator[None]:
    """PostgreSQL ends every connection to the database and lets nobody in."""
    name = read_address(url).url.database or ""
    database = sql.Identifier(name)
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(database))
        server.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,)
        )
        try:
            yield
        finally:
            server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(database))
