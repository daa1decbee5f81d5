"""A row by its id, read once a transaction.

A deed asks for the same patient and the same people from many places. SQLAlchemy remembers a row
only as long as somebody holds it, so the session itself holds what was asked for here.
"""

from collections.abc import Mapping
from functools import cache
from typing import Final, TypeVar

from sqlalchemy import bindparam
from sqlalchemy.exc import NoResultFound
from sqlalchemy.orm.util import identity_key
from sqlmodel import SQLModel, select
from sqlmodel.ext.asyncio.session import AsyncSession
from sqlmodel.sql.expression import SelectOfScalar

Row = TypeVar("Row", bound=SQLModel)

_HELD: Final = "careloop.rows_by_id"


async def row_or_none(session: AsyncSession, table: type[Row], row_id: str) -> Row | None:
    """For an id that may not be there."""
    if identity_key(table, row_id) in session.identity_map:
        found = await session.get(table, row_id)
    else:
        with session.no_autoflush:
            found = (await session.exec(_by_id(table), params={"row_id": row_id})).first()
    if found is not None:
        held: dict[tuple[type[SQLModel], str], SQLModel] = session.info.setdefault(_HELD, {})
        held[table, row_id] = found
    return found


@cache
def _by_id(table: type[Row]) -> SelectOfScalar[Row]:
    (key,) = SQLModel.metadata.tables[str(table.__tablename__)].primary_key
    return select(table).where(key == bindparam("row_id"))


async def row(session: AsyncSession, table: type[Row], row_id: str) -> Row:
    """Raises `NoResultFound` for an id that is not there: foreign keys make that a defect."""
    found = await row_or_none(session, table, row_id)
    if found is None:
        raise NoResultFound(f"no row in {table.__tablename__} has this id")
    return found


def hold(session: AsyncSession, table: type[Row], rows: Mapping[str, Row]) -> None:
    """Rows that were read many at once, by id, to be asked for one by one after."""
    held: dict[tuple[type[SQLModel], str], SQLModel] = session.info.setdefault(_HELD, {})
    held.update({(table, row_id): found for row_id, found in rows.items()})


async def row_to_change(session: AsyncSession, table: type[Row], row_id: str) -> Row:
    """As `row`, read anew and locked until the transaction ends: two changes at once take turns."""
    found = await session.get(table, row_id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NoResultFound(f"no row in {table.__tablename__} has this id")
    return found
