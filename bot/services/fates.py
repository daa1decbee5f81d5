"""Fates of messages, written down together.

Each reply owes three messages, and they end at about the same time. Fates that come while the next
transaction waits for its turn share it, as events do in the inbox: on SQLite there is one writer,
and whoever waits for Slack waits for him, too.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.database import Database

Write = Callable[[AsyncSession], Awaitable[None]]


@dataclass
class _Batch:
    writes: list[Write] = field(default_factory=list)
    written: asyncio.Task[None] | None = None


class Fates:
    """Writes fates, each as if it had a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._next = _Batch()

    async def write(self, write: Write) -> None:
        """Return once what `write` does is on disk; raises what it raises, and `StoreError`.

        It may be called twice: where a transaction of several fails, whoever is to blame, nothing
        of it has happened, and each is written alone.
        """
        batch = self._next
        batch.writes.append(write)
        if batch.written is None:
            batch.written = asyncio.create_task(self._write_all(batch))
        await asyncio.wait([batch.written])
        if len(batch.writes) == 1 or batch.written.exception() is None:
            batch.written.result()
            return
        async with self._database.transaction() as session:
            await write(session)

    async def _write_all(self, batch: _Batch) -> None:
        try:
            async with self._database.transaction() as session:
                self._close(batch)
                for write in batch.writes:
                    await write(session)
        finally:
            self._close(batch)  # also where the transaction's turn did not come

    def _close(self, batch: _Batch) -> None:
        """What comes from here on goes with the next one."""
        if self._next is batch:
            self._next = _Batch()
