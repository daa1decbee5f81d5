"""Every kind of payload that there is: what people's work was recorded to send, and the rest."""

import copy
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.sandbox.delivery.parcel import EnvelopeKind
from tests.threats.attacker import Recorded, as_user, named, recorded
from tests.threats.canaries import CANARY, Payloads
from tests.threats.scene import Scene

_WHO: Final = re.compile(r'"(?:user_id|user)": ?(?:\{"id": ?)?"(\w+)"')


@dataclass(frozen=True)
class Kind:
    """`name` says what it is of: the action, the form with its fields, the command, the event."""

    name: str
    sent: Recorded


def kinds(scene: Scene) -> list[Kind]:
    """One of each, as the pair of the case would send it."""
    found: dict[str, Recorded] = {}
    pair = scene.clinic.surgeon.user_id, scene.clinic.therapist.user_id
    team_id = scene.clinic.slack.workspace.state.team.id
    for one in recorded(scene.clinic):
        if CANARY not in str(one.payload):
            own = one if _who(one) in pair else as_user(one, pair[0])
            found[f"recorded {one.kind} {named(one.payload)}"] = own
    for number, asked in enumerate(scene.asked()):
        one = asked.by(pair[number % 2], team_id, number)
        found[f"{asked.kind} {asked.name} {number}"] = one
    events = Payloads(pair[0], team_id, scene.case.channel_id, "").events()
    for number, one in enumerate(events):
        plain = json.loads(json.dumps(one.payload).replace(CANARY, "quixotic"))
        found[f"{one.kind} {one.name} {number}"] = one.but(plain)
    return [Kind(name, one) for name, one in sorted(found.items())]


def counted(all_of_them: Sequence[Kind]) -> Mapping[str, int]:
    """How many kinds there are of each way in."""
    return {kind.value: sum(one.sent.kind is kind for one in all_of_them) for kind in EnvelopeKind}


def fresh(one: Recorded, number: int) -> Recorded:
    """As Slack would send it once more: another form, another event, another message."""
    payload = copy.deepcopy(one.payload)
    view, event = payload.get("view"), payload.get("event")
    if isinstance(view, dict):
        payload["view"] = {**view, "id": f"V0ATTACK{number}"}
    if isinstance(event, dict):
        payload["event_id"] = f"Ev{number:010}"
        if "ts" in event:
            payload["event"] = {**event, "ts": f"1795444200.{number:06}"}
    return one.but(payload)


def _who(one: Recorded) -> str:
    found = _WHO.search(json.dumps(one.payload))
    return found[1] if found is not None else ""
