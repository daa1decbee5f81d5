"""Loopback only: whoever comes under another name, or from another site's page, is refused."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _host_of(value: str) -> str | None:
    try:
        return urlsplit(f"//{value}").hostname
    except ValueError:
        return None


def is_ours(host: str, origin: str | None) -> bool:
    """Whether a request with this `Host` and `Origin` is for us and from us."""
    if _host_of(host) not in LOOPBACK_NAMES:
        return False
    if origin is None:
        return True
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    same_port = (
        parts.netloc.rpartition("]")[2].rpartition(":")[2]
        == host.rpartition("]")[2].rpartition(":")[2]
    )
    return parts.scheme == "http" and parts.hostname in LOOPBACK_NAMES and same_port


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    if not is_ours(request.headers.get("Host", ""), request.headers.get("Origin")):
        return web.json_response({"ok": False, "error": "not_local"}, status=403)
    return await handler(request)
