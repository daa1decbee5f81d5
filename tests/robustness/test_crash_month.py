"""A scripted month, with the bot killed at random instants: nobody can tell the difference."""

import asyncio
import os
import random
import shutil
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import pytest

from bot.clock import SharedClock
from bot.demo.clinic import Clinic, open_clinic
from bot.demo.people import Case
from bot.store.database import Database
from bot.store.master_keys import new_master_key
from bot.store.url import DatabaseKind, read_address
from tests.databases import PostgresServer, copy_of_template
from tests.journeys.nudges import too_many, unasked
from tests.robustness.month import (
    AS_AT_A_CLINIC,
    BUSY,
    Planned,
    Said,
    Telling,
    Trouble,
    cut_connections,
    differences,
    plan,
    too_late,
)
from tests.robustness.practice import accepts, refers_until_taken
from tests.robustness.warm import WarmBots

# A seed of yours, to see a failure again: CRASH_SEED=17 pytest tests/robustness/test_crash_month.py
_SEED: Final = os.environ.get("CRASH_SEED")
_SHORT: Final = (3, 3, 8)
# With more referrals than that, each has as little to tell as at a clinic.
_MANY: Final = 50
_LONG: Final = tuple(
    int(number) for number in os.environ.get("CRASH_MONTH", "200,30,200").split(",")
)


@dataclass
class Moment:
    """Everything as it stands before the script begins: to be gone on from more than once."""

    url: str
    folder: Path
    keys: str
    start: datetime
    cases: list[tuple[str, str, str, str]]


@pytest.fixture
def database_kind() -> DatabaseKind:
    return DatabaseKind.SQLITE


def _next_monday(now: datetime) -> datetime:
    """The second Monday from now, 9:00 in New York's winter."""
    day = now + timedelta(days=7 - now.weekday() + 7)
    return day.replace(hour=14, minute=0, second=0, microsecond=0)


async def _begin(url: str, folder: Path, cases: int) -> Moment:
    """Refer, accept, and save all of it."""
    clock = SharedClock(folder / "first-clock")
    keys = new_master_key("1")
    settings = {"CARELOOP_KEYS": keys, "CARELOOP_CLOCK_FILE": str(folder / "first-clock")}
    try:
        async with open_clinic(url, clock, more_settings=settings) as clinic:
            found: list[tuple[str, str, str, str]] = []
            operated = (clock.now() - timedelta(days=12)).date().isoformat()
            for number in range(cases):
                therapist = (clinic.therapist, clinic.other_therapist)[number % 2]
                case = await refers_until_taken(
                    clinic.surgeon, therapist, name=f"Patient {number}", surgery_date=operated
                )
                await accepts(case)
                found.append((case.code, therapist.user_id, case.channel_id, case.ts))
            await clinic.settled()
            await clinic.stop_bot()
            clinic.slack.save(folder / "slack.json")
            return Moment(url, folder, keys, _next_monday(clock.now()), found)
    finally:
        clock.close()


@asynccontextmanager
async def _opened(moment: Moment, url: str, name: str, trouble: Trouble) -> AsyncIterator[Telling]:
    folder = moment.folder / name
    folder.mkdir()
    shutil.copyfile(moment.folder / "slack.json", folder / "slack.json")
    clock = SharedClock(folder / "clock")
    settings = {"CARELOOP_KEYS": moment.keys, "CARELOOP_CLOCK_FILE": str(folder / "clock")}
    try:
        async with open_clinic(
            url, clock, with_bot=False, state_file=folder / "slack.json", more_settings=settings
        ) as clinic:
            bots = WarmBots(clinic.settings, folder)
            await bots.load()
            database = await Database.open(url, lock=False)
            try:
                yield Telling(clinic, bots, _cases(clinic, moment), database, trouble)
            finally:
                await bots.leave_nothing()
                await database.close()
    finally:
        clock.close()


def _cases(clinic: Clinic, moment: Moment) -> list[Case]:
    people = {someone.user_id: someone for someone in clinic.everybody}
    return [
        Case(clinic, code, clinic.surgeon, people[therapist], channel_id, ts)
        for code, therapist, channel_id, ts in moment.cases
    ]


async def _told(
    moment: Moment,
    url: str,
    name: str,
    trouble: Trouble,
    script: list[Planned],
    days: int,
    processes: int = 1,
) -> tuple[list[Said], int]:
    async with _opened(moment, url, name, trouble) as telling:
        for _ in range(processes):
            await telling.bots.start()
        await telling.clinic.app.connected(processes, timeout=60)
        await telling.bots.have_read_back(processes)
        telling.clinic.clock.set(moment.start)
        await telling.tell(moment.start, script, timedelta(days=days))
        assert too_many(unasked(telling.clinic)) == [], f"in {name}"
        return telling.said(), telling.steps


def _copy(url: str, folder: Path, name: str) -> str:
    file = read_address(url).file
    assert file is not None
    shutil.copyfile(file, folder / f"{name}.db")
    return f"sqlite:///{folder / f'{name}.db'}"


def _seed() -> int:
    return int(_SEED) if _SEED else random.SystemRandom().randrange(1_000_000)


def _say(trouble: Trouble, size: str) -> None:
    """For the report of a failure, and for whoever watches the long form."""
    told = f"seed {trouble.seed}: {size}, {trouble.steps} steps at least, "
    sys.stdout.write(f"{told}{trouble.kills} kills\n")
    sys.stdout.flush()


def _nobody_can_tell(peace: list[Said], trouble: Trouble, told: list[Said]) -> None:
    seen_again = f"CRASH_SEED={trouble.seed} shows it again"
    different, late = differences(told, peace), too_late(told, peace, trouble.died)
    sys.stdout.write("".join(f"{line}\n" for line in (*different, *late)))
    assert different == [], seen_again
    assert late == [], seen_again
    assert len(trouble.died) == trouble.kills, seen_again


async def _on_sqlite(template: Path, folder: Path, cases: int, days: int, kills: int) -> None:
    url = await copy_of_template(template, folder)
    moment = await _begin(url, folder, cases)
    peaceful, troubled = _copy(url, folder, "peace"), _copy(url, folder, "trouble")
    script = plan(cases, days, 1, AS_AT_A_CLINIC if cases > _MANY else BUSY)
    if len(script) * 9 // 10 > kills:  # so many steps there are in any case
        trouble = Trouble(_seed(), kills, len(script))
        _say(trouble, f"{len(script)} deeds")
        peace, told = await _both_at_once(moment, peaceful, troubled, trouble, script, days)
    else:
        peace, steps = await _told(moment, peaceful, "peace", Trouble(0), script, days)
        trouble = Trouble(_seed(), kills, steps)
        _say(trouble, f"{len(peace)} messages")
        told, _ = await _told(moment, troubled, "trouble", trouble, script, days)
    _nobody_can_tell(peace, trouble, told)


async def _both_at_once(
    moment: Moment,
    peaceful: str,
    troubled: str,
    trouble: Trouble,
    script: list[Planned],
    days: int,
) -> tuple[list[Said], list[Said]]:
    """Each waits for its bot most of the time; a process of its own tells the peaceful one."""
    with ProcessPoolExecutor(1, get_context("spawn")) as beside:
        loop = asyncio.get_running_loop()
        peace = loop.run_in_executor(beside, _told_beside, moment, peaceful, script, days)
        told, _ = await _told(moment, troubled, "trouble", trouble, script, days)
        return await peace, told


def _told_beside(moment: Moment, url: str, script: list[Planned], days: int) -> list[Said]:
    return asyncio.run(_told(moment, url, "peace", Trouble(0), script, days))[0]


async def test_a_week_with_kills_reads_like_one_in_peace(
    sqlite_template: Path, tmp_path: Path
) -> None:
    await _on_sqlite(sqlite_template, tmp_path, *_SHORT)


@pytest.mark.soak
async def test_a_month_with_two_hundred_kills_reads_like_one_in_peace(
    sqlite_template: Path, tmp_path: Path
) -> None:
    await _on_sqlite(sqlite_template, tmp_path, *_LONG)


@pytest.mark.soak
async def test_a_month_of_three_processes_and_cut_connections_reads_like_one_in_peace(
    postgres: PostgresServer, tmp_path: Path
) -> None:
    cases, days, kills = max(2, _LONG[0] // 10), max(3, _LONG[1] // 4), max(2, _LONG[2] // 10)
    with postgres.database(await postgres.template()) as url:
        moment = await _begin(url, tmp_path, cases)
        name = read_address(url).url.database or ""
        with postgres.database(name) as peaceful, postgres.database(name) as troubled:
            script = plan(cases, days, 1)
            peace, steps = await _told(moment, peaceful, "peace", Trouble(0), script, days)
            cut_name = read_address(troubled).url.database or ""
            cut = partial(cut_connections, postgres.url("postgres"), cut_name)
            trouble = Trouble(_seed(), kills, steps, cut)
            _say(trouble, f"{len(peace)} messages")
            told, _ = await _told(moment, troubled, "trouble", trouble, script, days, processes=3)
            _nobody_can_tell(peace, trouble, told)
