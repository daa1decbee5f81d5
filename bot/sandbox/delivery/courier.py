"""Brings events and interactions to apps: retries, faults, and the record of it all."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.sandbox.clock import sleep_until
from bot.sandbox.delivery.http_mode import HttpMode
from bot.sandbox.delivery.parcel import Answer, EnvelopeKind, Failure, Parcel, Transport
from bot.sandbox.delivery.socket_mode import SocketMode, new_envelope_id
from bot.sandbox.faults import Fault, FaultKind, Faults
from bot.sandbox.record import Acknowledgement, Delivery, Record
from bot.sandbox.state.model import App, AppMode
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject

RETRY_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
"""After the first attempt: at once, then a minute later, then five. Then Slack gives up."""


MOST_UNDER_WAY = 100


@dataclass
class Courier:
    workspace: Workspace
    faults: Faults
    record: Record
    sockets: SocketMode
    http: HttpMode
    _under_way: set[asyncio.Task[None]] = field(default_factory=set)
    _held: list[Parcel] = field(default_factory=list)
    _gates: dict[str, asyncio.Semaphore] = field(default_factory=dict)
    _busy: int = 0
    _settled: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self._settled.set()

    def send_event(self, app: App, event: JsonObject, *, channel: str = "") -> None:
        """Hand over an event; it is redelivered until it is acknowledged or given up."""
        event_id = self.workspace.next_id("Ev")
        name = str(event.get("type", ""))
        parcel = Parcel(
            app.id,
            EnvelopeKind.EVENTS,
            name,
            self._wrapped(app, event, event_id),
            channel=channel,
            event_id=event_id,
            url=app.request_url,
        )
        fault = self.faults.for_delivery(name, channel, app.id)
        if fault is None:
            self._start(self._until_acknowledged(parcel))
            self._release()
        else:
            self._misdeliver(parcel, fault)

    def send_last_event(self, app: App, event: JsonObject) -> None:
        """An event for an app that is gone already."""
        event_id = self.workspace.next_id("Ev")
        parcel = Parcel(
            app.id,
            EnvelopeKind.EVENTS,
            str(event.get("type", "")),
            self._wrapped(app, event, event_id),
            event_id=event_id,
            url=app.request_url,
            last=True,
        )
        self._start(self._once(parcel))

    def _misdeliver(self, parcel: Parcel, fault: Fault) -> None:
        if fault.kind in {FaultKind.LOST, FaultKind.OUTAGE}:
            self._note(parcel, over="", fault=fault.kind.value)
            return
        if fault.kind is FaultKind.REORDERED:
            self._held.append(parcel)
            return
        if fault.kind is FaultKind.REPEATED:
            self._start(self._until_acknowledged(parcel))
            self._start(self._until_acknowledged(parcel))
        else:
            self._start(self._late(parcel, fault.seconds))
        self._release()

    def _release(self) -> None:
        held, self._held = self._held, []
        for parcel in held:
            self._start(self._until_acknowledged(parcel))

    async def _late(self, parcel: Parcel, seconds: float) -> None:
        await asyncio.sleep(seconds)
        await self._until_acknowledged(parcel)

    def _wrapped(self, app: App, event: JsonObject, event_id: str) -> JsonObject:
        team_id = self.workspace.team.id
        return {
            "token": app.verification_token,
            "team_id": team_id,
            "context_team_id": team_id,
            "context_enterprise_id": None,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": event_id,
            "event_time": self.workspace.seconds(),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": team_id,
                    "user_id": app.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": self._is_shared(event),
            "event_context": f"4-{event_id}",
        }

    def _is_shared(self, event: JsonObject) -> bool:
        channel = self.workspace.state.channels.get(str(event.get("channel", "")))
        return channel is not None and bool(channel.connected_team_ids)

    async def _until_acknowledged(self, parcel: Parcel) -> None:
        answer = await self._in_turn(parcel)
        for number, pause in enumerate(RETRY_AFTER, start=1):
            if answer.failure in {None, Failure.NO_CONNECTION} or answer.no_retry:
                return
            if pause:
                await self._rest(pause)
            again = replace(parcel, attempt=number, retry_reason=answer.failure.value)
            if self.faults.outage(parcel.app_id) is not None:
                self._note(again, over="", fault=FaultKind.OUTAGE.value)
                continue
            retried = await self._in_turn(again)
            # Between the attempts a connection may be missing: the later ones still come.
            answer = retried if retried.failure is not Failure.NO_CONNECTION else answer

    async def _rest(self, pause: timedelta) -> None:
        """Wait on the workspace's clock; that does not count as being under way."""
        self._set_busy(-1)
        try:
            await sleep_until(self.workspace.clock, self.workspace.now() + pause)
        finally:
            self._set_busy(+1)

    def _set_busy(self, change: int) -> None:
        self._busy += change
        if self._busy:
            self._settled.clear()
        else:
            self._settled.set()

    async def settled(self) -> None:
        """Return once nothing is on its way to an app; what waits for a later retry may."""
        await self._settled.wait()

    async def request(self, app: App, parcel: Parcel) -> Answer:
        """Deliver an interaction or a command, once, and wait for its acknowledgement."""
        fault = self.faults.for_delivery(parcel.name, parcel.channel, app.id)
        if fault is not None:
            if fault.kind in {FaultKind.LOST, FaultKind.OUTAGE}:
                self._note(parcel, over="", fault=fault.kind.value)
                return Answer(Failure.LOST)
            if fault.kind is FaultKind.DELAYED:
                await asyncio.sleep(fault.seconds)
            if fault.kind is FaultKind.REPEATED:
                self._start(self._once(parcel))
        return await self._attempt(parcel)

    async def _once(self, parcel: Parcel) -> None:
        await self._attempt(parcel)

    async def _in_turn(self, parcel: Parcel) -> Answer:
        """Events of an app leave in order and only so many wait at once: the 3 seconds of one
        must not run out because of those before it."""
        gate = self._gates.setdefault(parcel.app_id, asyncio.Semaphore(MOST_UNDER_WAY))
        async with gate:
            return await self._attempt(parcel)

    async def _attempt(self, parcel: Parcel) -> Answer:
        app = self.workspace.state.apps.get(parcel.app_id)
        if app is None or not (app.installed or parcel.last):
            return Answer(Failure.NO_CONNECTION)
        over_socket = app.mode is AppMode.SOCKET
        if over_socket and not self.sockets.connections(app.id):
            self._note(parcel, over="", fault=Failure.NO_CONNECTION.value)
            return Answer(Failure.NO_CONNECTION)
        transport: Transport = self.sockets if over_socket else self.http
        delivery = self._note(parcel, over=app.mode.value)
        answer = await transport.deliver(parcel, delivery)
        self.record.add_acknowledgement(
            Acknowledgement(
                delivery,
                self.workspace.now(),
                time.monotonic() - delivery.monotonic,
                answer.body,
                answer.failure.value if answer.failure else "",
            )
        )
        return answer

    def _note(self, parcel: Parcel, *, over: str, fault: str = "") -> Delivery:
        delivery = Delivery(
            id=new_envelope_id(),
            at=self.workspace.now(),
            monotonic=time.monotonic(),
            app_id=parcel.app_id,
            kind=parcel.kind.value,
            name=parcel.name,
            payload=parcel.payload,
            channel=parcel.channel,
            event_id=parcel.event_id,
            attempt=parcel.attempt,
            retry_reason=parcel.retry_reason,
            over=over,
            fault=fault,
        )
        self.record.add_delivery(delivery)
        return delivery

    def _start(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        self._set_busy(+1)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._under_way.discard(task)
        self._set_busy(-1)
        if not task.cancelled() and (failure := task.exception()) is not None:
            loop = task.get_loop()
            loop.call_exception_handler(
                {"message": "a delivery failed", "exception": failure, "task": task}
            )

    async def quiet(self) -> None:
        """Wait until every event that was sent has been acknowledged, or given up."""
        while self._under_way:
            await asyncio.wait(self._under_way)

    def forget_everything(self) -> None:
        """Drop what is under way: the workspace that it came from is gone."""
        self._held.clear()
        for task in tuple(self._under_way):
            task.cancel()

    async def stop(self) -> None:
        self.forget_everything()
        await asyncio.gather(*self._under_way, return_exceptions=True)
        await self.sockets.stop()
        await self.http.stop()
