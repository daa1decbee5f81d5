"""More than one process, and processes that are stopped, paused or told to leave."""

import asyncio
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest

from bot.demo.clinic import Clinic
from bot.services import inbox, outbox, timers
from bot.store.url import DatabaseKind
from tests.robustness.bot_process import bot_process
from tests.robustness.practice import (
    Practice,
    happens,
    open_practice,
    row_id_of,
    slack_has_told_everything,
)

pytestmark = pytest.mark.soak

_STANDS_STILL = 2 * max(inbox.LEASE, outbox.LEASE, timers.LEASE)


async def test_a_second_bot_on_the_same_file_is_told_so_and_leaves(
    clinic: Clinic, database_kind: DatabaseKind, tmp_path: Path
) -> None:
    if database_kind is not DatabaseKind.SQLITE:
        pytest.skip("PostgreSQL takes any number of them")
    async with bot_process(clinic.settings, tmp_path, "second") as second:
        assert await second.ends() != 0
        assert "another careloop process" in second.says
        assert "Stop it first" in second.says
        assert "Traceback" not in second.says


async def test_a_bot_that_is_told_to_stop_finishes_what_it_is_at_and_leaves_in_order(
    clinic: Clinic, tmp_path: Path
) -> None:
    practice = await open_practice(clinic, therapists=1, referrals_each=3)
    await clinic.stop_bot()
    async with bot_process(clinic.settings, tmp_path) as bot:
        await clinic.app.connected(timeout=60)
        await _everybody_replies(practice, 20)
        await happens(clinic, lambda: practice.confirmations >= 5)
        assert await bot.stops() == 0

    await clinic.start_bot()
    await slack_has_told_everything(clinic)
    await clinic.settled()
    _each_is_confirmed_once(practice, 60)


async def test_two_processes_on_postgresql_share_the_work(
    clinic: Clinic, database_kind: DatabaseKind, tmp_path: Path
) -> None:
    if database_kind is not DatabaseKind.POSTGRESQL:
        pytest.skip("a SQLite file belongs to one process")
    practice = await open_practice(clinic, therapists=1, referrals_each=3)
    async with bot_process(clinic.settings, tmp_path, "other"):
        await clinic.app.connected(2, timeout=60)
        await _everybody_replies(practice, 10)
        await happens(clinic, lambda: practice.confirmations >= 30)
        await slack_has_told_everything(clinic)
    await clinic.settled()
    _each_is_confirmed_once(practice, 30)


async def test_a_process_that_stood_still_repeats_nothing_that_another_one_did(
    clinic: Clinic, database_kind: DatabaseKind, tmp_path: Path
) -> None:
    """Ten minutes by the bot's clock. What decides is the machine's time, by which leases go: it
    stands still until every lease that it held has ended twice over."""
    if database_kind is not DatabaseKind.POSTGRESQL:
        pytest.skip("a SQLite file belongs to one process")
    practice = await open_practice(clinic, therapists=1, referrals_each=3)
    await clinic.stop_bot()
    async with bot_process(clinic.settings, tmp_path, "paused") as paused:
        await clinic.app.connected(timeout=60)
        await _everybody_replies(practice, 10)
        await happens(clinic, lambda: practice.confirmations >= 3)
        paused.is_paused()
        until = monotonic() + _STANDS_STILL.total_seconds()

        await clinic.start_bot()
        clinic.clock.advance(timedelta(minutes=10))
        await happens(clinic, lambda: practice.confirmations >= 30)
        await asyncio.sleep(until - monotonic())
        paused.goes_on()
        assert await paused.stops() == 0
    await slack_has_told_everything(clinic)
    await clinic.settled()
    _each_is_confirmed_once(practice, 30)


async def _everybody_replies(practice: Practice, times: int) -> None:
    for number in range(times):
        for case in practice.cases:
            words = f"Session {number} went well, pain 3/10"
            await case.therapist.person.posts(case.channel_id, words, case.ts)
        await asyncio.sleep(0)


def _each_is_confirmed_once(practice: Practice, replies: int) -> None:
    assert practice.confirmations == replies
    rows = [row_id_of(one) for case in practice.cases for one in practice.replies_shown(case)]
    assert len(set(rows)) == len(rows)
