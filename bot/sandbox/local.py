"""The Python handle: a local Slack that a demo, a story or a test starts and drives."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from aiohttp import web

from bot.sandbox.clock import RunningClock, SandboxClock
from bot.sandbox.delivery.audience import Audience
from bot.sandbox.delivery.channel_events import ChannelEvents
from bot.sandbox.delivery.courier import Courier
from bot.sandbox.delivery.http_mode import HttpMode
from bot.sandbox.delivery.message_events import MessageEvents
from bot.sandbox.delivery.people_events import PeopleEvents
from bot.sandbox.delivery.socket_mode import DisconnectReason, SocketMode
from bot.sandbox.delivery.triggers import Triggers
from bot.sandbox.faults import Faults
from bot.sandbox.installed import InstalledApp
from bot.sandbox.keeping import Keeping
from bot.sandbox.pacing import Pacing
from bot.sandbox.people.asking import Asking
from bot.sandbox.people.feed import Feeds
from bot.sandbox.people.outcome import NotSeen
from bot.sandbox.people.person import Person
from bot.sandbox.record import Record
from bot.sandbox.schedule import Schedule
from bot.sandbox.state import apps, channels, people, saving
from bot.sandbox.state.happenings import Happening, MessageScheduled, StateReplaced
from bot.sandbox.state.model import AppMode, PersonKind, State, UserGroup
from bot.sandbox.state.workspace import Workspace, fresh_state
from bot.sandbox.web.answers import ResponseUrls
from bot.sandbox.web.clock import ClockBar, NextEvent
from bot.sandbox.web.consent import Consent
from bot.sandbox.web.control import Control
from bot.sandbox.web.deeds import Deeds
from bot.sandbox.web.files import Files
from bot.sandbox.web.live import LivePages
from bot.sandbox.web.looking import Looking
from bot.sandbox.web.server import Doors, make_server
from bot.sandbox.web.web_api import WebApi
from bot.sandbox.wire import JsonObject

HOST = "127.0.0.1"


class LocalSlack:
    """A workspace on this machine, with its server. Made by `start`, ended by `stop`."""

    def __init__(
        self,
        clock: SandboxClock,
        state: State,
        *,
        pacing: bool,
        state_file: Path | None,
        next_event: NextEvent | None,
    ) -> None:
        self.clock = clock
        self.workspace = Workspace(clock, state)
        self.record = Record()
        self.faults = Faults(clock)
        self.pacing = Pacing(pacing)
        self.sockets = SocketMode()
        self.triggers = Triggers()
        self._http = HttpMode(self.workspace)
        self.courier = Courier(self.workspace, self.faults, self.record, self.sockets, self._http)
        self.feeds = Feeds(self.workspace)
        self._state_file = state_file
        self._keeping: Keeping | None = None
        self._asking = Asking(self.workspace, self.courier, self.triggers)
        self._persons: dict[str, Person] = {}
        self._apps: dict[str, InstalledApp] = {}
        self.workspace.listen(self.feeds.hear)
        audience = Audience(self.workspace, self.courier)
        for events in (MessageEvents(audience), ChannelEvents(audience), PeopleEvents(audience)):
            self.workspace.listen(events.hear)
        self._web_api = WebApi(
            self.workspace, self.triggers, self.sockets, self.faults, self.pacing, self.record
        )
        self._schedule = Schedule(self.workspace, self._web_api.call_for)
        clock_bar = ClockBar(clock, next_event)
        self._live = LivePages(self.workspace, self.feeds, clock_bar)
        self._unsubscribe = clock.subscribe(self._live.clock_moved)
        self._doors = Doors(
            web_api=self._web_api,
            sockets=self.sockets,
            answers=ResponseUrls(self.workspace),
            clock=clock_bar,
            live=self._live,
            looking=Looking(self.workspace, self.person),
            deeds=Deeds(self.workspace, self.feeds, self.person),
            files=Files(self.workspace, self.person),
            consent=Consent(self.workspace),
            control=Control(self),
        )
        self.workspace.listen(self._wake_schedule)
        self._runner: web.AppRunner | None = None
        self.url = ""

    @classmethod
    async def start(
        cls,
        clock: SandboxClock | None = None,
        *,
        port: int = 0,
        pacing: bool = False,
        state_file: Path | str | None = None,
        next_event: NextEvent | None = None,
        host: str = HOST,
        keep_saved: bool = False,
    ) -> Self:
        """Start serving on 127.0.0.1 (port 0: any free one).

        `state_file`: where the state is loaded from, if it is there, and saved to by `stop`;
        with `keep_saved` also a moment after whatever happens, for those who are killed.
        """
        path = Path(state_file) if state_file is not None else None
        state = saving.load(path) if path is not None and path.exists() else fresh_state()
        slack = cls(
            clock or RunningClock(),
            state,
            pacing=pacing,
            state_file=path,
            next_event=next_event,
        )
        await slack._serve(host, port)
        if keep_saved and path is not None:
            slack._keeping = Keeping(slack.workspace, path)
            slack._keeping.start()
        return slack

    def _wake_schedule(self, happening: Happening) -> None:
        if isinstance(happening, MessageScheduled):
            self._schedule.changed()

    async def _serve(self, host: str, port: int) -> None:
        self._runner = web.AppRunner(
            make_server(self._doors), access_log=None, shutdown_timeout=0.5
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        bound = self._runner.addresses[0]
        self.url = f"http://{host}:{bound[1]}"
        self.workspace.base_url = self.url
        self._schedule.start()

    async def quiet(self) -> None:
        """Wait until the apps have acknowledged every event that they were sent."""
        await self.courier.quiet()

    async def stop(self) -> None:
        """Say goodbye to everybody and, with a state file, save."""
        self._unsubscribe()
        if self._keeping is not None:
            await self._keeping.stop()
        elif self._state_file is not None:
            self.save(self._state_file)
        await self._schedule.stop()
        await self.courier.stop()
        await self._web_api.stop()
        await self._live.stop()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    # Who and what there is

    def add_person(
        self,
        name: str,
        real_name: str,
        *,
        title: str = "",
        tz: str = "UTC",
        kind: PersonKind = PersonKind.MEMBER,
        email: str | None = None,
        display_name: str = "",
        team_name: str = "Other Clinic",
    ) -> str:
        """Somebody new; the answer is their id. `team_name` matters for `FOREIGN` people."""
        return people.add(
            self.workspace,
            name=name,
            real_name=real_name,
            title=title,
            tz=tz,
            kind=kind,
            email=email,
            display_name=display_name,
            team_name=team_name,
        ).id

    def change_person(
        self,
        user_id: str,
        *,
        real_name: str | None = None,
        title: str | None = None,
        tz: str | None = None,
        email: str | None = None,
        status_text: str | None = None,
        kind: PersonKind | None = None,
    ) -> None:
        """Change what is given (`kind=DEACTIVATED` takes somebody's account away)."""
        people.change(
            self.workspace,
            user_id,
            real_name=real_name,
            title=title,
            tz=tz,
            email=email,
            status_text=status_text,
            kind=kind,
        )

    def add_channel(
        self, name: str, private: bool = False, members: Sequence[str] = (), creator: str = ""
    ) -> str:
        """A new channel with these members; the first of them made it unless told otherwise."""
        by = creator or (members[0] if members else "USLACKBOT")
        channel = channels.create(self.workspace, by, name, private=private, members=members)
        if by == "USLACKBOT":
            channel.members.pop(by, None)
        return channel.id

    def unshare(self, channel_id: str, by: str = "USLACKBOT") -> None:
        """End every Slack Connect share of a channel; the other workspaces' people are out."""
        channel = self.workspace.state.channels[channel_id]
        for team_id in tuple(channel.connected_team_ids):
            channels.unshare(self.workspace, by, channel, team_id)

    def add_user_group(self, handle: str, name: str, users: Sequence[str]) -> str:
        group = UserGroup(
            id=self.workspace.next_id("S"),
            handle=handle,
            name=name,
            users=list(users),
            created=self.workspace.seconds(),
            creator=users[0] if users else "",
        )
        self.workspace.state.usergroups[group.id] = group
        return group.id

    def install_app(
        self,
        manifest: JsonObject,
        mode: AppMode | None = None,
        request_url: str | None = None,
    ) -> InstalledApp:
        """Install an app by its manifest, the same JSON that real Slack takes.

        `mode` defaults to what the manifest says; `request_url` stands in for all the
        addresses in it. Raises `ManifestRefused` with every problem at once.
        """
        app = apps.install(self.workspace, manifest, mode=mode, request_url=request_url)
        return self._handle(app.id)

    def app(self, app_id: str) -> InstalledApp:
        self.workspace.app(app_id)
        return self._handle(app_id)

    def register_app(self, manifest: JsonObject, mode: AppMode | None = None) -> InstalledApp:
        """Make an app known without installing it: that is for somebody's consent."""
        app = apps.install(self.workspace, manifest, mode=mode, installed=False)
        return self._handle(app.id)

    def uninstall(self, app: InstalledApp) -> None:
        """Remove an app: `tokens_revoked` and `app_uninstalled`, and its tokens are void."""
        apps.uninstall(self.workspace, app.app)

    def _handle(self, app_id: str) -> InstalledApp:
        if app_id not in self._apps:
            self._apps[app_id] = InstalledApp(self.workspace, self.sockets, self._http, app_id)
        return self._apps[app_id]

    @property
    def apps(self) -> list[InstalledApp]:
        return [self._handle(app_id) for app_id in self.workspace.state.apps]

    def person(self, user_id: str) -> Person:
        """The person at their client; the same one each time."""
        user = self.workspace.state.users.get(user_id)
        if user is None or user.is_bot:
            raise NotSeen("user_not_found")
        if user_id not in self._persons:
            self._persons[user_id] = Person(self.workspace, self._asking, self.feeds, user_id)
        return self._persons[user_id]

    async def settled(self, seconds: float = 10.0) -> None:
        """Return once every event that was caused has been acknowledged or given up for now.

        Retries that wait for the clock do not count. Raises TimeoutError after that long.
        """
        async with asyncio.timeout(seconds):
            await self.courier.settled()

    # Saved, loaded, reset

    def save(self, path: Path | str) -> None:
        """Write the whole state to a file."""
        saving.save(self.workspace.state, Path(path))

    def load(self, path: Path | str) -> None:
        """Go on from a saved state; open pages take a new look."""
        self._replace(saving.load(Path(path)))

    def reset(self) -> None:
        """Back to an empty workspace: no people, no apps, no faults, nothing recorded."""
        self._replace(fresh_state())

    def _replace(self, state: State) -> None:
        self.courier.forget_everything()
        self.faults.clear()
        self.record.clear()
        self._apps.clear()
        for person in self._persons.values():
            person.stop_looking()
        self._persons.clear()
        self.workspace.state = state
        self.sockets.abort_all()
        self._schedule.changed()
        self.workspace.tell(StateReplaced())

    async def disconnect(
        self,
        app: InstalledApp,
        reason: DisconnectReason = DisconnectReason.REFRESH_REQUESTED,
        *,
        close: bool = True,
    ) -> None:
        """Send the app's connections away with a reason, as Slack does now and then."""
        await self.sockets.say_goodbye(app.app_id, reason, close=close)

    def cut(self, app: InstalledApp) -> None:
        """Break the app's connections off without a word, as a network does."""
        self.sockets.cut(app.app_id)
