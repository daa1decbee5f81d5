"""Slack said when to come back: until then its method is left alone.

A 429 names a time (`Retry-After`) and holds for a method in the workspace; for posting also for the
one channel. Slack does not say which of the two it was, so ordinary messages wait for the method,
and urgent ones only where they themselves were refused: a try that is refused does no harm, and a
concern must not wait for somebody's digests.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clockwork.posting import CertainlyNotSent, call

RATE_LIMITED: Final = "ratelimited"

Request = Callable[[], Awaitable[AsyncSlackResponse]]


class HeldBack:
    """Makes calls, and none of a method before the time that Slack named."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._until: dict[tuple[str, str], datetime] = {}

    async def call(
        self, method: str, channel_id: str, request: Request, *, urgent: bool = False
    ) -> AsyncSlackResponse:
        """As `posting.call`; without a call raises `CertainlyNotSent` with what is left to wait."""
        left = self.left(method, channel_id, urgent=urgent)
        if left > timedelta():
            raise CertainlyNotSent(RATE_LIMITED, left)
        try:
            return await call(request())
        except CertainlyNotSent as error:
            if error.error == RATE_LIMITED and error.wait is not None:
                self._wait(method, channel_id, error.wait)
            raise

    def left(self, method: str, channel_id: str = "", *, urgent: bool = False) -> timedelta:
        """How long a method is still to be left alone; nothing if it may be called."""
        until = self._until.get((method, channel_id if urgent else ""))
        return timedelta() if until is None else max(timedelta(), until - self._now())

    def _wait(self, method: str, channel_id: str, wait: timedelta) -> None:
        now = self._now()
        self._until = {key: until for key, until in self._until.items() if until > now}
        for key in ((method, channel_id), (method, "")):
            self._until[key] = max(now + wait, self._until.get(key, now))
