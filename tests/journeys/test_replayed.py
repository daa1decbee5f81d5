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


async def test_whoever_is_turned_away_is_counted_by_why(
    sqlite_url: str, clock: MovableClock
) -> None:
    async with open_clinic(sqlite_url, clock, mode=AppMode.HTTP) as clinic:
        caught = headers, body = _signed(clinic, "one")
        await _sent(clinic, caught)
        await _sent(clinic, caught)
        await _sent(clinic, (headers, body + b" "))
        await _sent(clinic, ({"Content-Type": "application/json"}, body))
        await _sent(clinic, _signed_text(clinic, '{"type": 1}'))

        assert clinic.bot is not None
        told = (await clinic.bot.auditor.metrics()).decode()

    refused = {line for line in told.splitlines() if line.startswith("careloop_requests_refused_t")}
    assert refused == {
        f'careloop_requests_refused_total{{reason="{reason}"}} 1.0'
        for reason in ("replayed", "forged", "unsigned", "unreadable")
    }


def _signed(clinic: Clinic, challenge: str) -> tuple[dict[str, str], bytes]:
    return _signed_text(clinic, json.dumps({"type": "url_verification", "challenge": challenge}))


def _signed_text(clinic: Clinic, text: str) -> tuple[dict[str, str], bytes]:
    body = text.encode()
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
