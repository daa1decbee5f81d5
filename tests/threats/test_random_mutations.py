"""Thousands of payloads changed at random: refused or harmless, and never a failure of the bot's.

`MUTATIONS=seed,count` shows a failure again; `make soak` sends ten thousand.
"""

import asyncio
import os
import random
from collections.abc import Sequence

import pytest

from bot.sandbox import AppMode
from bot.sandbox.delivery import socket_mode
from tests.threats.attacker import Recorded, as_user, state_of
from tests.threats.mutations import mutated
from tests.threats.test_changed_payloads import UnderAttack, of_others, under_attack

SEED, COUNT = (int(one) for one in os.environ.get("MUTATIONS", "20261122,160").split(","))
IN_SOAK = 5000
_AT_ONCE = 50


@pytest.mark.parametrize("mode", list(AppMode), ids=str)
async def test_random_changes_are_refused_or_harmless(
    sqlite_url: str, mode: AppMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _survives(sqlite_url, mode, SEED, COUNT, monkeypatch)


@pytest.mark.soak
@pytest.mark.parametrize("mode", list(AppMode), ids=str)
async def test_thousands_of_random_changes_are_too(
    sqlite_url: str, mode: AppMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _survives(sqlite_url, mode, SEED + 1, IN_SOAK, monkeypatch)


async def _survives(
    sqlite_url: str, mode: AppMode, seed: int, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)  # noqa: S311 - to be the same each time
    async with under_attack(sqlite_url, mode) as attack:
        stranger = attack.clinic.joins("pat.stranger", "Pat Stranger").user_id
        await attack.clinic.settled()
        theirs = [as_user(one, stranger) for one in attack.seen]
        before = await state_of(attack.clinic)
        # What Bolt does not know it does not acknowledge: nobody waits long for that from here on.
        monkeypatch.setattr(socket_mode, "ACKNOWLEDGE_WITHIN_SECONDS", 0.5)
        await _send(attack, mode, [_one(theirs, chance) for _ in range(count // 2)])
        await attack.clinic.settled()
        assert await state_of(attack.clinic) == before, "a stranger changed something"

        # Whoever sends what is theirs to send may do it; nothing of others moves.
        before = of_others(before)
        await _send(attack, mode, [_one(attack.seen, chance) for _ in range(count - count // 2)])
        await attack.clinic.settled()
        assert of_others(await state_of(attack.clinic)) == before
        assert await attack.failures() == []
        shown = [str(call.arguments) for call in attack.clinic.slack.record.calls]
        assert [one for one in shown if "Robin Vance" in one or "Traceback" in one] == []


def _one(among: Sequence[Recorded], chance: random.Random) -> Recorded:
    return mutated(chance.choice(among), among, chance)


async def _send(attack: UnderAttack, mode: AppMode, all_of_it: Sequence[Recorded]) -> None:
    for start in range(0, len(all_of_it), _AT_ONCE):
        some = all_of_it[start : start + _AT_ONCE]
        await asyncio.gather(*(_sent(attack, mode, one) for one in some))
        # How much the bot can bear at once is another question.
        await attack.clinic.settled()


async def _sent(attack: UnderAttack, mode: AppMode, one: Recorded) -> None:
    if mode is AppMode.SOCKET:
        await attack.attacker.over_the_socket(one)
        return
    status = await attack.attacker.over_http(one)
    assert status < 500, f"{status} to {one.kind} {one.name}: {one.payload}"
