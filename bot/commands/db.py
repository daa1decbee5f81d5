"""`careloop db`: the database's schema."""

from typing import Annotated

import typer
from sqlalchemy import text

from bot.commands.running import run
from bot.settings import DatabaseSettings
from bot.store.database import Database
from bot.store.lock import ProcessLock
from bot.store.migrations import migrate, pending_migrations, require_up_to_date, revisions
from bot.store.roles import RoleInvalid, check_role, grants
from bot.store.url import DatabaseKind

db_app = typer.Typer(name="db", help="The database: bring it up to date, see how it stands.")


@db_app.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date. Stop the bot first."""
    run(_migrate())


@db_app.command("status")
def status_command() -> None:
    """Say where the database is and what it lacks; exit status 1 when it lacks something."""
    run(_status())


@db_app.command("grants")
def grants_command(
    role: Annotated[str, typer.Argument(help="The role that the bot logs in as.")],
    apply: Annotated[
        bool, typer.Option("--apply", help="Do it, instead of printing the SQL.")
    ] = False,
) -> None:
    """PostgreSQL: let a role work with the tables that it can't own, and only add to the audit.

    Run it as the tables' owner (DATABASE_URL), after each `careloop db migrate`; the bot then
    logs in as ROLE.
    """
    run(_grants(role, apply=apply))


async def _grants(role: str, *, apply: bool) -> None:
    settings = DatabaseSettings.load()
    if settings.address.kind is not DatabaseKind.POSTGRESQL:
        raise RoleInvalid("SQLite has no roles: the file's own permissions are what there is")
    url = settings.database_url.get_secret_value()
    await require_up_to_date(url)
    database = await Database.open(url, lock=False)
    try:
        async with database.transaction() as session:
            statements = list(grants(role, *await check_role(session, role)))
            if apply:
                connection = await session.connection()
                for statement in statements:
                    await connection.execute(text(statement))
    finally:
        await database.close()
    if apply:
        typer.echo(f"{role} may work with the tables, and only add to the audit")
        return
    for statement in statements:
        typer.echo(f"{statement};")


async def _migrate() -> None:
    settings = DatabaseSettings.load()
    address, url = settings.address, settings.database_url.get_secret_value()
    lock = ProcessLock(address.file) if address.file is not None else None
    try:
        applied = await migrate(url)
    finally:
        if lock is not None:
            lock.release()
    for revision in applied:
        typer.echo(f"applied {revision}")
    typer.echo(f"{address} is up to date")


async def _status() -> None:
    settings = DatabaseSettings.load()
    pending = await pending_migrations(settings.database_url.get_secret_value())
    typer.echo(f"database    {settings.address}")
    typer.echo(f"migrations  {len(revisions()) - len(pending)} of {len(revisions())} applied")
    if pending:
        typer.echo("Run `careloop db migrate`.")
        raise typer.Exit(1)
