"""Names of constraints: how they are made, and how they are found again in SQLite's words."""

import re
from collections.abc import Iterator
from typing import Final

from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint
from sqlmodel import SQLModel

NAMING: Final = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


def sqlite_constraint_name(message: str) -> str:
    """The constraint's name from SQLite's message.

    SQLite says `UNIQUE constraint failed: inbox.event_id` (columns), `CHECK constraint failed:
    ck_inbox_state` (the name), `UNIQUE constraint failed: index 'ix_…'` (the name),
    `NOT NULL constraint failed: inbox.event_id` or `FOREIGN KEY constraint failed`.
    """
    kind, _, rest = message.partition(" constraint failed")
    named = rest.removeprefix(": ")
    if index := re.fullmatch(r"index '(\w+)'", named):
        return index[1]
    if kind == "UNIQUE" and (columns := re.findall(r"(\w+)\.(\w+)", named)):
        table = SQLModel.metadata.tables.get(columns[0][0])
        names = {column for _, column in columns}
        if table is not None:
            for name, members in _unique(table):
                if members == names:
                    return name
        return f"UNIQUE {named}"
    if kind == "CHECK" and re.fullmatch(r"\w+", named):
        return named
    if kind == "NOT NULL" and re.fullmatch(r"\w+\.\w+", named):
        return f"NOT NULL {named.partition('.')[2]}"
    return kind if kind in {"FOREIGN KEY", "CHECK", "UNIQUE", "NOT NULL"} else "unnamed"


def _unique(table: Table) -> Iterator[tuple[str, set[str]]]:
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint | PrimaryKeyConstraint):
            yield str(constraint.name), {column.name for column in constraint.columns}
    for index in table.indexes:
        if index.unique:
            yield str(index.name), {column.name for column in index.columns}
