"""A bare Bolt app that only acknowledges: what ours is compared with. Run as a process.

With BARE_STORES it also writes each message into a SQLite file of that name, fully synchronised, on
a thread, before it acknowledges: what ours can't do without.
"""

import asyncio
import logging
import os
import sqlite3
from collections.abc import Awaitable, Callable

import aiohttp
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.wire import JsonObject

COMMAND = "/bare"
MANIFEST: JsonObject = {
    "display_information": {"name": "Bare"},
    "features": {
        "bot_user": {"display_name": "bare"},
        "slash_commands": [{"command": COMMAND, "description": "Acknowledges"}],
    },
    "oauth_config": {"scopes": {"bot": ["commands", "groups:history", "chat:write"]}},
    "settings": {
        "event_subscriptions": {"bot_events": ["message.groups"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}
# A second one, without a command: two apps can't have the same.
MANIFEST_OF_STORING: JsonObject = MANIFEST | {
    "display_information": {"name": "Storing"},
    "features": {"bot_user": {"display_name": "storing"}},
}


def _store_first(app: AsyncApp, file: str) -> None:
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE said (event_id TEXT PRIMARY KEY, body TEXT)")

    def write(event_id: str, body: str) -> None:
        connection.execute("INSERT OR IGNORE INTO said VALUES (?, ?)", (event_id, body))

    @app.middleware
    async def store(body: dict[str, object], next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002
        if "event" in body:
            await asyncio.to_thread(write, str(body["event_id"]), str(body))
        await next()


async def main() -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=os.environ["SLACK_BOT_TOKEN"],
            base_url=os.environ["SLACK_API_URL"],
            session=session,
            retry_handlers=[],
        )
        app = AsyncApp(client=client, logger=logging.getLogger("bare"))

        if os.environ.get("BARE_STORES"):
            _store_first(app, os.environ["BARE_STORES"])

        @app.command(COMMAND)
        async def acknowledge(ack: AsyncAck) -> None:
            await ack()

        @app.event("message")
        async def hear() -> None:
            return

        handler = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"])
        handler.client.proxy = None
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await asyncio.Event().wait()


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    asyncio.run(main())
