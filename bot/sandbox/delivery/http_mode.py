"""Signed HTTP: requests to the app's address, as Slack sends them."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ssl
import time
from urllib.parse import urlencode

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, TCPConnector

from bot.sandbox.delivery.parcel import (
    ACKNOWLEDGE_WITHIN_SECONDS,
    Answer,
    EnvelopeKind,
    Failure,
    Parcel,
)
from bot.sandbox.record import Delivery
from bot.sandbox.state.model import App
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import compact, parse_object, text_at

_AGENT = "Slackbot 1.0 (+https://api.slack.com/robots)"
_JSON = "application/json"
_FORM = "application/x-www-form-urlencoded"


def signature(secret: str, timestamp: str, body: str) -> str:
    """See https://docs.slack.dev/authentication/verifying-requests-from-slack."""
    base = f"v0:{timestamp}:{body}".encode()
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpMode:
    """The HTTP side of all apps. The timestamp that is signed is real time: it is what the
    receiver compares with."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._session: ClientSession | None = None

    async def deliver(self, parcel: Parcel, delivery: Delivery) -> Answer:
        app = self._workspace.app(parcel.app_id)
        if parcel.kind is EnvelopeKind.EVENTS:
            if not app.url_verified and not await self.verify(app):
                return Answer(Failure.UNREACHABLE, no_retry=True)
            return await self._post(app, parcel, compact(parcel.payload), _JSON)
        return await self._post(app, parcel, urlencode(_form(parcel)), _FORM)

    async def verify(self, app: App) -> bool:
        """Slack's handshake for an events address: it has to send the challenge back."""
        challenge = self._workspace.next_id("challenge")
        body = compact(
            {
                "token": app.verification_token,
                "challenge": challenge,
                "type": "url_verification",
            }
        )
        parcel = Parcel(app.id, EnvelopeKind.EVENTS, "url_verification", {}, url=app.request_url)
        answer = await self._post(app, parcel, body, _JSON)
        given = answer.body or {}
        app.url_verified = challenge in {text_at(given, "challenge"), text_at(given, "text")}
        return app.url_verified

    async def _post(self, app: App, parcel: Parcel, body: str, content_type: str) -> Answer:
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": _AGENT,
            "Accept": "*/*",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(app.signing_secret, timestamp, body),
        }
        if parcel.attempt:
            headers["X-Slack-Retry-Num"] = str(parcel.attempt)
            headers["X-Slack-Retry-Reason"] = parcel.retry_reason
        if self._session is None:
            # A kept connection that the app closes at the same moment would look like a failure.
            self._session = ClientSession(connector=TCPConnector(force_close=True))
        try:
            async with (
                asyncio.timeout(ACKNOWLEDGE_WITHIN_SECONDS),
                self._session.post(
                    parcel.url,
                    data=body.encode(),
                    headers=headers,
                    timeout=ClientTimeout(total=None),
                    allow_redirects=False,
                ) as response,
            ):
                return await _read(response)
        except TimeoutError:
            return Answer(Failure.TIMEOUT)
        except (ClientError, ssl.SSLError, OSError):
            return Answer(Failure.UNREACHABLE)

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _read(response: ClientResponse) -> Answer:
    no_retry = response.headers.get("X-Slack-No-Retry") == "1"
    text = await response.text()
    if response.status != 200:
        return Answer(Failure.ERROR, no_retry=no_retry)
    body = parse_object(text)
    if body is None and text.strip():
        body = {"text": text}
    return Answer(body=body, no_retry=no_retry)


def _form(parcel: Parcel) -> dict[str, str]:
    if parcel.kind is EnvelopeKind.COMMANDS:
        return {key: _plain(value) for key, value in parcel.payload.items()}
    return {"payload": compact(parcel.payload)}


def _plain(value: object) -> str:
    return value if isinstance(value, str) else str(value).lower()
