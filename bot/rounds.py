"""What the bot looks at again and again, whether something is due or not.

APScheduler rings; what is found is put where everything else is: the inbox, the timers, the
outbox. A round that fails is told to the operator and made again at its next time.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.boundary import attempt
from bot.care.rules import ClinicalRules
from bot.clockwork.accounts import AccountsLook
from bot.clockwork.auditor import Auditor
from bot.clockwork.checkpoints import Checkpoints
from bot.clockwork.gaps import GapRecovery
from bot.memory import loaded_later
from bot.pictures.studio import Studio
from bot.store.errors import StoreError

_GAPS_EVERY: Final = timedelta(minutes=3)
_AUDIT_EVERY: Final = timedelta(minutes=1)
_CHECKPOINT_EVERY: Final = timedelta(hours=1)
_CHECKPOINT_AFTER: Final = timedelta(minutes=1)
# Daily, and soon after each start: an event that Slack gave up on is found out all the same.
_ACCOUNTS_EVERY: Final = timedelta(days=1)
_ACCOUNTS_AFTER: Final = timedelta(minutes=2)
# The first command need not wait for what only notes need.
_PREPARE_TO_READ_AFTER: Final = timedelta(seconds=1)
# A picture asked for in the first minutes comes as quickly as later ones.
_WARM_THE_STUDIO_AFTER: Final = timedelta(seconds=20)

_log = structlog.get_logger("careloop.app")


class Rounds:
    """The rounds of one bot; they end with its scheduler. `checkpoints` is None without a place."""

    def __init__(
        self,
        gaps: GapRecovery,
        accounts: AccountsLook,
        auditor: Auditor,
        checkpoints: Checkpoints | None,
        studio: Studio,
        rules: ClinicalRules,
    ) -> None:
        self._gaps = gaps
        self._accounts = accounts
        self._auditor = auditor
        self._checkpoints = checkpoints
        self._studio = studio
        self._rules = rules
        # Whether what was said while nobody listened has been read back.
        self.caught_up = asyncio.Event()

    def begin(self, scheduler: AsyncIOScheduler) -> None:
        """Have them rung; the first ones wait until the bot has begun to listen."""

        def every(
            wait: timedelta, look: Callable[[], Awaitable[None]], first: timedelta | None = None
        ) -> None:
            start = None if first is None else datetime.now(UTC) + first
            trigger = IntervalTrigger(seconds=int(wait.total_seconds()), start_date=start)
            scheduler.add_job(
                until_stopped,
                trigger,
                [look],
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )

        every(_GAPS_EVERY, self._look_for_new_gaps)
        every(_ACCOUNTS_EVERY, self.look_at_accounts, _ACCOUNTS_AFTER)
        every(_AUDIT_EVERY, partial(_unless_store_is_in_trouble, self._auditor.look, "auditor"))
        if self._checkpoints is not None:
            keep = partial(_unless_store_is_in_trouble, self._checkpoints.look, "checkpoints")
            every(_CHECKPOINT_EVERY, keep, _CHECKPOINT_AFTER)
        now = datetime.now(UTC)
        for prepare, after in (
            (self._prepare_to_read, _PREPARE_TO_READ_AFTER),
            (self._studio.warm, _WARM_THE_STUDIO_AFTER),
        ):
            soon = DateTrigger(run_date=now + after)
            scheduler.add_job(until_stopped, soon, [prepare], misfire_grace_time=None)

    async def look_for_gaps(self) -> None:
        """After each (re)connect: read back what was said while nobody listened."""
        self.caught_up.clear()
        try:
            await attempt(self._gaps.look(whole=True), "gaps")
        finally:
            self.caught_up.set()

    async def look_at_accounts(self) -> None:
        """Find out who has left, also where no event told."""
        await attempt(self._accounts.look(), "accounts")

    async def _prepare_to_read(self) -> None:
        await asyncio.to_thread(self._rules.compile)
        loaded_later()

    async def _look_for_new_gaps(self) -> None:
        await attempt(self._gaps.look(whole=False), "gaps")


async def until_stopped(look: Callable[[], Awaitable[None]]) -> None:
    """The scheduler cancels what is under way when it stops: no error, and nothing to report."""
    with suppress(asyncio.CancelledError):
        await look()


async def _unless_store_is_in_trouble(look: Callable[[], Awaitable[object]], name: str) -> None:
    try:
        await attempt(look(), name, StoreError)
    except StoreError as error:
        _log.warning("store_trouble", kind=name, error=type(error).__name__)
