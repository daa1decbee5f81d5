"""The schema's history: bringing a database up to date from code, on SQLite and PostgreSQL."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.store.database import typed_errors
from bot.store.engine import create_engine, create_private
from bot.store.errors import ConstraintViolated, NotUpToDate
from bot.store.url import DatabaseKind, read_address

Result = TypeVar("Result")
_HERE: Final = Path(__file__).parent
# Any number that nobody else uses for an advisory lock in this database.
_MIGRATION_LOCK: Final = 7_236_401


def config(connection: Connection | None = None) -> Config:
    """Alembic's settings; there is no alembic.ini."""
    settings = Config()
    settings.set_main_option("script_location", str(_HERE))
    settings.set_main_option("path_separator", "os")
    settings.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    settings.attributes["connection"] = connection
    return settings


async def migrate(url: str, revision: str = "head") -> list[str]:
    """Bring the database at `url` to `revision`; the revisions that were applied, in order.

    All or nothing: a revision that fails leaves the database as it was. Two processes that
    migrate at once take turns. Raises a `StoreError`.
    """

    def upgrade(connection: Connection) -> list[str]:
        before = _pending(connection)
        command.upgrade(config(connection), revision)
        after = _pending(connection)
        return [name for name in before if name not in after]

    return await _change(url, upgrade)


async def unmigrate(url: str, revision: str) -> None:
    """Take the database at `url` back to `revision` (`base`: nothing is left)."""
    await _change(url, lambda connection: command.downgrade(config(connection), revision))


async def pending_migrations(url: str) -> list[str]:
    """The revisions that the database at `url` still lacks, oldest first. Changes nothing."""
    file = read_address(url).file
    if file is not None and not file.exists():
        return _pending(None)
    with typed_errors():
        engine = create_engine(read_address(url))
        try:
            async with engine.connect() as connection:
                return await connection.run_sync(_pending)
        finally:
            await engine.dispose()


async def require_up_to_date(url: str) -> None:
    """Raise `NotUpToDate`, which says what to run, when the database lacks migrations."""
    pending = await pending_migrations(url)
    if pending:
        raise NotUpToDate(
            f"the database lacks {len(pending)} of {len(revisions())} migrations; "
            "run `careloop db migrate`"
        )


def revisions() -> list[str]:
    """Every revision there is, oldest first."""
    scripts = ScriptDirectory.from_config(config())
    return [script.revision for script in reversed(list(scripts.walk_revisions("base", "heads")))]


def _pending(connection: Connection | None) -> list[str]:
    scripts = ScriptDirectory.from_config(config())
    current = MigrationContext.configure(connection).get_current_heads() if connection else ()
    have = {
        script.revision for head in current for script in scripts.iterate_revisions(head, "base")
    }
    return [revision for revision in revisions() if revision not in have]


async def _change(url: str, work: Callable[[Connection], Result]) -> Result:
    """Run `work` in one transaction, alone, and check what it left behind."""
    address = read_address(url)
    sqlite = address.kind is DatabaseKind.SQLITE

    def alone(connection: Connection) -> Result:
        if not sqlite:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})")
        result = work(connection)
        if sqlite:
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
            if broken is not None:
                raise ConstraintViolated(f"FOREIGN KEY from {broken[0]} to {broken[2]}")
        return result

    # Foreign keys rest while SQLite rebuilds a table: dropping the old one would cascade.
    if address.file is not None:
        create_private(address.file)
    with typed_errors():
        engine = create_engine(address, begin="BEGIN IMMEDIATE", foreign_keys=not sqlite)
        try:
            async with engine.begin() as connection:
                return await connection.run_sync(alone)
        finally:
            await engine.dispose()
