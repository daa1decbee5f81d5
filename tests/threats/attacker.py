"""Somebody with Slack's own pen: sends payloads that were recorded, changed at will."""

import copy
import hashlib
import hmac
import json
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

import aiohttp
from sqlalchemy import text

from bot.demo.clinic import Clinic
from bot.sandbox.delivery.parcel import EnvelopeKind, Parcel
from bot.sandbox.record import Delivery
from bot.sandbox.wire import JsonObject, JsonValue, compact
from bot.store.database import Database
from bot.store.tables import metadata

Path = tuple[str | int, ...]
_TRIGGER: Final = re.compile(r"\d+\.\d+\.[0-9a-f]+")

# What changes by being sent anything at all: what came in, what is owed for it, and the record.
_TRACES: Final = frozenset(
    {
        *("inbox_events", "inbox", "outbox", "submissions", "seen_requests", "timers"),
        *("audit_entries", "audit_head", "known_workspaces"),
    }
)


@dataclass(frozen=True)
class Recorded:
    """A payload that the clinic's own people caused, by what it was about."""

    kind: EnvelopeKind
    name: str
    payload: JsonObject

    def but(self, payload: JsonObject) -> "Recorded":
        return Recorded(self.kind, self.name, payload)


class Attacker:
    """Sends to the bot of `clinic`, signed, as if Slack did."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self._sent = 0

    async def over_http(self, one: Recorded, **headers: str) -> int:
        """The status of the bot's answer."""
        status, _ = await self.answer_over_http(one, **headers)
        return status

    async def answer_over_http(self, one: Recorded, **headers: str) -> tuple[int, str]:
        """The status and the body of the bot's answer."""
        assert self._clinic.bot is not None
        body, content_type = self._body(one)
        at = str(int(time.time()))
        secret = self._clinic.settings.slack_signing_secret.get_secret_value().encode()
        seal = hmac.new(secret, f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
        sent = {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": at,
            "X-Slack-Signature": f"v0={seal}",
            **headers,
        }
        address = f"http://127.0.0.1:{self._clinic.bot.port}/slack/events"
        async with (
            aiohttp.ClientSession() as session,
            session.post(address, headers=sent, data=body) as answer,
        ):
            return answer.status, await answer.text()

    def _triggered(self, one: Recorded) -> Recorded:
        """With a trigger of their own, as Slack gives with each click: a used one opens nothing,
        so that what a form would show is never asked for."""
        if not _TRIGGER.fullmatch(str(one.payload.get("trigger_id"))):
            return one
        match one.payload:
            case {"user": {"id": str(user_id)}} | {"user_id": str(user_id)}:
                slack = self._clinic.slack
                fresh = slack.triggers.give(slack.workspace, self._clinic.app.app.id, user_id)
                return one.but({**one.payload, "trigger_id": fresh})
        return one

    def _body(self, sent: Recorded) -> tuple[bytes, str]:
        one = self._triggered(sent)
        self._sent += 1
        if one.kind is EnvelopeKind.EVENTS:
            return compact(one.payload).encode(), "application/json"
        form = {"payload": compact(one.payload)}
        if one.kind is EnvelopeKind.COMMANDS:
            form = {key: _word(value) for key, value in one.payload.items()}
        # No two are the same: one that was let in before would be refused for that.
        form["attack"] = str(self._sent)
        return urlencode(form).encode(), "application/x-www-form-urlencoded"

    async def over_the_socket(self, one: Recorded) -> bool:
        """Whether the bot acknowledged."""
        app = self._clinic.app.app
        parcel = Parcel(app.id, one.kind, one.name, self._triggered(one).payload)
        answer = await self._clinic.slack.courier.request(app, parcel)
        return answer.failure is None


def recorded(clinic: Clinic) -> list[Recorded]:
    """One of each kind of thing that was sent to the bot until now."""
    found: dict[str, Recorded] = {}
    for one in clinic.slack.record.deliveries:
        kind = _kind(one)
        found.setdefault(
            f"{kind}:{named(one.payload)}", Recorded(kind, one.name, copy.deepcopy(one.payload))
        )
    return list(found.values())


def _kind(one: Delivery) -> EnvelopeKind:
    return EnvelopeKind(one.kind)


def named(payload: JsonObject) -> str:
    """What it is about: the action, the form, the command or the event."""
    match payload:
        case {"actions": [{"action_id": str(action)}, *_]}:
            return action
        case {"view": {"callback_id": str(form)}}:
            return f"{payload.get('type')} {form}"
        case {"command": str(command)}:
            return f"{command} {payload.get('text')}"
        case {"event": {"type": str(event), **rest}}:
            return f"{event} {rest.get('subtype', '')}"
    return str(payload.get("type")) + str(payload.get("callback_id", ""))


def as_user(one: Recorded, user_id: str, team_id: str | None = None) -> Recorded:
    """The same, done by somebody else."""
    payload = copy.deepcopy(one.payload)
    for path in list(paths(payload)):
        if path[-1] in {"user_id", "user"} or path[-2:] == ("user", "id"):
            if isinstance(at(payload, path), str):
                put(payload, path, user_id)
        elif team_id is not None and path[-1] in {"team_id", "user_team"}:
            put(payload, path, team_id)
    if one.kind is EnvelopeKind.EVENTS:
        payload["event_id"] = f"Ev{random.Random(user_id + one.name).randrange(10**9)}"  # noqa: S311 - Slack's shape
    return one.but(payload)


def carried(payload: JsonObject) -> list[Path]:
    """Where clients send back what the bot gave them: button values and private metadata."""
    return [
        path
        for path in paths(payload)
        if path[-1] == "private_metadata"
        or (path[-1] == "value" and path[0] == "actions" and isinstance(at(payload, path), str))
    ]


def carried_otherwise(payload: JsonObject, ids: list[str]) -> Iterator[JsonObject]:
    """Each field of what is carried left out, of another shape, and with the id of others."""
    for path in carried(payload):
        try:
            inside = json.loads(str(at(payload, path)))
        except ValueError:
            inside = {}
        for other in ("", "{}", "null", "x" * 3000, "' OR 1=1 --"):
            yield _with(payload, path, other)
        for name in inside if isinstance(inside, dict) else ():
            left = {key: value for key, value in inside.items() if key != name}
            yield _with(payload, path, json.dumps(left))
            odd: list[JsonValue] = [None, "", -1, True, [], {}, "' OR 1=1 --", "x" * 500, *ids]
            for value in odd:
                yield _with(payload, path, json.dumps({**inside, name: value}))
        if isinstance(inside, dict):
            yield _with(payload, path, json.dumps({**inside, "role": "coordinator"}))


async def state_of(clinic: Clinic) -> dict[str, list[tuple[object, ...]]]:
    """Every row of care, as it stands."""
    database = await Database.open(clinic.settings.database_url.get_secret_value(), lock=False)
    try:
        async with database.reading() as session:
            connection = await session.connection()
            return {
                name: sorted(
                    (tuple(row) for row in await connection.execute(text(f"SELECT * FROM {name}"))),  # noqa: S608
                    key=repr,
                )
                for name in sorted(metadata.tables)
                if name not in _TRACES
            }
    finally:
        await database.close()


def paths(value: JsonValue, so_far: Path = ()) -> Iterator[Path]:
    """Every place in it, but the whole."""
    if so_far:
        yield so_far
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from paths(inside, (*so_far, key))
    elif isinstance(value, list):
        for number, inside in enumerate(value):
            yield from paths(inside, (*so_far, number))


def at(value: JsonValue, path: Path) -> JsonValue:
    for step in path:
        match value, step:
            case dict(), str():
                value = value[step]
            case list(), int():
                value = value[step]
    return value


def put(value: JsonValue, path: Path, new: JsonValue) -> None:
    match at(value, path[:-1]), path[-1]:
        case dict() as holder, str() as name:
            holder[name] = new
        case list() as items, int() as place:
            items[place] = new


def _with(payload: JsonObject, path: Path, new: JsonValue) -> JsonObject:
    changed = copy.deepcopy(payload)
    put(changed, path, new)
    return changed


def _word(value: JsonValue) -> str:
    return value if isinstance(value, str) else json.dumps(value)
