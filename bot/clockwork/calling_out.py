"""Sending what is owed beyond Slack: by e-mail, SMS or pager, with nothing of the patient in it.

These channels can't be looked through, so after a crash a call is made again: a pager that rings
twice does less harm than one that does not.
"""

from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from bot.care.concern import ConcernState
from bot.clockwork.posting import CertainlyNotSent, RefusedBySlack
from bot.notices import OutsideCall
from bot.services.outbox import Outbox, Owed
from bot.shown.case import ShownConcern
from bot.views.outside_call import draw_outside_call

_MOST_TRIES: Final = 20


class Channels(Protocol):
    """Where calls go, by name."""

    async def send(self, name: str, title: str, body: str) -> bool:
        """Whether the channel took it."""


class CallingOut:
    """Makes the calls that are owed; `concern` gives a concern as it stands."""

    def __init__(
        self,
        outbox: Outbox,
        channels: Channels,
        concern: Callable[[str], Awaitable[ShownConcern | None]],
    ) -> None:
        self._outbox = outbox
        self._channels = channels
        self._concern = concern

    async def call(self, owed: Owed, notice: OutsideCall) -> None:
        """Raises as `posting.call` does for what is to be tried again or put aside."""
        concern = await self._concern(notice.concern_id)
        if concern is None or concern.state is not ConcernState.OPEN:
            await self._outbox.drop(owed)
            return
        name = owed.place.subject
        words = draw_outside_call(concern, slack_is_silent=notice.slack_is_silent)
        if await self._channels.send(name, words.title, words.body):
            await self._outbox.sent(owed, f"outside:{name}", None)
        elif owed.attempts >= _MOST_TRIES:
            raise RefusedBySlack("outside_channel_failed")
        else:
            raise CertainlyNotSent("outside_channel_failed")
