"""`/_sandbox/control/…`: what the Python handle does, for tests in other processes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Protocol, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.sandbox.delivery.socket_mode import DisconnectReason
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.installed import InstalledApp
from bot.sandbox.pacing import Pacing
from bot.sandbox.people.sight import iso
from bot.sandbox.record import Acknowledgement, CallMade, Delivery, Record
from bot.sandbox.state.manifest import ManifestRefused
from bot.sandbox.state.model import AppMode, PersonKind
from bot.sandbox.web.reading import answer, json_body
from bot.sandbox.wire import JsonObject, listed

B = TypeVar("B", bound=BaseModel)


class Slack(Protocol):
    """What control needs of the handle."""

    record: Record
    faults: Faults
    pacing: Pacing

    @property
    def apps(self) -> list[InstalledApp]: ...
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
    ) -> str: ...
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
    ) -> None: ...
    def add_channel(
        self, name: str, private: bool = False, members: list[str] = ..., creator: str = ""
    ) -> str: ...
    def install_app(
        self, manifest: JsonObject, mode: AppMode | None = None, request_url: str | None = None
    ) -> InstalledApp: ...
    def app(self, app_id: str) -> InstalledApp: ...
    def uninstall(self, app: InstalledApp) -> None: ...
    async def disconnect(
        self, app: InstalledApp, reason: DisconnectReason = ..., *, close: bool = True
    ) -> None: ...
    def save(self, path: str) -> None: ...
    def load(self, path: str) -> None: ...
    def reset(self) -> None: ...


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewPerson(_Body):
    name: str
    real_name: str
    title: str = ""
    tz: str = "UTC"
    kind: PersonKind = PersonKind.MEMBER
    email: str | None = None
    display_name: str = ""
    team_name: str = "Other Clinic"


class ChangedPerson(_Body):
    real_name: str | None = None
    title: str | None = None
    tz: str | None = None
    email: str | None = None
    status_text: str | None = None
    kind: PersonKind | None = None


class NewChannel(_Body):
    name: str
    private: bool = False
    members: list[str] = Field(default_factory=list)


class NewApp(_Body):
    manifest: JsonObject
    mode: AppMode | None = None
    request_url: str | None = None


class Goodbye(_Body):
    app_id: str
    reason: DisconnectReason = DisconnectReason.REFRESH_REQUESTED
    close: bool = True


class FilePath(_Body):
    path: Annotated[str, Field(min_length=1)]


class PacingSwitch(_Body):
    on: bool


class AppUrl(_Body):
    request_url: str


class Control:
    def __init__(self, slack: Slack) -> None:
        self._slack = slack

    def routes(self) -> Iterable[web.RouteDef]:
        base = "/_sandbox/control"
        return [
            web.post(f"{base}/people", self.add_person),
            web.post(f"{base}/people/{{user}}", self.change_person),
            web.post(f"{base}/channels", self.add_channel),
            web.get(f"{base}/apps", self.list_apps),
            web.post(f"{base}/apps", self.install_app),
            web.post(f"{base}/apps/{{app}}/request_url", self.set_request_url),
            web.delete(f"{base}/apps/{{app}}", self.uninstall_app),
            web.get(f"{base}/faults", self.list_faults),
            web.post(f"{base}/faults", self.add_fault),
            web.delete(f"{base}/faults", self.clear_faults),
            web.get(f"{base}/record/{{what}}", self.ask_record),
            web.delete(f"{base}/record", self.clear_record),
            web.post(f"{base}/pacing", self.set_pacing),
            web.post(f"{base}/disconnect", self.disconnect),
            web.post(f"{base}/save", self.save),
            web.post(f"{base}/load", self.load),
            web.post(f"{base}/reset", self.reset),
        ]

    async def add_person(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request, NewPerson)
        try:
            user_id = self._slack.add_person(**body.model_dump())
        except ValueError as problem:
            raise SlackRefuses("invalid_arguments", [str(problem)]) from problem
        return answer({"ok": True, "user_id": user_id})

    async def change_person(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request, ChangedPerson)
        self._slack.change_person(request.match_info["user"], **body.model_dump())
        return answer({"ok": True})

    async def add_channel(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request, NewChannel)
        channel_id = self._slack.add_channel(body.name, body.private, body.members)
        return answer({"ok": True, "channel_id": channel_id})

    async def list_apps(self, request: web.Request) -> web.StreamResponse:
        return answer({"ok": True, "apps": [_credentials(app) for app in self._slack.apps]})

    async def install_app(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request, NewApp)
        try:
            app = self._slack.install_app(body.manifest, body.mode, body.request_url)
        except ManifestRefused as refusal:
            raise SlackRefuses("invalid_manifest", refusal.problems) from refusal
        return answer({"ok": True, "app": _credentials(app)})

    async def set_request_url(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request, AppUrl)
        app = self._slack.app(request.match_info["app"])
        app.set_request_url(body.request_url)
        return answer({"ok": True, "verified": await app.verify_request_url()})

    async def uninstall_app(self, request: web.Request) -> web.StreamResponse:
        self._slack.uninstall(self._slack.app(request.match_info["app"]))
        return answer({"ok": True})

    async def list_faults(self, request: web.Request) -> web.StreamResponse:
        waiting = TypeAdapter(list[Fault]).dump_python(self._slack.faults.waiting, mode="json")
        return answer({"ok": True, "faults": waiting})

    async def add_fault(self, request: web.Request) -> web.StreamResponse:
        try:
            fault = TypeAdapter(Fault).validate_python(await json_body(request))
        except ValidationError as problem:
            raise SlackRefuses("invalid_arguments", _problems(problem)) from problem
        self._slack.faults.add(fault)
        return answer({"ok": True})

    async def clear_faults(self, request: web.Request) -> web.StreamResponse:
        self._slack.faults.clear()
        return answer({"ok": True})

    async def ask_record(self, request: web.Request) -> web.StreamResponse:
        """`calls?method=&channel=`, `deliveries?name=&channel=&app_id=`, `acknowledgements?…`."""
        query, record = request.query, self._slack.record
        name, channel = query.get("name", ""), query.get("channel", "")
        app_id = query.get("app_id", "")
        shown: list[JsonObject]
        match request.match_info["what"]:
            case "calls":
                method = query.get("method", "")
                calls = record.calls_of(method, channel) if method else list(record.calls)
                shown = [_call(one) for one in calls]
            case "deliveries":
                shown = [
                    _delivery(one)
                    for one in record.deliveries_of(name, channel=channel, app_id=app_id)
                ]
            case "acknowledgements":
                shown = [
                    _acknowledgement(one)
                    for one in record.acknowledgements_of(name, channel=channel, app_id=app_id)
                ]
            case _:
                raise SlackRefuses("unknown_request")
        return answer({"ok": True, request.match_info["what"]: [*shown]})

    async def clear_record(self, request: web.Request) -> web.StreamResponse:
        self._slack.record.clear()
        return answer({"ok": True})

    async def set_pacing(self, request: web.Request) -> web.StreamResponse:
        self._slack.pacing.on = (await _read(request, PacingSwitch)).on
        return answer({"ok": True})

    async def disconnect(self, request: web.Request) -> web.StreamResponse:
        body = await _read(request, Goodbye)
        app = self._slack.app(body.app_id)
        await self._slack.disconnect(app, body.reason, close=body.close)
        return answer({"ok": True})

    async def save(self, request: web.Request) -> web.StreamResponse:
        self._slack.save((await _read(request, FilePath)).path)
        return answer({"ok": True})

    async def load(self, request: web.Request) -> web.StreamResponse:
        path = (await _read(request, FilePath)).path
        try:
            self._slack.load(path)
        except (OSError, ValueError) as problem:
            raise SlackRefuses("invalid_state_file") from problem
        return answer({"ok": True})

    async def reset(self, request: web.Request) -> web.StreamResponse:
        self._slack.reset()
        return answer({"ok": True})


async def _read(request: web.Request, body: type[B]) -> B:
    try:
        return body.model_validate(await json_body(request))
    except ValidationError as problem:
        raise SlackRefuses("invalid_arguments", _problems(problem)) from problem


def _problems(problem: ValidationError) -> list[str]:
    return [f"/{'/'.join(map(str, one['loc']))}: {one['msg']}" for one in problem.errors()]


def _credentials(app: InstalledApp) -> JsonObject:
    return {
        "app_id": app.app_id,
        "name": app.name,
        "mode": app.app.mode.value,
        "bot_token": app.bot_token,
        "app_token": app.app_token,
        "signing_secret": app.signing_secret,
        "bot_user_id": app.bot_user_id,
        "bot_id": app.bot_id,
        "client_id": app.app.client_id,
        "client_secret": app.app.client_secret,
        "connections": app.connections,
        "installed": app.app.installed,
        "scopes": listed(app.app.scopes),
    }


def _call(one: CallMade) -> JsonObject:
    return _dated(asdict(one), one.at)


def _delivery(one: Delivery) -> JsonObject:
    return _dated(asdict(one), one.at)


def _acknowledgement(one: Acknowledgement) -> JsonObject:
    return {
        "delivery": _delivery(one.delivery),
        "at": iso(one.at),
        "seconds": one.seconds,
        "payload": one.payload,
        "reason": one.reason,
    }


def _dated(shown: JsonObject, at: datetime) -> JsonObject:
    return {**shown, "at": iso(at)}
