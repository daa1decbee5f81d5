"""HTTP mode: `/slack/events` behind the guard, and what monitoring asks beside it."""

from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.clock import Clock
from bot.right_of_way import RightOfWay
from bot.settings import Settings
from bot.store.errors import StoreError
from bot.transport.guard import Guard, Refusal, Refused, fingerprint
from bot.transport.health import Health
from bot.transport.listeners import Work

_FINISH_SECONDS: Final = 10.0
log = structlog.get_logger()


class Seen(Protocol):
    """Knows which requests were let in."""

    async def is_new(self, fingerprint: bytes, now: datetime) -> bool: ...

    async def forget(self, fingerprint: bytes) -> None: ...


class HttpMode:
    """A server for `app`. TLS is for the server in front of it.

    Build `app` with `request_verification_enabled=False`: the guard has verified before Bolt
    sees a request, by the bot's own clock. `seen` refuses what was let in before.
    `count_refused` is told why a request got no further.
    """

    def __init__(
        self,
        app: AsyncApp,
        settings: Settings,
        clock: Clock,
        health: Health,
        *,
        way: RightOfWay | None = None,
        seen: Seen | None = None,
        count_refused: Callable[[str], None] | None = None,
    ) -> None:
        self._app = app
        self._clock = clock
        self._seen = seen
        self._count_refused = count_refused
        self._settings = settings
        self._guard = Guard(settings.slack_signing_secret.get_secret_value(), clock.now)
        self._health = health
        self._work = Work(app)
        self._way = way or RightOfWay()
        self._runner: web.AppRunner | None = None
        self.port = settings.port

    async def start(self) -> None:
        """Listen. `port` then says where, also when the settings said 0 (any free one)."""
        server = web.Application()
        server.router.add_route("*", "/slack/events", self._slack_events)
        self._health.serve_in(server)
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
        self._health.stopping = True
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
            await self._refuse_replayed(request)
        except StoreError as error:
            # Not let in without knowing; Slack brings it again under a time of its own.
            log.warning("a check does not pass", check="replays", error=error)
            return web.Response(status=503)
        except Refused as refused:
            log.warning("request refused", reason=refused.refusal.word)
            if self._count_refused is not None:
                self._count_refused(refused.refusal.word)
            answer = web.Response(status=refused.refusal.status, text=refused.refusal.word)
            answer.force_close()  # what is left of a refused body is not read
            return answer
        with self._work.one(), self._way.passing("http"):
            bolt_request = AsyncBoltRequest(
                body=body,
                query=request.query_string,
                headers={name: request.headers.getall(name) for name in request.headers},
            )
            answer = await to_aiohttp_response(await self._app.async_dispatch(bolt_request))
        if answer.status >= 500 and self._seen is not None:
            await self._seen.forget(fingerprint(request))
        return answer

    async def _refuse_replayed(self, request: web.Request) -> None:
        """Raises `Refused` for a request that was let in before, by this process or another."""
        if self._seen is None:
            return
        if not await self._seen.is_new(fingerprint(request), self._clock.now()):
            raise Refused(Refusal.REPLAYED)
