"""One, two and four bot processes on one PostgreSQL: what they get done, and nothing twice."""

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

_PEOPLE: Final = 20
_REPLIES_EACH: Final = 10
_PROCESSES: Final = (1, 2, 4)


async def measure(folder: Path, console: Console) -> None:
    """Print replies confirmed a second, by the number of processes."""
    clock = SharedClock(folder / "clock")
    # The pace is the local Slack's, so that the processes are what is measured.
    settings = {"CARELOOP_CLOCK_FILE": str(folder / "clock"), "CARELOOP_SENDS_PER_SECOND": "100"}
    table = Table(title=f"{_PEOPLE} people, {_REPLIES_EACH} replies each, on one PostgreSQL")
    for name in ("processes", "confirmed a second"):
        table.add_column(name, justify="right")
    async with addresses(folder) as found:
        url = found[DatabaseKind.POSTGRESQL]
        async with open_clinic(url, clock, more_settings=settings) as clinic:
            practice = await open_practice(clinic, _PEOPLE, 1)
            await clinic.settled()
            await clinic.stop_bot()
            for turn, count in enumerate(_PROCESSES):
                async with AsyncExitStack() as bots:
                    for number in range(count):
                        name = f"bot-{turn}-{number}"
                        await bots.enter_async_context(bot_process(clinic.settings, folder, name))
                    await clinic.app.connected(count, timeout=120)
                    await slack_has_told_everything(clinic)
                    table.add_row(str(count), f"{await _round(practice, turn):.1f}")
                await clinic.app.connected(0)
            twice = _sent_twice(practice)
    clock.close()
    console.print(table)
    console.print(f"Messages posted twice for one row, in all: {twice}")


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
