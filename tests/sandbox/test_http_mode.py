"""Signed HTTP to Bolt, which checks the signatures itself: asynchronous and synchronous apps."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk import WebClient
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import MovableClock
from bot.sandbox import AppMode, InstalledApp, LocalSlack, Person
from bot.sandbox.delivery import http_mode
from tests.sandbox.conftest import Listening, listen
from tests.sandbox.manifest import manifest

QUIET = logging.getLogger("tests.http_mode")
QUIET.setLevel(logging.CRITICAL)


@dataclass
class Door:
    """An HTTP server at the app's end; every request is kept with its headers."""

    url: str = ""
    requests: list[web.Request] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    app: AsyncApp | App | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        body = await request.text()
        self.bodies.append(body)
        if "url_verification" not in body:
            if self.silent:
                await self.over.wait()
            if self.status is not None:
                return web.Response(status=self.status, headers=self.headers)
        if isinstance(self.app, AsyncApp):
            bolt = await self.app.async_dispatch(await to_bolt_request(request))
            return await to_aiohttp_response(bolt)
        assert self.app is not None
        asked = BoltRequest(body=body, query=request.query_string, headers=dict(request.headers))
        return await to_aiohttp_response(await asyncio.to_thread(self.app.dispatch, asked))


@dataclass
class Practice:
    slack: LocalSlack
    app: InstalledApp
    ana: Person
    channel: str
    door: Door
    heard: Listening


@pytest.fixture
async def practice(slack: LocalSlack) -> AsyncIterator[Practice]:
    door = Door()
    server = web.Application()
    server.router.add_post("/slack/events", door.handle)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    door.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    app = slack.install_app(manifest(), mode=AppMode.HTTP, request_url=door.url)
    ana = slack.add_person("ana.rivera", "Dr. Ana Rivera")
    door.app = _async_app(slack, app)
    heard = listen(door.app)
    channel = slack.add_channel("clinic", members=[ana, app.bot_user_id])
    await slack.settled()
    slack.record.clear()
    door.requests.clear()
    heard.requests.clear()
    yield Practice(slack, app, slack.person(ana), channel, door, heard)
    door.over.set()
    await slack.settled()
    await runner.cleanup()


def _async_app(slack: LocalSlack, app: InstalledApp) -> AsyncApp:
    client = AsyncWebClient(token=app.bot_token, base_url=f"{slack.url}/api/")
    return AsyncApp(client=client, signing_secret=app.signing_secret, logger=QUIET)


@pytest.fixture
def heard(practice: Practice) -> Listening:
    return practice.heard


async def test_the_request_url_is_verified_before_the_first_event(
    practice: Practice, heard: Listening
) -> None:
    practice.app.set_request_url(practice.door.url)
    await practice.ana.posts(practice.channel, "hello")
    assert (await heard.event("message"))["text"] == "hello"
    first, second = (request.headers["X-Slack-Signature"] for request in practice.door.requests)
    assert first.startswith("v0=")
    assert first != second
    assert practice.app.app.url_verified


async def test_an_address_that_does_not_answer_the_challenge_gets_nothing(
    practice: Practice,
) -> None:
    practice.app.set_request_url(practice.door.url.replace("events", "nothing"))
    assert not await practice.app.verify_request_url()
    await practice.ana.posts(practice.channel, "hello")
    await practice.slack.settled()
    assert practice.door.requests == []


async def test_bolt_finds_every_signature_right_and_a_wrong_secret_wrong(
    practice: Practice, heard: Listening
) -> None:
    await practice.ana.posts(practice.channel, "hello")
    await heard.event("message")
    await practice.slack.settled()
    assert [one.ok for one in practice.slack.record.acknowledgements] == [True]
    practice.app.app.signing_secret = "another"
    await practice.ana.posts(practice.channel, "forged")
    await practice.slack.record.until(lambda record: len(record.acknowledgements) >= 2)
    assert practice.slack.record.acknowledgements[1].reason == "http_error"


async def test_a_failing_app_gets_the_event_again_with_number_and_reason(
    practice: Practice, clock: MovableClock
) -> None:
    practice.door.status = 500
    await practice.ana.posts(practice.channel, "hello")
    await practice.slack.settled()
    clock.advance(timedelta(minutes=1))
    await practice.slack.record.until(lambda record: len(record.acknowledgements) == 3)
    await practice.slack.settled()
    clock.advance(timedelta(minutes=5))
    await practice.slack.record.until(lambda record: len(record.acknowledgements) == 4)
    numbers = [request.headers.get("X-Slack-Retry-Num") for request in practice.door.requests]
    reasons = [request.headers.get("X-Slack-Retry-Reason") for request in practice.door.requests]
    assert numbers == [None, "1", "2", "3"]
    assert reasons == [None, "http_error", "http_error", "http_error"]
    assert len({one.event_id for one in practice.slack.record.deliveries}) == 1


async def test_an_app_can_ask_not_to_be_told_again(practice: Practice) -> None:
    practice.door.status = 500
    practice.door.headers = {"X-Slack-No-Retry": "1"}
    await practice.ana.posts(practice.channel, "hello")
    await practice.slack.settled()
    assert len(practice.slack.record.deliveries) == 1


async def test_a_silent_app_is_a_timeout(
    practice: Practice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_mode, "ACKNOWLEDGE_WITHIN_SECONDS", 0.2)
    practice.door.silent = True
    outcome = await practice.ana.runs("/refer", "", practice.channel)
    assert outcome.error == "operation_timeout"
    await practice.ana.posts(practice.channel, "hello")
    await practice.slack.settled()
    reasons = [one.reason for one in practice.slack.record.acknowledgements_of("message")]
    assert reasons == ["http_timeout", "http_timeout"]


async def test_commands_and_clicks_come_as_forms_and_can_be_answered(
    practice: Practice, heard: Listening
) -> None:
    app = heard.app

    @app.command("/refer")
    async def refer(ack: Any, respond: Any) -> None:
        await ack("On it")
        await respond(text="Here", response_type="in_channel")

    outcome = await practice.ana.runs("/refer", "a=b&c", practice.channel)
    assert outcome.text == "On it"
    assert (await heard.command())["text"] == "a=b&c"
    await practice.ana.next_event(lambda frame: frame.text == "Here")
    kinds = {request.content_type for request in practice.door.requests}
    assert "application/x-www-form-urlencoded" in kinds


async def test_a_synchronous_app_hears_and_answers_too(practice: Practice) -> None:
    client = WebClient(token=practice.app.bot_token, base_url=f"{practice.slack.url}/api/")
    app = await asyncio.to_thread(
        lambda: App(client=client, signing_secret=practice.app.signing_secret, logger=QUIET)
    )
    practice.door.app = app

    @app.event("message")
    def answer(event: dict[str, Any], say: Any) -> None:
        say(text=f"You said {event['text']}", thread_ts=event["ts"])

    @app.command("/refer")
    def refer(ack: Any) -> None:
        ack("On it")

    await practice.ana.posts(practice.channel, "hello")
    reply = await practice.ana.next_event(lambda frame: frame.text == "You said hello")
    assert reply.thread_ts
    assert (await practice.ana.runs("/refer", "", practice.channel)).text == "On it"
