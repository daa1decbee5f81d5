"""Ticks: work that runs when something is due, when it is kicked, and now and then anyway.

APScheduler keeps one job a tick in memory, no job a timer: what is due lives in the database, so a
crash loses nothing and two processes repeat nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.clock import Clock
from bot.store.errors import StoreError

Work = Callable[[], Awaitable[datetime | None]]

# How long a tick trusts that nothing is due before it looks anyway: for other processes' rows.
_LOOK_ANYWAY: Final = timedelta(seconds=5)
_AFTER_TROUBLE: Final = timedelta(seconds=1)


class Tick:
    """Runs `work` until it has been left alone; `work` gives when it wants to run again."""

    def __init__(self, name: str, work: Work, clock: Clock, scheduler: AsyncIOScheduler) -> None:
        self._name = name
        self._work = work
        self._clock = clock
        self._scheduler = scheduler
        self._asked = True
        self._stopping = False
        self._idle = asyncio.Event()
        self._log = structlog.get_logger("careloop.tick").bind(tick=name)

    def start(self) -> None:
        self._scheduler.add_job(
            self._run,
            IntervalTrigger(seconds=int(_LOOK_ANYWAY.total_seconds())),
            id=self._name,
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )

    def kick(self) -> None:
        """Something may be due: run now, or once more if it is running."""
        self._asked = True
        if not self._stopping and self._idle.is_set():
            self._idle.clear()
            self._scheduler.modify_job(self._name, next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        """Finish what is claimed, then run no more."""
        self._stopping = True

    async def idle(self) -> None:
        """Wait until it has nothing to do now."""
        await self._idle.wait()

    async def _run(self) -> None:
        self._idle.clear()
        self._asked = True
        due: datetime | None = None
        trouble = False
        while self._asked and not self._stopping:
            self._asked = False
            try:
                due = await self._work()
            except StoreError as error:
                # The rows are still there; they are worked off once the store answers again.
                self._log.warning("store_trouble", error=type(error).__name__)
                trouble = True
                break
        self._idle.set()
        if not self._stopping:
            self._scheduler.modify_job(
                self._name, next_run_time=datetime.now(UTC) + self._pause(due, trouble)
            )

    def _pause(self, due: datetime | None, trouble: bool) -> timedelta:
        if trouble:
            return _AFTER_TROUBLE
        if due is None:
            return _LOOK_ANYWAY
        return max(timedelta(0), min(_LOOK_ANYWAY, due - self._clock.now()))
