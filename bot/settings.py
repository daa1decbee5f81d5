"""Settings: from the environment and `.env`, validated once, all problems told at once.

Secrets are `SecretStr`: they show in no representation, no error and no log.
"""

import difflib
import ipaddress
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, InitSettingsSource, SettingsConfigDict

from bot.care.emergency import DEFAULT_HOURS, MOST_HOURS
from bot.care.erasing import DEFAULT_YEARS
from bot.care.holidays import known_region
from bot.logs import LogFormat, LogLevel
from bot.store.database import Database
from bot.store.errors import DatabaseUrlInvalid, StoreError
from bot.store.key_source import keys_in_file, keys_of_command
from bot.store.master_keys import KeysInvalid, MasterKeys
from bot.store.migrations import require_up_to_date
from bot.store.url import DatabaseAddress, read_address
from bot.store.vault import check_master_keys
from bot.transport.checkpoint_places import PlaceInvalid, read_places
from bot.transport.outside import OutsideChannels, OutsideInvalid

SLACK_API_URL: Final = "https://slack.com/api/"
_REAL_SLACK: Final = ("slack.com", "slack-gov.com")
_PREFIX: Final = "CARELOOP_"
_SHORTEST_SECRET: Final = 16
_SECRETS: Final = (
    *("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "CARELOOP_KEYS"),
    *("CARELOOP_OUTSIDE", "CARELOOP_CHECKPOINTS", "DATABASE_URL"),
)
# Whoever is neither the owner nor in the group may read, and who is not the owner may write.
_OTHERS: Final = 0o026
# For the tests; whoever runs them has it in the environment of everything that they start.
_NO_SETTING: Final = frozenset({"CARELOOP_BROWSER_TESTS"})


class Mode(StrEnum):
    """How Slack reaches the bot."""

    SOCKET = "socket"
    HTTP = "http"


@dataclass(frozen=True)
class Problem:
    """One thing that keeps the bot from starting, and what to do about it."""

    name: str
    what: str

    def __str__(self) -> str:
        return f"{self.name}: {self.what}"


class SettingsInvalid(Exception):
    """The settings cannot be used. `problems` has every reason, none with a value in it."""

    def __init__(self, problems: list[Problem]) -> None:
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"the settings cannot be used:{lines}")
        self.problems = problems


class DatabaseSettings(BaseSettings):
    """What it takes to find the database. `load` and `of` are for every kind of settings."""

    model_config = SettingsConfigDict(
        env_ignore_empty=True,
        case_sensitive=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    database_url: SecretStr = Field(SecretStr("sqlite:///careloop.db"), alias="DATABASE_URL")

    @classmethod
    def load(cls, env_file: Path | None = Path(".env")) -> Self:
        """Read the environment and `env_file`; the environment wins.

        Raises `SettingsInvalid` with every problem.
        """
        from_file = dotenv_values(env_file) if env_file is not None and env_file.is_file() else {}
        open_to_others = _open_to_others(env_file, from_file) if env_file is not None else []
        names = {*from_file, *os.environ}
        return cls._read(names, lambda: cls(_env_file=env_file), open_to_others)

    @classmethod
    def of(cls, values: Mapping[str, str]) -> Self:
        """Settings from `values` alone, by the variables' names; the environment is not read.

        Raises `SettingsInvalid` with every problem.
        """
        source = InitSettingsSource(cls, {name: value for name, value in values.items() if value})
        return cls._read(set(values), lambda: cls(_build_sources=((source,), {})))

    @classmethod
    def _read(
        cls, names: set[str], read: Callable[[], Self], found: Sequence[Problem] = ()
    ) -> Self:
        unknown = [*_unknown_names(names), *found]
        try:
            settings = read()
        except ValidationError as error:
            raise SettingsInvalid(_problems(error) + unknown) from None
        if unknown:
            raise SettingsInvalid(unknown)
        return settings

    @property
    def address(self) -> DatabaseAddress:
        """Where the database is."""
        return read_address(self.database_url.get_secret_value())

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: SecretStr) -> SecretStr:
        try:
            read_address(value.get_secret_value())
        except DatabaseUrlInvalid as error:
            raise ValueError(str(error)) from None
        return value


class StoreSettings(DatabaseSettings):
    """What it takes to read what is in the database."""

    # The order matters: the last one sees whether there is another source.
    keys_file: Path | None = Field(None, alias="CARELOOP_KEYS_FILE")
    keys_command: SecretStr = Field(SecretStr(""), alias="CARELOOP_KEYS_COMMAND")
    keys: SecretStr = Field(SecretStr(""), alias="CARELOOP_KEYS")
    # An address may have a password in it.
    checkpoints: SecretStr = Field(SecretStr(""), alias="CARELOOP_CHECKPOINTS")

    @property
    def master_keys(self) -> MasterKeys:
        """The master keys, read anew: a file and a command may have more by now.

        Raises `KeysInvalid`.
        """
        if self.keys_file is not None:
            return keys_in_file(self.keys_file)
        if self.keys_command.get_secret_value():
            return keys_of_command(self.keys_command.get_secret_value())
        return MasterKeys.parse(self.keys.get_secret_value())

    @property
    def keys_setting(self) -> str:
        """The variable that says where the master keys are."""
        if self.keys_file is not None:
            return "CARELOOP_KEYS_FILE"
        return "CARELOOP_KEYS_COMMAND" if self.keys_command.get_secret_value() else "CARELOOP_KEYS"

    @field_validator("checkpoints")
    @classmethod
    def _check_checkpoints(cls, value: SecretStr) -> SecretStr:
        try:
            read_places(value.get_secret_value())
        except PlaceInvalid as error:
            raise ValueError(str(error)) from None
        return value

    @field_validator("keys_file")
    @classmethod
    def _check_keys_file(cls, value: Path | None) -> Path | None:
        if value is not None:
            _checked_keys(lambda: keys_in_file(value))
        return value

    @field_validator("keys_command")
    @classmethod
    def _check_keys_command(cls, value: SecretStr) -> SecretStr:
        if value.get_secret_value():
            _checked_keys(lambda: keys_of_command(value.get_secret_value()))
        return value

    @field_validator("keys")
    @classmethod
    def _check_keys(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if "keys_file" not in info.data or "keys_command" not in info.data:
            return value  # what is wrong with the other source is told already
        others = bool(info.data["keys_file"]) + bool(info.data["keys_command"].get_secret_value())
        if others + bool(value.get_secret_value()) > 1:
            raise ValueError(
                "is one of several sources of keys; set only one of CARELOOP_KEYS, "
                "CARELOOP_KEYS_FILE and CARELOOP_KEYS_COMMAND"
            )
        if others:
            return value
        if not value.get_secret_value():
            raise ValueError("is missing; `careloop keys new` makes one. Keep a copy of it safe")
        try:
            MasterKeys.parse(value.get_secret_value())
        except KeysInvalid as error:
            raise ValueError(str(error)) from None
        return value


class Settings(StoreSettings):
    """What the bot runs with. Made by `Settings.load` or, without an environment, `Settings.of`."""

    # The order matters: a validator sees the fields above its own.
    mode: Mode = Field(Mode.SOCKET, alias="CARELOOP_MODE")
    slack_api_url: str = Field(SLACK_API_URL, alias="SLACK_API_URL")
    slack_bot_token: SecretStr = Field(SecretStr(""), alias="SLACK_BOT_TOKEN")
    slack_app_token: SecretStr = Field(SecretStr(""), alias="SLACK_APP_TOKEN")
    slack_signing_secret: SecretStr = Field(SecretStr(""), alias="SLACK_SIGNING_SECRET")
    tls_ahead: bool = Field(False, alias="CARELOOP_TLS_AHEAD")
    host: str = Field("127.0.0.1", alias="CARELOOP_HOST")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(3000, alias="CARELOOP_PORT")
    clinic_channel: str | None = Field(
        None, alias="CARELOOP_CLINIC_CHANNEL", pattern=r"^[CG][A-Z0-9]{2,}$"
    )
    holidays: str = Field("", alias="CARELOOP_HOLIDAYS")
    outside: SecretStr = Field(SecretStr(""), alias="CARELOOP_OUTSIDE")
    log_level: LogLevel = Field(LogLevel.INFO, alias="CARELOOP_LOG_LEVEL")
    log_format: LogFormat = Field(LogFormat.JSON, alias="CARELOOP_LOG_FORMAT")
    clock_file: Path | None = Field(None, alias="CARELOOP_CLOCK_FILE")
    metrics_port: Annotated[int, Field(ge=0, le=65535)] | None = Field(
        None, alias="CARELOOP_METRICS_PORT"
    )
    # How long a record is kept after the last of a person's cases was closed.
    retention_years: Annotated[int, Field(ge=1, le=100)] = Field(
        DEFAULT_YEARS, alias="CARELOOP_RETENTION_YEARS"
    )
    # How long a view that somebody opened stays, untouched; 164.312(a)(2)(iii).
    close_views_after: Annotated[int, Field(ge=1, le=120)] = Field(
        10, alias="CARELOOP_CLOSE_VIEWS_AFTER"
    )
    # How long somebody of the emergency group may read a case after saying why.
    emergency_hours: Annotated[int, Field(ge=1, le=MOST_HOURS)] = Field(
        DEFAULT_HOURS, alias="CARELOOP_EMERGENCY_HOURS"
    )
    sends_per_second: Annotated[float, Field(gt=0, le=100)] = Field(
        1.0, alias="CARELOOP_SENDS_PER_SECOND"
    )

    @property
    def talks_to_real_slack(self) -> bool:
        """Whether `SLACK_API_URL` is Slack itself and not a local Slack."""
        return _is_real_slack(self.slack_api_url)

    @field_validator("holidays")
    @classmethod
    def _check_holidays(cls, value: str) -> str:
        region = known_region(value) if value else ""
        if region is None:
            raise ValueError("must be a country, or a country and a part of it: US or US-NY")
        return region

    @field_validator("slack_api_url")
    @classmethod
    def _check_api_url(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme == "https" and _is_real_slack(value):
            return value.rstrip("/") + "/"
        if parts.scheme in {"http", "https"} and _is_loopback(parts.hostname):
            return value.rstrip("/") + "/"
        raise ValueError(
            f"must be {SLACK_API_URL} or the address of a local Slack on 127.0.0.1; "
            "tokens go to nobody else"
        )

    @field_validator("slack_bot_token")
    @classmethod
    def _check_bot_token(cls, value: SecretStr) -> SecretStr:
        return _token(value, "xoxb-", "OAuth & Permissions, Bot User OAuth Token")

    @field_validator("slack_app_token")
    @classmethod
    def _check_app_token(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if not value.get_secret_value() and info.data.get("mode") is not Mode.SOCKET:
            return value
        return _token(value, "xapp-", "Basic Information, App-Level Tokens")

    @field_validator("slack_signing_secret")
    @classmethod
    def _check_signing_secret(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        secret = value.get_secret_value()
        if info.data.get("mode") is not Mode.HTTP:
            return value
        if secret.strip():
            if secret != secret.strip() or len(secret) < _SHORTEST_SECRET:
                raise ValueError(
                    "is no signing secret: it has 32 letters and digits and no spaces; find it at "
                    "api.slack.com/apps under Basic Information, Signing Secret"
                )
            return value
        raise ValueError(
            "is missing, and without it anybody could pass for Slack in HTTP mode; "
            "find it at api.slack.com/apps under Basic Information, Signing Secret"
        )

    @field_validator("tls_ahead")
    @classmethod
    def _check_tls(cls, value: bool, info: ValidationInfo) -> bool:
        real = _is_real_slack(str(info.data.get("slack_api_url", "")))
        if value or not real or info.data.get("mode") is not Mode.HTTP:
            return value
        raise ValueError(
            "must say yes in HTTP mode: the bot itself speaks no TLS, so a server in front of it "
            "has to, and what patients' data go through must not be open on the way. Set it once "
            "that server is there, or use CARELOOP_MODE=socket"
        )

    @field_validator("log_level")
    @classmethod
    def _check_log_level(cls, value: LogLevel, info: ValidationInfo) -> LogLevel:
        if value is LogLevel.DEBUG and _is_real_slack(str(info.data.get("slack_api_url", ""))):
            raise ValueError(
                "must not be debug with the real Slack: at that level the libraries that speak to "
                "Slack write whole messages. Use info; debug is for a local Slack"
            )
        return value

    @field_validator("outside")
    @classmethod
    def _check_outside(cls, value: SecretStr) -> SecretStr:
        try:
            OutsideChannels.of(value).close()
        except OutsideInvalid as error:
            raise ValueError(str(error)) from None
        return value

    @field_validator("clock_file")
    @classmethod
    def _check_clock_file(cls, value: Path | None, info: ValidationInfo) -> Path | None:
        if value is not None and _is_real_slack(str(info.data.get("slack_api_url", ""))):
            raise ValueError("moves the time, which only a local Slack allows; remove it")
        return value


async def load_and_check(env_file: Path | None = Path(".env")) -> Settings:
    """`Settings.load` and `check_startup` in one: what is wrong is told in one go.

    Also with a token missing, the database is looked at. Raises `SettingsInvalid`.
    """
    problems: list[Problem] = []
    try:
        settings = Settings.load(env_file)
    except SettingsInvalid as error:
        problems = error.problems
        readable = readable_part(env_file)
        if readable is not None:
            problems = problems + await check_startup(readable)
        raise SettingsInvalid(problems) from None
    problems = await check_startup(settings)
    if problems:
        raise SettingsInvalid(problems)
    return settings


async def check_startup(settings: DatabaseSettings) -> list[Problem]:
    """What else keeps the bot from starting: the database, its schema, its keys. All at once.

    The keys are looked at only where the settings have them (`StoreSettings`, `Settings`).
    """
    url = settings.database_url.get_secret_value()
    wrong: list[str] = []
    try:
        await require_up_to_date(url)
        database = await Database.open(url, lock=False)
        try:
            if isinstance(settings, StoreSettings):
                async with database.reading() as session:
                    wrong = await check_master_keys(session, settings.master_keys)
        finally:
            await database.close()
    except StoreError as error:
        return [Problem("DATABASE_URL", str(error))]
    source = settings.keys_setting if isinstance(settings, StoreSettings) else "CARELOOP_KEYS"
    return [Problem(source, f"{sentence}; put the right key back") for sentence in wrong]


def readable_part(env_file: Path | None) -> DatabaseSettings | None:
    """As much of the settings as can be used to look at the database."""
    for kind in (StoreSettings, DatabaseSettings):
        try:
            return kind(_env_file=env_file)
        except ValidationError:
            continue  # told already
    return None


def _checked_keys(read: Callable[[], MasterKeys]) -> None:
    try:
        read()
    except KeysInvalid as error:
        raise ValueError(str(error)) from None


def _token(value: SecretStr, prefix: str, where: str) -> SecretStr:
    token = value.get_secret_value()
    found = f"find it at api.slack.com/apps under {where}"
    if not token:
        raise ValueError(f"is missing; {found}")
    if not token.startswith(prefix):
        raise ValueError(f"is a token of another kind: it must begin with {prefix}; {found}")
    if token != token.strip() or not token.isascii() or " " in token:
        raise ValueError(f"has spaces or other characters that no token has; {found}")
    return value


def _is_real_slack(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return any(host == real or host.endswith(f".{real}") for real in _REAL_SLACK)


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _open_to_others(file: Path, values: Mapping[str, str | None]) -> list[Problem]:
    """A file with secrets in it is for its owner, and for a group that was given it to read."""
    secret = sorted(name for name in _SECRETS if _is_secret(name, values.get(name) or ""))
    if not secret or not file.stat().st_mode & _OTHERS:
        return []
    return [
        Problem(
            file.name,
            f"has {', '.join(secret)} in it, and others on this machine may open or change it; "
            f"run `chmod 600 {file.name}`",
        )
    ]


def _is_secret(name: str, value: str) -> bool:
    """An address is one only where a password or a token can stand in it."""
    parts = {"DATABASE_URL": "@", "CARELOOP_CHECKPOINTS": "://"}
    return bool(value.strip()) and parts.get(name, "") in value


def _unknown_names(names: set[str]) -> list[Problem]:
    """A variable with our prefix that we do not know is a slip of the pen, not a wish."""
    known = [field.alias for field in Settings.model_fields.values() if field.alias]
    ours = {name for name in names if name.startswith(_PREFIX)}
    problems = []
    for name in sorted(ours - set(known) - _NO_SETTING):
        near = difflib.get_close_matches(name, known, n=1)
        meant = f"; did you mean {near[0]}" if near else "; remove it"
        problems.append(Problem(name, f"is no setting{meant}"))
    return problems


def _problems(error: ValidationError) -> list[Problem]:
    found = [
        Problem(_variable(str(detail["loc"][0])), _words(detail))
        for detail in error.errors(include_url=False, include_input=False)
    ]
    return list(dict.fromkeys(found))


def _variable(name: str) -> str:
    """The variable's name, also where pydantic gives the field's (for a missing value)."""
    field = Settings.model_fields.get(name)
    return field.alias if field is not None and field.alias else name


def _words(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    match detail["type"]:
        case "value_error":
            return str(context["error"])
        case "enum":
            return f"must be {context['expected']}".replace("'", "")
        case "int_parsing":
            return "must be a whole number"
        case "float_parsing":
            return "must be a number"
        case "string_pattern_mismatch":
            return "must be the id of a channel, such as C0123456789; its details show it in Slack"
        case _:
            return detail["msg"][:1].lower() + detail["msg"][1:]
