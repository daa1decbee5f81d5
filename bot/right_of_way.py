"""Who waits for Slack goes first; what the bot does by itself lets them pass.

All of it runs on one event loop, and on SQLite through one writer. So while an envelope of Slack's
is on its way to its acknowledgement, nothing else begins a step of its own: no tick, no claim, no
drawing. What has begun goes on, and nobody gives way for long, so that a busy hour delays what is
owed by moments only.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from time import monotonic
from typing import Final

# How long work gives way at most, once: much shorter than anything that is due may be late.
_LONGEST_SECONDS: Final = 0.05

_in_front: ContextVar[bool] = ContextVar("careloop_in_front", default=False)


class RightOfWay:
    """Counts the envelopes under way. One for each bot."""

    def __init__(self, passed: Callable[[str, float], None] | None = None) -> None:
        """`passed` is told of what kind each was, and how many seconds it took."""
        self._passed = passed
        self._passing = 0
        self._clear = asyncio.Event()
        self._clear.set()

    @contextmanager
    def passing(self, kind: str) -> Iterator[None]:
        """Slack waits for what is done inside, and for every task that is started inside."""
        began = monotonic()
        token = _in_front.set(True)
        self._passing += 1
        self._clear.clear()
        try:
            yield
        finally:
            _in_front.reset(token)
            self._passing -= 1
            if self._passing == 0:
                self._clear.set()
            if self._passed is not None:
                self._passed(kind, monotonic() - began)

    async def give_way(self) -> None:
        """Return once nothing passes, after a moment at the latest; at once for what passes."""
        if self._passing == 0 or _in_front.get():
            return
        try:
            async with asyncio.timeout(_LONGEST_SECONDS):
                await self._clear.wait()
        except TimeoutError:
            return
