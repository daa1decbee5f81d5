"""What an operator's machines ask: whether it lives, whether it can work, and how the work goes."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog
from aiohttp import ClientError, web
from slack_sdk.errors import SlackClientError

from bot.metrics import CONTENT_TYPE
from bot.store.errors import StoreError

# A check returns when all is well, and raises one of `_NOT_READY` when it is not.
Check = Callable[[], Awaitable[None]]
ReadMetrics = Callable[[], Awaitable[bytes]]

_CHECK_SECONDS: Final = 2.0
_NOT_READY: Final = (StoreError, SlackClientError, ClientError, OSError, TimeoutError)
log = structlog.get_logger()


class Health:
    """`/healthz`, `/readyz` and `/metrics`. `checks` are what `/readyz` asks, by name."""

    def __init__(self, checks: Mapping[str, Check], metrics: ReadMetrics | None = None) -> None:
        self._checks = dict(checks)
        self._metrics = metrics
        self.stopping = False

    def serve_in(self, server: web.Application) -> None:
        server.router.add_get("/healthz", self._healthz)
        server.router.add_get("/readyz", self._readyz)
        if self._metrics is not None:
            server.router.add_get("/metrics", self._tell_metrics)

    async def _healthz(self, request: web.Request) -> web.Response:
        """The process lives."""
        del request
        return web.json_response({"alive": True})

    async def _readyz(self, request: web.Request) -> web.Response:
        """The bot can do its work: every check passes, and it is not about to stop."""
        del request
        results = await asyncio.gather(*(self._passes(name) for name in self._checks))
        passed = dict(zip(self._checks, results, strict=True))
        ready = all(results) and not self.stopping
        answer = {"ready": ready, "stopping": self.stopping, "checks": passed}
        return web.json_response(answer, status=200 if ready else 503)

    async def _passes(self, name: str) -> bool:
        try:
            async with asyncio.timeout(_CHECK_SECONDS):
                await self._checks[name]()
        except _NOT_READY as error:
            log.warning("a check does not pass", check=name, error=error)
            return False
        return True

    async def _tell_metrics(self, request: web.Request) -> web.Response:
        del request
        if self._metrics is None:
            raise web.HTTPNotFound
        try:
            async with asyncio.timeout(_CHECK_SECONDS):
                text = await self._metrics()
        except _NOT_READY as error:
            log.warning("the metrics could not be read", error=error)
            return web.Response(status=503, text="the store does not answer")
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE})


class HealthPort:
    """A server of their own, for this machine alone: in Socket Mode there is no other one."""

    def __init__(self, health: Health, port: int) -> None:
        self._health = health
        self._runner: web.AppRunner | None = None
        self.port = port

    async def start(self) -> None:
        """Listen. `port` then says where, also when it was 0 (any free one)."""
        server = web.Application()
        self._health.serve_in(server)
        self._runner = web.AppRunner(server, access_log=None, handle_signals=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]
        log.info("listening for monitoring", port=self.port)

    async def close(self) -> None:
        self._health.stopping = True
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None
