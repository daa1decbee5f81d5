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
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.boundary import Failed, attempt
from bot.clock import Clock
from bot.store.errors import StoreError

Work = Callable[[], Awaitable[datetime | None]]

# How long a tick trusts that nothing is due before it looks anyway: for other processes' rows.
_LOOK_ANYWAY: Final = timedelta(seconds=5)
_AFTER_TROUBLE: Final = timedelta(seconds=1)

_log = structlog.get_logger("careloop.tick")


class Tick:
    """Runs `work` whenever it is rung, once at a time; `work` gives when it wants to run again.

    Rung by APScheduler when that time has come, and now and then anyway; and by `kick` when
    something was committed or the clock was moved.
    """

    def __init__(self, name: str, work: Work, clock: Clock, scheduler: AsyncIOScheduler) -> None:
        self.name = name
        # When it last ran, by the machine's time.
        self.ran_at: datetime | None = None
        self._work = work
        self._clock = clock
        self._scheduler = scheduler
        self._rung = asyncio.Event()
        self._idle = asyncio.Event()
        self._stopping = False
        self._life: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._scheduler.add_job(
            self.kick, IntervalTrigger(seconds=_LOOK_ANYWAY.seconds), id=self.name, **_ONCE
        )
        self._life = asyncio.create_task(self._run(), name=f"tick {self.name}")
        self.kick()

    def kick(self) -> None:
        """Something may be due: run now, or once more if it is running."""
        self._idle.clear()
        self._rung.set()

    @property
    def is_idle(self) -> bool:
        return self._idle.is_set()

    async def idle(self) -> None:
        """Wait until it has nothing to do now."""
        await self._idle.wait()

    async def stop(self) -> None:
        """Let it finish what it is at, and run no more."""
        self._stopping = True
        self.kick()
        if self._life is not None:
            await self._life

    async def _run(self) -> None:
        while True:
            await self._rung.wait()
            self._rung.clear()
            if self._stopping:
                self._idle.set()
                return
            due = await self._work_once()
            if due is not None:
                self._ring_at(due)
            if not self._rung.is_set():
                self._idle.set()

    async def _work_once(self) -> datetime | None:
        self.ran_at = datetime.now(UTC)
        try:
            done = await attempt(self._work(), "tick", StoreError, kind=self.name)
        except StoreError as error:
            # The rows are still there; they are worked off once the store answers again.
            _log.warning("store_trouble", kind=self.name, error=type(error).__name__)
            return self._clock.now() + _AFTER_TROUBLE
        return self._clock.now() + _AFTER_TROUBLE if isinstance(done, Failed) else done.result

    def _ring_at(self, due: datetime) -> None:
        wait = max(timedelta(0), due - self._clock.now())
        if wait < _LOOK_ANYWAY:
            at = DateTrigger(datetime.now(UTC) + wait)
            self._scheduler.add_job(
                self.kick, at, id=f"{self.name} due", replace_existing=True, **_ONCE
            )


_ONCE: Final = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
