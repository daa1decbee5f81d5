"""What sealing and full durability cost: `python -m tests.bench.store`.

Each figure is a ratio of two things measured in turns in the same run, so that a busy
machine slows both; the times beside it are medians.
"""

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from cryptography.fernet import Fernet
from rich.console import Console
from sqlalchemy import text

from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.migrations import migrate
from bot.store.sealing import Cell
from bot.store.tables.keys import KeyOwner
from bot.store.vault import Vault

NOTE = "Left calf less tight, slept through, pain 3 of 10 after the session. " * 3
CELL = Cell("updates", "text", "u1")
ROUNDS = 15


@dataclass(frozen=True)
class Ratio:
    """How many times `measured` takes as long as `plain`; microseconds each."""

    name: str
    measured: float
    plain: float

    def __str__(self) -> str:
        return (
            f"{self.name:<58} {self.measured / self.plain:7.3g} times"
            f"   ({self.measured:8.1f} µs against {self.plain:8.1f} µs)"
        )


async def compare(
    name: str,
    measured: Callable[[], Awaitable[object]],
    plain: Callable[[], Awaitable[object]],
    repeat: int,
) -> Ratio:
    """Both in turns, `ROUNDS` times, `repeat` calls each."""
    times: dict[str, list[float]] = {"measured": [], "plain": []}
    for _ in range(ROUNDS):
        for which, work in (("measured", measured), ("plain", plain)):
            began = perf_counter()
            for _ in range(repeat):
                await work()
            times[which].append((perf_counter() - began) / repeat * 1e6)
    return Ratio(name, statistics.median(times["measured"]), statistics.median(times["plain"]))


async def measure() -> list[Ratio]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        await migrate(url)
        database = await Database.open(url)
        try:
            return [*await _sealing(database), *await _commits(database)]
        finally:
            await database.close()


async def _sealing(database: Database) -> list[Ratio]:
    vault = await Vault.start(database, MasterKeys.parse(new_master_key("1")))
    async with database.transaction() as session:
        key_id = await vault.new_key(session, KeyOwner.PATIENT, "p1")
    fernet = Fernet(Fernet.generate_key())
    async with database.reading() as session:
        await vault.prepare(session, [key_id])

        async def sealed() -> str:
            return await vault.open(
                session, key_id, CELL, await vault.seal(session, key_id, CELL, NOTE)
            )

        async def plain() -> str:
            return NOTE.encode().decode()

        async def with_fernet() -> str:
            return fernet.decrypt(fernet.encrypt(NOTE.encode())).decode()

        async def query() -> object:
            return await (await session.connection()).execute(text("SELECT 1"))

        return [
            await compare("seal and open a field, against encode and decode", sealed, plain, 300),
            await compare("seal and open a field, against Fernet", sealed, with_fernet, 300),
            await compare("seal and open a field, against one SELECT 1", sealed, query, 100),
        ]


async def _commits(database: Database) -> list[Ratio]:
    audit = AuditLog(b"a key for measuring with......32")
    async with database.transaction() as session:
        await (await session.connection()).execute(text("CREATE TABLE notes (body TEXT)"))
    insert = text("INSERT INTO notes VALUES (:body)")

    async def full(*, audited: bool = False) -> None:
        async with database.transaction() as session:
            await (await session.connection()).execute(insert, {"body": NOTE})
            if audited:
                await audit.append(
                    session, at=datetime.now(UTC), actor="U1", deed="reply",
                    subject_kind="referral", subject_id="r1", outcome="done", surface="thread",
                )  # fmt: skip

    async def rolled_back() -> None:
        async with database.transaction() as session:
            await (await session.connection()).execute(insert, {"body": NOTE})
            await session.rollback()

    async def audited() -> None:
        await full(audited=True)

    return [
        await compare("a commit that is on disk, against one rolled back", full, rolled_back, 20),
        await compare("a commit with an audit entry, against one without", audited, full, 20),
    ]


async def measure_and_print(_folder: Path, console: Console) -> None:
    """Print what sealing and full durability cost."""
    for ratio in await measure():
        console.print(str(ratio))


def main() -> None:
    for ratio in asyncio.run(measure()):
        sys.stdout.write(f"{ratio}\n")


if __name__ == "__main__":
    main()
