"""Tables that may only be added to: the database itself refuses changes, also by hand.

A table says so in its `info`: `{"info": {APPEND_ONLY: Guard.NO_CHANGE}}`. `guard_tables` then
guards it where tables are made from the models, and new revisions call `guard` for it.
"""

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from sqlalchemy import DDL, MetaData, event

# The key in a table's `info`, and what the triggers say: the engine knows their refusal by it.
APPEND_ONLY: Final = "append only"


class Guard(StrEnum):
    """What is refused."""

    NO_CHANGE = "no change"  # neither UPDATE nor DELETE
    NO_DELETE = "no delete"
    # Neither UPDATE nor DELETE, but that an identifier in a sealed text is replaced: the text is
    # sealed anew, and `replaced_at` says so.
    ONLY_REPLACED = "only replaced"


# Of a guard that lets texts be replaced: all columns but these must stay.
REPLACED_AT: Final = "replaced_at"
SEALED: Final = "_sealed"


def guard(table: str, refused: Guard, dialect: str, fixed: Sequence[str] = ()) -> list[str]:
    """The statements that put the guard on `table`, for one dialect.

    `fixed` are the columns that stay when a text is replaced.
    """
    if refused is Guard.ONLY_REPLACED:
        return _only_replaced(table, dialect, fixed)
    deeds = ["DELETE"] if refused is Guard.NO_DELETE else ["DELETE", "UPDATE"]
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_no_{deed.lower()} BEFORE {deed} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END"
            for deed in deeds
        ]
    return [
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{APPEND_ONLY}'; END $$",
        f"CREATE TRIGGER {table}_append_only BEFORE {' OR '.join(deeds)} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_append_only()",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()",
    ]


def _only_replaced(table: str, dialect: str, fixed: Sequence[str]) -> list[str]:
    if dialect == "sqlite":
        stays = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in fixed)
        return [
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END",
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"WHEN NOT (NEW.{REPLACED_AT} IS NOT NULL"
            f" AND NEW.{REPLACED_AT} IS NOT OLD.{REPLACED_AT} AND {stays}) "
            f"BEGIN SELECT RAISE(ABORT, '{APPEND_ONLY}'); END",
        ]
    stays = " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in fixed)
    return [
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'UPDATE' THEN IF NEW.{REPLACED_AT} IS NOT NULL"
        f" AND NEW.{REPLACED_AT} IS DISTINCT FROM OLD.{REPLACED_AT} AND {stays}"
        f" THEN RETURN NEW; END IF; END IF; RAISE EXCEPTION '{APPEND_ONLY}'; END $$",
        *guard(table, Guard.NO_CHANGE, dialect)[1:],
    ]


def fixed_columns(columns: Sequence[str]) -> list[str]:
    """Of a guarded table's columns, those that stay when a text is replaced."""
    return [name for name in columns if name != REPLACED_AT and not name.endswith(SEALED)]


def unguard(table: str, dialect: str) -> list[str]:
    """The statements that take away what is left of the guard after `table` was dropped."""
    return [] if dialect == "sqlite" else [f"DROP FUNCTION {table}_append_only()"]


def guard_tables(metadata: MetaData) -> None:
    """Guard each table that says so when it is made from the models."""
    for table in metadata.tables.values():
        if APPEND_ONLY not in table.info:
            continue
        for dialect in ("sqlite", "postgresql"):
            for statement in guard(
                table.name,
                table.info[APPEND_ONLY],
                dialect,
                fixed_columns([column.name for column in table.columns]),
            ):
                ddl = DDL(statement)  # type: ignore[no-untyped-call]
                event.listen(table, "after_create", ddl.execute_if(dialect=dialect))
