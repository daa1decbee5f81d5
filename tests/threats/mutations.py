"""Payloads changed at random, the same for the same seed."""

import copy
import json
import random
from collections.abc import Sequence
from typing import Final

from bot.sandbox.wire import JsonObject, JsonValue
from tests.threats.attacker import Recorded, at, paths, put

# Who somebody is, is Slack's to say and signed by it: changed by itself it is another attack.
_WHO: Final = frozenset({"user", "user_id", "team_id", "user_team", "team", "authorizations"})
_ODD: Final[list[JsonValue]] = [
    *(None, "", " ", True, False, 0, -1, 2**63, 1e308),
    *json.loads('[[], {}, [[]], [null], {"": {}}, {"$ref": "#"}]'),
    *("' OR 1=1 --", "<!channel> <@U0NOBODY00>", "\u202e\u200b\u0000", "x" * 5000),
    *("\U0001f9d1" * 99, "../../etc/passwd", "{}", '{"v":1}', "null", "0", "2026-02-30", "NaN"),
]


def mutated(one: Recorded, others: Sequence[Recorded], chance: random.Random) -> Recorded:
    """`one` with up to three places of it changed: taken out, made odd, doubled, or put from
    another payload. Who sends it stays."""
    payload = copy.deepcopy(one.payload)
    for _ in range(chance.randint(1, 3)):
        found = [path for path in paths(payload) if not _WHO.intersection(map(str, path))]
        if found:
            _change(payload, chance.choice(found), others, chance)
    if one.kind.value == "events_api" and chance.random() < 0.8:
        payload["event_id"] = f"Ev{chance.randrange(10**9)}"
    return one.but(payload)


def _change(
    payload: JsonObject,
    path: tuple[str | int, ...],
    others: Sequence[Recorded],
    chance: random.Random,
) -> None:
    holder, before = at(payload, path[:-1]), at(payload, path)
    match chance.randrange(5):
        case 0:
            match holder, path[-1]:
                case dict() as fields, str() as name:
                    del fields[name]
                case list() as items, int() as place:
                    del items[place]
        case 1:
            other = chance.choice(others).payload
            put(payload, path, copy.deepcopy(at(other, chance.choice(list(paths(other))))))
        case 2 if isinstance(holder, list):
            holder.extend([copy.deepcopy(before)] * chance.randint(1, 30))
        case 3 if isinstance(before, str) and before:
            cut = chance.randrange(len(before))
            put(payload, path, before[:cut] + chance.choice(["", "\u0000", "&lt;", '"', "\ud7ff"]))
        case _:
            put(payload, path, copy.deepcopy(chance.choice(_ODD)))
