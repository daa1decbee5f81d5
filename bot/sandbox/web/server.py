"""The HTTP server: which address leads where."""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from bot.sandbox.delivery.socket_mode import SocketMode
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.web.answers import ResponseUrls
from bot.sandbox.web.clock import ClockBar
from bot.sandbox.web.consent import Consent
from bot.sandbox.web.control import Control
from bot.sandbox.web.deeds import Deeds
from bot.sandbox.web.files import Files
from bot.sandbox.web.guard import Handler, loopback_only
from bot.sandbox.web.live import LivePages
from bot.sandbox.web.looking import Looking
from bot.sandbox.web.web_api import WebApi

PAGE = Path(__file__).resolve().parent.parent / "page"
LARGEST_BODY_BYTES = 50 * 1024 * 1024
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css"}
_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "connect-src 'self' ws: ; frame-ancestors 'self'; form-action 'self'"
)


@dataclass
class Doors:
    """Everything that answers requests."""

    web_api: WebApi
    sockets: SocketMode
    answers: ResponseUrls
    clock: ClockBar
    live: LivePages
    looking: Looking
    deeds: Deeds
    files: Files
    consent: Consent
    control: Control


@web.middleware
async def refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except SlackRefuses as refusal:
        return web.json_response(refusal.answer(), status=400)


def make_server(doors: Doors) -> web.Application:
    app = web.Application(middlewares=[loopback_only, refusals], client_max_size=LARGEST_BODY_BYTES)
    router = app.router
    router.add_route("*", "/api/{method}", doors.web_api.handle)
    router.add_get("/link/", doors.sockets.serve)
    router.add_post("/actions/{key:.+}", doors.answers.handle)
    router.add_post("/upload/v1/{key}", doors.files.receive)
    router.add_get("/files-pri/{place}/{name:.+}", doors.files.for_app)
    router.add_get("/oauth/v2/authorize", doors.consent.show)
    router.add_post("/oauth/v2/authorize", doors.consent.decide)
    router.add_get("/", _index)
    router.add_get("/archives/{place:.+}", _index)  # permalinks
    router.add_get("/_sandbox/page/{path:.+}", _page_file)
    router.add_get("/_sandbox/people", doors.looking.people)
    router.add_get("/_sandbox/live", doors.live.serve)
    router.add_get("/_sandbox/clock", doors.clock.read)
    router.add_post("/_sandbox/clock", doors.clock.move)
    router.add_get("/_sandbox/as/{user}/{what}", doors.looking.handle)
    router.add_get("/_sandbox/as/{user}/files/{file}/{name}", doors.files.for_person)
    router.add_post("/_sandbox/as/{user}/upload", doors.files.upload)
    router.add_routes(doors.control.routes())
    router.add_post("/_sandbox/as/{user}/{deed}", doors.deeds.handle)
    return app


async def _index(request: web.Request) -> web.StreamResponse:
    return _send(PAGE / "index.html")


async def _page_file(request: web.Request) -> web.StreamResponse:
    path = (PAGE / request.match_info["path"]).resolve()
    if not path.is_relative_to(PAGE) or path.suffix in {".py", ".pyc"}:
        raise web.HTTPNotFound
    return _send(path)


def _send(path: Path) -> web.StreamResponse:
    if not path.is_file():
        raise web.HTTPNotFound
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "text/plain"
    return web.FileResponse(
        path,
        headers={
            "Content-Type": f"{kind}; charset=utf-8" if kind.startswith("text/") else kind,
            "Cache-Control": "no-cache",
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
        },
    )
