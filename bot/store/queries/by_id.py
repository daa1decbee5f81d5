"""A row by its id, read once a transaction.

A deed asks for the same patient and the same people from many places. SQLAlchemy remembers a row
only as long as somebody holds it, so the session itself holds what was asked for here.
"""

from typing import Final, TypeVar

from sqlalchemy.exc import NoResultFound
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

Row = TypeVar("Row", bound=SQLModel)

_HELD: Final = "careloop.rows_by_id"


async def row_or_none(session: AsyncSession, table: type[Row], row_id: str) -> Row | None:
    """For an id that may not be there."""
    found = await session.get(table, row_id)
    if found is not None:
        held: dict[tuple[type[SQLModel], str], SQLModel] = session.info.setdefault(_HELD, {})
        held[table, row_id] = found
    return found


async def row(session: AsyncSession, table: type[Row], row_id: str) -> Row:
    """Raises `NoResultFound` for an id that is not there: foreign keys make that a defect."""
    found = await row_or_none(session, table, row_id)
    if found is None:
        raise NoResultFound(f"no row in {table.__tablename__} has this id")
    return found


async def row_to_change(session: AsyncSession, table: type[Row], row_id: str) -> Row:
    """As `row`, read anew and locked until the transaction ends: two changes at once take turns."""
    found = await session.get(table, row_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NoResultFound(f"no row in {table.__tablename__} has this id")
    return found
