"""One, two and four bot processes on one PostgreSQL: what they get done, and nothing twice.

`BENCH_PEOPLE` and `BENCH_REPLIES` say how many write how often to each number of processes.
"""

import os
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic
from typing import Final

from rich.console import Console
from rich.table import Table

from bot.clock import SharedClock
from bot.demo.clinic import open_clinic
from bot.store.url import DatabaseKind
from tests.bench.databases import addresses
from tests.robustness.bot_process import bot_process
from tests.robustness.practice import (
    Practice,
    happens,
    open_practice,
    row_id_of,
    slack_has_told_everything,
)

_PEOPLE: Final = int(os.environ.get("BENCH_PEOPLE", "6"))
_REPLIES_EACH: Final = int(os.environ.get("BENCH_REPLIES", "4"))
_PROCESSES: Final = (1, 2, 4)


async def measure(folder: Path, console: Console) -> None:
    """Print replies confirmed a second, by the number of processes."""
    clock = SharedClock(folder / "clock")
    # The pace is the local Slack's, so that the processes are what is measured.
    settings = {"CARELOOP_CLOCK_FILE": str(folder / "clock"), "CARELOOP_SENDS_PER_SECOND": "100"}
    table = Table(title=f"{_PEOPLE} people, {_REPLIES_EACH} replies each, on one PostgreSQL")
    for name in ("processes", "confirmed", "a second", "ratio", "posted twice", "load"):
        table.add_column(name, justify="right")
    async with addresses(folder) as found:
        url = found[DatabaseKind.POSTGRESQL]
        async with open_clinic(url, clock, more_settings=settings) as clinic:
            practice = await open_practice(clinic, _PEOPLE, 1)
            await clinic.settled()
            await clinic.stop_bot()
            alone = 0.0
            for turn, count in enumerate(_PROCESSES):
                async with AsyncExitStack() as bots:
                    for number in range(count):
                        name = f"bot-{turn}-{number}"
                        await bots.enter_async_context(bot_process(clinic.settings, folder, name))
                    await clinic.app.connected(count, timeout=120)
                    await slack_has_told_everything(clinic)
                    before = practice.confirmations
                    speed = await _round(practice, turn)
                    alone = alone or speed
                    table.add_row(
                        str(count),
                        str(practice.confirmations - before),
                        f"{speed:.1f}",
                        f"{speed / alone:.2f}",
                        str(_sent_twice(practice)),
                        f"{os.getloadavg()[0]:.1f}",
                    )
                    console.print(f"{count}: {speed:.1f} a second")
                await clinic.app.connected(0)
    clock.close()
    console.print(table)


async def _round(practice: Practice, turn: int) -> float:
    clinic = practice.clinic
    wanted = practice.confirmations + _PEOPLE * _REPLIES_EACH
    began = monotonic()
    for number in range(_REPLIES_EACH):
        session = turn * _REPLIES_EACH + number + 1
        for case in practice.cases:
            words = f"Session {session} went well, pain 3/10"
            await case.therapist.person.posts(case.channel_id, words, case.ts)
    await happens(clinic, lambda: practice.confirmations >= wanted)
    return _PEOPLE * _REPLIES_EACH / (monotonic() - began)


def _sent_twice(practice: Practice) -> int:
    rows = [row_id_of(one) for case in practice.cases for one in practice.replies_shown(case)]
    return len(rows) - len(set(rows))
