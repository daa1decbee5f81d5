"""Deeds that meet in one case lock it first, and what is in it after: none waits for ever."""

import asyncio

import pytest
from sqlalchemy import text
from sqlmodel import select

from bot.demo.clinic import Clinic
from bot.demo.people import Case
from bot.store.database import Database
from bot.store.tables.referrals import Referral
from bot.store.tables.threads import Entry
from bot.store.url import DatabaseKind

ON_POSTGRESQL = pytest.mark.parametrize(
    "database_kind", [DatabaseKind.POSTGRESQL], ids=str, indirect=True
)


async def _somebody_waits(database: Database) -> None:
    """Until a deed waits for a row that another one holds."""
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    async with asyncio.timeout(30):
        while True:
            async with database.reading() as session:
                if (await (await session.connection()).execute(waiting)).scalar_one():
                    return
            await asyncio.sleep(0.05)


@ON_POSTGRESQL
async def test_a_reply_that_is_deleted_while_its_case_is_worked_on_waits_without_holding_it(
    clinic: Clinic, case: Case
) -> None:
    ts = await clinic.therapist.replies(case, "Session 1, pain 6 -> 3")
    kept = await case.thread_shows("Session update 1")
    question = await clinic.therapist.is_asked(case, "pain 6 → 3")
    await question.presses("Save")
    database = await Database.open(clinic.settings.database_url.get_secret_value(), lock=False)
    try:
        async with database.transaction() as session:
            await session.exec(select(Referral).with_for_update())
            deleting = asyncio.create_task(clinic.therapist.deletes(case, ts))
            await _somebody_waits(database)
            # Whoever is at the case reaches what is in it: NOWAIT fails on a row that is held.
            await session.exec(select(Entry).with_for_update(nowait=True))
        await deleting
    finally:
        await database.close()
    await clinic.settled()
    assert kept.seen.says("withdrawn")
