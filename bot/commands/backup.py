"""`careloop backup` and `careloop restore`: a copy that is encrypted, whole, and was tried."""

import asyncio
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import SystemClock
from bot.commands.running import run
from bot.settings import StoreSettings
from bot.store.audit import AuditLog, AuditReport
from bot.store.backup import Counts, check, counted, dump, is_empty, load
from bot.store.backup_file import BackupInvalid, BackupReader, BackupWriter
from bot.store.database import Database
from bot.store.master_keys import MasterKeys
from bot.store.migrations import migrate, require_up_to_date, revisions
from bot.store.queries.patients import identifiers_cell, some_living
from bot.store.vault import SealBroken, Vault

File = Annotated[Path, typer.Argument(help="The backup.")]


@dataclass(frozen=True)
class Tried:
    """What a restored copy showed."""

    counts: Counts
    report: AuditReport
    opened: int
    made_at: datetime

    def __str__(self) -> str:
        return (
            f"{self.counts.total} rows in {len(self.counts.rows)} tables, {self.report}, "
            f"{self.opened} patients' records opened"
        )


def backup_command(
    file: File,
    try_it: Annotated[
        bool, typer.Option("--try/--no-try", help="Restore it into a temporary file to try it.")
    ] = True,
) -> None:
    """Write an encrypted copy of the database as it is at this moment; the bot may run meanwhile.

    It opens only with the master key of today: keep both, and apart. Then it is restored into a
    temporary SQLite file, looked through and removed.
    """
    size, tried = run(_backup(file, try_it=try_it))
    typer.echo(f"{file}: {size} bytes")
    typer.echo(f"tried: {tried}" if tried is not None else "not tried: `careloop restore` does it")


def restore_command(file: File) -> None:
    """Put a backup into the empty database of DATABASE_URL, and look through it.

    The whole file is checked before anything is written. The database may be of the other kind than
    the one that the backup was made of.
    """
    tried = run(_restore(file))
    typer.echo(f"restored what was there on {tried.made_at:%Y-%m-%d %H:%M:%S} UTC: {tried}")


async def _backup(file: Path, *, try_it: bool) -> tuple[int, Tried | None]:
    settings = StoreSettings.load()
    url, masters = settings.database_url.get_secret_value(), settings.master_keys
    await require_up_to_date(url)
    database = await Database.open(url, lock=False)
    try:
        vault = await Vault.start(database, masters)
        now = SystemClock().now()
        with BackupWriter(file, masters, revisions()[-1], now) as writer:
            async with database.reading() as session:
                async for line in dump(session):
                    writer.write(line)
            size = writer.finish()
        tried = await _try(file, masters) if try_it else None
        await _note(database, vault, "backup", {"tried": "yes" if tried else "no"})
        return size, tried
    finally:
        await database.close()


async def _try(file: Path, masters: MasterKeys) -> Tried:
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".careloop-try-") as folder:
        return await _into(f"sqlite:///{folder}/tried.db", file, masters)


async def _restore(file: Path) -> Tried:
    settings = StoreSettings.load()
    url, masters = settings.database_url.get_secret_value(), settings.master_keys
    tried = await _into(url, file, masters)
    database = await Database.open(url)
    try:
        await _note(database, await Vault.start(database, masters), "restore", {})
    finally:
        await database.close()
    return tried


async def _into(url: str, file: Path, masters: MasterKeys) -> Tried:
    """Raises `BackupInvalid` when the file, the database or what is in it is not right."""
    reader = BackupReader(file, masters)
    expected = await asyncio.to_thread(check, reader)
    if reader.header.revision not in revisions():
        raise BackupInvalid("the backup was made by a newer careloop; install that one")
    database = await Database.open(url)
    try:
        async with database.transaction() as session:
            if not await is_empty(await session.connection()):
                raise BackupInvalid(f"{database} is not empty; restore into a new database")
    finally:
        await database.close()
    await migrate(url, reader.header.revision)
    database = await Database.open(url)
    try:
        async with database.transaction() as session:
            await load(session, reader)
    finally:
        await database.close()
    await migrate(url)
    return await _look_through(url, masters, reader, expected)


async def _look_through(
    url: str, masters: MasterKeys, reader: BackupReader, expected: Counts
) -> Tried:
    database = await Database.open(url)
    try:
        async with database.reading() as session:
            counts = await counted(session, list(expected.rows))
        if counts != expected:
            raise BackupInvalid("what was restored does not have the rows of the backup")
        vault = await Vault.start(database, masters)
        async with database.reading() as session:
            report = await AuditLog(vault.audit_key()).verify(session)
            if not report.intact:
                raise BackupInvalid(f"it was restored, but {report}")
            opened = 0
            for patient in await some_living(session):
                cell = identifiers_cell(patient.id)
                await vault.open(session, patient.key_id, cell, patient.identifiers_sealed)
                opened += 1
    except SealBroken as error:
        raise BackupInvalid(f"it was restored, but {error}") from None
    finally:
        await database.close()
    return Tried(counts, report, opened, reader.header.made_at)


async def _note(database: Database, vault: Vault, deed: str, facts: dict[str, str]) -> None:
    async with database.transaction() as session:
        await AuditLog(vault.audit_key()).append(
            session,
            at=SystemClock().now(),
            actor="operator",
            deed=deed,
            subject_kind="database",
            subject_id="whole",
            outcome="done",
            surface="cli",
            facts=facts,
        )
