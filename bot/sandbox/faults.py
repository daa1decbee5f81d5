"""Faults on request: how Slack misbehaves, now and then, on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.sandbox.clock import SandboxClock


class FaultKind(StrEnum):
    """Faults of the Web API, then faults of what goes to the app."""

    RATE_LIMITED = "rate_limited"
    """429 with `Retry-After: seconds`; nothing was done."""
    SERVER_ERROR = "server_error"
    """An answer with `status` (500, 502, 503); nothing was done."""
    RESET_BEFORE = "reset_before"
    """The connection is reset before the deed."""
    RESET_AFTER = "reset_after"
    """The deed is done, then the connection is reset."""
    ACCEPTED_THEN_SILENT = "accepted_then_silent"
    """The deed is done and no answer comes for `seconds` (real ones); then a reset."""
    LATE_THEN_DONE = "late_then_done"
    """The connection is reset at once and the deed is done `seconds` later."""
    SLOW = "slow"
    """The answer takes `seconds` (real ones) more."""
    REFUSED = "refused"
    """`ok: false` with `error`; nothing was done."""

    LOST = "lost"
    """Never delivered and never tried again."""
    REPEATED = "repeated"
    """Delivered twice."""
    REORDERED = "reordered"
    """Held back until the next one has gone."""
    DELAYED = "delayed"
    """Delivered `seconds` (real ones) late."""
    OUTAGE = "outage"
    """Until `until`, nothing that matches is delivered, now or later."""


WEB_API_FAULTS = frozenset(
    {
        FaultKind.RATE_LIMITED,
        FaultKind.SERVER_ERROR,
        FaultKind.RESET_BEFORE,
        FaultKind.RESET_AFTER,
        FaultKind.ACCEPTED_THEN_SILENT,
        FaultKind.LATE_THEN_DONE,
        FaultKind.SLOW,
        FaultKind.REFUSED,
    }
)


@dataclass
class Fault:
    """One fault. What is left empty matches everything.

    `method` may end in a star (`conversations.*`). `times` is how often it strikes (None:
    until it is removed); `after` lets that many matches pass first; `every` strikes each
    n-th match only.
    """

    kind: FaultKind
    method: str = ""
    event: str = ""
    channel: str = ""
    app_id: str = ""
    times: int | None = 1
    after: int = 0
    every: int = 1
    seconds: float = 1.0
    status: int = 500
    error: str = "internal_error"
    until: datetime | None = None
    struck: int = 0
    matched: int = 0

    def fits_call(self, method: str, channel: str, app_id: str) -> bool:
        return (
            self.kind in WEB_API_FAULTS
            and _fits(self.method, method)
            and self.channel in {"", channel}
            and self.app_id in {"", app_id}
        )

    def fits_delivery(self, event: str, channel: str, app_id: str) -> bool:
        return (
            self.kind not in WEB_API_FAULTS
            and _fits(self.event, event)
            and self.channel in {"", channel}
            and self.app_id in {"", app_id}
        )


def _fits(pattern: str, name: str) -> bool:
    if pattern.endswith("*"):
        return name.startswith(pattern[:-1])
    return pattern in {"", name}


@dataclass
class Faults:
    """The faults that wait for their turn; the first that fits strikes."""

    clock: SandboxClock
    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> Fault:
        self.waiting.append(fault)
        return fault

    def remove(self, fault: Fault) -> None:
        if fault in self.waiting:
            self.waiting.remove(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def for_call(self, method: str, channel: str, app_id: str) -> Fault | None:
        return self._strike(
            fault for fault in self._alive() if fault.fits_call(method, channel, app_id)
        )

    def for_delivery(self, event: str, channel: str, app_id: str) -> Fault | None:
        return self._strike(
            fault for fault in self._alive() if fault.fits_delivery(event, channel, app_id)
        )

    def outage(self, app_id: str) -> Fault | None:
        """The outage that keeps this app cut off right now."""
        for fault in self._alive():
            if fault.kind is FaultKind.OUTAGE and not fault.event and fault.app_id in {"", app_id}:
                return fault
        return None

    def _alive(self) -> list[Fault]:
        now = self.clock.now()
        self.waiting = [
            fault
            for fault in self.waiting
            if (fault.until is None or fault.until > now)
            and (fault.times is None or fault.until is not None or fault.struck < fault.times)
        ]
        return self.waiting

    def _strike(self, fitting: Iterator[Fault]) -> Fault | None:
        for fault in fitting:
            fault.matched += 1
            due = (
                fault.matched > fault.after and (fault.matched - fault.after - 1) % fault.every == 0
            )
            if due:
                fault.struck += 1
                return fault
        return None
