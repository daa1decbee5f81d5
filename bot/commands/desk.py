"""The store and Slack for a command, beside a bot that may be running."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SharedClock, SystemClock
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
    """Raises `SettingsError`, `MigrationsPending` and Slack's errors, each with its words."""
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
            team_id = str((await client.auth_test())["team_id"])
            yield Desk(deeds, client, team_id, settings)
    finally:
        await database.close()
