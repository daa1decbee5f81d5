"""The time in the local workspace: handed in, so that a demo or a test can move it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

Unsubscribe = Callable[[], None]

_LONGEST_NAP_SECONDS = 3600.0
_SHORTEST_NAP_SECONDS = 0.005


class SandboxClock(Protocol):
    """What the local Slack asks of a clock. Times are aware and in UTC."""

    def now(self) -> datetime: ...

    def advance(self, by: timedelta) -> None: ...

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after each move of the clock; the answer ends it."""
        ...


class RunningClock:
    """The real time plus whatever it was moved by."""

    def __init__(self) -> None:
        self._moved = timedelta()
        self._callbacks: list[Callable[[], None]] = []

    def now(self) -> datetime:
        return datetime.now(UTC) + self._moved

    def advance(self, by: timedelta) -> None:
        if by < timedelta():
            raise ValueError("a clock goes forward only")
        self._moved += by
        for callback in tuple(self._callbacks):
            callback()

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        self._callbacks.append(callback)

        def unsubscribe() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return unsubscribe


async def sleep_until(clock: SandboxClock, due: datetime) -> None:
    """Wait until the clock says `due`, also when somebody moves it there."""
    moved = asyncio.Event()
    unsubscribe = clock.subscribe(moved.set)
    try:
        while (left := (due - clock.now()).total_seconds()) > 0:
            moved.clear()
            nap = min(max(left, _SHORTEST_NAP_SECONDS), _LONGEST_NAP_SECONDS)
            try:
                async with asyncio.timeout(nap):
                    await moved.wait()
            except TimeoutError:
                continue
    finally:
        unsubscribe()
