"""Timers by the million, and thousands due at one minute, on both databases."""

import os
import statistics
from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Final

from rich.console import Console
from rich.table import Table
from sqlalchemy import insert, text, update
from sqlmodel import SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.care.permissions import Deed
from bot.clock import SystemClock
from bot.clockwork.timers import MOST_TOGETHER
from bot.ids import new_id
from bot.notices import DigestDue, to_person
from bot.services.deeds import Deeds, Lease
from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.queries import timers
from bot.store.tables.work import OutboxOperation, Timer, TimerState
from bot.store.url import DatabaseKind
from bot.store.vault import Vault
from tests.bench.databases import addresses

_PENDING: Final = int(os.environ.get("BENCH_PENDING", "1000000"))
_DUE: Final = int(os.environ.get("BENCH_DUE", "10000"))
_LOOKS: Final = 200
_TURNS: Final = 3
_FILLED_AT_ONCE: Final = 100_000  # a statement of PostgreSQL's may take 30 s
_BATCH: Final = 100
_LEASE: Final = timedelta(minutes=10)

_FILL = {
    DatabaseKind.SQLITE: """
        WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last)
        INSERT INTO timers (id, kind, subject, step, due_at, state, attempts)
        SELECT printf('p%d', i), 'step_due', printf('s%d', i), 1,
               strftime('%Y-%m-%d %H:%M:%S.000000', 'now', '+1 day', printf('+%d seconds', i)),
               'waiting', 0 FROM n""",
    DatabaseKind.POSTGRESQL: """
        INSERT INTO timers (id, kind, subject, step, due_at, state, attempts)
        SELECT 'p' || i, 'step_due', 's' || i, 1,
               now() + interval '1 day' + i * interval '1 second', 'waiting', 0
        FROM generate_series(:first, :last) AS i""",
}
_PLAN = {DatabaseKind.SQLITE: "EXPLAIN QUERY PLAN ", DatabaseKind.POSTGRESQL: "EXPLAIN "}


async def measure(folder: Path, console: Console) -> None:
    """Print the look-up among many, and what claiming many at once costs."""
    async with addresses(folder) as found:
        for kind, url in found.items():
            database = await Database.open(url)
            try:
                await _looks(database, kind, console)
                await _due_at_once(database, kind, console)
            finally:
                await database.close()


async def _looks(database: Database, kind: DatabaseKind, console: Console) -> None:
    for first in range(1, _PENDING + 1, _FILLED_AT_ONCE):
        last = min(_PENDING, first + _FILLED_AT_ONCE - 1)
        async with database.transaction() as session:
            connection = await session.connection()
            await connection.execute(text(_FILL[kind]), {"first": first, "last": last})
    if kind is DatabaseKind.POSTGRESQL:
        async with database.transaction() as session:
            await (await session.connection()).execute(text("ANALYZE timers"))
    now = datetime.now(UTC)
    console.print(f"{kind.value}: {_PENDING:,} timers wait, none of them is due")
    for name, ask in (
        ("when something is due that nobody is at", lambda one: timers.next_free(one, now)),
        (
            "whether a concern waits",
            lambda one: timers.alarm_is_due(one, now=now, alive=now),
        ),
        ("a claim that finds nothing", lambda one: _claims_nothing(one, now)),
    ):
        median, worst = await _seconds_of_a_look(database, ask)
        console.print(f"    {name}: {median * 1000:.2f} ms, at worst {worst * 1000:.2f} ms")
    wanted = "SELECT due_at FROM timers WHERE state = 'waiting' ORDER BY due_at LIMIT 1"
    async with database.reading() as session:
        for row in (await (await session.connection()).execute(text(_PLAN[kind] + wanted))).all():
            console.print(f"    {row[-1]}")


async def _claims_nothing(session: AsyncSession, now: datetime) -> None:
    until = now + _LEASE
    found = await timers.claim_due(
        session, now=now, alive=now, owner="bench", lease_until=until, most=_BATCH
    )
    assert not found


async def _seconds_of_a_look(
    database: Database, ask: Callable[[AsyncSession], Awaitable[object]]
) -> tuple[float, float]:
    """The median and the longest of many, in a session that is open."""
    took: list[float] = []
    for _ in range(_LOOKS):
        async with database.transaction() as session:
            await session.connection()
            asked = perf_counter()
            await ask(session)
            took.append(perf_counter() - asked)
    return statistics.median(took), max(took)


async def _due_at_once(database: Database, kind: DatabaseKind, console: Console) -> None:
    vault = await Vault.start(database, MasterKeys.parse(new_master_key("1")))
    due = datetime.now(UTC) - timedelta(minutes=1)
    table = Table(title=f"{kind.value}: {_DUE:,} timers due at one minute, {_BATCH} at a time")
    for name in ("", "seconds", "ratio"):
        table.add_column(name, justify="right" if name else "left")
    seconds: dict[str, list[float]] = {}
    for turn in range(_TURNS):  # what else the machine does meets each of them
        await _set_due(database, due, f"bare{turn}")
        bare = await _seconds_bare(database, vault)
        seconds.setdefault("bare batched claims and inserts", []).append(bare)
        for name, noted in (("claimed and owed", False), ("… and noted in the audit", True)):
            await _set_due(database, due, f"ours{turn}{noted}")
            seconds.setdefault(name, []).append(await _seconds_ours(database, vault, noted=noted))
    base, *_ = seconds.values()
    for name, each in seconds.items():
        ratios = [ours / bare for ours, bare in zip(each, base, strict=True)]
        told = ", ".join(f"{one:.2f}" for one in ratios)
        table.add_row(name, ", ".join(f"{one:.1f}" for one in each), told)
    console.print(table)


async def _set_due(database: Database, due: datetime, prefix: str) -> None:
    rows = [
        {
            "id": new_id(), "kind": "step_due", "subject": f"{prefix}{number}", "step": 1,
            "due_at": due, "state": TimerState.WAITING, "attempts": 0,
        }
        for number in range(_DUE)
    ]  # fmt: skip
    async with database.transaction() as session:
        await (await session.connection()).execute(insert(SQLModel.metadata.tables["timers"]), rows)


async def _seconds_bare(database: Database, vault: Vault) -> float:
    """What nobody can do without: claim in batches, insert in batches, end the claim."""
    target = SQLModel.metadata.tables["outbox"]
    began = perf_counter()
    while True:
        async with database.transaction() as session:
            connection = await session.connection()
            now = datetime.now(UTC)
            found = (
                await session.exec(
                    select(Timer.id, Timer.subject)
                    .where(Timer.state == TimerState.WAITING, Timer.due_at <= now)
                    .order_by(col(Timer.due_at))
                    .limit(_BATCH)
                )
            ).all()
            if not found:
                return perf_counter() - began
            await connection.execute(insert(target), [_row(vault, one, now) for _, one in found])
            await session.exec(
                update(Timer)
                .where(col(Timer.id).in_([one for one, _ in found]))
                .values(state=TimerState.DONE)
            )


def _row(vault: Vault, subject: str, now: datetime) -> dict[str, object]:
    return {
        "id": new_id(), "dedupe_key": f"bench:{subject}", "operation": OutboxOperation.POST,
        "kind": "digest", "lane": f"person:{subject}", "key_id": vault.mailbox_key,
        "notice_sealed": b"\x01", "priority": 5, "state": "pending", "attempts": 0,
        "not_before": now, "owed_at": now,
    }  # fmt: skip


async def _seconds_ours(database: Database, vault: Vault, *, noted: bool) -> float:
    """As the clockwork does it: claimed under a lease, then carried out together, which makes sure
    of the leases, seals and owes a notice for each, and ends the claims; `noted` in the audit."""
    clock, owner = SystemClock(), new_id()
    log = AuditLog(vault.audit_key())
    deeds = Deeds(database, vault, log, clock, vault.mailbox_key, lambda: None)
    began = perf_counter()
    while True:
        async with database.transaction() as session:
            claimed = await timers.claim_due(
                session,
                now=clock.now(),
                alive=datetime.now(UTC),
                owner=owner,
                lease_until=datetime.now(UTC) + _LEASE,
                most=_BATCH,
            )
        if not claimed:
            return perf_counter() - began
        for first in range(0, len(claimed), MOST_TOGETHER):
            timers_of = {
                Lease(one.id, owner): one for one in claimed[first : first + MOST_TOGETHER]
            }
            left: Collection[Lease] = timers_of.keys()
            while left:
                async with deeds.begin_together(Deed.NUDGE, left) as (deed, together):
                    for lease in together:
                        timer = timers_of[lease]
                        place, key = to_person(timer.subject), f"overdue:{timer.subject}:1"
                        await deed.tell(place, DigestDue(digest_id=timer.subject), key)
                        if noted:
                            await deed.note("digest", timer.id)
                left = together.left
