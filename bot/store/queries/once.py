"""Insert something unless it is there: the same word for SQLite and PostgreSQL."""

from collections.abc import Mapping

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


async def insert_once(
    session: AsyncSession, table: type[SQLModel], values: Mapping[str, object], *unique: str
) -> bool:
    """Insert a row unless one with the same `unique` columns exists; tells whether it did."""
    target = SQLModel.metadata.tables[str(table.__tablename__)]
    await session.flush()  # what the new row refers to is written first
    connection = await session.connection()
    insert: postgresql.Insert | sqlite.Insert
    if connection.dialect.name == "postgresql":
        insert = postgresql.insert(target)
    else:
        insert = sqlite.insert(target)
    done = await connection.execute(
        insert.values(**values)
        .on_conflict_do_nothing(index_elements=list(unique))
        .returning(target.c[unique[0]])
    )
    return done.first() is not None
