"""A Web API method: its name, who may call it, what it takes, what it does."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Generic, Protocol, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from bot.sandbox.delivery.socket_mode import SocketMode
from bot.sandbox.delivery.triggers import Triggers
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state.model import App, Channel, ChannelKind
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject, JsonValue


class Token(StrEnum):
    """What kind of token a method wants."""

    BOT = "bot"
    APP = "app"
    NONE = "none"


class Tier(StrEnum):
    """How often a method may be called, see https://docs.slack.dev/apis/web-api/rate-limits."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    POSTING = "posting"
    """One message a second a channel, with short bursts."""
    UNLIMITED = "unlimited"


@dataclass(frozen=True)
class Call:
    """One call of a method by an app."""

    workspace: Workspace
    triggers: Triggers
    sockets: SocketMode
    caller: App | None

    @property
    def app(self) -> App:
        if self.caller is None:
            raise SlackRefuses("not_authed")
        return self.caller

    @property
    def bot(self) -> str:
        return self.app.bot_user_id

    def require(self, *any_of: str) -> None:
        """Refuse the call unless the app has one of these scopes."""
        if any_of and not set(any_of) & set(self.app.scopes):
            raise SlackRefuses(
                "missing_scope",
                extra={"needed": ",".join(any_of), "provided": ",".join(self.app.scopes)},
            )

    def channel(self, channel_id: str, *, scope: str = "") -> Channel:
        """The channel as the app's bot sees it; `scope` is `read`, `history`, `write` or the like
        and means that scope for the kind of conversation that this is."""
        channel = self.workspace.channel_for(self.bot, channel_id)
        if scope:
            self.require(f"{SCOPE_PREFIX[channel.kind]}:{scope}")
        return channel


SCOPE_PREFIX = {
    ChannelKind.PUBLIC: "channels",
    ChannelKind.PRIVATE: "groups",
    ChannelKind.IM: "im",
    ChannelKind.MPIM: "mpim",
}


def every_kind(scope: str) -> tuple[str, ...]:
    """That scope for each kind of conversation."""
    return tuple(f"{prefix}:{scope}" for prefix in SCOPE_PREFIX.values())


class Arguments(BaseModel):
    """What a method takes. Slack passes over what it does not know."""

    model_config = ConfigDict(extra="ignore")


class NoArguments(Arguments):
    pass


def decoded(value: object) -> object:
    """Form bodies carry lists and objects as JSON text."""
    if isinstance(value, str) and value.strip()[:1] in {"[", "{"}:
        try:
            return json.loads(value)
        except ValueError:
            return value
    return None if value == "" else value


def _split(value: object) -> object:
    if isinstance(value, str):
        items = decoded(value)
        if isinstance(items, list):
            return items
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _ts(value: object) -> object:
    """Timestamps come as text or number, with or without the digits behind the point."""
    if value is None or value == "":
        return ""
    text = str(value)
    whole, _, rest = text.partition(".")
    if not whole.isdigit() or (rest and not rest.isdigit()):
        return text
    return f"{whole.zfill(10)}.{rest[:6].ljust(6, '0')}"


def _text(value: object) -> object:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Json = Annotated[JsonValue, BeforeValidator(decoded)]
"""Lists and objects, which are JSON text in a form; whether they are right is asked later."""
Words = Annotated[list[str], BeforeValidator(_split)]
Ts = Annotated[str, BeforeValidator(_ts)]
"""A point in time for `oldest` and `latest`, in a form that sorts."""
Text = Annotated[str, BeforeValidator(_text)]

A = TypeVar("A", bound=Arguments)


class Runnable(Protocol):
    """A method with its argument type hidden."""

    @property
    def name(self) -> str: ...
    @property
    def scopes(self) -> Sequence[str]: ...
    @property
    def token(self) -> Token: ...
    @property
    def tier(self) -> Tier: ...
    def run(self, call: Call, raw: JsonObject) -> JsonObject: ...


@dataclass(frozen=True)
class Method(Generic[A]):
    """`scopes`: any one of them suffices; what depends on the kind of channel is asked later."""

    name: str
    arguments: type[A]
    deed: Callable[[Call, A], JsonObject]
    scopes: Sequence[str] = ()
    tier: Tier = Tier.THREE
    token: Token = Token.BOT

    def run(self, call: Call, raw: JsonObject) -> JsonObject:
        call_scopes = self.scopes
        if self.token is Token.BOT:
            call.require(*call_scopes)
        return {"ok": True, **self.deed(call, self._read(raw))}

    def _read(self, raw: JsonObject) -> A:
        try:
            return self.arguments.model_validate(raw)
        except ValidationError as failure:
            messages: list[str] = []
            for problem in failure.errors():
                where = str(problem["loc"][0]) if problem["loc"] else ""
                path = "".join(f"/{step}" for step in problem["loc"])
                if problem["type"] == "missing":
                    messages.append(f"[ERROR] missing required field: {where}")
                else:
                    messages.append(f"[ERROR] {problem['msg']} [json-pointer:{path}]")
            raise SlackRefuses("invalid_arguments", messages) from failure


def next_cursor(value: str) -> JsonValue:
    return {"next_cursor": value}
