"""Timers are looked up by their keys, however many wait."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.store.database import Database
from bot.store.queries import oversight, timers
from bot.store.tables.work import TimerKind
from tests.databases import copy_of_template

NOW = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


@pytest.fixture
async def database(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(await copy_of_template(sqlite_template, tmp_path))
    yield opened
    await opened.close()


async def test_no_timer_is_looked_for_among_all_that_wait(database: Database) -> None:
    """SQLite would take the index of states for the best way, and read a million rows for one."""
    asked: list[tuple[str, object]] = []

    def note(*told: object) -> None:
        asked.append((str(told[2]), told[3]))

    async with database.transaction() as session:
        engine = session.get_bind()
        assert isinstance(engine, Engine)
        event.listen(engine, "before_cursor_execute", note)
        await timers.set_timer(session, TimerKind.STEP_DUE, "a", 1, NOW)
        found = await timers.claim_due(
            session,
            now=NOW,
            alive=NOW,
            owner="me",
            lease_until=NOW + timedelta(minutes=1),
            most=100,
        )
        mine = {one.id: "me" for one in found}
        assert await timers.are_held(session, mine) == mine.keys()
        assert await oversight.has_waiting_timer(session, "a")
        assert not await oversight.concerns_without_timer(session)
        assert await timers.finish(session, mine)
        assert await timers.finish(session, mine), "nobody else has it"
        await timers.put_timer(session, TimerKind.STEP_DUE, "a", 1, NOW)
        await timers.clear_timers(session, "a", [TimerKind.STEP_DUE])
        event.remove(engine, "before_cursor_execute", note)
        plans = {
            statement: " / ".join(
                str(row[-1])
                for row in await (await session.connection()).exec_driver_sql(
                    f"EXPLAIN QUERY PLAN {statement}", tuple(parameters)
                )
            )
            for statement, parameters in asked
            if isinstance(parameters, tuple)
        }
    of_timers = {one: plan for one, plan in plans.items() if "timers" in one}
    assert len(of_timers) >= 8
    for statement, plan in of_timers.items():
        assert "ix_timers_due (state=?)" not in plan, statement
        assert "SCAN timers" not in plan, statement


async def test_what_somebody_is_at_rings_nobody_until_their_lease_ends(database: Database) -> None:
    """Who is rung at once again for what they can't claim asks the database without end."""
    later = NOW + timedelta(hours=1)
    async with database.transaction() as session:
        await timers.set_timer(session, TimerKind.STEP_DUE, "now", 1, NOW)
        await timers.set_timer(session, TimerKind.STEP_DUE, "later", 1, later)
        assert await timers.next_free(session, NOW) == NOW
        lease_until = NOW + timedelta(seconds=30)
        await timers.claim_due(
            session, now=NOW, alive=NOW, owner="another", lease_until=lease_until, most=100
        )
        assert await timers.next_free(session, NOW) == later
        assert await timers.next_due(session) == NOW
        assert await timers.next_free(session, lease_until) == NOW
