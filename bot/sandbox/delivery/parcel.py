"""What is brought to an app, and how that ends."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.sandbox.record import Delivery
from bot.sandbox.wire import JsonObject

ACKNOWLEDGE_WITHIN_SECONDS = 3.0


class EnvelopeKind(StrEnum):
    """The `type` of a Socket Mode envelope."""

    EVENTS = "events_api"
    INTERACTIVE = "interactive"
    COMMANDS = "slash_commands"


class Failure(StrEnum):
    """Why an app did not acknowledge, by the names that Slack puts into its retry headers."""

    TIMEOUT = "http_timeout"
    ERROR = "http_error"
    UNREACHABLE = "connection_failed"
    NO_CONNECTION = "no_connection"
    LOST = "lost"


@dataclass(frozen=True)
class Parcel:
    """One payload for one app."""

    app_id: str
    kind: EnvelopeKind
    name: str
    payload: JsonObject
    channel: str = ""
    event_id: str = ""
    url: str = ""
    attempt: int = 0
    retry_reason: str = ""
    last: bool = False
    """Goes out although the app is uninstalled."""


@dataclass(frozen=True)
class Answer:
    """`failure` is None when the app acknowledged; `body` is what it gave along with that."""

    failure: Failure | None = None
    body: JsonObject | None = None
    no_retry: bool = False


class Transport(Protocol):
    """A way to an app."""

    async def deliver(self, parcel: Parcel, delivery: Delivery) -> Answer:
        """Bring it there and wait for the acknowledgement, at most 3 seconds of real time."""
        ...
