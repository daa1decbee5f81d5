"""`careloop doctor`: whether a real installation is well, line by line, with what to do."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.text import Text

from bot.clock import Clock, SharedClock, SystemClock
from bot.commands import checkups
from bot.commands.checkups import Grade, Line, fail, ok
from bot.commands.running import run
from bot.settings import Settings, SettingsInvalid, StoreSettings, readable_part
from bot.store.database import Database
from bot.store.errors import StoreError
from bot.transport.client import slack_client

_STYLES: Final = {Grade.OK: "green", Grade.WARN: "yellow", Grade.FAIL: "bold red"}


def doctor_command(
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with status 1 for a warning, too.")
    ] = False,
) -> None:
    """Look at the settings, Slack, the database, the keys and the work; change nothing.

    Exit status 1 if something fails.
    """
    bad = {Grade.FAIL, Grade.WARN} if strict else {Grade.FAIL}
    if run(_examine()) & bad:
        raise typer.Exit(1)


async def _examine() -> set[Grade]:
    console = Console(highlight=False, markup=False, soft_wrap=True)
    grades = set()
    async for line in examine():
        grades.add(line.grade)
        if sys.stdout.isatty():
            head = Text(f"{line.grade.value:<5}", style=_STYLES[line.grade])
            console.print(head, Text(f"{line.name:<15} {line.what}"), sep=" ")
        else:
            typer.echo(f"{line.grade.value:<5} {line.name:<15} {line.what}")
        if line.do:
            typer.echo(f"{'':<22}{line.do}")
    return grades


async def examine(machine: Clock | None = None) -> AsyncIterator[Line]:
    """Every line, as it is known. `machine` stands in for this machine's own clock."""
    slack_clock = machine or SystemClock()
    settings: Settings | None = None
    here: StoreSettings | None = None
    try:
        here = settings = Settings.load()
        yield ok("settings", "every value can be used")
    except SettingsInvalid as error:
        for problem in error.problems:
            yield fail("settings", problem.name, problem.what)
        here = _what_can_be_used()
    clock: Clock = slack_clock
    if settings is not None and settings.clock_file is not None:
        clock = SharedClock(settings.clock_file)
    database: Database | None = None
    if here is not None:
        line = await checkups.schema(here)
        yield line
        if line.grade is Grade.OK:
            database = await Database.open(here.database_url.get_secret_value(), lock=False)
    try:
        if here is not None and database is not None:
            async for line in _of_the_store(here, database, clock):
                yield line
        if settings is not None:
            async with slack_client(settings) as client:
                known = False
                async for line in checkups.slack(client, settings, slack_clock):
                    known = known or line == ok("token", line.what)
                    yield line
                if known and database is not None:
                    yield await checkups.channels(client, database)
    finally:
        if database is not None:
            await database.close()


async def _of_the_store(
    settings: StoreSettings, database: Database, clock: Clock
) -> AsyncIterator[Line]:
    try:
        async for line in checkups.store(settings, database, clock):
            yield line
    except StoreError as error:
        yield fail("database", str(error), "see the log of the database")


def _what_can_be_used() -> StoreSettings | None:
    """With a token missing, the database is looked at all the same."""
    found = readable_part(Path(".env"))
    return found if isinstance(found, StoreSettings) else None
