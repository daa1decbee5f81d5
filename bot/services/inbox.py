"""The inbox: an event is on disk before Slack hears that it was received."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.clock import Clock
from bot.ids import new_id
from bot.store.database import Database
from bot.store.queries import inbox as stored
from bot.store.queries.inbox import Arrived
from bot.store.vault import Vault

# Leases tell whether a process lives: they go by the machine's time, not by the movable clock.
# An event that two work off at once changes nothing the second time, so it can be short.
LEASE: Final = timedelta(seconds=30)
MOST_ATTEMPTS: Final = 6
_MOST_AT_ONCE: Final = 50

__all__ = ["Arrived", "Inbox"]


@dataclass
class _Batch:
    events: list[Arrived] = field(default_factory=list)
    written: asyncio.Task[None] | None = None


class Inbox:
    """Keeps events and hands them out to be worked off, each until it is settled.

    Events that come while a transaction is being written share the next one: twenty people typing
    at once cost one write to disk, not twenty.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        kick: Callable[[], None],
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._owner = new_id()
        self._batch = _Batch()
        self._turn = asyncio.Lock()
        self._ready: deque[Arrived] = deque()
        self._kick = kick

    async def keep(self, event: Arrived) -> None:
        """Store an event. Returns once it is on disk; raises `StoreError` if it could not be."""
        batch = self._batch
        batch.events.append(event)
        if batch.written is None:
            batch.written = asyncio.create_task(self._write(batch))
        await asyncio.shield(batch.written)

    async def _write(self, batch: "_Batch") -> None:
        async with self._turn:
            # What comes from here on goes with the next one.
            self._batch = _Batch()
            new = await self._store(batch.events)
        self._ready.extend(new)
        self._kick()

    async def _store(self, events: list[Arrived]) -> list[Arrived]:
        return await stored.keep(
            self._database,
            self._vault,
            events,
            now=self._clock.now(),
            owner=self._owner,
            lease_until=datetime.now(UTC) + LEASE,
        )

    async def take(self) -> list[Arrived]:
        """Events to work off now, in the order in which they came; empty if there are none."""
        if self._ready:
            fresh = list(self._ready)
            self._ready.clear()
            return fresh
        now, alive = self._clock.now(), datetime.now(UTC)
        async with self._database.reading() as session:
            if not await stored.has_claimable(session, now=now, alive=alive):
                return []
        async with self._database.transaction() as session:
            return list(
                await stored.claim(
                    session,
                    self._vault,
                    now=now,
                    alive=alive,
                    owner=self._owner,
                    lease_until=datetime.now(UTC) + LEASE,
                    most=_MOST_AT_ONCE,
                )
            )

    @property
    def has_fresh(self) -> bool:
        """Whether something is kept, or being kept, that nobody has taken."""
        return bool(self._ready or self._batch.events or self._turn.locked())

    async def settle(self, event: Arrived) -> None:
        """Nothing more is to be done about it."""
        async with self._database.transaction() as session:
            await stored.settle(session, event.key)

    async def put_back(self, event: Arrived) -> bool:
        """It could not be worked off now: try again later; tells whether it was given up.

        If another process has it by now, it is left to that one.
        """
        failed = event.attempts >= MOST_ATTEMPTS
        later = self._clock.now() + timedelta(seconds=2**event.attempts)
        async with self._database.transaction() as session:
            mine = await stored.put_back(session, event.key, self._owner, later, failed=failed)
        return failed and mine

    async def release_own(self) -> None:
        """At the end: what this process did not get to is free for the next one at once."""
        self._ready.clear()
        async with self._database.transaction() as session:
            await stored.release_all(session, self._owner)

    async def release_all(self) -> None:
        """At the start of the only process: what a crash left is worked off now."""
        async with self._database.transaction() as session:
            await stored.release_all(session)

    async def next_due(self) -> datetime | None:
        """When something that was put back may be tried again."""
        async with self._database.reading() as session:
            return await stored.next_due(session)

    async def is_empty(self) -> bool:
        """Whether everything that was kept has been worked off or given up."""
        async with self._database.reading() as session:
            return not self.has_fresh and await stored.count_unfinished(session) == 0
