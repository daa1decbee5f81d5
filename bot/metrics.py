"""What the operator's monitoring reads: counts and times, and nothing of whom they are about.

Labels are members of closed sets alone: a kind, a priority, a severity. No id, no case code, no
name ever becomes one; that would carry it out of the store, and for ever.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

# Slack waits 3 s; what a person feels as at once is a tenth of a second.
_SLACK_WAITS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)
# A ladder's rungs: 3, 6, 10 minutes; a quarter of an hour to a day.
_PEOPLE_TAKE: Final = (60, 180, 360, 600, 900, 1800, 3600, 4 * 3600, 24 * 3600)

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class Metrics:
    """The metrics of one bot, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.acknowledgement = Histogram(
            "careloop_acknowledgement_seconds",
            "From an envelope of Slack's to its acknowledgement, by transport's kind.",
            ["kind"],
            buckets=_SLACK_WAITS,
            registry=self.registry,
        )
        self.concern_acknowledgement = Histogram(
            "careloop_concern_acknowledgement_seconds",
            "From raising a concern to its first acknowledgement. Every process counts each.",
            ["severity"],
            buckets=_PEOPLE_TAKE,
            registry=self.registry,
        )
        self.deliveries = Counter(
            "careloop_deliveries",
            "What became of a try to send something that is owed.",
            ["operation", "fate"],
            registry=self.registry,
        )
        self.retries = Counter(
            "careloop_delivery_retries",
            "Tries that were not the first of their message.",
            ["operation"],
            registry=self.registry,
        )
        self.errors = Counter(
            "careloop_errors",
            "Unforeseen errors, each with a reference in the log, by where they were caught.",
            ["where"],
            registry=self.registry,
        )
        self.tampered = Counter(
            "careloop_tampered",
            "Payloads refused because no client of Slack's sends them, by what was read.",
            ["where"],
            registry=self.registry,
        )
        self.turned_away = Counter(
            "careloop_requests_refused",
            "Requests that the guard let no further, by why.",
            ["reason"],
            registry=self.registry,
        )
        self.mended = Counter(
            "careloop_mended", "What the auditor set right.", ["finding"], registry=self.registry
        )
        self.findings = self._gauge(
            "careloop_findings", "What the auditor's last look found and could not mend.", "finding"
        )
        self.timer_lag = self._gauge(
            "careloop_timer_lag_seconds", "How long the earliest timer that is due has been due."
        )
        self.timers_due = self._gauge("careloop_timers_due", "Timers that are due now.")
        self.outbox_waiting = self._gauge(
            "careloop_outbox_waiting", "What is owed and not yet sent.", "priority"
        )
        self.outbox_age = self._gauge(
            "careloop_outbox_oldest_seconds", "How long the oldest of it has been owed.", "priority"
        )
        self.outbox_parked = self._gauge("careloop_outbox_parked", "What Slack refused for good.")
        self.inbox_waiting = self._gauge("careloop_inbox_waiting", "Events not yet worked off.")
        self.inbox_age = self._gauge(
            "careloop_inbox_oldest_seconds", "How long the oldest of them has waited."
        )
        self.inbox_parked = self._gauge("careloop_inbox_parked", "Events that failed for good.")
        self.open_concerns = self._gauge(
            "careloop_open_concerns", "Concerns that nobody has acknowledged.", "severity"
        )
        self.concern_age = self._gauge(
            "careloop_open_concern_oldest_seconds",
            "How long the oldest of them has been open.",
            "severity",
        )
        self.last_tick = self._gauge(
            "careloop_last_tick_timestamp_seconds", "When a tick last ran, in Unix time.", "tick"
        )
        self.checkpoint = self._gauge(
            "careloop_audit_checkpoint_timestamp_seconds",
            "When every place outside last had the audit's newest checkpoint; 0: not yet.",
        )

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(name, what, labels, registry=self.registry)

    def passed(self, kind: str, seconds: float) -> None:
        """An envelope was acknowledged, or was not and took so long."""
        self.acknowledgement.labels(kind).observe(seconds)

    def checkpoint_kept(self, at: datetime) -> None:
        """Every place outside has the newest checkpoint of the audit."""
        self.checkpoint.set(at.timestamp())

    def failed(self, where: str) -> None:
        """An unforeseen error was caught."""
        self.errors.labels(where).inc()

    def refused(self, where: str) -> None:
        """Something came that no client of Slack's sends; `where` is a part of ours."""
        self.tampered.labels(where).inc()

    def refused_request(self, reason: str) -> None:
        """The guard let a request no further; `reason` is one of its words."""
        self.turned_away.labels(reason).inc()

    def text(self) -> bytes:
        """As Prometheus reads it; see `CONTENT_TYPE`."""
        return generate_latest(self.registry)


def set_ages(
    waiting: Gauge, age: Gauge, now: datetime, known: Mapping[str, tuple[int, datetime | None]]
) -> None:
    """Of every label in `known`, how many wait and how long the oldest of them has."""
    for label, (count, oldest) in known.items():
        waiting.labels(label).set(count)
        age.labels(label).set(age_of(oldest, now))


def age_of(oldest: datetime | None, now: datetime) -> float:
    """Seconds since `oldest`, which may be a moment ahead of a clock that was read before."""
    return max(0.0, (now - oldest).total_seconds()) if oldest is not None else 0.0
