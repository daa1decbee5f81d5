"""Fates that come at the same time are written by one transaction, each as if by its own."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import insert
from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.clock import SystemClock
from bot.services.fates import Fates
from bot.store.database import Database
from bot.store.errors import ConstraintViolated
from bot.store.tables.clinic import KnownWorkspace

Write = Callable[[AsyncSession], Awaitable[None]]


class Sends:
    """Messages whose fates are written, and in which sessions that was."""

    def __init__(self, database: Database) -> None:
        self.sessions: list[AsyncSession] = []
        self.fates = Fates(database)
        self._database = database

    def fate_of(self, name: str, url: str | None = "https://clinic.slack.com") -> Write:
        """A row of that name; without a `url` the database refuses it."""

        async def write(session: AsyncSession) -> None:
            self.sessions.append(session)
            row = {"team_id": name, "url": url, "seen_at": SystemClock().now()}
            await session.exec(insert(KnownWorkspace).values(row))

        return write

    async def written(self) -> list[str]:
        async with self._database.reading() as session:
            return sorted((await session.exec(select(KnownWorkspace.team_id))).all())


@pytest.fixture
def sends(database: Database) -> Sends:
    return Sends(database)


async def test_what_ends_at_the_same_time_is_written_together(sends: Sends) -> None:
    await asyncio.gather(*(sends.fates.write(sends.fate_of(name)) for name in "abc"))
    assert await sends.written() == ["a", "b", "c"]
    assert len(set(map(id, sends.sessions))) == 1


async def test_what_ends_later_is_written_by_the_next(sends: Sends) -> None:
    for name in "ab":
        await sends.fates.write(sends.fate_of(name))
    assert await sends.written() == ["a", "b"]
    assert len(set(map(id, sends.sessions))) == 2


async def test_what_ends_while_others_are_written_is_not_lost(sends: Sends) -> None:
    under_way, go_on = asyncio.Event(), asyncio.Event()

    async def slow(session: AsyncSession) -> None:
        await sends.fate_of("a")(session)
        under_way.set()
        await go_on.wait()

    first = asyncio.create_task(sends.fates.write(slow))
    await under_way.wait()
    second = asyncio.create_task(sends.fates.write(sends.fate_of("b")))
    await asyncio.sleep(0)
    go_on.set()
    await asyncio.gather(first, second)
    assert await sends.written() == ["a", "b"]


async def test_one_that_can_t_be_written_takes_no_other_with_it(sends: Sends) -> None:
    done = await asyncio.gather(
        sends.fates.write(sends.fate_of("a")),
        sends.fates.write(sends.fate_of("b", url=None)),
        sends.fates.write(sends.fate_of("c")),
        return_exceptions=True,
    )
    assert [type(one) for one in done] == [type(None), ConstraintViolated, type(None)]
    assert await sends.written() == ["a", "c"]


async def test_one_alone_that_can_t_be_written_is_tried_once(sends: Sends) -> None:
    with pytest.raises(ConstraintViolated):
        await sends.fates.write(sends.fate_of("a", url=None))
    assert len(sends.sessions) == 1
    await sends.fates.write(sends.fate_of("b"))
    assert await sends.written() == ["b"]


async def test_who_no_longer_waits_keeps_nobody_from_what_was_written(sends: Sends) -> None:
    impatient = asyncio.create_task(sends.fates.write(sends.fate_of("a")))
    patient = asyncio.create_task(sends.fates.write(sends.fate_of("b")))
    await asyncio.sleep(0)
    impatient.cancel()
    await patient
    assert await sends.written() == ["a", "b"]
