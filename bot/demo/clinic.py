"""The demo's clinic: who works there, the local Slack that they talk in, and the bot."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.app import Careloop
from bot.care.codes import Technique
from bot.care.credentials import Credential, Language, LymphaticTraining, PrivacyRole, UsState
from bot.care.directory import Profile
from bot.care.indications import Indication
from bot.care.people import Role, Standing
from bot.clock import MovableClock, SharedClock
from bot.demo.people import Someone
from bot.manifest import manifest
from bot.sandbox import AppMode, InstalledApp, LocalSlack, PersonKind
from bot.services.people import Account, VerifiedLicence
from bot.settings import Settings
from bot.store.master_keys import new_master_key
from bot.store.migrations import migrate

_ZONE: Final = "America/New_York"
LICENSED: Final = date(2031, 12, 31)
_TREATED: Final = (
    Indication.LIPOSUCTION,
    Indication.ABDOMINOPLASTY,
    Indication.BBL,
    Indication.LYMPHEDEMA,
)


@dataclass(frozen=True)
class Cast:
    """Somebody who works at the clinic."""

    name: str
    real_name: str
    title: str
    role: Role
    zone: str = _ZONE
    credentials: tuple[Credential, ...] = ()
    places: tuple[str, ...] = ("Manhattan",)
    languages: tuple[Language, ...] = (Language.ENGLISH,)

    @property
    def profile(self) -> Profile:
        """Their entry in the directory."""
        is_therapist = self.role is Role.THERAPIST
        return Profile(
            credentials=self.credentials,
            procedures=_TREATED if self.role is not Role.COORDINATOR else (),
            techniques=(Technique.MLD, Technique.SCAR_MOBILIZATION) if is_therapist else (),
            languages=self.languages,
            places=self.places,
            lymphatic=LymphaticTraining.VODDER if is_therapist else None,
            capacity=40 if is_therapist else None,
            privacy_role=PrivacyRole.WORKFORCE,
        )


SURGEON: Final = Cast(
    "ana.rivera", "Dr. Ana Rivera", "Surgeon", Role.SURGEON, credentials=(Credential.MD,)
)
COVERING: Final = Cast(
    "chidi.okafor", "Dr. Chidi Okafor", "Surgeon", Role.SURGEON, credentials=(Credential.MD,)
)
THERAPIST: Final = Cast(
    "sam.lee",
    "Sam Lee",
    "Massage therapist",
    Role.THERAPIST,
    credentials=(Credential.LMT,),
    languages=(Language.ENGLISH, Language.SPANISH),
)
OTHER_THERAPIST: Final = Cast(
    "noor.haddad",
    "Noor Haddad",
    "Massage therapist",
    Role.THERAPIST,
    credentials=(Credential.LMT, Credential.CLT),
    places=("Brooklyn",),
    languages=(Language.ENGLISH, Language.ARABIC),
)
COORDINATOR: Final = Cast("kit.moreau", "Kit Moreau", "Care coordinator", Role.COORDINATOR)
EVERYBODY: Final = (SURGEON, COVERING, THERAPIST, OTHER_THERAPIST, COORDINATOR)


class Clinic:
    """The people, their Slack, and the bot; made by `open_clinic`."""

    def __init__(
        self,
        slack: LocalSlack,
        app: InstalledApp,
        clock: MovableClock | SharedClock,
        settings: Settings,
    ) -> None:
        self.slack = slack
        self.app = app
        self.clock = clock
        self.settings = settings
        self.bot: Careloop | None = None
        self.seen: set[tuple[str, str]] = set()
        self._people = {
            user.name: Someone(self, user.id)
            for user in slack.workspace.state.users.values()
            if not user.is_bot
        }

    def somebody(self, cast: Cast) -> Someone:
        return self._people[cast.name]

    def joins(self, name: str, real_name: str, kind: PersonKind = PersonKind.MEMBER) -> Someone:
        """Somebody new in the workspace, whom the bot does not know."""
        user_id = self.slack.add_person(name=name, real_name=real_name, tz=_ZONE, kind=kind)
        self._people[name] = Someone(self, user_id)
        return self._people[name]

    @property
    def everybody(self) -> list[Someone]:
        return list(self._people.values())

    @property
    def surgeon(self) -> Someone:
        return self.somebody(SURGEON)

    @property
    def covering_surgeon(self) -> Someone:
        return self.somebody(COVERING)

    @property
    def therapist(self) -> Someone:
        return self.somebody(THERAPIST)

    @property
    def other_therapist(self) -> Someone:
        return self.somebody(OTHER_THERAPIST)

    @property
    def coordinator(self) -> Someone:
        return self.somebody(COORDINATOR)

    @property
    def channel_id(self) -> str:
        """The clinic channel."""
        return self.coordinator.person.channel_named("clinic").id

    async def nobody_covers(self, surgeon: Someone) -> None:
        """The standing rule who covers for a surgeon is taken away."""
        if self.bot is None:
            raise RuntimeError("the rule is the running bot's")
        await self.bot.people.cover(self.bot.workspace.team_id, surgeon.user_id, None)

    async def registers_a_surgeon(self, name: str, real_name: str) -> Someone:
        """Somebody new, registered as a surgeon."""
        if self.bot is None:
            raise RuntimeError("people are registered by a running bot")
        someone = self.joins(name, real_name)
        account = Account(self.bot.workspace.team_id, someone.user_id, Standing.MEMBER, _ZONE)
        await self.bot.people.register(account, Role.SURGEON)
        return someone

    async def leaves(self, someone: Someone) -> None:
        """Their account is deactivated."""
        self.slack.change_person(someone.user_id, kind=PersonKind.DEACTIVATED)
        await self.settled()

    # -- the bot ---------------------------------------------------------------------------

    async def start_bot(self) -> None:
        """Start the bot and wait until it listens."""
        self._running = Careloop.running(self.settings, self.clock)
        self.bot = await self._running.__aenter__()
        address = f"http://127.0.0.1:{self.bot.port}/slack/events"
        if self.bot.port is not None and self.app.app.request_url != address:
            self.app.set_request_url(address)

    async def stop_bot(self) -> None:
        """Stop it in good order: it finishes what it claimed."""
        self.bot = None
        await self._running.__aexit__(None, None, None)

    async def settled(self) -> None:
        """Wait until all that was said has come in, been worked off and been answered."""
        await self.slack.quiet()
        if self.bot is not None:
            await self.bot.settled()
            await self.slack.quiet()

    # -- time ------------------------------------------------------------------------------

    async def passes(self, **span: float) -> None:
        """Let time pass: `minutes=15`, `hours=25`, `days=2`. Stops wherever something is due."""
        end = self.clock.now() + timedelta(**span)
        await self.settled()
        while (due := await self.next_due()) is not None and due <= end:
            self._to(due)
            await self.settled()
        self._to(end)
        await self.settled()

    def later(self, **span: float) -> str:
        """A time that long from now, as a form's field takes it."""
        return (self.clock.now() + timedelta(**span)).isoformat()

    def _to(self, when: datetime) -> None:
        self.clock.advance(max(timedelta(0), when - self.clock.now()))

    async def next_due(self) -> datetime | None:
        """When the bot has something to do next; None if nothing waits, or it is stopped."""
        return await self.bot.next_due() if self.bot is not None else None


@asynccontextmanager
async def open_clinic(
    database_url: str,
    clock: MovableClock | SharedClock,
    *,
    port: int = 0,
    with_bot: bool = True,
    state_file: Path | None = None,
    more_settings: dict[str, str] | None = None,
    mode: AppMode = AppMode.SOCKET,
    founded: bool = False,
    keep_saved: bool = False,
) -> AsyncIterator[Clinic]:
    """A clinic with its people, a clinic channel, and the bot at work.

    `founded`: the people in `state_file` are registered in this database already. `keep_saved`:
    that file is written as things happen, and not only at the end.
    """
    opened: list[Clinic] = []

    async def next_event() -> datetime | None:
        return await opened[0].next_due() if opened else None

    slack = await LocalSlack.start(
        clock, port=port, state_file=state_file, next_event=next_event, keep_saved=keep_saved
    )
    try:
        clinic = _furnish(slack, database_url, clock, mode, more_settings or {})
        if not founded:
            await _found(clinic)
        opened.append(clinic)
        if with_bot:
            await clinic.start_bot()
        try:
            yield clinic
        finally:
            if clinic.bot is not None:
                await clinic.stop_bot()
    finally:
        await slack.stop()


def _furnish(
    slack: LocalSlack,
    database_url: str,
    clock: MovableClock | SharedClock,
    mode: AppMode,
    more: dict[str, str],
) -> Clinic:
    app, channel_id = _workspace(slack, mode)
    settings = Settings.of(
        {
            "SLACK_API_URL": f"{slack.url}/api/",
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_APP_TOKEN": app.app_token,
            "SLACK_SIGNING_SECRET": app.signing_secret,
            "DATABASE_URL": database_url,
            "CARELOOP_KEYS": new_master_key("1"),
            "CARELOOP_CLINIC_CHANNEL": channel_id,
            "CARELOOP_SENDS_PER_SECOND": "100",
            "CARELOOP_MODE": mode.value,
            "CARELOOP_PORT": "0",
            **more,
        }
    )
    return Clinic(slack, app, clock, settings)


async def _found(clinic: Clinic) -> None:
    await migrate(clinic.settings.database_url.get_secret_value())
    await clinic.start_bot()
    await _register(clinic)
    await clinic.stop_bot()


def _workspace(slack: LocalSlack, mode: AppMode) -> tuple[InstalledApp, str]:
    """The people, the app and the clinic channel; found again if the state was kept."""
    if slack.apps:
        channels = slack.workspace.state.channels.values()
        return slack.apps[0], next(one.id for one in channels if one.name == "clinic")
    for cast in EVERYBODY:
        slack.add_person(name=cast.name, real_name=cast.real_name, title=cast.title, tz=cast.zone)
    app = slack.install_app(manifest(), mode=mode)
    people = [user.id for user in slack.workspace.state.users.values()]
    return app, slack.add_channel(name="clinic", private=True, members=people)


def licence_of(cast: Cast) -> VerifiedLicence | None:
    """A licence that the demo's operator has looked up; it outlasts every story."""
    if cast.role is Role.COORDINATOR:
        return None
    return VerifiedLicence(f"DEMO-{len(cast.name):02}{cast.name[:3].upper()}", UsState.NY, LICENSED)


async def _register(clinic: Clinic) -> None:
    if clinic.bot is None:
        raise RuntimeError("people are registered by a running bot")
    people = clinic.bot.people
    team_id = clinic.bot.workspace.team_id
    for cast in EVERYBODY:
        user_id = clinic.somebody(cast).user_id
        account = Account(team_id, user_id, Standing.MEMBER, cast.zone)
        await people.register(account, cast.role, licence=licence_of(cast), profile=cast.profile)
    await people.cover(team_id, clinic.somebody(SURGEON).user_id, clinic.somebody(COVERING).user_id)
