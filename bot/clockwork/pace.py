"""Slack takes about one message a second in a channel, with short bursts: keep to it ourselves."""

import asyncio
from collections import OrderedDict
from datetime import timedelta
from typing import Final

# Slack: "short bursts of more than one message a second are allowed".
_BURST: Final = 4.0
_MOST_CHANNELS: Final = 10_000


class Pace:
    """A token bucket a channel, in the machine's own time. Urgent messages don't ask it."""

    def __init__(self, per_second: float) -> None:
        self._per_second = per_second
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def pause(self, channel_id: str) -> timedelta:
        """How long the next message to `channel_id` would wait; nothing is counted."""
        now = asyncio.get_running_loop().time()
        tokens, at = self._buckets.get(channel_id, (_BURST, now))
        missing = 1 - min(_BURST, tokens + (now - at) * self._per_second)
        return timedelta(seconds=max(0.0, missing / self._per_second))

    async def wait(self, channel_id: str) -> None:
        """Return when the next message to `channel_id` may go."""
        pause = self._take(channel_id)
        if pause > 0:
            await asyncio.sleep(pause)

    def take(self, channel_id: str) -> None:
        """Count a message that does not wait."""
        self._take(channel_id)

    def _take(self, channel_id: str) -> float:
        now = asyncio.get_running_loop().time()
        tokens, at = self._buckets.pop(channel_id, (_BURST, now))
        tokens = min(_BURST, tokens + (now - at) * self._per_second) - 1
        self._buckets[channel_id] = (tokens, now)
        while len(self._buckets) > _MOST_CHANNELS:
            self._buckets.popitem(last=False)
        return max(0.0, -tokens / self._per_second)
