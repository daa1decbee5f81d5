"""The store and Slack for a command, beside a bot that may be running."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SharedClock, SystemClock
from bot.commands.running import CannotRun
from bot.services.deeds import Deeds
from bot.settings import Settings
from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.migrations import require_up_to_date
from bot.store.vault import Vault
from bot.transport.client import slack_client


@dataclass(frozen=True)
class Desk:
    """What an operator's command works with."""

    deeds: Deeds
    client: AsyncWebClient
    team_id: str
    settings: Settings


@asynccontextmanager
async def open_desk() -> AsyncIterator[Desk]:
    """Raises `SettingsInvalid`, `StoreError` and `CannotRun`, each with its words; what Slack
    refuses of the work itself is for the command to say."""
    settings = Settings.load()
    url = settings.database_url.get_secret_value()
    await require_up_to_date(url)
    database = await Database.open(url, lock=False)
    try:
        vault = await Vault.start(database, settings.master_keys)
        audit = AuditLog(vault.audit_key())
        # Of a demo or a test, the same clock as the bot beside it: what is owed is owed then.
        clock = SharedClock(settings.clock_file) if settings.clock_file else SystemClock()
        deeds = Deeds(database, vault, audit, clock, vault.mailbox_key, lambda: None)
        async with slack_client(settings) as client:
            try:
                yield Desk(deeds, client, await _workspace(client), settings)
            except (aiohttp.ClientError, TimeoutError):
                raise CannotRun(
                    "Slack can't be reached; check the network, the proxy and SLACK_API_URL"
                ) from None
    finally:
        await database.close()


async def _workspace(client: AsyncWebClient) -> str:
    """The id of the workspace that the token is of."""
    try:
        return str((await client.auth_test())["team_id"])
    except SlackApiError as error:
        raise CannotRun(
            f"Slack refuses SLACK_BOT_TOKEN: {error.response.get('error')}; "
            "`careloop doctor` says what to do"
        ) from None
