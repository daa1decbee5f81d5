"""A bare Bolt app that only acknowledges: what ours is compared with. Run as a process."""

import asyncio
import logging
import os

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


async def main() -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=os.environ["SLACK_BOT_TOKEN"],
            base_url=os.environ["SLACK_API_URL"],
            session=session,
            retry_handlers=[],
        )
        app = AsyncApp(client=client, logger=logging.getLogger("bare"))

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
