"""Somebody who caught a signed request sends it again: it is let in once, by whatever process."""

import asyncio
import hashlib
import hmac
import json
import time

import aiohttp

from bot.clock import MovableClock
from bot.demo.clinic import Clinic, open_clinic
from bot.sandbox import AppMode


async def test_a_signed_request_is_let_in_once(database_url: str, clock: MovableClock) -> None:
    async with open_clinic(database_url, clock, mode=AppMode.HTTP) as clinic:
        caught = _signed(clinic, "one")
        assert await _sent(clinic, caught) == 200
        assert await _sent(clinic, caught) == 401
        assert sorted(
            await asyncio.gather(*(_sent(clinic, other) for other in [_signed(clinic, "two")] * 4))
        ) == [200, 401, 401, 401]

        await clinic.stop_bot()
        await clinic.start_bot()

        assert await _sent(clinic, caught) == 401
        assert await _sent(clinic, _signed(clinic, "three")) == 200


def _signed(clinic: Clinic, challenge: str) -> tuple[dict[str, str], bytes]:
    body = json.dumps({"type": "url_verification", "challenge": challenge}).encode()
    at = str(int(time.time()))
    secret = clinic.settings.slack_signing_secret.get_secret_value().encode()
    seal = hmac.new(secret, b"v0:" + at.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": f"v0={seal}",
    }
    return headers, body


async def _sent(clinic: Clinic, request: tuple[dict[str, str], bytes]) -> int:
    assert clinic.bot is not None
    headers, body = request
    address = f"http://127.0.0.1:{clinic.bot.port}/slack/events"
    async with (
        aiohttp.ClientSession() as session,
        session.post(address, headers=headers, data=body) as answer,
    ):
        return answer.status
