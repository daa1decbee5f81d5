"""`careloop audit`: the record of who did what."""

import typer

from bot.commands.running import run
from bot.settings import StoreSettings
from bot.store.audit import AuditLog, AuditReport
from bot.store.database import Database
from bot.store.migrations import require_up_to_date
from bot.store.vault import Vault

audit_app = typer.Typer(name="audit", help="The audit log: check that nobody changed it.")


@audit_app.callback()
def _audit() -> None:
    """Keeps `verify` a command of its own while there is only one."""


@audit_app.command("verify")
def verify_command() -> None:
    """Walk the whole audit log; exit status 1, with the first bad entry, when it is broken."""
    report = run(_verify())
    typer.echo(str(report), err=not report.intact)
    if not report.intact:
        raise typer.Exit(1)


async def _verify() -> AuditReport:
    settings = StoreSettings.load()
    url = settings.database_url.get_secret_value()
    await require_up_to_date(url)
    database = await Database.open(url, lock=False)
    try:
        vault = await Vault.start(database, settings.master_keys)
        async with database.reading() as session:
            return await AuditLog(vault.audit_key()).verify(session)
    finally:
        await database.close()
