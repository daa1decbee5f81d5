"""The tick that looks for what should have happened and did not, and tells how the work stands."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from bot.care.concern import Severity
from bot.care.oversight import Finding
from bot.clock import Clock
from bot.clockwork.ticks import Tick
from bot.metrics import Metrics, age_of, set_ages
from bot.notices import Priority
from bot.services.oversight import Looked, Oversight

# A tick runs every few seconds, the auditor every minute: after this long it does not run at all.
_STANDS_STILL: Final = timedelta(minutes=5)

_log = structlog.get_logger("careloop.auditor")


class ClockworkStandsStill(TimeoutError):
    """What is due is not carried out: this process does not do its work."""


class Auditor:
    """Has a look taken, keeps what it found, and sets the metrics."""

    def __init__(
        self, oversight: Oversight, clock: Clock, metrics: Metrics, kick: Callable[[], None]
    ) -> None:
        self._oversight = oversight
        self._clock = clock
        self._metrics = metrics
        self._kick = kick
        self._last: Looked | None = None
        self._acknowledged_until = clock.now()
        self._started = datetime.now(UTC)
        self.ticks: tuple[Tick, ...] = ()

    def watch(self, ticks: Iterable[Tick]) -> None:
        """Whose last run is told."""
        self.ticks = tuple(ticks)

    async def look(self) -> Looked:
        """Look once: mend, tell, and keep what was found."""
        looked = await self._oversight.look(self._last)
        self._last = looked
        for finding, mended in looked.mended.items():
            if mended:
                self._metrics.mended.labels(finding.value).inc(mended)
                _log.warning("mended", kind=finding.value, count=mended)
        for finding in Finding:
            left = looked.found.get(finding, 0) - looked.mended.get(finding, 0)
            self._metrics.findings.labels(finding.value).set(left)
            if left:
                _log.warning("stuck", kind=finding.value, count=left)
        if looked.found:
            self._kick()
        await self._count_acknowledgements()
        return looked

    async def _count_acknowledgements(self) -> None:
        since = self._acknowledged_until
        for severity, seconds, at in await self._oversight.acknowledged_since(since):
            self._metrics.concern_acknowledgement.labels(severity).observe(seconds)
            self._acknowledged_until = max(self._acknowledged_until, at)

    async def is_well(self) -> None:
        """For `/readyz`. Raises `ClockworkStandsStill` when what is due stays undone.

        What waits for a person (a parked message, say) is no reason: another process could not do
        it either.
        """
        if self._last is not None and self._last.found.get(Finding.OVERDUE_TIMER, 0):
            raise ClockworkStandsStill
        now = datetime.now(UTC)
        if any(now - (tick.ran_at or self._started) > _STANDS_STILL for tick in self.ticks):
            raise ClockworkStandsStill

    async def metrics(self) -> bytes:
        """The metrics as they are now, in Prometheus's format."""
        now, metrics = self._clock.now(), self._metrics
        work = await self._oversight.work_now()
        metrics.timers_due.set(work.timers_due.count)
        metrics.timer_lag.set(age_of(work.timers_due.oldest, now))
        set_ages(
            metrics.outbox_waiting,
            metrics.outbox_age,
            now,
            {priority.name.lower(): (0, None) for priority in Priority}
            | {
                Priority(number).name.lower(): (one.count, one.oldest)
                for number, one in work.outbox.items()
            },
        )
        metrics.outbox_parked.set(work.outbox_parked)
        metrics.inbox_waiting.set(work.inbox.count)
        metrics.inbox_age.set(age_of(work.inbox.oldest, now))
        metrics.inbox_parked.set(work.inbox_parked)
        set_ages(
            metrics.open_concerns,
            metrics.concern_age,
            now,
            {severity.value: (0, None) for severity in Severity}
            | {
                severity.value: (one.count, one.oldest)
                for severity, one in work.open_concerns.items()
            },
        )
        for tick in self.ticks:
            if tick.ran_at is not None:
                metrics.last_tick.labels(tick.name).set(tick.ran_at.timestamp())
        return metrics.text()
