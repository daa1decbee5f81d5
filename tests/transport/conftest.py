"""Settings, and a local Slack with an app in it, for tests of the transport."""

from collections.abc import AsyncIterator

import pytest
from slack_bolt.app.async_app import AsyncApp

from bot.sandbox import AppMode, InstalledApp, LocalSlack
from bot.settings import Settings
from bot.store.master_keys import new_master_key
from bot.transport.client import slack_client
from tests.sandbox.manifest import manifest


def settings_for(slack: LocalSlack, app: InstalledApp, **more: str) -> Settings:
    return Settings.of(
        {
            "SLACK_API_URL": f"{slack.url}/api/",
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_APP_TOKEN": app.app_token,
            "SLACK_SIGNING_SECRET": app.signing_secret,
            "CARELOOP_KEYS": new_master_key("1"),
            "CARELOOP_PORT": "0",
        }
        | more
    )


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    local = await LocalSlack.start()
    yield local
    await local.stop()


@pytest.fixture
def installed(slack: LocalSlack) -> InstalledApp:
    return slack.install_app(manifest(), mode=AppMode.SOCKET)


@pytest.fixture
def settings(slack: LocalSlack, installed: InstalledApp) -> Settings:
    return settings_for(slack, installed)


@pytest.fixture
async def bolt(settings: Settings) -> AsyncIterator[AsyncApp]:
    async with slack_client(settings) as client:
        yield AsyncApp(
            client=client,
            signing_secret=settings.slack_signing_secret.get_secret_value(),
            request_verification_enabled=False,
        )
