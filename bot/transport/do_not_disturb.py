"""Who does not want to be disturbed now: `dnd.teamInfo`.

https://docs.slack.dev/reference/methods/dnd.teaminfo
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Final

import aiohttp
import structlog
from pydantic import BaseModel, ConfigDict, ValidationError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock

# Slack takes at most 50 users a call.
_MOST_USERS: Final = 50
# A ladder does not wait long for this, and not once more while Slack is in trouble.
_PATIENCE_SECONDS: Final = 3.0
_AFTER_TROUBLE_SECONDS: Final = 15.0

_log = structlog.get_logger("careloop.hearing")


class _Times(BaseModel):
    model_config = ConfigDict(extra="ignore")

    dnd_enabled: bool = False
    next_dnd_start_ts: int = 0
    next_dnd_end_ts: int = 0


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    users: dict[str, _Times] = {}


class SlackDoNotDisturb:
    """Asks Slack. `enabled` is a schedule; somebody rests from its start to its end."""

    def __init__(
        self,
        client: AsyncWebClient,
        clock: Clock,
        machine_seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._clock = clock
        self._machine_seconds = machine_seconds
        self._not_before = 0.0

    async def resting(self, slack_user_ids: Sequence[str]) -> frozenset[str] | None:
        """Those who rest now; None if Slack does not tell."""
        if self._machine_seconds() < self._not_before:
            return None
        found: set[str] = set()
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                for start in range(0, len(slack_user_ids), _MOST_USERS):
                    found |= await self._of(slack_user_ids[start : start + _MOST_USERS])
        except (SlackApiError, aiohttp.ClientError, TimeoutError, ValidationError) as error:
            self._not_before = self._machine_seconds() + _AFTER_TROUBLE_SECONDS
            _log.warning("not_told_who_rests", error=type(error).__name__)
            return None
        return frozenset(found)

    async def _of(self, users: Sequence[str]) -> set[str]:
        answered = await self._client.api_call(
            "dnd.teamInfo",
            http_verb="GET",
            params={"users": ",".join(users)},
        )
        now = self._clock.now().timestamp()
        return {
            user
            for user, times in _Answer.model_validate(answered.data).users.items()
            if times.dnd_enabled and times.next_dnd_start_ts <= now < times.next_dnd_end_ts
        }
