"""The tick that has due timers carried out."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final, Protocol

import structlog

from bot.boundary import Failed, attempt
from bot.clock import Clock
from bot.services.deeds import LeaseLost
from bot.services.timers import TOGETHER
from bot.store.errors import StoreError
from bot.store.tables.work import Timer

# What one transaction carries out, if there is time for so many.
MOST_TOGETHER: Final = 100

_log = structlog.get_logger("careloop.timers")


class DueTimers(Protocol):
    """What the tick asks of the timers; each as `services.timers.Timers` has it."""

    async def next_free(self) -> datetime | None: ...

    async def claim(self) -> Sequence[Timer]: ...

    async def claim_alarms(self) -> Sequence[Timer]: ...

    async def carry_out_together(self, timers: Sequence[Timer], /) -> Sequence[Timer]: ...

    async def carry_out(self, timer: Timer, /) -> None: ...


class TimerTick:
    """Claims what is due and carries it out, until nothing is; first what a concern waits for,
    which comes due while a thousand reminders are carried out, too.

    Many of a simple kind are carried out in one transaction. If one of them fails, none of it
    happened, and each is carried out by itself, so that the others go on.
    """

    def __init__(self, timers: DueTimers, clock: Clock) -> None:
        self._timers = timers
        self._clock = clock

    async def __call__(self) -> datetime | None:
        due = await self._timers.next_free()
        if due is None or due > self._clock.now():
            return due  # almost every time it is rung: that must cost no write transaction
        await self._alarms_first()
        while claimed := await self._timers.claim():
            for group in _groups(claimed):
                for timer in await self._left_alone(group):
                    await self._carry_out(timer)
                    await self._alarms_first()
        return await self._timers.next_free()

    async def _alarms_first(self) -> None:
        """Carry out what a concern waits for, if any of it is due, before whatever else is."""
        while alarms := await self._timers.claim_alarms():
            for alarm in alarms:
                await self._carry_out(alarm)

    async def _left_alone(self, group: Sequence[Timer]) -> Sequence[Timer]:
        """Carry out what goes together; gives what is left to be carried out one by one."""
        kind = group[0].kind.value
        while len(group) > 1:
            try:
                done = await attempt(
                    self._timers.carry_out_together(group),
                    *("timers", LeaseLost, StoreError),
                    kind=kind,
                )
            except (LeaseLost, StoreError) as error:
                _log.warning("one_by_one", kind=kind, error=type(error).__name__)
                return group
            if isinstance(done, Failed):
                return group
            group = done.result
            await self._alarms_first()
        return group

    async def _carry_out(self, timer: Timer) -> None:
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


def _groups(claimed: Sequence[Timer]) -> Iterator[Sequence[Timer]]:
    """In the order in which they are due; neighbours of a simple kind together."""
    for kind, neighbours in groupby(claimed, key=lambda timer: timer.kind):
        same = list(neighbours)
        size = MOST_TOGETHER if kind in TOGETHER else 1
        for first in range(0, len(same), size):
            yield same[first : first + size]
