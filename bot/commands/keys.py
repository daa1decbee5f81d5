"""`careloop keys`: the master keys."""

from typing import Annotated

import typer
from sqlmodel import col, func, select

from bot.commands.running import plain_words, run
from bot.settings import StoreSettings
from bot.store.database import Database
from bot.store.master_keys import KeysInvalid, new_master_key
from bot.store.migrations import require_up_to_date
from bot.store.tables.keys import DataKeyRecord, KeyOwner
from bot.store.vault import check_master_keys

keys_app = typer.Typer(name="keys", help="The master keys: make one, see which are in use.")


@keys_app.command("new")
def new_command(
    name: Annotated[str, typer.Argument(help="What to call it: a number not used before.")] = "1",
) -> None:
    """Make a master key and print it. It is stored nowhere: keep it safe."""
    with plain_words():
        if not name.isascii() or not name.isalnum() or len(name) > 20:
            raise KeysInvalid(["a key is called by up to 20 letters and digits, such as 2"])
    typer.echo(new_master_key(name))
    typer.echo(
        "Put it into CARELOOP_KEYS, after the keys that are there: 1:...,2:...\n"
        "Keep a copy in a safe place: without it nobody can read what it protects.",
        err=True,
    )


@keys_app.command("status")
def status_command() -> None:
    """Say which master keys there are and what they protect; exit status 1 when one is wrong."""
    run(_status())


async def _status() -> None:
    settings = StoreSettings.load()
    masters, url = settings.master_keys, settings.database_url.get_secret_value()
    typer.echo(f"database  {settings.address}")
    await require_up_to_date(url)
    database = await Database.open(url, lock=False)
    try:
        async with database.reading() as session:
            problems = await check_master_keys(session, masters)
            living = col(DataKeyRecord.destroyed_at).is_(None)
            wraps = dict(
                (
                    await session.exec(
                        select(DataKeyRecord.master_key_id, func.count())
                        .where(living)
                        .group_by(col(DataKeyRecord.master_key_id))
                    )
                ).all()
            )
            of_patient = DataKeyRecord.owner_kind == KeyOwner.PATIENT
            patients = (await session.exec(select(func.count()).where(living, of_patient))).one()
            erased = (await session.exec(select(func.count()).where(~living, of_patient))).one()
    finally:
        await database.close()
    for key_id in masters.keys:
        current = " (current: protects what is new)" if key_id == masters.current_id else ""
        typer.echo(f"key {key_id}  protects {wraps.get(key_id, 0)} data keys{current}")
    typer.echo(f"patients  {patients} with a data key, {erased} erased")
    for problem in problems:
        typer.echo(f"wrong: {problem}", err=True)
    if problems:
        raise typer.Exit(1)
