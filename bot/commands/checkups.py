"""What `careloop doctor` looks at in a real installation: each thing by itself, with what to do."""

import shutil
import stat
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.clock import Clock
from bot.manifest import manifest
from bot.settings import Mode, Settings, StoreSettings
from bot.store.database import Database
from bot.store.errors import StoreError
from bot.store.migrations import pending_migrations, revisions
from bot.store.queries.audit import newest_checkpoint, newest_of, open_rooms
from bot.store.queries.clinic import LadderEnds, ladder_ends
from bot.store.queries.oversight import WorkNow, work_now
from bot.store.roles import may_change_audit
from bot.store.url import DatabaseKind
from bot.store.vault import check_master_keys

# Slack's signatures hold for five minutes; a minute of skew is a clock that nobody sets.
_SKEW_WARNS: Final = timedelta(seconds=10)
_SKEW_FAILS: Final = timedelta(seconds=60)
_LATE_WARNS: Final = timedelta(minutes=2)
_LATE_FAILS: Final = timedelta(minutes=10)
_CHECKPOINT_WARNS: Final = timedelta(hours=3)
_BACKUP_WARNS: Final = timedelta(days=7)
_DISK_FAILS: Final = 200 << 20
_DISK_WARNS: Final = 2 << 30
_PAGE: Final = 200
_UNREACHABLE: Final = (SlackClientError, aiohttp.ClientError, TimeoutError)


class Grade(StrEnum):
    """How a thing stands."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Line:
    """One thing that was looked at: how it stands, and what to do unless it is well."""

    grade: Grade
    name: str
    what: str
    do: str = ""


def ok(name: str, what: str) -> Line:
    return Line(Grade.OK, name, what)


def warn(name: str, what: str, do: str) -> Line:
    return Line(Grade.WARN, name, what, do)


def fail(name: str, what: str, do: str) -> Line:
    return Line(Grade.FAIL, name, what, do)


# -- Slack -------------------------------------------------------------------------------------


async def slack(client: AsyncWebClient, settings: Settings, clock: Clock) -> AsyncIterator[Line]:
    """The token, its scopes, the time, the way in, the clinic channel."""
    try:
        asked = clock.now()
        who = await client.auth_test()
        answered = clock.now()
    except SlackApiError as error:
        code = str(error.response.get("error"))
        yield fail(
            "token",
            f"Slack refuses SLACK_BOT_TOKEN: {code}",
            "install the app again and take the token anew (OAuth & Permissions)",
        )
        return
    except _UNREACHABLE as error:
        yield fail(
            "slack",
            f"Slack can't be reached ({type(error).__name__})",
            "check the network, the proxy and SLACK_API_URL",
        )
        return
    yield ok("token", f"{who['user']} in {who['team']}")
    yield _scopes(who)
    yield _skew(who, asked + (answered - asked) / 2)
    yield await _way_in(client, settings)
    yield await _clinic_channel(client, settings.clinic_channel)


def _scopes(who: AsyncSlackResponse) -> Line:
    given = {one.strip() for one in _header(who, "X-OAuth-Scopes").split(",") if one.strip()}
    needed = needed_scopes()
    if not given:
        return warn("scopes", "Slack did not say which ones the token has", "look again later")
    if missing := sorted(needed - given):
        return fail(
            "scopes",
            f"the token lacks {', '.join(missing)}",
            "give Slack the manifest again (`careloop manifest`), then install the app anew",
        )
    if more := sorted(given - needed):
        return warn(
            "scopes",
            f"the token may do more than is needed: {', '.join(more)}",
            "take them away in OAuth & Permissions, then install the app anew",
        )
    return ok("scopes", f"the {len(needed)} that the manifest asks for, and no other")


def needed_scopes() -> set[str]:
    """Those of the manifest."""
    config = manifest()["oauth_config"]
    scopes = config["scopes"] if isinstance(config, dict) else None
    bot = scopes["bot"] if isinstance(scopes, dict) else None
    return {str(one) for one in bot} if isinstance(bot, list) else set()


def _skew(who: AsyncSlackResponse, here: datetime) -> Line:
    try:
        there = parsedate_to_datetime(_header(who, "Date"))
    except ValueError:
        return warn("time", "Slack did not say what time it is", "look again later")
    off = abs(here - there.astimezone(UTC))
    said = f"this machine and Slack differ by {round(off.total_seconds())} s"
    do = "let the machine take its time from the network (NTP)"
    if off >= _SKEW_FAILS:
        return fail("time", said, f"{do}: reminders come at the wrong time, requests are refused")
    return warn("time", said, do) if off >= _SKEW_WARNS else ok("time", said)


async def _way_in(client: AsyncWebClient, settings: Settings) -> Line:
    if settings.mode is Mode.HTTP:
        return ok("way in", "HTTP mode; the server in front has to speak TLS")
    token = settings.slack_app_token.get_secret_value()
    try:
        await client.apps_connections_open(app_token=token)
    except SlackApiError as error:
        return fail(
            "way in",
            f"Slack refuses SLACK_APP_TOKEN: {error.response.get('error')}",
            "make an app-level token with connections:write (Basic Information)",
        )
    except _UNREACHABLE as error:
        return fail("way in", f"no answer ({type(error).__name__})", "look again later")
    return ok("way in", "Socket Mode; Slack would connect")


async def _clinic_channel(client: AsyncWebClient, channel_id: str | None) -> Line:
    if channel_id is None:
        return warn(
            "clinic channel",
            "none is set: nobody is told when a message can't be delivered",
            "set CARELOOP_CLINIC_CHANNEL to a private channel of the coordinators",
        )
    try:
        found = (await client.conversations_info(channel=channel_id))["channel"]
    except SlackApiError as error:
        return fail(
            "clinic channel",
            f"{channel_id}: {error.response.get('error')}",
            "invite the bot to it, or set CARELOOP_CLINIC_CHANNEL to another one",
        )
    except _UNREACHABLE as error:
        return fail("clinic channel", f"no answer ({type(error).__name__})", "look again later")
    wrong = _what_is_open(found)
    if wrong:
        return fail("clinic channel", f"{channel_id} {wrong}", "set it to a private channel")
    return ok("clinic channel", f"{channel_id} is private")


async def channels(client: AsyncWebClient, database: Database) -> Line:
    """Whether every pair's channel is still private."""
    async with database.reading() as session:
        rooms = set(await open_rooms(session))
    if not rooms:
        return ok("channels", "no pair has one yet")
    private: dict[str, Mapping[str, object]] = {}
    cursor: str | None = None
    try:
        while True:
            page = await client.users_conversations(
                types="private_channel", limit=_PAGE, cursor=cursor
            )
            private |= {str(one["id"]): one for one in page["channels"]}
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                break
    except SlackApiError as error:
        return fail(
            "channels",
            f"Slack does not list them: {error.response.get('error')}",
            "look at the scopes above",
        )
    except _UNREACHABLE as error:
        return fail("channels", f"no answer ({type(error).__name__})", "look again later")
    wrong = [
        f"{room} {what}"
        for room in sorted(rooms)
        if (what := _what_is_open(private[room]) if room in private else "is not private any more,"
            " or the bot was removed")
    ]  # fmt: skip
    if wrong:
        return fail(
            "channels",
            "; ".join(wrong[:5]) + (f"; and {len(wrong) - 5} more" if len(wrong) > 5 else ""),
            "see who can read it; `/careloop channel` gives the pair another private one",
        )
    return ok("channels", f"{len(rooms)} of pairs, all private")


def _what_is_open(channel: Mapping[str, object]) -> str:
    if not channel.get("is_private"):
        return "is public"
    for flag, what in (
        ("is_ext_shared", "is shared with another organisation"),
        ("is_pending_ext_shared", "is about to be shared with another organisation"),
        ("is_org_shared", "is shared with other workspaces"),
        ("is_shared", "is shared"),
        ("is_archived", "is archived"),
    ):
        if channel.get(flag):
            return what
    return ""


def _header(answer: AsyncSlackResponse, name: str) -> str:
    """A header's value, however its name is written."""
    headers = answer.headers
    found = [value for key, value in headers.items() if str(key).casefold() == name.casefold()]
    one = found[0] if found else ""
    return str(one[0] if isinstance(one, list) else one)


# -- here --------------------------------------------------------------------------------------


async def schema(settings: StoreSettings) -> Line:
    """Whether the database answers and has every migration. Fails are for good: nothing else of
    the database can be looked at then."""
    try:
        pending = await pending_migrations(settings.database_url.get_secret_value())
    except StoreError as error:
        return fail("database", str(error), "see that it runs and that DATABASE_URL is right")
    if len(pending) == len(revisions()):
        return fail(
            "database",
            f"there is nothing in {settings.address} yet",
            "see that DATABASE_URL is right; `careloop db migrate` makes a new database",
        )
    if pending:
        return fail(
            "database",
            f"{settings.address} lacks {len(pending)} migrations",
            "stop the bot, run `careloop db migrate`, start it",
        )
    return ok("database", f"{settings.address} answers and is up to date")


def concerns(ends: LadderEnds) -> Line:
    """Whether a concern that no surgeon answers has somewhere to go."""
    if not ends.coordinators:
        return fail(
            "concerns",
            "no coordinator is registered: nobody is left when no surgeon answers",
            "`careloop people add U0… coordinator`",
        )
    if not ends.has_telephone:
        return warn(
            "concerns",
            "no telephone is entered for a concern that nobody answers",
            "a coordinator enters it in Slack: `/careloop ladders`",
        )
    return ok("concerns", f"coordinators: {ends.coordinators}; a telephone if nobody answers")


async def store(settings: StoreSettings, database: Database, clock: Clock) -> AsyncIterator[Line]:
    """The keys, the rights, the backlog, the audit and the backups."""
    async with database.reading() as session:
        wrong = await check_master_keys(session, settings.master_keys)
        work = await work_now(session, clock.now())
        checkpoint = await newest_checkpoint(session)
        backup = await newest_of(session, "backup")
        ends = await ladder_ends(session)
        open_audit = (
            await may_change_audit(session) if database.kind is DatabaseKind.POSTGRESQL else False
        )
    if wrong:
        yield fail("keys", "; ".join(wrong), f"put the right key back ({settings.keys_setting})")
    else:
        yield ok("keys", f"from {settings.keys_setting}, and they open this database")
    if database.kind is DatabaseKind.SQLITE:
        yield _file(settings)
        yield _disk(settings)
    elif open_audit:
        yield warn(
            "rights",
            "the bot's role could change the audit",
            "give it a role of its own: `careloop db grants`",
        )
    else:
        yield ok("rights", "the bot's role can only add to the audit")
    yield concerns(ends)
    for line in backlog(work, clock.now()):
        yield line
    yield _checkpoints(settings, checkpoint.at if checkpoint else None, clock.now())
    yield _since(
        "backup", backup.at if backup else None, _BACKUP_WARNS, clock.now(), "`careloop backup`"
    )


def backlog(work: WorkNow, now: datetime) -> Sequence[Line]:
    """What waits, and for how long."""
    outbox = min((one.oldest for one in work.outbox.values() if one.oldest), default=None)
    lines = [
        _lag("timers", work.timers_due.oldest, now),
        _lag("inbox", work.inbox.oldest, now),
        _lag("outbox", outbox, now),
    ]
    parked = work.outbox_parked + work.inbox_parked
    if parked:
        lines.append(
            warn(
                "parked",
                f"{work.outbox_parked} messages and {work.inbox_parked} events wait for a person",
                "the coordinators were told what to do; the log has the references",
            )
        )
    return lines


def _lag(name: str, oldest: datetime | None, now: datetime) -> Line:
    waited = max(timedelta(), now - oldest) if oldest is not None else timedelta()
    said = f"the oldest has waited {int(waited.total_seconds())} s"
    do = "see that the bot runs (`/readyz`), and what its log says"
    if waited >= _LATE_FAILS:
        return fail(name, said, do)
    if waited >= _LATE_WARNS:
        return warn(name, said, do)
    return ok(name, said if oldest is not None else "nothing waits")


def _file(settings: StoreSettings) -> Line:
    file = settings.address.file
    if file is None:
        raise TypeError("only SQLite has a file")
    open_to_others = [
        one.name
        for one in (file, file.with_name(f"{file.name}-wal"))
        if one.exists() and stat.S_IMODE(one.stat().st_mode) & 0o077
    ]
    if open_to_others:
        names = " ".join(open_to_others)
        return fail("rights", f"others may open {names}", f"run `chmod 600 {names}`")
    return ok("rights", "the database file is its owner's alone")


def _disk(settings: StoreSettings) -> Line:
    file = settings.address.file
    if file is None:
        raise TypeError("only SQLite has a file")
    free = shutil.disk_usage(file.parent).free
    said = f"{free >> 20} MB are free where the database is"
    if free < _DISK_FAILS:
        return fail("disk", said, "make room now: nothing can be stored without")
    return warn("disk", said, "make room") if free < _DISK_WARNS else ok("disk", said)


def _checkpoints(settings: StoreSettings, newest: datetime | None, now: datetime) -> Line:
    if not settings.checkpoints.get_secret_value():
        return warn(
            "checkpoints",
            "none are kept: an audit that was put back to an older state would not be noticed",
            "set CARELOOP_CHECKPOINTS to a place outside this machine",
        )
    return _since("checkpoints", newest, _CHECKPOINT_WARNS, now, "`careloop audit checkpoint`")


def _since(name: str, newest: datetime | None, most: timedelta, now: datetime, do: str) -> Line:
    if newest is None:
        return warn(name, "there was none yet", f"run {do}")
    hours = int((now - newest).total_seconds() // 3600)
    said = f"the newest is {hours} hours old"
    return (
        warn(name, said, f"run {do}, and see why it did not")
        if now - newest > most
        else ok(name, said)
    )
