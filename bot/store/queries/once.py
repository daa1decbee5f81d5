"""Insert something unless it is there: the same word for SQLite and PostgreSQL."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.database import Database
from bot.store.one_trip import SqlValue


async def insert_once(
    session: AsyncSession, table: type[SQLModel], values: Mapping[str, object], *unique: str
) -> bool:
    """Insert a row unless one with the same `unique` columns exists; tells whether it did."""
    await session.flush()  # what the new row refers to is written first
    connection = await session.connection()
    statement = _insert_once(connection.dialect.name, str(table.__tablename__), unique)
    return (await connection.execute(statement, dict(values))).first() is not None


async def insert_all_once(
    session: AsyncSession,
    table: type[SQLModel],
    rows: Sequence[Mapping[str, object]],
    *unique: str,
) -> None:
    """As `insert_once` for many rows, in their order, in one statement."""
    if not rows:
        return
    await session.flush()
    connection = await session.connection()
    statement = _insert(connection.dialect.name, str(table.__tablename__), unique)
    await connection.execute(statement, [dict(row) for row in rows])


@cache
def _insert_once(dialect: str, table: str, unique: tuple[str, ...]) -> ReturningInsert[tuple[str]]:
    target = SQLModel.metadata.tables[table]
    return _insert(dialect, table, unique).returning(target.c[unique[0]])


@cache
def _insert(dialect: str, table: str, unique: tuple[str, ...]) -> postgresql.Insert | sqlite.Insert:
    """Built once: building it takes longer than running it."""
    target = SQLModel.metadata.tables[table]
    insert: postgresql.Insert | sqlite.Insert
    insert = postgresql.insert(target) if dialect == "postgresql" else sqlite.insert(target)
    return insert.on_conflict_do_nothing(index_elements=list(unique))


async def insert_at_once(
    database: Database, table: type[SQLModel], rows: Sequence[Mapping[str, object]], unique: str
) -> set[str]:
    """SQLite alone: as `insert_once` for many rows, in a transaction of their own, ahead of others
    that wait. Tells the `unique` texts of those that are new."""
    target = SQLModel.metadata.tables[str(table.__tablename__)]
    names = list(rows[0])
    statement = (
        f"INSERT INTO {target.name} ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"  # noqa: S608 - names of our own columns
        f" ON CONFLICT ({unique}) DO NOTHING RETURNING {unique}"
    )
    bound = [tuple(_bound(target, row)) for row in rows]
    return {str(new) for (new,) in await database.at_once(statement, bound)}


def _bound(target: Table, row: Mapping[str, object]) -> Iterator[SqlValue]:
    """The values as SQLite keeps them, by the rules of their columns."""
    for name, value in row.items():
        kind = target.c[name].type.dialect_impl(_SQLITE)
        process = kind.bind_processor(_SQLITE)
        yield process(value) if process else value  # type: ignore[misc]


_SQLITE = sqlite.dialect()
