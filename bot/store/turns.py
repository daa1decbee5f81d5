"""Whose turn it is to write: SQLite has one writer, and who waits for Slack does not queue."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """A lock with two queues: those who are let ahead, and the others, each in order."""

    def __init__(self) -> None:
        self._taken = False
        self._ahead: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    @asynccontextmanager
    async def mine(self, longest_seconds: float, *, ahead: bool = False) -> AsyncIterator[None]:
        """Hold the turn. Raises TimeoutError when it does not come in time."""
        async with asyncio.timeout(longest_seconds):
            await self._acquire(self._ahead if ahead else self._others)
        try:
            yield
        finally:
            self._pass_on()

    async def _acquire(self, queue: deque[asyncio.Future[None]]) -> None:
        if not self._taken:
            self._taken = True
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on()  # it came in the very moment in which nobody wanted it any more
            else:
                queue.remove(turn)
            raise

    def _pass_on(self) -> None:
        for queue in (self._ahead, self._others):
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._taken = False
