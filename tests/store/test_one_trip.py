"""SQLite is asked on the event loop while it is quick, and nobody waits when it is not."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.database import Database
from bot.store.errors import DatabaseMisused

# Some millions of rows, counted one by one: about a second.
_LONG = text(
    "SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
    " WHERE i < 3000000) SELECT i FROM n)"
)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(f"sqlite:///{tmp_path / 'careloop.db'}")
    async with database.transaction() as session:
        await _run(session, "CREATE TABLE names (name TEXT PRIMARY KEY NOT NULL)")
    yield database
    await database.close()


async def _run(session: AsyncSession, statement: str) -> list[str]:
    found = await (await session.connection()).execute(text(statement))
    return [str(name) for (name,) in found.all()] if found.returns_rows else []


class Others:
    """Whoever else has something to do on the event loop; counts their turns."""

    def __init__(self) -> None:
        self.turns = 0

    @asynccontextmanager
    async def going_on(self) -> AsyncIterator[None]:
        going = asyncio.create_task(self._go_on())
        yield
        going.cancel()

    async def _go_on(self) -> None:
        while True:
            self.turns += 1
            await asyncio.sleep(0.001)


async def test_a_long_look_gives_the_right_answer_while_others_go_on(store: Database) -> None:
    others = Others()
    async with store.reading() as session, others.going_on():
        counted = (await (await session.connection()).execute(_LONG)).scalar_one()
    assert counted == 3_000_000
    assert others.turns > 10


async def test_a_long_look_within_a_deed_takes_nothing_of_it_away(store: Database) -> None:
    async with store.transaction() as session:
        await _run(session, "INSERT INTO names VALUES ('ana')")
        await (await session.connection()).execute(_LONG)
        await _run(session, "INSERT INTO names VALUES ('sam')")
    async with store.reading() as session:
        assert await _run(session, "SELECT name FROM names ORDER BY name") == ["ana", "sam"]


async def test_many_quick_looks_in_a_row_let_others_in(store: Database) -> None:
    others = Others()
    async with store.reading() as session, others.going_on():
        for _ in range(1_000):
            assert await _run(session, "SELECT name FROM names") == []
    assert others.turns > 10


async def test_a_deed_given_up_in_a_long_look_is_undone_before_the_next_one(
    store: Database,
) -> None:
    begun = asyncio.Event()

    async def is_given_up() -> None:
        async with store.transaction() as session:
            await _run(session, "INSERT INTO names VALUES ('ana')")
            begun.set()
            await (await session.connection()).execute(_LONG)

    deed = asyncio.create_task(is_given_up())
    await begun.wait()
    await asyncio.sleep(0.05)  # into the look, which is in the thread by then
    deed.cancel()
    with pytest.raises(asyncio.CancelledError):
        await deed
    async with store.transaction() as session:
        assert await _run(session, "SELECT name FROM names") == []
        await _run(session, "INSERT INTO names VALUES ('ana')")


async def test_what_sqlite_refuses_is_told_as_ever(store: Database) -> None:
    with pytest.raises(DatabaseMisused):
        async with store.reading() as session:
            await _run(session, "SELECT nothing FROM nowhere")
