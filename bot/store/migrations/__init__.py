"""The schema's history: bringing a database up to date from code, on SQLite and PostgreSQL.

Revisions are the files in `versions`, in the order of their names. Alembic is imported only
where something is changed: a bot that starts just looks, and shall start fast.
"""

from collections.abc import Callable
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import Connection, inspect

from bot.store.database import typed_errors
from bot.store.engine import create_engine, create_private
from bot.store.errors import ConstraintViolated, DatabaseBusy, DatabaseIsNewer, NotUpToDate
from bot.store.url import DatabaseKind, read_address

if TYPE_CHECKING:
    from alembic.config import Config

Result = TypeVar("Result")
_HERE: Final = Path(__file__).parent
# Any number that nobody else uses for an advisory lock in this database.
_MIGRATION_LOCK: Final = 7_236_401
_LONGEST_WAIT_SECONDS: Final = 60


def config(connection: Connection | None = None) -> "Config":
    """Alembic's settings; there is no alembic.ini."""
    from alembic.config import Config  # noqa: PLC0415

    settings = Config()
    settings.set_main_option("script_location", str(_HERE))
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = connection
    return settings


async def migrate(url: str, revision: str = "head") -> list[str]:
    """Bring the database at `url` to `revision`; the revisions that were applied, in order.

    All or nothing: a revision that fails leaves the database as it was. Two processes that
    migrate at once take turns. Raises a `StoreError`.
    """

    from alembic import command  # noqa: PLC0415

    def upgrade(connection: Connection) -> list[str]:
        before = _pending(connection)
        if revision == "head" and not before:
            return []
        command.upgrade(config(connection), revision)
        after = _pending(connection)
        return [name for name in before if name not in after]

    return await _change(url, upgrade)


async def unmigrate(url: str, revision: str) -> None:
    """Take the database at `url` back to `revision` (`base`: nothing is left)."""
    from alembic import command  # noqa: PLC0415

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
    if len(pending) == len(revisions()):
        raise NotUpToDate(
            f"there is nothing in {read_address(url)} yet; see that DATABASE_URL names the right "
            "place, and run `careloop db migrate` if it is to be a new database"
        )
    if pending:
        raise NotUpToDate(
            f"the database lacks {len(pending)} of {len(revisions())} migrations; "
            "run `careloop db migrate`"
        )


def revisions() -> list[str]:
    """Every revision there is, oldest first."""
    return sorted(file.name.partition("_")[0] for file in _HERE.glob("versions/[0-9]*_*.py"))


def _pending(connection: Connection | None) -> list[str]:
    everything = revisions()
    if connection is None or not inspect(connection).has_table("alembic_version"):
        return everything
    current = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if current is None:
        return everything
    if current not in everything:
        raise DatabaseIsNewer("the database was made by a newer careloop; install that one")
    return everything[everything.index(current) + 1 :]


async def _change(url: str, work: Callable[[Connection], Result]) -> Result:
    """Run `work` in one transaction, alone, and check what it left behind."""
    address = read_address(url)
    sqlite = address.kind is DatabaseKind.SQLITE

    def alone(connection: Connection) -> Result:
        if not sqlite:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL lock_timeout = '60s'")
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
        give_up_at = monotonic() + _LONGEST_WAIT_SECONDS
        try:
            while True:
                try:
                    async with engine.begin() as connection:
                        return await connection.run_sync(alone)
                except DatabaseBusy:
                    # SQLite waits a few seconds for its turn; another migration may take longer.
                    if not sqlite or monotonic() >= give_up_at:
                        raise
        finally:
            await engine.dispose()
