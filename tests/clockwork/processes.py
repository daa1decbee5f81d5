"""Processes of the bot that share one store, and a Slack whose every answer the test decides.

The store, the outbox and the sender are the real ones. Time stands still unless it is moved; what
a process is at can be stopped before it calls Slack, its calls can break off with or without their
deed, and it can die.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from pathlib import Path
from typing import Self

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.care.permissions import Deed
from bot.clock import MovableClock
from bot.clockwork.pace import Pace
from bot.clockwork.posting import CertainlyNotSent, PerhapsSent
from bot.clockwork.sender import Sender
from bot.ids import new_id
from bot.notices import DeliveryFailed, Notice, Place, PlaceKind, Priority
from bot.services.deeds import Deeds, Lease, LeaseLost
from bot.services.outbox import LEASE, LONGEST_CALL, SETTLE, Destination, Outbox, Owed
from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.queries import timers
from bot.store.tables.work import Timer, TimerKind
from bot.store.vault import Vault
from bot.views.message import Message

CHANNEL = "C1"
# Lanes into another channel.
ELSEWHERE = "elsewhere"
TIMER_LEASE = timedelta(seconds=30)


class Fate(Enum):
    """What becomes of a call."""

    ANSWERED = "done and answered"
    BROKEN_AFTER = "done, and the answer is lost"
    BROKEN_BEFORE = "not done, and nobody says so"
    LATE = "broken off, and done a little later"
    RATE_LIMITED = "refused for now"


@dataclass
class Call:
    """A call that a process has made and Slack has not answered."""

    process: "Process"
    method: str
    row: str
    text: str
    ts: str
    began: float
    answer: asyncio.Future[dict[str, str]]
    is_at_slack: bool = False


@dataclass
class World:
    """The time, Slack, and the store that the processes share."""

    database: Database
    vault: Vault
    clock: MovableClock
    # Row id → how often it was posted; the texts in the order of Slack; message → what it shows.
    posted: dict[str, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    shows: dict[str, str] = field(default_factory=dict)
    row_of: dict[str, str] = field(default_factory=dict)
    calls: list[Call] = field(default_factory=list)
    under_way: list[tuple[float, Call]] = field(default_factory=list)
    versions: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @classmethod
    async def opened(cls, url: str) -> Self:
        database = await Database.open(url, lock=False)
        vault = await Vault.start(database, MasterKeys.parse(new_master_key("1")))
        return cls(database, vault, MovableClock(ticking=False))

    # -- what is owed and due --------------------------------------------------------------

    def deeds(self) -> Deeds:
        log = AuditLog(self.vault.audit_key())
        return Deeds(
            self.database, self.vault, log, self.clock, self.vault.mailbox_key, lambda: None
        )

    async def owes(self, lane: str, name: str, priority: Priority = Priority.NORMAL) -> None:
        async with self.deeds().begin(None, Deed.NUDGE) as deed:
            await deed.tell(place(lane), notice(name), name, priority)
        self.versions[name] = 1

    async def changes(self, name: str) -> None:
        self.versions[name] += 1
        async with self.deeds().begin(None, Deed.NUDGE) as deed:
            await deed.redraw(notice(name), name)

    async def sets_timer(self, name: str, after: timedelta) -> None:
        async with self.database.transaction() as session:
            due = self.clock.now() + after
            await timers.set_timer(session, TimerKind.STEP_DUE, name, 1, due)
        self.versions[f"timer {name}"] = 1

    # -- Slack -----------------------------------------------------------------------------

    def does(self, call: Call) -> None:
        """Slack carries a call out."""
        if call.method == "chat.postMessage":
            self.posted[call.row] = self.posted.get(call.row, 0) + 1
            self.said.append(call.text)
            self.shows[call.ts] = call.text
            self.row_of[call.ts] = call.row
        elif call.method == "chat.update":
            self.shows[call.ts] = call.text

    def decides(self, call: Call, fate: Fate, late: timedelta = timedelta(seconds=1)) -> None:
        """What becomes of a call that waits; the process hears of it unless it stands still."""
        self.calls.remove(call)
        match fate:
            case Fate.ANSWERED | Fate.BROKEN_AFTER:
                self.does(call)
            case Fate.LATE:
                self.under_way.append((self.seconds + late.total_seconds(), call))
            case Fate.BROKEN_BEFORE | Fate.RATE_LIMITED:
                pass
        if call.answer.done():
            return
        if fate is Fate.ANSWERED and not call.process.stands_still:
            call.answer.set_result({"channel": CHANNEL, "ts": call.ts})
        elif fate is Fate.RATE_LIMITED:
            wait = timedelta(seconds=7)
            call.answer.set_exception(CertainlyNotSent("ratelimited", wait))
        else:
            call.process.hears_later(call)

    def passes(self, span: timedelta) -> None:
        """Time passes; what is on its way to Slack arrives, and calls that take too long end."""
        self.clock.advance(span)
        self.seconds += span.total_seconds()
        for at, call in sorted(self.under_way, key=lambda one: one[0]):
            if at <= self.seconds:
                self.under_way.remove((at, call))
                self.does(call)
        for call in tuple(self.calls):
            if self.seconds - call.began >= LONGEST_CALL.total_seconds():
                self.decides(call, Fate.BROKEN_BEFORE)


async def _is_open(_channel_id: str) -> bool:
    """No channel is closed here."""
    return False


class Process:
    """One bot process: an outbox and a sender of its own on the common store."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.stands_still = False
        self._go_on = asyncio.Event()
        self._go_on.set()
        self._unheard: list[Call] = []
        self.owner = new_id()
        self._claimed: list[Timer] = []
        self.look_ups_are_refused = 0
        self.outbox = CountingOutbox(
            world.database,
            world.vault,
            world.vault.mailbox_key,
            world.clock,
            "T1",
            CHANNEL,
            alive=world.clock.now,
        )
        self._client = ScriptedSlack(self)
        self._ended = 0
        self._waiting_to_draw = 0
        unused = Unused()
        self._sender = Sender(
            self.outbox,
            self._client,
            self._draw,
            unused,  # type: ignore[arg-type]  # no picture, call outside or deletion is owed here
            unused,  # type: ignore[arg-type]  # no picture, call outside or deletion is owed here
            unused,  # type: ignore[arg-type]  # no picture, call outside or deletion is owed here
            Pace(1e9),
            _is_open,
        )
        self._sender.when_done(self._count)

    def _count(self) -> None:
        self._ended += 1

    async def _draw(self, told: Notice, _place: Place) -> Message | None:
        self._waiting_to_draw += 1
        await self._go_on.wait()
        self._waiting_to_draw -= 1
        if not isinstance(told, DeliveryFailed):
            raise TypeError("only one kind of notice is owed here")
        name = told.error
        return Message(f"{name} v{self.world.versions[name]}", [])

    async def sends(self) -> None:
        """Claim what may go out, and go on until Slack, or a standstill, is waited for."""
        await self._sender()
        await self.settles()

    async def settles(self) -> None:
        async with asyncio.timeout(20):
            while self._is_moving():  # noqa: ASYNC110 - several things end it
                await asyncio.sleep(0.0005)

    def _is_moving(self) -> bool:
        at_slack = sum(one.process is self for one in self.world.calls) + len(self._unheard)
        return self.outbox.claimed - self._ended > at_slack + self._held

    @property
    def _held(self) -> int:
        return 0 if self._go_on.is_set() else self._waiting_to_draw

    # -- trouble ---------------------------------------------------------------------------

    def stops_moving(self) -> None:
        """As on SIGSTOP: it begins nothing and hears nothing."""
        self.stands_still = True
        self._go_on.clear()

    async def goes_on(self, *, claims_first: bool = False) -> None:
        """It wakes; with `claims_first` its tick runs before what it was at goes on."""
        self.stands_still = False
        if claims_first:
            await self._sender()
        self._go_on.set()
        unheard, self._unheard = self._unheard, []
        for call in unheard:
            self._hears(call)
        await self.settles()

    def hears_later(self, call: Call) -> None:
        if self.stands_still:
            self._unheard.append(call)
        else:
            self._hears(call)

    def _hears(self, call: Call) -> None:
        if not call.answer.done():
            call.answer.set_exception(PerhapsSent("ServerDisconnectedError"))

    def forgets(self, call: Call) -> None:
        """Slack has done it, and the store does not take down that it did."""
        self.world.calls.remove(call)
        self.world.does(call)
        self._ended += 1

    def dies(self, *, arrives: bool) -> None:
        """As on SIGKILL: it does nothing more. What it had sent reaches Slack, or does not."""
        for call in [one for one in self.world.calls if one.process is self]:
            self.world.calls.remove(call)
            if arrives:
                self.world.does(call)

    # -- timers ----------------------------------------------------------------------------

    async def claims_timers(self) -> None:
        now = self.world.clock.now()
        async with self.world.database.transaction() as session:
            self._claimed += await timers.claim_due(
                session,
                now=now,
                alive=now,
                owner=self.owner,
                lease_until=now + TIMER_LEASE,
                most=10,
            )

    async def carries_out(self) -> None:
        """Do what the timers stand for that it claimed, however long ago that was."""
        claimed, self._claimed = self._claimed, []
        for timer in claimed:
            lease = Lease(timer.id, self.owner)
            name = f"timer {timer.subject}"
            try:
                async with self.world.deeds().begin(None, Deed.NUDGE, lease=lease) as deed:
                    # A key of its own each time: only the lease keeps it from coming twice.
                    await deed.tell(place("timers"), notice(name), new_id())
            except LeaseLost:
                continue


class CountingOutbox(Outbox):
    """An outbox that tells how many rows it has handed out."""

    claimed = 0

    async def claim(self, *, only_urgent: bool = False) -> list[Owed]:
        found = await super().claim(only_urgent=only_urgent)
        self.claimed += len(found)
        return found

    async def destination(self, owed: Owed) -> Destination | None:
        found = await super().destination(owed)
        return Destination(channel_id="C2") if owed.place.subject == ELSEWHERE else found


class ScriptedSlack(AsyncWebClient):
    """Hands each call to the world and waits for what becomes of it; look-ups tell the truth."""

    def __init__(self, process: Process) -> None:
        super().__init__()
        self._process = process

    async def _made(self, method: str, row: str, text: str, ts: str) -> AsyncSlackResponse:
        world = self._process.world
        answer: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
        call = Call(self._process, method, row, text, ts, world.seconds, answer)
        world.calls.append(call)
        return _response(method, dict(await answer))

    def chat_postMessage(self, **told: object) -> Awaitable[AsyncSlackResponse]:  # type: ignore[override]  # noqa: N802 - Slack's name
        metadata = told["metadata"]
        row = str(metadata["event_payload"]["id"])  # type: ignore[index]
        return self._made("chat.postMessage", row, str(told["text"]), f"ts-{new_id()}")

    def chat_update(self, **told: object) -> Awaitable[AsyncSlackResponse]:  # type: ignore[override]
        return self._made("chat.update", "", str(told["text"]), str(told["ts"]))

    async def conversations_history(self, **_: object) -> AsyncSlackResponse:
        if self._process.look_ups_are_refused:
            self._process.look_ups_are_refused -= 1
            raise CertainlyNotSent("ratelimited", timedelta(seconds=1))
        messages = [
            {"ts": ts, "metadata": {"event_payload": {"id": row}}}
            for ts, row in self._process.world.row_of.items()
        ]
        return _response("conversations.history", {"ok": True, "messages": messages})


class Unused:
    """What no notice of these stories needs."""


def _response(method: str, data: dict[str, object]) -> AsyncSlackResponse:
    return AsyncSlackResponse(
        client=None,
        http_verb="POST",
        api_url=method,
        req_args={},
        data=data,
        headers={},
        status_code=200,
    )


def place(lane: str) -> Place:
    """A lane of its own into the one channel."""
    return Place(kind=PlaceKind.CLINIC, subject=lane)


def notice(name: str) -> DeliveryFailed:
    return DeliveryFailed(failed_row="none", failed_kind="none", error=name)


async def everything_goes_out(world: World, processes: list[Process]) -> None:
    """The trouble is over: time passes, and each call is answered."""
    for process in processes:
        await process.goes_on()
    world.passes(max(LEASE, TIMER_LEASE))
    for _ in range(100):
        for process in processes:
            await process.claims_timers()
            await process.carries_out()
            await process.sends()
        while world.calls:
            call = world.calls[0]
            world.decides(call, Fate.ANSWERED)
            await call.process.settles()
        if not world.under_way and not await _something_waits(world, processes[0]):
            return
        world.passes(SETTLE)
    raise AssertionError("something never goes out")


async def _something_waits(world: World, process: Process) -> bool:
    async with world.database.reading() as session:
        if await timers.next_due(session) is not None:
            return True
    return await process.outbox.has_work(world.clock.now() + timedelta(days=1))


async def open_world(template: Path, folder: Path) -> World:
    """A world on a fresh copy of a migrated file."""
    file = folder / f"{new_id()}.db"
    file.write_bytes(template.read_bytes())
    return await World.opened(f"sqlite:///{file}")
