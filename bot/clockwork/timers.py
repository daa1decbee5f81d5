"""The tick that has due timers carried out."""

from datetime import datetime

import structlog

from bot.boundary import attempt
from bot.clock import Clock
from bot.services.deeds import LeaseLost
from bot.services.timers import Timers
from bot.store.errors import StoreError

_log = structlog.get_logger("careloop.timers")


class TimerTick:
    """Claims what is due and carries it out, until nothing is."""

    def __init__(self, timers: Timers, clock: Clock) -> None:
        self._timers = timers
        self._clock = clock

    async def __call__(self) -> datetime | None:
        due = await self._timers.next_due()
        if due is None or due > self._clock.now():
            return due  # almost every time it is rung: that must cost no write transaction
        while claimed := await self._timers.claim():
            for timer in claimed:
                try:
                    # One that fails keeps its lease and is tried again; the others go on.
                    await attempt(
                        self._timers.carry_out(timer),
                        "timer",
                        LeaseLost,
                        StoreError,
                        timer=timer.id,
                        kind=timer.kind.value,
                    )
                except LeaseLost:
                    _log.info("taken_over", timer=timer.id)
        return await self._timers.next_due()
