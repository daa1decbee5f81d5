"""Where the database is: reading `DATABASE_URL`."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.store.errors import DatabaseUrlInvalid


class DatabaseKind(StrEnum):
    """The two databases that Careloop keeps its data in."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


_DRIVERS = {
    "sqlite": (DatabaseKind.SQLITE, "sqlite+aiosqlite"),
    "sqlite+aiosqlite": (DatabaseKind.SQLITE, "sqlite+aiosqlite"),
    "postgres": (DatabaseKind.POSTGRESQL, "postgresql+psycopg"),
    "postgresql": (DatabaseKind.POSTGRESQL, "postgresql+psycopg"),
    "postgresql+psycopg": (DatabaseKind.POSTGRESQL, "postgresql+psycopg"),
}


@dataclass(frozen=True)
class DatabaseAddress:
    """A usable address. `file` is there for SQLite only, absolute."""

    kind: DatabaseKind
    url: URL
    file: Path | None

    def __str__(self) -> str:
        """The address without its password, for people."""
        return str(self.file) if self.file else self.url.render_as_string(hide_password=True)


def read_address(text: str) -> DatabaseAddress:
    """Read what people and hosters write: `sqlite:///careloop.db`, `postgresql://…`.

    Raises `DatabaseUrlInvalid`, which never repeats the address: it may hold a password.
    """
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        raise DatabaseUrlInvalid(
            "it is not an address; write sqlite:///careloop.db or "
            "postgresql://user:password@host/database"
        ) from None
    if url.drivername not in _DRIVERS:
        raise DatabaseUrlInvalid(
            "it must begin with sqlite:/// or postgresql://; other databases are not supported"
        )
    kind, driver = _DRIVERS[url.drivername]
    url = url.set(drivername=driver)
    if kind is DatabaseKind.POSTGRESQL:
        return DatabaseAddress(kind, url, None)
    if not url.database or url.database == ":memory:" or url.query:
        raise DatabaseUrlInvalid(
            "it names no plain file; what is only in memory would be lost at a restart"
        )
    file = Path(url.database).expanduser().resolve()
    return DatabaseAddress(kind, url.set(database=str(file)), file)
