"""The outbox, with what became of each try counted for the operator."""

from datetime import timedelta

from bot.metrics import Metrics
from bot.services.outbox import Outbox, Owed


class CountedOutbox(Outbox):
    """An outbox that counts fates. Set `metrics` before it is used."""

    metrics: Metrics

    async def sent(self, owed: Owed, channel_id: str, message_ts: str | None) -> None:
        await super().sent(owed, channel_id, message_ts)
        self._count(owed, "sent")

    async def room_opened(self, owed: Owed, room_id: str, channel_id: str) -> None:
        await super().room_opened(owed, room_id, channel_id)
        self._count(owed, "sent")

    async def whispered(self, owed: Owed) -> None:
        await super().whispered(owed)
        self._count(owed, "sent")

    async def drop(self, owed: Owed) -> None:
        await super().drop(owed)
        self._count(owed, "dropped")

    async def later(self, owed: Owed, wait: timedelta, error: str | None = None) -> None:
        await super().later(owed, wait, error)
        self._count(owed, "put_off")

    async def unknown(self, owed: Owed, wait: timedelta, error: str) -> None:
        await super().unknown(owed, wait, error)
        self._count(owed, "unknown")

    async def park(self, owed: Owed, error: str) -> None:
        await super().park(owed, error)
        self._count(owed, "parked")

    def _count(self, owed: Owed, fate: str) -> None:
        self.metrics.deliveries.labels(owed.operation.value, fate).inc()
        if owed.attempts > 1:
            self.metrics.retries.labels(owed.operation.value).inc()
