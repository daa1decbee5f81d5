"""`careloop keys`: the master keys."""

from typing import Annotated

import typer
from sqlmodel import col, func, select

from bot.clock import SystemClock
from bot.commands.running import plain_words, run
from bot.settings import StoreSettings
from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.key_source import add_to_file
from bot.store.master_keys import KeysInvalid, MasterKeys, new_master_key
from bot.store.migrations import require_up_to_date
from bot.store.tables.keys import DataKeyRecord
from bot.store.tables.referrals import Patient
from bot.store.vault import Vault, WrongMasterKey, check_master_keys

keys_app = typer.Typer(
    name="keys", help="The master keys: make one, change it, see which are in use."
)


@keys_app.command("new")
def new_command(
    name: Annotated[str, typer.Argument(help="What to call it: a number not used before.")] = "1",
) -> None:
    """Make a master key and print it. It is stored nowhere: keep it safe."""
    with plain_words():
        _check_name(name)
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


@keys_app.command("rotate")
def rotate_command(
    name: Annotated[
        str, typer.Argument(help="With CARELOOP_KEYS_FILE: what to call the new key.")
    ] = "",
    everywhere: Annotated[
        bool,
        typer.Option(
            "--everywhere",
            help="With CARELOOP_KEYS: every running bot was restarted with the new key.",
        ),
    ] = False,
    there_already: Annotated[
        bool,
        typer.Option(
            "--there-already",
            help="With CARELOOP_KEYS_FILE: make no key; the file has the new one at its end.",
        ),
    ] = False,
) -> None:
    """Change the master key: wrap all data keys by a new one. The bot may run meanwhile.

    With a key file a new key is made and put into it; a running bot takes it up. A command is
    asked, and its newest key is used. No text is encrypted anew, so this takes seconds.
    """
    with plain_words():
        if name:
            _check_name(name)
    run(_rotate(name, everywhere=everywhere, there_already=there_already))


async def _rotate(name: str, *, everywhere: bool, there_already: bool) -> None:
    settings = StoreSettings.load()
    makes_one = settings.keys_file is not None and not there_already
    if name and not makes_one:
        raise KeysInvalid(["a new key is made only in a key file; elsewhere put it there first"])
    if settings.keys_setting == "CARELOOP_KEYS" and not everywhere:
        raise KeysInvalid(
            [
                "a running bot does not see a changed CARELOOP_KEYS: restart every one with the "
                "new key at the end, then run this with --everywhere"
            ]
        )
    url = settings.database_url.get_secret_value()
    await require_up_to_date(url)
    database = await Database.open(url, lock=False)
    try:
        async with database.reading() as session:
            problems = await check_master_keys(session, settings.master_keys)
        if problems:
            raise WrongMasterKey([*problems, f"put the right key back ({settings.keys_setting})"])
        if settings.keys_file is not None and makes_one:
            name = name or _next_name(settings.master_keys)
            add_to_file(settings.keys_file, new_master_key(name))
            typer.echo(f"key {name} is in {settings.keys_file} now; keep a copy of it safe")
        masters = settings.master_keys
        vault = await Vault.start(database, masters)
        total = 0
        while True:
            async with database.transaction() as session:
                done = await vault.rewrap(session)
                if done:
                    await AuditLog(vault.audit_key()).append(
                        session,
                        at=SystemClock().now(),
                        actor="operator",
                        deed="rotate_keys",
                        subject_kind="master_key",
                        subject_id=masters.current_id,
                        outcome="done",
                        surface="command_line",
                        facts={"count": str(done)},
                    )
            if not done:
                break
            total += done
        await database.purge()
    finally:
        await database.close()
    typer.echo(f"key {masters.current_id} protects {total} data keys more")
    old = [key_id for key_id in masters.keys if key_id != masters.current_id]
    if old:
        typer.echo(
            f"Still there: {', '.join(old)}. Older backups need them. `careloop keys status` says "
            "when they protect nothing here any more."
        )


def _check_name(name: str) -> None:
    if not name.isascii() or not name.isalnum() or len(name) > 20:
        raise KeysInvalid(["a key is called by up to 20 letters and digits, such as 2"])


def _next_name(masters: MasterKeys) -> str:
    """A number not used before."""
    return str(max((int(one) for one in masters.keys if one.isdigit()), default=0) + 1)


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
            is_erased = col(Patient.erased_at).is_not(None)
            patients = (await session.exec(select(func.count()).where(~is_erased))).one()
            erased = (await session.exec(select(func.count()).where(is_erased))).one()
    finally:
        await database.close()
    for key_id in masters.keys:
        current = " (current: protects what is new)" if key_id == masters.current_id else ""
        typer.echo(f"key {key_id}  protects {wraps.get(key_id, 0)} data keys{current}")
    typer.echo(f"patients  {patients} with a data key, {erased} erased")
    for problem in problems:
        typer.echo(f"wrong: {problem}", err=True)
    if problems:
        typer.echo(f"Put the right key back ({settings.keys_setting}).", err=True)
        raise typer.Exit(1)
