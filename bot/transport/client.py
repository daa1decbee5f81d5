"""The client of Slack's Web API."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.services.outbox import LONGEST_CALL
from bot.settings import Settings

TIMEOUT_SECONDS: Final = int(LONGEST_CALL.total_seconds())


@asynccontextmanager
async def slack_client(settings: Settings) -> AsyncIterator[AsyncWebClient]:
    """A client that sends each request once, over connections that it keeps.

    Nothing is retried: slack_sdk's own handler sends a request again that Slack has read
    already, and only the outbox knows what may be sent twice.
    """
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        client = AsyncWebClient(
            token=settings.slack_bot_token.get_secret_value(),
            base_url=settings.slack_api_url,
            timeout=TIMEOUT_SECONDS,
            session=session,
            retry_handlers=[],
        )
        if not settings.talks_to_real_slack:
            client.proxy = None  # slack_sdk takes HTTPS_PROXY also for this machine
        yield client
