"""Guards of append-only tables in revisions: put on when such a table is made, written by hand
only when SQLite rebuilds one (a rebuilt table has lost its triggers)."""

from dataclasses import dataclass
from typing import Any

from alembic import op
from alembic.autogenerate import renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations import ops

from bot.store import append_only
from bot.store.append_only import APPEND_ONLY, Guard


def guard(table: str, refused: str) -> None:
    """In a revision, after `table` was made: refuse changes to it."""
    for statement in append_only.guard(table, Guard(refused), op.get_bind().dialect.name):
        op.execute(statement)


def unguard(table: str) -> None:
    """In a revision, after `table` was dropped."""
    for statement in append_only.unguard(table, op.get_bind().dialect.name):
        op.execute(statement)


@dataclass
class GuardTable(ops.MigrateOperation):
    """A line of a new revision that calls `guard` or `unguard`."""

    call: str


@renderers.dispatch_for(GuardTable)
def render_guard(autogen: AutogenContext, operation: GuardTable) -> str:
    autogen.imports.add("from bot.store.migrations import guards")
    return operation.call


def add_guards(_context: object, _revision: object, directives: list[Any]) -> None:
    """Write the guards into a new revision beside the tables that need them."""
    for script in directives:
        up = script.upgrade_ops.ops
        for made in [entry for entry in up if isinstance(entry, ops.CreateTableOp)]:
            if refused := made.info.pop(APPEND_ONLY, None):
                call = f"guards.guard({made.table_name!r}, {refused.value!r})"
                up.insert(up.index(made) + 1, GuardTable(call))
                down = script.downgrade_ops.ops
                dropped = next(
                    entry
                    for entry in down
                    if isinstance(entry, ops.DropTableOp) and entry.table_name == made.table_name
                )
                call = f"guards.unguard({made.table_name!r})"
                down.insert(down.index(dropped) + 1, GuardTable(call))
