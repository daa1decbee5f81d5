"""Socket Mode: the bot connects to Slack, over a websocket that aiohttp reconnects at once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.right_of_way import RightOfWay
from bot.settings import Settings
from bot.transport.guard import Refusal
from bot.transport.listeners import Work
from bot.transport.shape import has_slacks_shape

OnConnected = Callable[[], Awaitable[None]]

_FINISH_SECONDS: Final = 10.0
# How long a connection that broke without a word goes unnoticed. One that Slack closes is
# replaced at once.
_PING_SECONDS: Final = 5.0
log = structlog.get_logger()


class SocketMode:
    """One live connection to Slack for `app`.

    `on_connected` runs at every (re)connection, once Slack has said hello: the moment to read
    back what was posted while nobody listened. A second connection while it still runs makes
    it run once more afterwards.
    """

    def __init__(
        self,
        app: AsyncApp,
        settings: Settings,
        on_connected: OnConnected,
        *,
        ping_seconds: float = _PING_SECONDS,
        way: RightOfWay | None = None,
        count_refused: Callable[[str], None] | None = None,
    ) -> None:
        self._app = app
        self._count_refused = count_refused
        self._way = way or RightOfWay()
        self._ping_seconds = ping_seconds
        self._settings = settings
        self._on_connected = on_connected
        self._work = Work(app)
        self._handler: _Handler | None = None
        self._connected = asyncio.Event()
        self._hello = asyncio.Event()
        self._greeter: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect, and return when Slack has said hello. Retries until it does."""
        token = self._settings.slack_app_token.get_secret_value()
        handler = _Handler(
            self._app, token, self._work, self._way, self._ping_seconds, self._count_refused
        )
        self._handler = handler
        if not self._settings.talks_to_real_slack:
            handler.client.proxy = None
        handler.client.message_listeners.append(self._hear)
        self._greeter = asyncio.create_task(self._greet(), name="on-connected")
        await handler.client.connect()  # type: ignore[no-untyped-call]
        await self._connected.wait()

    async def is_connected(self) -> bool:
        """Whether Slack can reach the bot now."""
        return self._handler is not None and await self._handler.client.is_connected()

    async def idle(self) -> None:
        """Wait until everything that was received has been worked on."""
        await self._work.finish(_FINISH_SECONDS)

    async def close(self, within_seconds: float = _FINISH_SECONDS) -> None:
        """Take nothing new, finish and answer what was received, and leave."""
        if self._handler is None:
            return
        await self._handler.stop_taking()
        if not await self._work.finish(within_seconds):
            log.warning("stopped while listeners were still running")
        if self._greeter is not None:
            self._greeter.cancel()
            await asyncio.wait([self._greeter])
        await self._handler.client.close()  # type: ignore[no-untyped-call]
        await self._handler.settle()
        self._handler = None

    async def _hear(
        self,
        client: AsyncBaseSocketModeClient,
        message: Mapping[str, object],
        raw: str | None = None,
    ) -> None:
        del client, raw
        if message.get("type") == "hello":
            log.info("connected to Slack", transport="socket")
            self._connected.set()
            self._hello.set()

    async def _greet(self) -> None:
        while True:
            await self._hello.wait()
            self._hello.clear()
            with self._work.one():
                reading_back = asyncio.ensure_future(self._on_connected())
                await asyncio.wait([reading_back])
            error = reading_back.exception()
            if error is not None:  # the next connection, or a tick, tries again
                log.error("reading back after a connection failed", error=error)


class _Handler(AsyncSocketModeHandler):
    """Bolt's handler, which also knows when to take nothing more."""

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        work: Work,
        way: RightOfWay,
        ping_seconds: float,
        count_refused: Callable[[str], None] | None,
    ) -> None:
        super().__init__(app, app_token, ping_interval=ping_seconds)
        self._count_refused = count_refused
        self._way = way
        self._work = work
        self._taking = True

    async def stop_taking(self) -> None:
        """Let what has arrived be taken; leave the rest to Slack, which sends it again."""
        while not self.client.message_queue.empty():  # noqa: ASYNC110 - no event tells
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        self._taking = False

    async def handle(  # type: ignore[override]
        self, client: SocketModeClient, req: SocketModeRequest
    ) -> None:
        if not self._taking:
            return
        if not has_slacks_shape(req.payload):
            # Bolt does not ask, and fails. Not acknowledged: nothing was done about it.
            log.warning("request refused", reason=Refusal.UNREADABLE.word)
            if self._count_refused is not None:
                self._count_refused(Refusal.UNREADABLE.word)
            return
        with self._work.one(), self._way.passing(req.type):
            await super().handle(client, req)

    async def settle(self) -> None:
        """Wait for the tasks that closing has cancelled, so that none is left behind."""
        client = self.client
        tasks = (client.message_processor, client.current_session_monitor, client.message_receiver)
        waiting = [task for task in tasks if task is not None]
        if waiting:
            await asyncio.wait(waiting)
