"""How Alembic runs: on the connection that `bot.store.migrations` opened, in its transaction."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, types

from bot.store.columns import BlindIndex, SealedText, UtcDateTime
from bot.store.migrations.guards import add_guards
from bot.store.tables import metadata


def render(kind: str, item: object, _autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column types as what they are in the database: revisions import no bot."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, SealedText | BlindIndex):
        return "sa.LargeBinary()"
    if kind == "type" and isinstance(item, types.TypeDecorator):
        return f"sa.{item.impl_instance!r}"
    return False


def run(connection: Connection) -> None:
    options: dict[str, Any] = {
        "render_as_batch": True,
        "render_item": render,
        "process_revision_directives": add_guards,
        "compare_type": True,
        "compare_server_default": True,
        "autogenerate_plugins": ["alembic.autogenerate.*", "alembic.ext.checkconstraint_byname"],
    }
    context.configure(
        connection=connection, target_metadata=metadata, transactional_ddl=True, **options
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
