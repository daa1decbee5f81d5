"""What was called, delivered and acknowledged, with times: the memory that tests ask."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.wire import JsonObject, text_at

KEPT = 20_000


@dataclass(frozen=True)
class CallMade:
    """One call of the Web API. `seconds` is the real time it took; tokens are left out."""

    at: datetime
    seconds: float
    app_id: str
    method: str
    arguments: JsonObject
    answer: JsonObject
    status: int
    fault: str = ""

    @property
    def ok(self) -> bool:
        return self.answer.get("ok") is True

    @property
    def error(self) -> str:
        return text_at(self.answer, "error")

    @property
    def channel(self) -> str:
        return text_at(self.arguments, "channel")


@dataclass(frozen=True)
class Delivery:
    """One attempt to bring something to an app. `name` is the event's or interaction's type."""

    id: str
    at: datetime
    monotonic: float
    app_id: str
    kind: str
    name: str
    payload: JsonObject
    channel: str = ""
    event_id: str = ""
    attempt: int = 0
    retry_reason: str = ""
    over: str = ""
    fault: str = ""
    """Why it never left, when a fault swallowed it or no connection was up."""


@dataclass(frozen=True)
class Acknowledgement:
    """How a delivery ended: `reason` is empty when the app acknowledged in time."""

    delivery: Delivery
    at: datetime
    seconds: float
    payload: JsonObject | None = None
    reason: str = ""

    @property
    def ok(self) -> bool:
        return not self.reason


@dataclass
class Record:
    """Everything since the start or the last `clear`; the oldest fall out after 20,000."""

    calls: deque[CallMade] = field(default_factory=lambda: deque(maxlen=KEPT))
    deliveries: deque[Delivery] = field(default_factory=lambda: deque(maxlen=KEPT))
    acknowledgements: deque[Acknowledgement] = field(default_factory=lambda: deque(maxlen=KEPT))

    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def add_call(self, call: CallMade) -> None:
        self.calls.append(call)
        self._changed.set()

    def add_delivery(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)
        self._changed.set()

    def add_acknowledgement(self, acknowledgement: Acknowledgement) -> None:
        self.acknowledgements.append(acknowledgement)
        self._changed.set()

    async def until(self, condition: Callable[[Record], bool], seconds: float = 5.0) -> None:
        """Return once the condition holds; it is asked again whenever something is recorded.

        Raises TimeoutError after that many real seconds.
        """
        async with asyncio.timeout(seconds):
            while not condition(self):
                self._changed.clear()
                await self._changed.wait()

    def calls_of(self, method: str, channel: str = "") -> list[CallMade]:
        return [
            call for call in self.calls if call.method == method and channel in {"", call.channel}
        ]

    def deliveries_of(
        self, name: str = "", *, channel: str = "", app_id: str = ""
    ) -> list[Delivery]:
        return [
            one
            for one in self.deliveries
            if name in {"", one.name}
            and channel in {"", one.channel}
            and app_id in {"", one.app_id}
        ]

    def acknowledgements_of(
        self, name: str = "", *, channel: str = "", app_id: str = ""
    ) -> list[Acknowledgement]:
        return [
            one
            for one in self.acknowledgements
            if name in {"", one.delivery.name}
            and channel in {"", one.delivery.channel}
            and app_id in {"", one.delivery.app_id}
        ]

    def seconds_to_acknowledge(self, name: str = "") -> Iterator[float]:
        """Real seconds from each delivery to its acknowledgement."""
        return (one.seconds for one in self.acknowledgements_of(name) if one.ok)

    def clear(self) -> None:
        self.calls.clear()
        self.deliveries.clear()
        self.acknowledgements.clear()
