"""The workspace in which the local Slack is held to Slack's strictness."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.sandbox import AppMode, LocalSlack
from tests.sandbox.conformance.office import Ear, Office, client_of
from tests.sandbox.manifest import manifest


@pytest.fixture
async def office(slack: LocalSlack) -> AsyncIterator[Office]:
    slack.triggers.monotonic = lambda: 0.0  # a busy machine must not let a trigger grow old
    ana = slack.add_person(name="ana.rivera", real_name="Dr. Ana Rivera")
    lee = slack.add_person(name="sam.lee", real_name="Sam Lee")
    app = slack.install_app(manifest(), mode=AppMode.SOCKET)
    channel = slack.add_channel(name="clinic", members=[ana, lee, app.bot_user_id])
    bot = client_of(slack, app.bot_token)
    ear = Ear(SocketModeClient(app_token=app.app_token, web_client=client_of(slack, None)))
    ear.client.socket_mode_request_listeners.append(ear.hear)
    await ear.client.connect()  # type: ignore[no-untyped-call]
    await app.connected()
    yield Office(slack, app, bot, slack.person(ana), slack.person(lee), channel, ear)
    await ear.client.close()  # type: ignore[no-untyped-call]
