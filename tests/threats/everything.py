"""All that a client can send: every button, form, command and shortcut, about one case's own rows.

What a button or a form carries is found in the gallery, which draws every view; its ids are put in
from the store, so that each asks for something that is there.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final

from pydantic import JsonValue
from slack_sdk.models.views import View
from sqlalchemy import String, column, select
from sqlalchemy import table as sql_table

from bot.demo.clinic import Clinic
from bot.manifest import manifest
from bot.sandbox.blockkit import initial_state, state_entry
from bot.sandbox.blockkit.layout import elements_in
from bot.sandbox.delivery.parcel import EnvelopeKind
from bot.sandbox.wire import JsonObject
from bot.store.database import Database
from bot.views.gallery import gallery
from tests.threats.attacker import Recorded
from tests.views.client import wire

# Where the rows of each id are that buttons and forms carry.
ROWS: Final = {
    "referral_id": "referrals",
    "concern_id": "concerns",
    "entry_id": "entries",
    "checkin_id": "checkins",
    "absence_id": "absences",
    "person_id": "people",
    "invitation_id": "invitations",
    "access_id": "emergency_accesses",
    "template_id": "referral_templates",
    "share_id": "share_requests",
    "licence_id": "licences",
    "version_id": "plan_versions",
    "draft_id": "referral_drafts",
    "amends_id": "plan_versions",
}
NOT_THERE: Final = "0" * 24
_TYPED: Final = {"entry": "entry_id", "concern": "concern_id", "referral": "referral_id"}
_DATED: Final = re.compile(r"(birth|surgery|consent|issued|session|given)\w*")


@dataclass(frozen=True)
class Asked:
    """Something that a client can send. `name` is what it is registered under."""

    name: str
    kind: EnvelopeKind
    payload: JsonObject

    def by(self, user_id: str, team_id: str, number: int) -> Recorded:
        """Done by somebody, in a form that was not sent yet."""
        payload: JsonObject = {**self.payload, "trigger_id": f"1.1.{number:032x}"}
        if self.kind is EnvelopeKind.COMMANDS:
            payload |= {"user_id": user_id, "team_id": team_id}
        else:
            payload |= {"user": {"id": user_id, "team_id": team_id}, "team": {"id": team_id}}
        view = payload.get("view")
        if isinstance(view, dict):
            payload["view"] = {**view, "id": f"V0ATTACK{number}"}
        return Recorded(self.kind, self.name, payload)


async def rows(clinic: Clinic) -> dict[str, str]:
    """The id of one row of each kind; a kind that has none is left out."""
    database = await Database.open(clinic.settings.database_url.get_secret_value(), lock=False)
    found: dict[str, str] = {}
    try:
        async with database.reading() as session:
            connection = await session.connection()
            for name, table in ROWS.items():
                wanted = select(column("id", String)).select_from(sql_table(table))
                one = await connection.scalar(wanted.order_by(column("rowid")).limit(1))
                if one is not None:
                    found[name] = str(one)
    finally:
        await database.close()
    return found


def everything(ids: Mapping[str, str], channel_id: str, ts: str) -> list[Asked]:
    """One of each name and each kind of thing that it carries, about the rows of `ids`."""
    found: dict[tuple[str, str], Asked] = {}
    for one in (*_of_views(ids, channel_id, ts), *_of_the_menu(channel_id, ts)):
        about = one.payload.get("actions") or one.payload.get("view") or one.payload.get("text")
        found.setdefault((one.name, _shape(about)), one)
    return list(found.values())


def about(written: str, ids: Mapping[str, str]) -> str:
    """What a button or a form carries, with the ids of `ids` in it."""
    try:
        fields = json.loads(written)
    except ValueError:
        return written
    if not isinstance(fields, dict):
        return written
    for name, value in fields.items():
        if name in ids and value:
            fields[name] = ids[name]
        if name == "subject_id":
            fields[name] = ids[_TYPED[str(fields["typed"])]]
    return json.dumps(fields)


def _of_views(ids: Mapping[str, str], channel_id: str, ts: str) -> Iterator[Asked]:
    numbers = count(1)
    for drawn in gallery().values():
        body = wire(drawn)
        where: JsonObject = {
            "channel": {"id": channel_id},
            "message": {"ts": f"{ts[:-2]}99", "thread_ts": ts, "text": "said"},
        }
        if isinstance(drawn, View):
            view = _sent(body, ids, next(numbers))
            where = {"view": view}
            if drawn.submit and drawn.callback_id:
                yield _asked(str(drawn.callback_id), "view_submission", where)
                yield _asked(f"{drawn.callback_id} closed", "view_closed", where)
        for block_id, element in elements_in(body):
            action, value = element.get("action_id"), element.get("value")
            if isinstance(action, str) and element.get("type") == "button":
                pressed: JsonObject = {"action_id": action, "block_id": block_id, "type": "button"}
                if isinstance(value, str):
                    pressed["value"] = about(value, ids)
                yield _asked(action, "block_actions", {**where, "actions": [pressed]})


def _sent(body: JsonObject, ids: Mapping[str, str], number: int) -> JsonObject:
    """A view as it comes back, with every field filled in as somebody could."""
    state = initial_state(body)
    for block_id, element in elements_in(body):
        entry = state_entry(element, _filled(element, block_id, ids["user"]))
        if entry is not None and not _has_something(state[block_id].get(str(element["action_id"]))):
            state[block_id][str(element["action_id"])] = entry
    values: JsonValue = json.loads(json.dumps(state))
    return {
        "id": f"V{number}",
        "type": body.get("type"),
        "callback_id": body.get("callback_id", ""),
        "private_metadata": about(str(body.get("private_metadata", "")), ids),
        "state": {"values": values},
        "title": body.get("title"),
        "blocks": body.get("blocks"),
    }


def _has_something(entry: JsonObject | None) -> bool:
    return any(value for name, value in (entry or {}).items() if name != "type")


def _filled(element: JsonObject, name: str, user_id: str) -> JsonObject:
    options = element.get("options")
    first = options[0] if isinstance(options, list) and options else None
    day = "2026-11-02" if _DATED.search(name) else "2026-11-30"
    match element.get("type"):
        case "plain_text_input":
            return {"value": "quixotic"}
        case "number_input":
            return {"value": str(element.get("min_value") or 1)}
        case "static_select" | "radio_buttons":
            return {"selected_option": first}
        case "checkboxes" | "multi_static_select":
            return {"selected_options": [first] if first else []}
        case "conversations_select":
            return {"selected_conversation": "C0NOWHERE"}
        case "users_select":
            return {"selected_user": user_id}
        case "multi_users_select":
            return {"selected_users": [user_id]}
        case "datepicker":
            return {"selected_date": day}
        case "timepicker":
            return {"selected_time": "10:00"}
    return {}


def _of_the_menu(channel_id: str, ts: str) -> Iterator[Asked]:
    features = manifest()["features"]
    assert isinstance(features, dict)
    commands, shortcuts = features["slash_commands"], features["shortcuts"]
    for one in commands if isinstance(commands, list) else []:
        assert isinstance(one, dict)
        for words in ("", "emergency"):
            typed: JsonObject = {"command": one["command"], "text": words, "channel_id": channel_id}
            yield Asked(f"{one['command']} {words}".strip(), EnvelopeKind.COMMANDS, typed)
    for one in shortcuts if isinstance(shortcuts, list) else []:
        assert isinstance(one, dict)
        kind = "message_action" if one["type"] == "message" else "shortcut"
        where: JsonObject = {
            "callback_id": one["callback_id"],
            "channel": {"id": channel_id},
            "message": {"ts": ts, "thread_ts": ts, "text": "said"},
        }
        yield _asked(str(one["callback_id"]), kind, where)


def _asked(name: str, kind: str, payload: JsonObject) -> Asked:
    return Asked(name, EnvelopeKind.INTERACTIVE, {"type": kind, **payload})


def _shape(about: JsonValue) -> str:
    """What tells two apart that are sent under one name: the fields that they carry."""
    if isinstance(about, dict):
        return _names(about.get("private_metadata"))
    if isinstance(about, list) and isinstance(about[0], dict):
        return _names(about[0].get("value"))
    return str(about)


def _names(written: JsonValue) -> str:
    try:
        fields = json.loads(str(written))
    except ValueError:
        return ""
    return " ".join(sorted(fields)) if isinstance(fields, dict) else ""
