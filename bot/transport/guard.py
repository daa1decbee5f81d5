"""The guard in front of Bolt: who is not Slack gets no further, whatever he sends.

Bolt parses a body before it checks the signature, logs the body of a bad one, and answers
500 to odd headers. So the method, the type, the shape of the headers, the time, the size
and the signature are checked here first, in that order, and nothing of the request is
logged. https://docs.slack.dev/authentication/verifying-requests-from-slack/
"""

import asyncio
import hashlib
import hmac
import json
import re
from collections.abc import Callable
from datetime import datetime
from enum import Enum
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs

from aiohttp import web
from multidict import CIMultiDictProxy

from bot.transport.shape import has_slacks_shape

MOST_BYTES: Final = 1_000_000
_OLDEST_SECONDS: Final = 5 * 60
_SLOWEST_SECONDS: Final = 10.0
_MOST_FIELDS: Final = 100
_TYPES: Final = frozenset({"application/json", "application/x-www-form-urlencoded"})
_TIMESTAMP: Final = re.compile(r"[0-9]{1,11}")
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")


class Refusal(Enum):
    """Why a request got no further: a word for the log, and the status it is answered with."""

    METHOD = ("method", HTTPStatus.METHOD_NOT_ALLOWED)
    CONTENT_TYPE = ("content_type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    TOO_LARGE = ("too_large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    TOO_SLOW = ("too_slow", HTTPStatus.REQUEST_TIMEOUT)
    CUT_OFF = ("cut_off", HTTPStatus.BAD_REQUEST)
    UNSIGNED = ("unsigned", HTTPStatus.UNAUTHORIZED)
    MALFORMED = ("malformed_signature", HTTPStatus.UNAUTHORIZED)
    STALE = ("stale", HTTPStatus.UNAUTHORIZED)
    FORGED = ("forged", HTTPStatus.UNAUTHORIZED)
    REPLAYED = ("replayed", HTTPStatus.UNAUTHORIZED)
    UNREADABLE = ("unreadable", HTTPStatus.BAD_REQUEST)

    def __init__(self, word: str, status: HTTPStatus) -> None:
        self.word = word
        self.status = status


class Refused(Exception):
    """The request is not to be handled; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.word)
        self.refusal = refusal


def fingerprint(request: web.Request) -> bytes:
    """What tells one signed request from all others; the signature covers its time and body."""
    return hashlib.sha256(request.headers["X-Slack-Signature"].encode()).digest()


class Guard:
    """Lets through what Slack signed, a few minutes old at most.

    Raises ValueError for an empty secret: with it anybody could sign.
    """

    def __init__(
        self,
        signing_secret: str,
        now: Callable[[], datetime],
        *,
        slowest_seconds: float = _SLOWEST_SECONDS,
    ) -> None:
        if not signing_secret.strip():
            raise ValueError("the signing secret is empty")
        self._slowest_seconds = slowest_seconds
        self._secret = signing_secret.encode()
        self._now = now

    async def read(self, request: web.Request) -> str:
        """The body of a request that Slack signed, as text that parses. Raises `Refused`."""
        if request.method != "POST":
            raise Refused(Refusal.METHOD)
        content_type = _content_type(request.headers)
        timestamp, signature = self._signature_of(request.headers)
        body = await _read_body(request, self._slowest_seconds)
        self._check_signature(timestamp, signature, body)
        return _parsed(content_type, body)

    def _signature_of(self, headers: CIMultiDictProxy[str]) -> tuple[str, str]:
        timestamps = headers.getall("X-Slack-Request-Timestamp", [])
        signatures = headers.getall("X-Slack-Signature", [])
        if not timestamps or not signatures:
            raise Refused(Refusal.UNSIGNED)
        timestamp, signature = timestamps[0], signatures[0]
        if (
            len(timestamps) != 1
            or len(signatures) != 1
            or not _TIMESTAMP.fullmatch(timestamp)
            or not _SIGNATURE.fullmatch(signature)
        ):
            raise Refused(Refusal.MALFORMED)
        if abs(self._now().timestamp() - int(timestamp)) > _OLDEST_SECONDS:
            raise Refused(Refusal.STALE)
        return timestamp, signature

    def _check_signature(self, timestamp: str, signature: str, body: bytes) -> None:
        signed = b"v0:" + timestamp.encode() + b":" + body
        expected = "v0=" + hmac.new(self._secret, signed, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, signature):
            raise Refused(Refusal.FORGED)


def _content_type(headers: CIMultiDictProxy[str]) -> str:
    given = headers.getall("Content-Type", [])
    content_type = given[0].partition(";")[0].strip().lower() if len(given) == 1 else ""
    # A compressed body is none of Slack's; unpacking it could fill the memory.
    encoded = headers.get("Content-Encoding", "identity").strip().lower() != "identity"
    if content_type not in _TYPES or encoded:
        raise Refused(Refusal.CONTENT_TYPE)
    return content_type


async def _read_body(request: web.Request, slowest_seconds: float) -> bytes:
    """The body, counted as it comes in: what it claims of its own size proves nothing."""
    if request.content_length is not None and request.content_length > MOST_BYTES:
        raise Refused(Refusal.TOO_LARGE)
    body = bytearray()
    try:
        async with asyncio.timeout(slowest_seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise Refused(Refusal.TOO_LARGE)
    except TimeoutError:
        raise Refused(Refusal.TOO_SLOW) from None
    except (web.RequestPayloadError, ConnectionError):
        raise Refused(Refusal.CUT_OFF) from None
    return bytes(body)


def _parsed(content_type: str, body: bytes) -> str:
    """The body as text, when it is what Slack sends: a JSON object, or a form with one in it."""
    try:
        text = body.decode()
        payload: str | None = text
        if content_type != "application/json":
            fields = parse_qs(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
            payload = fields["payload"][0] if "payload" in fields else None
        if payload is not None and not has_slacks_shape(json.loads(payload)):
            raise Refused(Refusal.UNREADABLE)
    except (ValueError, RecursionError):
        raise Refused(Refusal.UNREADABLE) from None
    return text
