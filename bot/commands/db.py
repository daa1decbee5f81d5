"""`careloop db`: the database's schema."""

import typer

from bot.commands.running import run
from bot.settings import DatabaseSettings
from bot.store.lock import ProcessLock
from bot.store.migrations import migrate, pending_migrations, revisions

db_app = typer.Typer(name="db", help="The database: bring it up to date, see how it stands.")


@db_app.command("migrate")
def migrate_command() -> None:
    """Bring the database up to date. Stop the bot first."""
    run(_migrate())


@db_app.command("status")
def status_command() -> None:
    """Say where the database is and what it lacks; exit status 1 when it lacks something."""
    run(_status())


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
