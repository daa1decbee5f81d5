"""Every kind of payload, changed at random: refused or harmless, and never a failure of the bot's.

`MUTATIONS=seed,count` shows a failure again, and says how many of each kind; `make soak` sends a
thousand of each. What a round sends depends on the seed and its number alone, and each clinic takes
a few rounds, so that `MUTATIONS=seed,count,first` can begin where one was left.
"""

import asyncio
import io
import json
import logging
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from bot.logs import LogFormat, LogLevel, configure_logs
from bot.sandbox import AppMode
from bot.sandbox.delivery import socket_mode
from bot.sandbox.delivery.parcel import EnvelopeKind
from bot.sandbox.delivery.socket_mode import Connection
from bot.sandbox.wire import JsonObject
from bot.transport.socket_mode import SocketMode
from tests.databases import copy_of_template
from tests.threats.attacker import Recorded, as_user, state_of
from tests.threats.canaries import BIRTH_DATE, CANARY, RECORD_NUMBER, TELEPHONE
from tests.threats.kinds import Kind, counted, fresh, kinds
from tests.threats.mutations import mutated
from tests.threats.scene import Scene, scene_of

IDENTIFIERS = (CANARY, BIRTH_DATE, RECORD_NUMBER, TELEPHONE)
_GIVEN = [int(one) for one in os.environ.get("MUTATIONS", "").split(",") if one]
SEED = _GIVEN[0] if _GIVEN else 20261122
FIRST = _GIVEN[2] if len(_GIVEN) > 2 else 0
IN_TEST, IN_SOAK = 1, 1000
# Why something is not acknowledged: it has no shape of Slack's, Bolt was told of no such kind,
# or does not hold what the listener needs.
NOT_TAKEN = ("request refused", "Unhandled request", '"tampered"')
ROUNDS_A_CLINIC = 10
_AT_ONCE = 50


@pytest.mark.parametrize("mode", list(AppMode), ids=str)
async def test_each_kind_changed_at_random_is_refused_or_harmless(
    sqlite_template: Path, tmp_path: Path, mode: AppMode, acknowledged: set[str]
) -> None:
    await _survives(sqlite_template, tmp_path, mode, IN_TEST, acknowledged)


@pytest.mark.soak
@pytest.mark.parametrize("mode", list(AppMode), ids=str)
async def test_a_thousand_random_changes_of_each_kind_are_too(
    sqlite_template: Path, tmp_path: Path, mode: AppMode, acknowledged: set[str]
) -> None:
    await _survives(sqlite_template, tmp_path, mode, IN_SOAK, acknowledged)


@dataclass
class Attack:
    """A clinic whose bot is sent what was changed, and what must not come of it."""

    scene: Scene
    kinds: Sequence[Kind]
    mode: AppMode
    logged: io.StringIO
    connections: Sequence[Connection]
    acknowledged: set[str]
    stranger: str
    canaries: frozenset[str]
    numbers: Iterator[int]

    async def round(self, number: int, seed: int) -> None:
        """Each kind once; half of them as a stranger, who changes nothing at all."""
        chance = random.Random(f"{seed} {self.mode} {number}")  # noqa: S311 - the same each time
        some = [fresh(one.sent, next(self.numbers)) for one in self.kinds]
        theirs = [as_user(one, self.stranger) for one in some[number % 2 :: 2]]
        own = some[(number + 1) % 2 :: 2]
        before = await state_of(self.scene.clinic)
        await self._send([mutated(one, theirs, chance) for one in theirs])
        assert await state_of(self.scene.clinic) == before, "a stranger changed something"
        # Whoever sends what is theirs to send may do it; nothing of others moves.
        await self._send([mutated(one, some, chance) for one in own])
        after = await state_of(self.scene.clinic)
        assert self._of_the_canary(after) == self._of_the_canary(before)
        await self._shows_nothing()

    async def _send(self, all_of_it: Sequence[Recorded]) -> None:
        for start in range(0, len(all_of_it), _AT_ONCE):
            self.scene.clinic.slack.workspace.state.modals.clear()  # they closed what was open
            await asyncio.gather(*(self._sent(one) for one in all_of_it[start : start + _AT_ONCE]))
            # How much the bot can bear at once is another question.
            await self.scene.clinic.settled()

    async def _sent(self, one: Recorded) -> None:
        if self.mode is AppMode.SOCKET:
            await self.scene.attacker.over_the_socket(one)
            return
        status, answer = await self.scene.attacker.answer_over_http(one)
        why = f"{status} to {one.kind} {one.name}: {one.payload}\n{self.logged.getvalue()}"
        assert status < 500, why
        assert _found(answer) == []

    async def _shows_nothing(self) -> None:
        assert await self.scene.errors() == []
        said = self.logged.getvalue()
        lines = [json.loads(line) for line in said.splitlines()]
        assert [one for one in lines if one["level"] in {"error", "critical"}] == []
        assert _found(said) == []
        slack = self.scene.clinic.slack
        assert _found(str([one.arguments for one in slack.record.calls])) == []
        if self.mode is AppMode.SOCKET:
            await self._holds_the_line(said)
        slack.record.clear()
        self.acknowledged.clear()
        self.logged.seek(0)
        self.logged.truncate()

    async def _holds_the_line(self, said: str) -> None:
        """The connection is the one of the beginning, and what it brings is answered. What was not
        acknowledged on it has a word in the log: Slack knows no other way to say no."""
        slack, app_id = self.scene.clinic.slack, self.scene.clinic.app.app.id
        assert slack.courier.sockets.connections(app_id) == self.connections
        silent = [one for one in slack.record.deliveries if one.id not in self.acknowledged]
        assert len(silent) <= sum(said.count(why) for why in NOT_TAKEN), silent
        whole = next(one.sent for one in self.kinds if one.sent.kind is EnvelopeKind.COMMANDS)
        await self.scene.attacker.over_the_socket(whole)
        await self.scene.clinic.settled()
        assert slack.record.deliveries[-1].id in self.acknowledged

    def _of_the_canary(self, state: dict[str, list[tuple[object, ...]]]) -> object:
        return {
            name: [row for row in some if self.canaries.intersection(map(str, row))]
            for name, some in state.items()
        }


def _found(said: str) -> list[str]:
    return [one for one in (*IDENTIFIERS, "Traceback") if one in said]


@asynccontextmanager
async def _attack(url: str, mode: AppMode, acknowledged: set[str]) -> AsyncIterator[Attack]:
    with _logged() as logged:
        async with scene_of(url, mode) as scene:
            clinic = scene.clinic
            theirs = await clinic.covering_surgeon.refers(
                clinic.other_therapist,
                name=f"{CANARY} Quill",
                birth_date=BIRTH_DATE,
                record_number=RECORD_NUMBER,
                phone=TELEPHONE,
            )
            stranger = clinic.joins("pat.stranger", "Pat Stranger").user_id
            await clinic.settled()
            about = theirs.card.button("Patient details").value
            attack = Attack(
                scene=scene,
                kinds=kinds(scene),
                mode=mode,
                logged=logged,
                connections=clinic.slack.courier.sockets.connections(clinic.app.app.id),
                acknowledged=acknowledged,
                stranger=stranger,
                canaries=frozenset({json.loads(about)["referral_id"], theirs.channel_id}),
                numbers=count(1),
            )
            clinic.slack.record.clear()
            with pytest.MonkeyPatch.context() as hurried:
                # What Bolt does not know it does not acknowledge: nobody waits long for that.
                hurried.setattr(socket_mode, "ACKNOWLEDGE_WITHIN_SECONDS", 0.5)
                yield attack


@contextmanager
def _logged() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure_logs(LogLevel.INFO, LogFormat.JSON, stream)
    try:
        yield stream
    finally:
        root.handlers[:], root.level = handlers, level


@pytest.fixture
def acknowledged(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The ids of what the bot acknowledged over its socket, however late."""
    found: set[str] = set()
    heard = Connection.acknowledged

    def noted(self: Connection, frame: JsonObject) -> None:
        found.add(str(frame.get("envelope_id")))
        heard(self, frame)

    monkeypatch.setattr(Connection, "acknowledged", noted)
    # On a busy machine a pong comes late, and the bot connects anew, which is not asked here.
    monkeypatch.setitem(SocketMode.__init__.__kwdefaults__ or {}, "ping_seconds", 60.0)
    return found


async def _survives(
    template: Path, folder: Path, mode: AppMode, times: int, heard: set[str]
) -> None:
    # Between them the transports take each kind; in the soak each takes all.
    among = slice(list(AppMode).index(mode), None, 2) if times == IN_TEST else slice(None)
    times = _GIVEN[1] if len(_GIVEN) > 1 else times
    began, sent = time.monotonic(), 0
    for first in range(FIRST, times, ROUNDS_A_CLINIC):
        of_its_own = folder / str(first)
        of_its_own.mkdir()
        url = await copy_of_template(template, of_its_own)
        async with _attack(url, mode, heard) as attack:
            ways, attack.kinds = counted(attack.kinds), attack.kinds[among]
            for number in range(first, min(first + ROUNDS_A_CLINIC, times)):
                _say(f"MUTATIONS={SEED},{times},{number} over {mode}")
                await attack.round(number, SEED)
                sent += len(attack.kinds)
        _say(f"kinds {ways}: {sent} sent over {mode} in {time.monotonic() - began:.0f} s")


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
