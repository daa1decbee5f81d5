"""What is in a backup: every row of every table, as they were at one moment, in lines of JSON.

It is read in one snapshot (SQLite: a read transaction of the WAL; PostgreSQL: REPEATABLE READ), so
the bot writes on meanwhile and waits for nothing. No page of the database's files is copied: what
was erased and only not yet overwritten is not in it. A backup of the one database can be restored
into the other. Sealed texts stay sealed under the patients' keys inside the sealed file.
"""

import base64
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import Enum
from typing import Final

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    Row,
    String,
    Table,
    Time,
    bindparam,
    column,
    func,
    insert,
    inspect,
    select,
    table,
    text,
    tuple_,
)
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.types import NullType
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.store.backup_file import BackupInvalid, BackupReader
from bot.store.columns import UtcDateTime
from bot.store.tables import metadata

_ROWS_AT_ONCE: Final = 500

Plain = str | int | float | bool | None | list["Plain"] | dict[str, "Plain"]
Kind = (
    NullType
    | Boolean
    | BigInteger
    | Float[float]
    | LargeBinary
    | UtcDateTime
    | Date
    | Time
    | String
)
Value = str | int | float | bool | bytes | datetime | date | time | None

_BYTES, _MOMENT, _DAY, _HOUR = "b", "t", "d", "h"


@dataclass(frozen=True)
class Counts:
    """How many rows each table had."""

    rows: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.rows.values())


async def dump(session: AsyncSession) -> AsyncIterator[bytes]:
    """Every row, as lines; the counts at the end. `session` is one snapshot."""
    connection = await session.connection()
    counts: dict[str, int] = {}
    for one in metadata.sorted_tables:
        yield _line({"table": one.name, "columns": [each.name for each in one.columns]})
        counts[one.name] = 0
        async for row in _rows(connection, one):
            counts[one.name] += 1
            yield _line([_plain(value) for value in row])
    yield _line({"end": dict(counts)})


def check(reader: BackupReader) -> Counts:
    """Read all of it without doing anything. Raises `BackupInvalid` unless it is whole."""
    found: dict[str, int] = {}
    name, ended = "", None
    for line in reader.lines():
        read = json.loads(line)
        if isinstance(read, list):
            found[name] += 1
        elif "end" in read:
            ended = read["end"]
        else:
            name = str(read["table"])
            found[name] = 0
    if ended != found:
        raise BackupInvalid("the backup does not have the rows that it says it has")
    return Counts(found)


async def is_empty(connection: AsyncConnection) -> bool:
    """Whether no table has a row (but which migrations there were)."""
    names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    for name in names:
        if name == "alembic_version":
            continue
        if (await connection.execute(select(text("1")).select_from(table(name)).limit(1))).first():
            return False
    return True


async def load(session: AsyncSession, reader: BackupReader) -> None:
    """Put every row into the empty tables, in this transaction."""
    connection = await session.connection()
    await _references_wait(connection, wait=True)
    name = ""
    columns: list[str] = []
    rows: list[list[Value]] = []
    for line in reader.lines():
        read = json.loads(line)
        if isinstance(read, list):
            rows.append([_value(one) for one in read])
            if len(rows) == _ROWS_AT_ONCE:
                await _insert(connection, name, columns, rows)
            continue
        await _insert(connection, name, columns, rows)
        if "table" in read:
            name, columns = str(read["table"]), [str(one) for one in read["columns"]]
    await _references_wait(connection, wait=False)
    if connection.dialect.name == "postgresql":
        await _go_on_counting(connection)


async def counted(session: AsyncSession, names: Sequence[str]) -> Counts:
    """How many rows there are now."""
    connection = await session.connection()
    return Counts(
        {
            name: int(await connection.scalar(select(func.count()).select_from(table(name))) or 0)
            for name in names
        }
    )


async def _rows(connection: AsyncConnection, one: Table) -> AsyncIterator[Row[tuple[object, ...]]]:
    """Every row of a table, some at a time, in the order of its key."""
    key = list(one.primary_key.columns)
    wanted = select(*one.columns).order_by(*key).limit(_ROWS_AT_ONCE)
    after: list[object] | None = None
    while True:
        page = wanted if after is None else wanted.where(tuple_(*key) > tuple_(*_bound(key, after)))
        rows = (await connection.execute(page)).all()
        for row in rows:
            yield row
        if len(rows) < _ROWS_AT_ONCE:
            return
        after = [rows[-1]._mapping[each] for each in key]


def _bound(key: Sequence[Column[object]], values: Sequence[object]) -> list[BindParameter[object]]:
    return [bindparam(None, value, each.type) for each, value in zip(key, values, strict=True)]


async def _insert(
    connection: AsyncConnection, name: str, columns: list[str], rows: list[list[Value]]
) -> None:
    """The rows, and none left. Types are those of the values: a backup may be older than the
    models."""
    if not rows:
        return
    kinds = [_kind([row[place] for row in rows]) for place in range(len(columns))]
    target = table(name, *(column(one, kind) for one, kind in zip(columns, kinds, strict=True)))
    await connection.execute(insert(target), [dict(zip(columns, row, strict=True)) for row in rows])
    rows.clear()


def _kind(values: Sequence[Value]) -> Kind:
    known = next((one for one in values if one is not None), None)
    match known:
        case bool():
            return Boolean()
        case int():
            return BigInteger()
        case float():
            return Float()
        case bytes():
            return LargeBinary()
        case datetime():
            return UtcDateTime()
        case date():
            return Date()
        case time():
            return Time()
        case str():
            return String()
        case None:
            return NullType()


async def _references_wait(connection: AsyncConnection, *, wait: bool) -> None:
    """Let foreign keys be looked at when all rows are there."""
    if connection.dialect.name == "sqlite":
        if wait:
            await connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        return
    if not wait:
        await connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    how = "DEFERRABLE INITIALLY DEFERRED" if wait else "NOT DEFERRABLE"
    present = await connection.run_sync(
        lambda sync: {
            (name, str(key["name"]))
            for name in inspect(sync).get_table_names()
            for key in inspect(sync).get_foreign_keys(name)
            if key["referred_table"] == name
        }
    )
    for name, key in sorted(present):
        await connection.execute(text(f'ALTER TABLE "{name}" ALTER CONSTRAINT "{key}" {how}'))


async def _go_on_counting(connection: AsyncConnection) -> None:
    """Numbers that PostgreSQL gives go on after the highest one."""
    found = await connection.execute(
        text(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND"
            " pg_get_serial_sequence(quote_ident(table_name), column_name) IS NOT NULL"
        )
    )
    for name, key in found.all():
        numbered = table(name, column(key, Integer()))
        highest = await connection.scalar(select(func.max(numbered.c[key])))
        if highest is not None:
            await connection.execute(
                select(func.setval(func.pg_get_serial_sequence(name, key), highest))
            )


def _line(read: Plain) -> bytes:
    return json.dumps(read, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"


def _plain(value: object) -> Plain:
    match value:
        case Enum():
            return str(value.value)
        case bytes():
            return {_BYTES: base64.b64encode(value).decode()}
        case datetime():
            return {_MOMENT: value.isoformat()}
        case date():
            return {_DAY: value.isoformat()}
        case time():
            return {_HOUR: value.isoformat()}
        case str() | int() | float() | None:
            return value
    raise TypeError(f"a backup does not know {type(value).__name__}")


def _value(read: Plain) -> Value:
    if not isinstance(read, dict):
        if isinstance(read, list):
            raise BackupInvalid("the backup has a value of an unknown kind")
        return read
    ((kind, said),) = read.items()
    match kind:
        case "b":
            return base64.b64decode(str(said))
        case "t":
            return datetime.fromisoformat(str(said))
        case "d":
            return date.fromisoformat(str(said))
        case "h":
            return time.fromisoformat(str(said))
    raise BackupInvalid("the backup has a value of an unknown kind")
