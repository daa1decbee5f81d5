"""What the bot looks at again and again ends with it, without a word."""

import asyncio
import logging

import pytest
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.rounds import until_stopped


async def test_a_look_that_the_stop_cuts_short_is_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    begun = asyncio.Event()
    ended = asyncio.Event()

    async def look() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(until_stopped, args=[look])
    with caplog.at_level(logging.WARNING):
        scheduler.start()
        await begun.wait()
        scheduler.shutdown(wait=False)
        await ended.wait()
    assert caplog.records == []


async def test_a_look_that_fails_is_told_to_the_operator(
    caplog: pytest.LogCaptureFixture,
) -> None:
    failed = asyncio.Event()

    async def look() -> None:
        failed.set()
        raise ValueError("broken")

    scheduler = AsyncIOScheduler(timezone="UTC")
    scheduler.add_job(until_stopped, args=[look])
    scheduler.start()
    await failed.wait()
    scheduler.shutdown(wait=False)
    assert [record.levelname for record in caplog.records] == ["ERROR"]
