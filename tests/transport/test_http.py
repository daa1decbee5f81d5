"""Over HTTP nobody but Slack gets past the guard, and whatever he sends, it is never a 500."""

import asyncio
import hashlib
import hmac
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import aiohttp
import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import given
from hypothesis import strategies as st
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.clock import MovableClock
from bot.logs import LogFormat, LogLevel, configure_logs
from bot.settings import Settings
from bot.store.errors import DatabaseUnreachable
from bot.store.master_keys import new_master_key
from bot.transport.guard import (
    _SIGNATURE,
    _TIMESTAMP,
    MOST_BYTES,
    Guard,
    Refusal,
    Refused,
)
from bot.transport.health import Health
from bot.transport.http import HttpMode

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CANARY = "Quibblethorpe"
EVENT = json.dumps(
    {
        "type": "event_callback", "event_id": "Ev1", "team_id": "T1", "api_app_id": "A1",
        "event": {"type": "message", "channel": "C1", "user": "U1", "ts": "1.1", "text": CANARY},
    }
).encode()  # fmt: skip


class Checked:
    """Something that the bot needs, and that can be away."""

    healthy = True

    async def __call__(self) -> None:
        if not self.healthy:
            raise DatabaseUnreachable(CANARY)


class Receiving:
    """A running server and what got through to its app."""

    def __init__(
        self, mode: HttpMode, clock: MovableClock, heard: list[str], database: Checked
    ) -> None:
        self.mode = mode
        self.clock = clock
        self.heard = heard
        self.database = database

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.mode.port}"

    def headers(self, body: bytes, **changed: str | None) -> dict[str, str]:
        timestamp = str(int(self.clock.now().timestamp()))
        given: dict[str, str | None] = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(timestamp, body),
        }
        given.update({name.replace("_", "-"): value for name, value in changed.items()})
        return {name: value for name, value in given.items() if value is not None}

    async def post(self, body: bytes, headers: dict[str, str] | None = None) -> int:
        async with aiohttp.ClientSession() as session:
            given = self.headers(body) if headers is None else headers
            async with session.post(f"{self.url}/slack/events", data=body, headers=given) as answer:
                await answer.read()
                return answer.status

    async def raw(self, request: bytes, *, end: bool = True) -> int:
        """Send bytes as they are; the status of the answer, 0 when there is none."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.mode.port)
        try:
            writer.write(request)
            if end:
                writer.write_eof()
            line = await asyncio.wait_for(reader.readline(), 5)
            return int(line.split()[1]) if line else 0
        except ConnectionError:
            return 0
        finally:
            writer.close()

    async def ready(self) -> tuple[int, dict[str, object]]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{self.url}/readyz") as answer,
        ):
            return answer.status, await answer.json()


def signature(timestamp: str, body: bytes, secret: str = SECRET) -> str:
    signed = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


@pytest.fixture
async def receiving() -> AsyncIterator[Receiving]:
    clock = MovableClock(NOON, ticking=False)
    settings = Settings.of(
        {
            "CARELOOP_MODE": "http", "CARELOOP_PORT": "0", "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_BOT_TOKEN": "xoxb-1", "CARELOOP_KEYS": new_master_key("1"),
            "SLACK_API_URL": "http://127.0.0.1:1/api/",
        }
    )  # fmt: skip
    app = AsyncApp(authorize=authorized, signing_secret=SECRET, request_verification_enabled=False)
    heard: list[str] = []

    @app.event("message")
    async def message(event: dict[str, str]) -> None:
        heard.append(event["text"])

    @app.command("/refer")
    async def refer(ack: AsyncAck) -> None:
        heard.append("command")
        await ack("a form opens")

    database = Checked()
    mode = HttpMode(app, settings, clock, Health({"database": database}))
    server = Receiving(mode, clock, heard, database)
    await mode.start()
    yield server
    await mode.close()


async def authorized() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id="T1", bot_token="xoxb-1", bot_id="B1", bot_user_id="UBOT"
    )


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that was logged, at the chattiest level."""
    root, out = logging.getLogger(), io.StringIO()
    handlers, level = root.handlers[:], root.level
    import sys
    import threading

    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    configure_logs(LogLevel.DEBUG, LogFormat.JSON, out)
    yield out
    root.handlers[:], root.level = handlers, level
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


async def test_what_slack_signed_is_heard(receiving: Receiving) -> None:
    assert await receiving.post(EVENT) == 200
    await receiving.mode.close()
    assert receiving.heard == [CANARY]


async def test_a_signed_form_is_heard(receiving: Receiving) -> None:
    body = urlencode({"command": "/refer", "team_id": "T1", "user_id": "U1", "text": "ü"}).encode()
    headers = receiving.headers(body, Content_Type="application/x-www-form-urlencoded")
    assert await receiving.post(body, headers) == 200
    assert receiving.heard == ["command"]


async def test_slack_can_verify_the_address(receiving: Receiving) -> None:
    body = b'{"type": "url_verification", "challenge": "c1", "token": "t"}'
    async with aiohttp.ClientSession() as session:
        answer = await session.post(
            f"{receiving.url}/slack/events", data=body, headers=receiving.headers(body)
        )
        assert (answer.status, "c1" in await answer.text()) == (200, True)


@pytest.mark.parametrize("seconds", [299, -299, 0])
async def test_a_request_of_the_last_minutes_is_heard(receiving: Receiving, seconds: int) -> None:
    timestamp = str(int((NOON + timedelta(seconds=seconds)).timestamp()))
    headers = receiving.headers(
        EVENT, X_Slack_Request_Timestamp=timestamp, X_Slack_Signature=signature(timestamp, EVENT)
    )
    assert await receiving.post(EVENT, headers) == 200


@pytest.mark.parametrize("seconds", [301, -301, 86_400, -(10**9)])
async def test_a_stale_request_is_refused_though_it_is_signed(
    receiving: Receiving, seconds: int
) -> None:
    timestamp = str(int(NOON.timestamp()) + seconds)
    headers = receiving.headers(
        EVENT, X_Slack_Request_Timestamp=timestamp, X_Slack_Signature=signature(timestamp, EVENT)
    )
    assert await receiving.post(EVENT, headers) == 401


SIGNED_AT = str(int(NOON.timestamp()))
GOOD = signature(SIGNED_AT, EVENT)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"X_Slack_Signature": None}, 401),
        ({"X_Slack_Request_Timestamp": None}, 401),
        ({"X_Slack_Signature": ""}, 401),
        ({"X_Slack_Signature": "v0="}, 401),
        ({"X_Slack_Signature": GOOD.upper()}, 401),
        ({"X_Slack_Signature": GOOD[:-1]}, 401),
        ({"X_Slack_Signature": GOOD + "0"}, 401),
        ({"X_Slack_Signature": "v1" + GOOD[2:]}, 401),
        ({"X_Slack_Signature": "v0=" + "0" * 64}, 401),
        ({"X_Slack_Signature": signature(SIGNED_AT, EVENT, "another secret")}, 401),
        ({"X_Slack_Signature": signature(SIGNED_AT, EVENT + b" ")}, 401),
        ({"X_Slack_Signature": "v0=" + "ü" * 64}, 401),
        ({"X_Slack_Request_Timestamp": "now"}, 401),
        ({"X_Slack_Request_Timestamp": "-1"}, 401),
        ({"X_Slack_Request_Timestamp": "1e9"}, 401),
        ({"X_Slack_Request_Timestamp": SIGNED_AT + ".0"}, 401),
        ({"X_Slack_Request_Timestamp": "٠١٢٣٤٥٦٧٨٩"}, 401),
        ({"X_Slack_Request_Timestamp": "9" * 5000}, 401),
        ({"X_Slack_Request_Timestamp": f"{SIGNED_AT}, {SIGNED_AT}"}, 401),
        ({"Content_Type": None}, 415),
        ({"Content_Type": "text/plain"}, 415),
        ({"Content_Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content_Encoding": "gzip"}, 415),
    ],
)
async def test_who_is_not_slack_gets_no_further(
    receiving: Receiving, changed: dict[str, str | None], status: int
) -> None:
    assert await receiving.post(EVENT, receiving.headers(EVENT, **changed)) == status
    await receiving.mode.close()
    assert receiving.heard == []


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "PATCH", "HEAD"])
async def test_nothing_but_a_post_is_taken(receiving: Receiving, method: str) -> None:
    async with aiohttp.ClientSession() as session:
        answer = await session.request(
            method, f"{receiving.url}/slack/events", data=EVENT, headers=receiving.headers(EVENT)
        )
        assert answer.status == 405


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b""),
        ("application/json", b"{"),
        ("application/json", b"[]"),
        ("application/json", b'"text"'),
        ("application/json", b"\xff\xfe"),
        ("application/json", b"[" * 100_000),
        ("application/x-www-form-urlencoded", b"payload=%7B"),
        ("application/x-www-form-urlencoded", b"payload=[]"),
        ("application/x-www-form-urlencoded", b"\xff=\xff"),
        ("application/x-www-form-urlencoded", b"&".join([b"a=b"] * 1000)),
    ],
)
async def test_a_signed_body_that_makes_no_sense_is_refused_kindly(
    receiving: Receiving, content_type: str, body: bytes
) -> None:
    headers = receiving.headers(body, Content_Type=content_type)
    assert await receiving.post(body, headers) == 400


async def test_a_body_that_says_it_is_too_large_is_not_read(receiving: Receiving) -> None:
    body = b"x" * (MOST_BYTES + 1)
    assert await receiving.post(body, receiving.headers(body)) == 413
    almost = b'{"a":"' + b"x" * (MOST_BYTES - 8) + b'"}'
    assert len(almost) == MOST_BYTES
    assert await receiving.post(almost, receiving.headers(almost)) in {200, 404}


def request_with(*lines: str | bytes, body: bytes = b"") -> bytes:
    head = [line.encode() if isinstance(line, str) else line for line in lines]
    return b"\r\n".join([b"POST /slack/events HTTP/1.1", b"Host: bot", *head, b"", body])


SIGNED = (
    "Content-Type: application/json",
    f"X-Slack-Request-Timestamp: {SIGNED_AT}",
)


async def test_a_body_in_pieces_is_counted_as_it_comes(receiving: Receiving) -> None:
    piece = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    request = request_with(
        *SIGNED, "X-Slack-Signature: " + GOOD, "Transfer-Encoding: chunked", body=piece * 40
    )
    assert await receiving.raw(request, end=False) == 413


@pytest.mark.parametrize(
    "request_bytes",
    [
        request_with(*SIGNED, b"X-Slack-Signature: v0=\xff\xfe\x00",
                     f"Content-Length: {len(EVENT)}", body=EVENT),
        request_with(*SIGNED, b"X-Slack-Signature: \xc3\xbc" * 3, "Content-Length: 0"),
        request_with(*SIGNED, f"X-Slack-Signature: {GOOD}", f"X-Slack-Signature: {GOOD}",
                     f"Content-Length: {len(EVENT)}", body=EVENT),
        request_with(*SIGNED, SIGNED[1], f"X-Slack-Signature: {GOOD}",
                     f"Content-Length: {len(EVENT)}", body=EVENT),
        request_with(*SIGNED, f"X-Slack-Signature: {GOOD}", "Content-Length: 5000", body=EVENT),
        request_with(*SIGNED, f"X-Slack-Signature: {GOOD}", "Content-Length: -1", body=EVENT),
        request_with(*SIGNED, f"X-Slack-Signature: {GOOD}", "Content-Length: 1e3", body=EVENT),
        request_with(*SIGNED, f"X-Slack-Signature: {GOOD}", "Content-Length: 5",
                     "Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
        request_with(*SIGNED, f"X-Slack-Signature: {GOOD}", "Transfer-Encoding: chunked",
                     body=b"zz\r\nnothing"),
        request_with("X: " + "a" * 20_000, *SIGNED, f"X-Slack-Signature: {GOOD}"),
        request_with(*[f"X-{n}: a" for n in range(5000)]),
        b"POST /slack/events HTTP/9.9\r\n\r\n",
        b"POST /slack/events\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
        b"GET /\x00 HTTP/1.1\r\nHost: bot\r\n\r\n",
        request_with(*SIGNED, b"X-Slack-Signature : v0=1", "Content-Length: 0"),
        request_with(*SIGNED, b"X-Slack-Signature: v0=1\r\n folded", "Content-Length: 0"),
    ],
)  # fmt: skip
async def test_hostile_bytes_are_answered_with_a_refusal_and_never_with_500(
    receiving: Receiving, request_bytes: bytes
) -> None:
    status = await receiving.raw(request_bytes)
    assert status == 0 or 400 <= status < 500
    await receiving.mode.close()
    assert receiving.heard == []


async def test_a_body_that_trickles_in_is_not_waited_for(receiving: Receiving) -> None:
    guard = Guard(SECRET, receiving.clock.now, slowest_seconds=0.05)
    refused = asyncio.get_running_loop().create_future()

    async def take(request: web.Request) -> web.Response:
        with pytest.raises(Refused) as caught:
            await guard.read(request)
        refused.set_result(caught.value.refusal)
        return web.Response(status=408)

    server = TestServer(web.Application())
    server.app.router.add_post("/slack/events", take)
    await server.start_server()
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(request_with(*SIGNED, f"X-Slack-Signature: {GOOD}", "Content-Length: 500"))
    assert await asyncio.wait_for(refused, 5) is Refusal.TOO_SLOW
    writer.close()
    await server.close()


@given(header=st.text(st.characters(exclude_characters="\r\n\x00")))
def test_only_what_looks_like_a_signature_is_compared(header: str) -> None:
    """Whatever passes the shape is ASCII of one length: comparing it can't fail or leak."""
    if _SIGNATURE.fullmatch(header):
        assert len(header.encode("ascii")) == 67
    if _TIMESTAMP.fullmatch(header):
        assert int(header) < 10**11


def test_an_empty_secret_protects_nothing_and_is_refused() -> None:
    for secret in ("", "  "):
        with pytest.raises(ValueError, match="empty"):
            Guard(secret, lambda: NOON)


async def test_no_body_reaches_a_log(logged: io.StringIO, receiving: Receiving) -> None:
    for changed in (
        {}, {"X_Slack_Signature": "v0=" + "0" * 64}, {"X_Slack_Request_Timestamp": "x"},
        {"Content_Type": "text/plain"}, {"X_Slack_Signature": CANARY},
    ):  # fmt: skip
        await receiving.post(EVENT, receiving.headers(EVENT, **changed))
    await receiving.raw(f"{CANARY} {CANARY}\r\n\r\n".encode())
    await receiving.mode.close()
    assert "forged" in logged.getvalue()
    assert CANARY not in logged.getvalue()


async def test_it_is_ready_when_every_check_passes_and_alive_anyway(receiving: Receiving) -> None:
    assert await receiving.ready() == (
        200, {"ready": True, "stopping": False, "checks": {"database": True}}
    )  # fmt: skip
    receiving.database.healthy = False
    assert await receiving.ready() == (
        503, {"ready": False, "stopping": False, "checks": {"database": False}}
    )  # fmt: skip
    async with aiohttp.ClientSession() as session:
        assert (await session.get(f"{receiving.url}/healthz")).status == 200
        assert (await session.get(f"{receiving.url}/anything")).status == 404
