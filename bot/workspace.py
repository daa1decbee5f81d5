"""Which workspace a token belongs to."""

import asyncio
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.clockwork.posting import CertainlyNotSent, NotInstalled, PerhapsSent, call
from bot.services.known_workspace import remember, remembered
from bot.settings import Problem, SettingsInvalid
from bot.store.database import Database

# Seconds between two tries; the last of them again and again.
_WAITS_FOR_SLACK: Final = (1, 2, 5, 10)

_log = structlog.get_logger("careloop.app")


@dataclass(frozen=True)
class Workspace:
    """The Slack workspace that the token belongs to."""

    team_id: str
    url: str
    # The bot's own ids; None as long as Slack was not reached.
    bot_user_id: str | None = None
    bot_id: str | None = None


async def find_workspace(client: AsyncWebClient, database: Database, clock: Clock) -> Workspace:
    """Whose token it is.

    A bot that starts while Slack is in trouble takes the workspace that it
    was last in, so that ladders go on and calls go outside; the first time it waits for Slack.

    Raises `SettingsInvalid` when Slack doesn't take the token.
    """
    known = await remembered(database)
    for wait in chain(_WAITS_FOR_SLACK, repeat(_WAITS_FOR_SLACK[-1])):
        try:
            who = await call(client.auth_test())
            found = Workspace(
                str(who["team_id"]), str(who["url"]), who.get("user_id"), who.get("bot_id")
            )
            await remember(database, found.team_id, found.url, clock.now())
            return found
        except NotInstalled as error:
            raise SettingsInvalid(
                [Problem("SLACK_BOT_TOKEN", f"Slack does not take this token ({error.error})")]
            ) from None
        except (CertainlyNotSent, PerhapsSent) as error:
            _log.warning("waits_for_slack", error=error.error, wait=wait)
            if known is not None:
                return Workspace(*known)
            await asyncio.sleep(wait)
    raise AssertionError("there is always another try")
