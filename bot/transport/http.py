"""HTTP mode: `/slack/events` behind the guard, `/healthz`, `/readyz`."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

import structlog
from aiohttp import ClientError, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.errors import SlackClientError

from bot.clock import Clock
from bot.right_of_way import RightOfWay
from bot.settings import Settings
from bot.store.errors import StoreError
from bot.transport.guard import Guard, Refused
from bot.transport.listeners import Work

# A check returns when all is well, and raises one of `_NOT_READY` when it is not.
Check = Callable[[], Awaitable[None]]

_CHECK_SECONDS: Final = 2.0
_FINISH_SECONDS: Final = 10.0
_NOT_READY: Final = (StoreError, SlackClientError, ClientError, OSError, TimeoutError)
log = structlog.get_logger()


class HttpMode:
    """A server for `app`. TLS is for the server in front of it.

    Build `app` with `request_verification_enabled=False`: the guard has verified before Bolt
    sees a request, by the bot's own clock. `checks` are what `/readyz` asks, by name.
    """

    def __init__(
        self,
        app: AsyncApp,
        settings: Settings,
        clock: Clock,
        checks: Mapping[str, Check],
        *,
        way: RightOfWay | None = None,
    ) -> None:
        self._app = app
        self._settings = settings
        self._guard = Guard(settings.slack_signing_secret.get_secret_value(), clock.now)
        self._checks = dict(checks)
        self._work = Work(app)
        self._way = way or RightOfWay()
        self._closing = False
        self._runner: web.AppRunner | None = None
        self.port = settings.port

    async def start(self) -> None:
        """Listen. `port` then says where, also when the settings said 0 (any free one)."""
        server = web.Application()
        server.router.add_route("*", "/slack/events", self._slack_events)
        server.router.add_get("/healthz", self._healthz)
        server.router.add_get("/readyz", self._readyz)
        self._runner = web.AppRunner(
            server,
            access_log=None,
            handle_signals=False,
            auto_decompress=False,
            keepalive_timeout=75,
            lingering_time=1,
            shutdown_timeout=_FINISH_SECONDS,
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._settings.host, self._settings.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        log.info("listening for Slack", transport="http", port=self.port)

    async def idle(self) -> None:
        """Wait until everything that was received has been worked on."""
        await self._work.finish(_FINISH_SECONDS)

    async def close(self, within_seconds: float = _FINISH_SECONDS) -> None:
        """Take nothing new, finish what was received, and leave."""
        self._closing = True
        if self._runner is None:
            return
        for site in list(self._runner.sites):
            await site.stop()
        if not await self._work.finish(within_seconds):
            log.warning("stopped while listeners were still running")
        await self._runner.cleanup()
        self._runner = None

    async def _slack_events(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await self._guard.read(request)
        except Refused as refused:
            log.warning("request refused", reason=refused.refusal.word)
            answer = web.Response(status=refused.refusal.status, text=refused.refusal.word)
            answer.force_close()  # what is left of a refused body is not read
            return answer
        with self._work.one(), self._way.passing():
            bolt_request = AsyncBoltRequest(
                body=body,
                query=request.query_string,
                headers={name: request.headers.getall(name) for name in request.headers},
            )
            return await to_aiohttp_response(await self._app.async_dispatch(bolt_request))

    async def _healthz(self, request: web.Request) -> web.Response:
        """The process lives."""
        del request
        return web.json_response({"alive": True})

    async def _readyz(self, request: web.Request) -> web.Response:
        """The bot can do its work: every check passes, and it is not about to stop."""
        del request
        results = await asyncio.gather(*(self._passes(name) for name in self._checks))
        passed = dict(zip(self._checks, results, strict=True))
        ready = all(results) and not self._closing
        answer = {"ready": ready, "stopping": self._closing, "checks": passed}
        return web.json_response(answer, status=200 if ready else 503)

    async def _passes(self, name: str) -> bool:
        try:
            async with asyncio.timeout(_CHECK_SECONDS):
                await self._checks[name]()
        except _NOT_READY as error:
            log.warning("a check does not pass", check=name, error=error)
            return False
        return True
