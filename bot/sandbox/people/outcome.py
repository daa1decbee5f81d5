"""How a deed ended, as the person's client tells it."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.sandbox.delivery.parcel import Answer, Failure
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.wire import JsonObject


class NotSeen(SlackRefuses):
    """The person can't see that place or thing, so can't act on it."""


@dataclass(frozen=True)
class Outcome:
    """`error` is empty when the app acknowledged in time; `text` is what the client says then
    or instead. `errors` are a form's, by `block_id`."""

    acknowledged: bool
    text: str = ""
    error: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    payload: JsonObject | None = None

    @property
    def ok(self) -> bool:
        return self.acknowledged and not self.error and not self.errors


def failed(answer: Answer, what: str) -> Outcome:
    """What Slack's client says when an app does not answer."""
    if answer.failure is Failure.TIMEOUT:
        text = f"{what} failed because the app did not respond"
        return Outcome(False, f"{text}.", "operation_timeout")
    if answer.failure is Failure.ERROR:
        return Outcome(False, f"{what} failed with the error “http_service_error”.", "http_error")
    return Outcome(False, f"{what} failed because the app did not respond.", "operation_timeout")
