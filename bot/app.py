"""The composition root: settings in, a running bot out. The only place that knows everything."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import chain, repeat
from typing import Final

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger
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
from bot.clockwork.posting import CertainlyNotSent, NotInstalled, PerhapsSent, call
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
from bot.services.absences import Absences
from bot.services.checkins import CheckIns
from bot.services.circle import Circle
from bot.services.concerns import Concerns
from bot.services.course import Course
from bot.services.deeds import Deeds
from bot.services.digests import Digests
from bot.services.directory import Directory
from bot.services.drafts import Drafts
from bot.services.emergencies import Emergencies
from bot.services.emergency_group import EmergencyGroup
from bot.services.escalation import Escalation
from bot.services.handed_over import HandedOver
from bot.services.holds import Holds
from bot.services.inbox import Inbox
from bot.services.known_workspace import remember, remembered
from bot.services.ladders import Ladders
from bot.services.licences import Licences
from bot.services.open_views import OpenViews
from bot.services.oversight import Oversight
from bot.services.passing_on import PassingOn
from bot.services.people import People
from bot.services.plan_reading import PlanReading
from bot.services.plans import Plans
from bot.services.progress import Progresses
from bot.services.reading import Reading
from bot.services.reading_digests import ReadingDigests
from bot.services.referrals import Referrals
from bot.services.replacing import Replacing
from bot.services.replays import Replays
from bot.services.rooms import Rooms
from bot.services.shared_cases import SharedCases
from bot.services.silence_of_slack import SilenceOfSlack
from bot.services.strangers import Strangers
from bot.services.templates import Templates
from bot.services.threads import Threads
from bot.services.timers import Timers
from bot.services.updates import Updates
from bot.services.updates_shown import UpdatesShown
from bot.services.working_time import WorkingTime
from bot.settings import Mode, Problem, Settings, SettingsInvalid
from bot.store.audit import AuditLog
from bot.store.checkpoints import CheckpointSigner
from bot.store.database import Database
from bot.store.errors import StoreError
from bot.store.url import DatabaseKind
from bot.store.vault import Vault
from bot.transport.checkpoint_places import read_places
from bot.transport.client import slack_client
from bot.transport.do_not_disturb import SlackDoNotDisturb
from bot.transport.health import Health, HealthPort
from bot.transport.http import HttpMode
from bot.transport.outside import OutsideChannels
from bot.transport.prompt import answer_promptly
from bot.transport.socket_mode import SocketMode

_LOOK_FOR_GAPS_EVERY: Final = timedelta(minutes=3)
_AUDIT_EVERY: Final = timedelta(minutes=1)
_CHECKPOINT_EVERY: Final = timedelta(hours=1)
_CHECKPOINT_AFTER: Final = timedelta(minutes=1)

# Daily, and soon after each start: an event that Slack gave up on is found out all the same.
_LOOK_AT_ACCOUNTS_EVERY: Final = timedelta(days=1)
_LOOK_AT_ACCOUNTS_AFTER: Final = timedelta(minutes=2)
# A picture asked for in the first minutes comes as quickly as later ones.
_WARM_THE_STUDIO_AFTER: Final = timedelta(seconds=20)

_WAITS_FOR_SLACK: Final = (1, 2, 5, 10)

_log = structlog.get_logger("careloop.app")


@dataclass(frozen=True)
class Workspace:
    """The Slack workspace that the token belongs to."""

    team_id: str
    url: str


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
        self._client = client
        self.workspace = workspace
        self.replays = Replays(database)
        deeds = Deeds(
            database,
            vault,
            AuditLog(vault.audit_key()),
            clock,
            vault.mailbox_key,
            self._kick_what_is_owed,
            settings.holidays,
        )
        metrics = Metrics()
        count_errors(metrics.failed, metrics.refused)
        self.right_of_way = RightOfWay(metrics.passed)
        database.gives_way(self.right_of_way.give_way)
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
        self.rooms, referrals, drafts, threads = (
            RoomWatch(client, Rooms(deeds), Strangers(deeds), workspace.team_id),
            Referrals(deeds, rules),
            Drafts(deeds, rules),
            Threads(deeds, rules),
        )
        self._outside = OutsideChannels.of(settings.outside)
        progresses = Progresses(deeds, rules)
        self.reading = reading = Reading(deeds, workspace.url, progresses)
        self.people = People(deeds)
        absences, directory, circle, shared_cases = (
            Absences(deeds),
            Directory(deeds),
            Circle(deeds),
            SharedCases(deeds, progresses),
        )
        self._accounts = AccountsLook(client, self.people, workspace.team_id, read_account)
        self._digests, emergencies = (
            Digests(deeds),
            Emergencies(deeds, lasts(settings.emergency_hours)),
        )
        self.timers = Timers(
            database,
            clock,
            referrals,
            Escalation(deeds, SlackDoNotDisturb(client, clock)),
            Licences(deeds),
            self._digests,
            drafts,
            emergencies,
            shared_cases,
            open_views := OpenViews(deeds, timedelta(minutes=settings.close_views_after)),
        )
        plan_reading, updates_shown = PlanReading(deeds), UpdatesShown(deeds)
        course, updates = Course(deeds, progresses), Updates(deeds, rules)
        uses = Uses(
            client=client,
            answers=Answers(client, open_views.shown),
            inbox=self.inbox,
            referrals=referrals,
            drafts=drafts,
            templates=Templates(deeds),
            threads=threads,
            updates=updates,
            holds=Holds(deeds),
            concerns=Concerns(deeds, rules),
            passing_on=PassingOn(deeds),
            ladders=Ladders(deeds, self._outside.names),
            people=self.people,
            rooms=self.rooms.deeds,
            look_at_room=self.rooms.look,
            reading=reading,
            updates_shown=updates_shown,
            plans=Plans(deeds),
            plan_reading=plan_reading,
            progresses=progresses,
            working_time=WorkingTime(deeds),
            absences=absences,
            directory=directory,
            course=course,
            replacing=Replacing(deeds),
            checkins=CheckIns(deeds, updates),
            circle=circle,
            handed_over=HandedOver(deeds),
            emergencies=emergencies,
            emergency_group=EmergencyGroup(deeds),
            shared_cases=shared_cases,
        )
        self.bolt = AsyncApp(
            client=client,
            signing_secret=settings.slack_signing_secret.get_secret_value() or None,
            # In HTTP mode the guard has verified a request before Bolt sees it.
            request_verification_enabled=False,
        )
        answer_promptly(self.bolt)
        register_all(self.bolt, uses)

        self._studio = Studio()
        pace = Pace(settings.sends_per_second)
        sharing = Sharing(self.outbox, client, progresses, reading, self._studio, pace)
        drawing = Drawing(
            reading,
            updates_shown,
            progresses,
            absences,
            directory,
            course,
            plan_reading,
            ReadingDigests(deeds, reading),
            circle,
            self.rooms.deeds,
            emergencies,
            shared_cases,
        )
        self._sender = Sender(
            self.outbox,
            client,
            drawing,
            sharing,
            CallingOut(self.outbox, self._outside, reading.concerns.concern),
            TakingDown(self.outbox, client, pace),
            pace,
            self.rooms.is_closed,
        )
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._reader = InboxTick(self.inbox, events.worker(uses))
        self._ticks = [
            Tick("inbox", self._reader, clock, self._scheduler),
            Tick("timers", TimerTick(self.timers, clock), clock, self._scheduler),
            Tick("outbox", self._sender, clock, self._scheduler),
        ]
        self._sender.when_done(self._ticks[-1].kick)
        self._ticks += self._watch_of_slack(deeds)
        self._gaps = GapRecovery(
            client,
            self.inbox,
            threads,
            workspace.team_id,
            self._ticks[0].idle,
            self.rooms.is_closed,
        )
        oversight = Oversight(deeds, workspace.team_id)
        self.auditor, self.checkpoints = (
            Auditor(oversight, clock, metrics, self.kick),
            Checkpoints(
                database,
                AuditLog(vault.audit_key()),
                CheckpointSigner(vault.audit_key()),
                clock,
                read_places(settings.checkpoints.get_secret_value()),
                metrics.checkpoint_kept,
            ),
        )
        self.auditor.watch(self._ticks)
        self._has_looked = asyncio.Event()
        checks = {"store": self.store_answers, "clockwork": self.auditor.is_well}
        health = Health(checks, self.auditor.metrics)
        self._front = _front(settings, self, health)
        self._health_port: HealthPort | None = None
        if settings.mode is Mode.SOCKET and settings.metrics_port is not None:
            self._health_port = HealthPort(health, settings.metrics_port)

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
                workspace = await _workspace(client, database, clock)
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
        self._scheduler.add_job(
            self._look_for_gaps,
            IntervalTrigger(seconds=int(_LOOK_FOR_GAPS_EVERY.total_seconds())),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.add_job(
            self.look_at_accounts,
            IntervalTrigger(
                seconds=int(_LOOK_AT_ACCOUNTS_EVERY.total_seconds()),
                start_date=datetime.now(UTC) + _LOOK_AT_ACCOUNTS_AFTER,
            ),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        self._scheduler.add_job(
            self._audit,
            IntervalTrigger(seconds=int(_AUDIT_EVERY.total_seconds())),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        if self._settings.checkpoints.get_secret_value():
            self._scheduler.add_job(
                self._keep_checkpoint,
                IntervalTrigger(
                    seconds=int(_CHECKPOINT_EVERY.total_seconds()),
                    start_date=datetime.now(UTC) + _CHECKPOINT_AFTER,
                ),
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )
        self._scheduler.add_job(
            self._studio.warm,
            DateTrigger(run_date=datetime.now(UTC) + _WARM_THE_STUDIO_AFTER),
            misfire_grace_time=None,
        )
        self._scheduler.start()
        if self._health_port is not None:
            await self._health_port.start()
        self._forget_clock = self.clock.subscribe(self.kick)
        await self._front.start()
        if isinstance(self._front, HttpMode):
            # Nothing connects in HTTP mode: what was missed is looked for once, now.
            self._scheduler.add_job(self.look_for_gaps)
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

    async def look_for_gaps(self) -> None:
        """After each (re)connect: read back what was said while nobody listened."""
        self._has_looked.clear()
        try:
            await attempt(self._gaps.look(whole=True), "gaps")
        finally:
            self._has_looked.set()

    async def look_at_accounts(self) -> None:
        """Find out who has left, also where no event told."""
        await attempt(self._accounts.look(), "accounts")

    async def _look_for_gaps(self) -> None:
        await attempt(self._gaps.look(whole=False), "gaps")

    async def _keep_checkpoint(self) -> None:
        try:
            await attempt(self.checkpoints.look(), "checkpoints", StoreError)
        except StoreError as error:
            _log.warning("store_trouble", kind="checkpoints", error=type(error).__name__)

    async def _audit(self) -> None:
        try:
            await attempt(self.auditor.look(), "auditor", StoreError)
        except StoreError as error:
            _log.warning("store_trouble", kind="auditor", error=type(error).__name__)

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
            await self._has_looked.wait()
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
            not self._has_looked.is_set()
            or not all(tick.is_idle for tick in self._ticks)
            or not self._sender.is_idle
            or not await self.inbox.is_empty()
            or await self.outbox.has_work(now)
            or (due is not None and due <= now)
        )


@cache
def default_rules() -> ClinicalRules:
    """The rules that ship with the project: compiled once a process, and never changed."""
    return load_rules()


async def _workspace(client: AsyncWebClient, database: Database, clock: Clock) -> Workspace:
    """Whose token it is. A bot that starts while Slack is in trouble takes the workspace that it
    was last in, so that ladders go on and calls go outside; the first time it waits for Slack."""
    known = await remembered(database)
    for wait in chain(_WAITS_FOR_SLACK, repeat(_WAITS_FOR_SLACK[-1])):
        try:
            who = await call(client.auth_test())
            found = Workspace(str(who["team_id"]), str(who["url"]))
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


def _clock(settings: Settings) -> Clock:
    return SharedClock(settings.clock_file) if settings.clock_file else SystemClock()


def _front(settings: Settings, bot: Careloop, health: Health) -> SocketMode | HttpMode:
    if settings.mode is Mode.HTTP:
        # Slack signs with the real time, also when the demo's clock is moved.
        return HttpMode(
            bot.bolt, settings, SystemClock(), health, way=bot.right_of_way, seen=bot.replays
        )
    return SocketMode(bot.bolt, settings, on_connected=bot.look_for_gaps, way=bot.right_of_way)
