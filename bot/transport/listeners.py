"""What is still being worked on: Bolt answers Slack first and runs on, and tracks nothing."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.listener.async_listener_completion_handler import AsyncListenerCompletionHandler
from slack_bolt.listener.async_listener_start_handler import AsyncListenerStartHandler
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse


class Work:
    """Counts requests being dispatched and listeners running, and waits for the last one."""

    def __init__(self, app: AsyncApp) -> None:
        self._running = 0
        self._idle = asyncio.Event()
        self._idle.set()
        app.listener_runner.listener_start_handler = _Started(self)
        app.listener_runner.listener_completion_handler = _Completed(self)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Count what runs inside."""
        self.started()
        try:
            yield
        finally:
            self.completed()

    def started(self) -> None:
        self._running += 1
        self._idle.clear()

    def completed(self) -> None:
        self._running -= 1
        if self._running == 0:
            self._idle.set()

    async def finish(self, within_seconds: float) -> bool:
        """Wait until nothing runs; False when something still does after `within_seconds`."""
        try:
            async with asyncio.timeout(within_seconds):
                while True:
                    # Bolt starts a listener one step of the loop after it has answered.
                    await asyncio.sleep(0)
                    await asyncio.sleep(0)
                    if self._running == 0:
                        return True
                    await self._idle.wait()
        except TimeoutError:
            return False


class _Started(AsyncListenerStartHandler):
    def __init__(self, work: Work) -> None:
        self._work = work

    async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:
        del request, response
        self._work.started()


class _Completed(AsyncListenerCompletionHandler):
    def __init__(self, work: Work) -> None:
        self._work = work

    async def handle(self, request: AsyncBoltRequest, response: BoltResponse | None) -> None:
        del request, response
        self._work.completed()
