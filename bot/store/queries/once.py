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
    dialect = session.get_bind().dialect.name
    if dialect == "postgresql":
        pg = postgresql.insert(target).values(**values)
        done = await session.execute(pg.on_conflict_do_nothing(index_elements=list(unique)))
    else:
        lite = sqlite.insert(target).values(**values)
        done = await session.execute(lite.on_conflict_do_nothing(index_elements=list(unique)))
    return bool(done.rowcount)  # type: ignore[attr-defined]
