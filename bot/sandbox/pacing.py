"""Slack's real pace: a message a second in a channel with short bursts, other methods by tier.

https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.api.method import Runnable, Tier

PER_MINUTE = {Tier.ONE: 1, Tier.TWO: 20, Tier.THREE: 50, Tier.FOUR: 100}
LEAST_BURST = 10
"""Ten connections may be opened one after the other, although that method is of tier 1."""
POSTS_A_SECOND = 1.0
POSTS_BURST = 5
POSTS_A_SECOND_WORKSPACE = 20.0
POSTS_BURST_WORKSPACE = 100


@dataclass
class Bucket:
    """Tokens that come back at `rate` a second, `size` at most."""

    rate: float
    size: float
    level: float
    at: float

    def take(self, now: float) -> float:
        """Take one; the answer is how many seconds to wait when there is none."""
        self.level = min(self.size, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level >= 1:
            self.level -= 1
            return 0.0
        return (1 - self.level) / self.rate


@dataclass
class Pacing:
    """Ages in real time. Switched off, nothing ever waits."""

    on: bool = False
    monotonic: Callable[[], float] = time.monotonic
    _buckets: dict[tuple[str, str, str], Bucket] = field(default_factory=dict)

    def wait(self, method: Runnable, app_id: str, channel: str) -> float:
        """Seconds until this call would be allowed; 0 when it is."""
        if not self.on or method.tier is Tier.UNLIMITED:
            return 0.0
        if method.tier is Tier.POSTING:
            mine = self._bucket((app_id, method.name, channel), POSTS_A_SECOND, POSTS_BURST)
            everywhere = self._bucket(
                (app_id, method.name, ""), POSTS_A_SECOND_WORKSPACE, POSTS_BURST_WORKSPACE
            )
            return max(mine.take(self.monotonic()), everywhere.take(self.monotonic()))
        per_minute = PER_MINUTE[method.tier]
        burst = max(per_minute, LEAST_BURST)
        bucket = self._bucket((app_id, method.name, ""), per_minute / 60, burst)
        return bucket.take(self.monotonic())

    def _bucket(self, key: tuple[str, str, str], rate: float, size: float) -> Bucket:
        if key not in self._buckets:
            self._buckets[key] = Bucket(rate, size, size, self.monotonic())
        return self._buckets[key]
