"""The composition root: settings in, a running bot out. The only place that knows everything."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cache

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.boundary import attempt, count_errors
from bot.care.emergency import lasts
from bot.care.rules import ClinicalRules, load_rules
from bot.clock import Clock, SharedClock, SystemClock
from bot.clockwork.accounts import AccountsLook
from bot.clockwork.auditor import Auditor
from bot.clockwork.calling_out import CallingOut
from bot.clockwork.checkpoints import Checkpoints
from bot.clockwork.counted import CountedOutbox
from bot.clockwork.drawing import Drawing
from bot.clockwork.gaps import GapRecovery
from bot.clockwork.inbox import InboxTick
from bot.clockwork.pace import Pace
from bot.clockwork.room_watch import RoomWatch
from bot.clockwork.sender import Sender
from bot.clockwork.sharing import Sharing
from bot.clockwork.taking_down import TakingDown
from bot.clockwork.ticks import Tick
from bot.clockwork.timers import TimerTick
from bot.handlers import events
from bot.handlers.accounts import read_account
from bot.handlers.answers import Answers
from bot.handlers.registry import register_all
from bot.handlers.uses import Uses
from bot.metrics import Metrics
from bot.pictures.studio import Studio
from bot.right_of_way import RightOfWay
from bot.rounds import Rounds, until_stopped
from bot.services.deeds import Deeds
from bot.services.every import Choices, Services
from bot.services.inbox import Inbox
from bot.services.replays import Replays
from bot.services.silence_of_slack import SilenceOfSlack
from bot.services.timers import Timers
from bot.settings import Mode, Settings
from bot.store.audit import AuditLog
from bot.store.checkpoints import CheckpointSigner
from bot.store.database import Database
from bot.store.url import DatabaseKind
from bot.store.vault import Vault
from bot.transport.authorization import knows_itself, without_token
from bot.transport.checkpoint_places import read_places
from bot.transport.client import slack_client
from bot.transport.do_not_disturb import SlackDoNotDisturb
from bot.transport.health import Health, HealthPort
from bot.transport.http import HttpMode
from bot.transport.outside import OutsideChannels
from bot.transport.prompt import answer_promptly
from bot.transport.socket_mode import SocketMode
from bot.workspace import Workspace, find_workspace

_log = structlog.get_logger("careloop.app")


class Careloop:
    """A bot, put together. `start` it, then `stop` it."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        vault: Vault,
        clock: Clock,
        client: AsyncWebClient,
        workspace: Workspace,
        rules: ClinicalRules,
    ) -> None:
        self._settings = settings
        self._database = database
        self.clock = clock
        self.workspace = workspace
        metrics = Metrics()
        count_errors(metrics.failed, metrics.refused)
        self.right_of_way = RightOfWay(metrics.passed)
        database.gives_way(self.right_of_way.give_way)
        self._outside = OutsideChannels.of(settings.outside)

        # What can be done
        self.replays = Replays(database)
        self.inbox = Inbox(database, vault, clock, self._kick_reader)
        self.outbox = CountedOutbox(
            database,
            vault,
            vault.mailbox_key,
            clock,
            workspace.team_id,
            settings.clinic_channel,
            settings.holidays,
        )
        self.outbox.metrics = metrics
        deeds = Deeds(
            database,
            vault,
            AuditLog(vault.audit_key()),
            clock,
            vault.mailbox_key,
            self._kick_what_is_owed,
            settings.holidays,
        )
        services = Services.of(
            deeds,
            rules,
            Choices(
                workspace.team_id,
                workspace.url,
                lasts(settings.emergency_hours),
                timedelta(minutes=settings.close_views_after),
                self._outside.names,
            ),
            SlackDoNotDisturb(client, clock),
        )
        self.people, self.reading, self.ladders = (
            services.people,
            services.reading,
            services.ladders,
        )
        self._digests = services.digests
        self.timers = Timers.of(database, clock, services)
        self.rooms = RoomWatch(client, services.rooms, services.strangers, workspace.team_id)

        # What people ask for
        uses = Uses.of(
            services,
            client,
            Answers(client, services.open_views.shown),
            self.inbox,
            self.rooms.look,
        )
        self.bolt = AsyncApp(
            # Without a name it looks through the sources of whatever called it, for 0.1 s.
            name="careloop",
            client=without_token(client),
            authorize=knows_itself(
                client, workspace.team_id, workspace.bot_user_id, workspace.bot_id
            ),
            signing_secret=settings.slack_signing_secret.get_secret_value() or None,
            # In HTTP mode the guard has verified a request before Bolt sees it.
            request_verification_enabled=False,
        )
        answer_promptly(self.bolt)
        register_all(self.bolt, uses)

        # What runs by itself
        self._studio = Studio()
        self._sender = self._sender_of(services, client)
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._reader = InboxTick(self.inbox, events.worker(uses))
        self._ticks = [
            Tick("inbox", self._reader, clock, self._scheduler),
            Tick("timers", TimerTick(self.timers, clock), clock, self._scheduler),
            Tick("outbox", self._sender, clock, self._scheduler),
        ]
        self._sender.when_done(self._ticks[-1].kick)
        self._ticks += self._watch_of_slack(deeds)
        self.auditor = Auditor(services.oversight, clock, metrics, self.kick)
        self.auditor.watch(self._ticks)
        places = read_places(settings.checkpoints.get_secret_value())
        self.checkpoints = Checkpoints(
            database,
            AuditLog(vault.audit_key()),
            CheckpointSigner(vault.audit_key()),
            clock,
            places,
            metrics.checkpoint_kept,
        )
        self.rounds = Rounds(
            GapRecovery(
                client,
                self.inbox,
                services.threads,
                workspace.team_id,
                self._ticks[0].idle,
                self.rooms.is_closed,
            ),
            AccountsLook(client, self.people, workspace.team_id, read_account),
            self.auditor,
            self.checkpoints if places else None,
            self._studio,
            rules,
        )

        # How it is reached
        checks = {"store": self.store_answers, "clockwork": self.auditor.is_well}
        health = Health(checks, self.auditor.metrics)
        self._front = _front(settings, self, health, metrics.refused_request)
        self._health_port: HealthPort | None = None
        if settings.mode is Mode.SOCKET and settings.metrics_port is not None:
            self._health_port = HealthPort(health, settings.metrics_port)

    def _sender_of(self, services: Services, client: AsyncWebClient) -> Sender:
        pace = Pace(self._settings.sends_per_second)
        return Sender(
            self.outbox,
            client,
            Drawing(services),
            Sharing(self.outbox, client, services.progresses, services.reading, self._studio, pace),
            CallingOut(self.outbox, self._outside, services.reading.concerns.concern),
            TakingDown(self.outbox, client, pace),
            pace,
            self.rooms.is_closed,
        )

    def _watch_of_slack(self, deeds: Deeds) -> list[Tick]:
        """Only where there is another way: channels outside Slack."""
        if not self._outside.names:
            return []
        silence = SilenceOfSlack(deeds, self._outside.names)
        return [Tick("silence", silence, self.clock, self._scheduler)]

    # -- living ----------------------------------------------------------------------------

    @classmethod
    @asynccontextmanager
    async def running(
        cls, settings: Settings, clock: Clock | None = None
    ) -> AsyncIterator["Careloop"]:
        """A bot that listens and works until the block is left; then it finishes what it claimed.

        Waits while Slack can't be reached. Raises a `StoreError` when the store can't be, and
        `SettingsInvalid` when Slack doesn't take the token.
        """
        clock = clock or _clock(settings)
        rules = default_rules()
        database = await Database.open(settings.database_url.get_secret_value())
        try:
            vault = await Vault.start(
                database,
                settings.master_keys,
                clock=clock,
                source=lambda: settings.master_keys,
            )
            async with slack_client(settings) as client:
                workspace = await find_workspace(client, database, clock)
                bot = cls(settings, database, vault, clock, client, workspace, rules)
                await bot._start()
                try:
                    yield bot
                finally:
                    await bot._stop()
        finally:
            await database.close()

    async def _start(self) -> None:
        if self._database.kind is DatabaseKind.SQLITE:
            # This process holds the file's lock: whatever is claimed was claimed by a dead one.
            await self.inbox.release_all()
            await self.outbox.release_all()
            await self.timers.release_all()
        await attempt(self._digests.catch_up(), "catch_up")
        for tick in self._ticks:
            tick.start()
        self.rounds.begin(self._scheduler)
        self._scheduler.start()
        if self._health_port is not None:
            await self._health_port.start()
        self._forget_clock = self.clock.subscribe(self.kick)
        await self._front.start()
        if isinstance(self._front, HttpMode):
            # Nothing connects in HTTP mode: what was missed is looked for once, now.
            self._scheduler.add_job(until_stopped, args=[self.rounds.look_for_gaps])
        _log.info("started", mode=self._settings.mode.value)

    async def _stop(self) -> None:
        """Hear no more, finish what is claimed, then leave. What is left is in the store."""
        await self._front.close()
        if self._health_port is not None:
            await self._health_port.close()
        self._forget_clock()
        self._reader.leave()
        for tick in self._ticks:
            await tick.stop()
        await self._sender.finish()
        await self._studio.close()
        self._outside.close()
        await attempt(self.inbox.release_own(), "release")
        self._scheduler.shutdown(wait=False)
        _log.info("stopped")

    def _kick_reader(self) -> None:
        """Something came in: the others have nothing to do before it is worked off."""
        self._ticks[0].kick()

    def _kick_what_is_owed(self) -> None:
        """A deed was done: it may have set a timer or owe a message, and told nothing new."""
        for tick in self._ticks[1:3]:
            tick.kick()

    def kick(self) -> None:
        """The clock was moved, or something was mended: whatever is due runs now."""
        for tick in self._ticks:
            tick.kick()

    # -- for the page's "next event", for `/readyz`, and for tests ----------------------------

    @property
    def port(self) -> int | None:
        """Where it listens in HTTP mode."""
        return self._front.port if isinstance(self._front, HttpMode) else None

    @property
    def metrics_port(self) -> int | None:
        """Where its metrics are, if they are served."""
        return self._health_port.port if self._health_port is not None else self.port

    async def next_due(self) -> datetime | None:
        """When the next timer is due."""
        return await self.timers.next_due()

    async def store_answers(self) -> None:
        """Raises a `StoreError` unless the store answers."""
        await self._database.check()

    async def settled(self) -> None:
        """Wait until everything that came in is worked off and everything due is done and sent."""
        while True:
            await self.rounds.caught_up.wait()
            await self._front.idle()
            for tick in self._ticks:
                await tick.idle()
            await self._sender.finish()
            if not await self._has_work():
                return
            self.kick()
            await asyncio.sleep(0)

    async def _has_work(self) -> bool:
        now = self.clock.now()
        due = await self.timers.next_due()
        return (
            not self.rounds.caught_up.is_set()
            or not all(tick.is_idle for tick in self._ticks)
            or not self._sender.is_idle
            or not await self.inbox.is_empty()
            or await self.outbox.has_work(now)
            or (due is not None and due <= now)
        )


@cache
def default_rules() -> ClinicalRules:
    """The rules that ship with the project: read once a process, and never changed. That they can
    be compiled, the tests know."""
    return load_rules(compiled=False)


def _clock(settings: Settings) -> Clock:
    return SharedClock(settings.clock_file) if settings.clock_file else SystemClock()


def _front(
    settings: Settings, bot: Careloop, health: Health, count_refused: Callable[[str], None]
) -> SocketMode | HttpMode:
    if settings.mode is Mode.HTTP:
        # Slack signs with the real time, also when the demo's clock is moved.
        return HttpMode(
            bot.bolt,
            settings,
            SystemClock(),
            health,
            way=bot.right_of_way,
            seen=bot.replays,
            count_refused=count_refused,
        )
    return SocketMode(
        bot.bolt,
        settings,
        on_connected=bot.rounds.look_for_gaps,
        way=bot.right_of_way,
        count_refused=count_refused,
    )
