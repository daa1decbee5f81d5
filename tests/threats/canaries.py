"""A patient who can be recognized, put into every payload that the bot has a listener for."""

import json
import re
from collections.abc import Iterator
from itertools import count
from typing import Final

from pydantic import JsonValue
from slack_sdk.models.views import View

from bot.manifest import manifest
from bot.sandbox.blockkit import find_element, initial_state, state_entry
from bot.sandbox.delivery.parcel import EnvelopeKind
from bot.sandbox.wire import JsonObject
from bot.views.carried import Action
from bot.views.gallery import gallery
from tests.threats.attacker import Recorded
from tests.views.client import wire

CANARY: Final = "Xylophagous"
BIRTH_DATE: Final = "1931-02-03"
RECORD_NUMBER: Final = "MRN-9137462"
TELEPHONE: Final = "555-867-5309"
_IDS: Final = re.compile(r'(?<=_id":")[A-Za-z0-9_-]+')
# What most buttons carry.
_CARRIED: Final = ("referral_id",)

# Kept in clear, as they are about the clinic and those who work there: docs/security.md says so.
_OF_THE_CLINIC: Final = {
    ("entry_licence", "number"),
    ("entry_practice", "places"),
    ("edit_telephone", "telephone"),
}


class Payloads:
    """Everything that Slack could send `user_id` doing, with the canary in each word."""

    def __init__(self, user_id: str, team_id: str, channel_id: str, row_id: str) -> None:
        self._user: JsonObject = {"id": user_id, "team_id": team_id, "name": CANARY}
        self._team: JsonObject = {"id": team_id, "domain": CANARY}
        self._channel = channel_id
        self._row = row_id
        self._number = count(1)

    def all(self) -> Iterator[Recorded]:
        yield from self._clicks()
        yield from self.forms()
        yield from self._commands()
        yield from self._shortcuts()
        yield from self.events()

    def _clicks(self) -> Iterator[Recorded]:
        for action in Action:
            values = [f'{{"v":1,"{name}":"{self._row}"}}' for name in _CARRIED]
            for value in (CANARY, *values):
                pressed: JsonObject = {"action_id": action.value, "type": "button", "value": value}
                said: JsonObject = {"ts": "1.1", "thread_ts": "1.0", "text": CANARY}
                yield self._interaction(
                    "block_actions",
                    actions=[pressed],
                    message=said,
                    channel={"id": self._channel, "name": CANARY},
                )

    def forms(self) -> Iterator[Recorded]:
        """Every form, sent and closed, about the row and about nothing."""
        for form, drawn in forms().items():
            view = wire(drawn)
            state = initial_state(view)
            for field in state:
                element = find_element(view, field, field)
                if (form, field) in _OF_THE_CLINIC:
                    continue
                if element is not None and element.get("type") == "plain_text_input":
                    entry = state_entry(element, {"value": f"{CANARY} quixotic"})
                    if entry is not None:
                        state[field][field] = entry
            about = _IDS.sub(self._row, str(view["private_metadata"]))
            for metadata in (about, CANARY):
                values: JsonValue = json.loads(json.dumps(state))
                sent: JsonObject = {
                    "id": f"V{next(self._number)}",
                    "type": "modal",
                    "callback_id": form,
                    "private_metadata": metadata,
                    "hash": CANARY,
                    "title": view["title"],
                    "state": {"values": values},
                }
                yield self._interaction("view_submission", view=sent)
                yield self._interaction("view_closed", view=sent)

    def _commands(self) -> Iterator[Recorded]:
        features = manifest()["features"]
        commands = features["slash_commands"] if isinstance(features, dict) else []
        for one in commands if isinstance(commands, list) else []:
            assert isinstance(one, dict)
            for text in (CANARY, ""):
                payload: JsonObject = {
                    "command": one["command"],
                    "text": text,
                    "user_id": self._user["id"],
                    "user_name": CANARY,
                    "team_id": self._team["id"],
                    "channel_id": self._channel,
                    "channel_name": CANARY,
                    "trigger_id": self._trigger(),
                }
                yield Recorded(EnvelopeKind.COMMANDS, str(one["command"]), payload)

    def _shortcuts(self) -> Iterator[Recorded]:
        features = manifest()["features"]
        shortcuts = features["shortcuts"] if isinstance(features, dict) else []
        for one in shortcuts if isinstance(shortcuts, list) else []:
            assert isinstance(one, dict)
            kind = "message_action" if one["type"] == "message" else "shortcut"
            yield self._interaction(
                kind,
                callback_id=one["callback_id"],
                channel={"id": self._channel, "name": CANARY},
                message={"ts": "1.1", "thread_ts": "1.0", "text": CANARY},
            )

    def events(self) -> Iterator[Recorded]:
        """Every event that the app is subscribed to, plain and of an unknown subtype."""
        wanted = manifest()["settings"]
        events = wanted["event_subscriptions"] if isinstance(wanted, dict) else {}
        names = events["bot_events"] if isinstance(events, dict) else []
        for name in names if isinstance(names, list) else []:
            kind = "message" if str(name).startswith("message.") else str(name)
            for subtype in (None, CANARY):
                yield self._event(kind, subtype)

    def _event(self, kind: str, subtype: str | None) -> Recorded:
        about: JsonObject = {
            "type": kind,
            "user": self._user["id"],
            "channel": self._channel,
            "channel_type": "group",
            "text": f"{CANARY} quixotic",
            "ts": "1.2",
            "thread_ts": "1.0",
            "event_ts": CANARY,
            "tab": "home",
            **({"subtype": subtype} if subtype else {}),
        }
        payload: JsonObject = {
            "type": "event_callback",
            "event_id": f"Ev{next(self._number):09}",
            "team_id": self._team["id"],
            "api_app_id": "A1",
            "event": about,
            "authorizations": [{"team_id": self._team["id"], "user_id": "U1", "is_bot": True}],
        }
        return Recorded(EnvelopeKind.EVENTS, kind, payload)

    def _interaction(self, kind: str, **about: JsonValue) -> Recorded:
        payload: JsonObject = {
            "type": kind,
            "user": self._user,
            "team": self._team,
            "token": CANARY,
            "api_app_id": "A1",
            "trigger_id": self._trigger(),
            **about,
        }
        return Recorded(EnvelopeKind.INTERACTIVE, kind, payload)

    def _trigger(self) -> str:
        return f"{next(self._number)}.1.{CANARY}"


def forms() -> dict[str, View]:
    """By callback id, one of each form that is sent back."""
    drawn = [one for one in gallery().values() if isinstance(one, View)]
    return {str(one.callback_id): one for one in drawn if one.callback_id and one.submit}
