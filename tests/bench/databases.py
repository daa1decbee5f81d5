"""Both databases, migrated and empty: a SQLite file, and a PostgreSQL server of our own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import gettempdir
from uuid import uuid4

from bot.store.migrations import migrate
from bot.store.url import DatabaseKind
from tests.databases import PostgresServer


@asynccontextmanager
async def addresses(folder: Path) -> AsyncIterator[dict[DatabaseKind, str]]:
    """The address of each, for as long as the block lasts."""
    sqlite = f"sqlite:///{folder / 'bench.db'}"
    await migrate(sqlite)
    # Not below the bench's own folder: the server runs as another user when this one is root.
    server = PostgresServer(Path(gettempdir()) / f"careloop-postgres-{uuid4().hex[:12]}")
    try:
        with server.database(await server.template()) as url:
            yield {DatabaseKind.SQLITE: sqlite, DatabaseKind.POSTGRESQL: url}
    finally:
        server.stop()
