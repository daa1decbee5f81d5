"""What an operator runs beside the bot, on the same database and by the same clock."""

import asyncio
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from sqlmodel import col, select
from typer.testing import CliRunner

from bot.cli import app
from bot.demo.clinic import Clinic
from bot.store.database import Database
from bot.store.tables.audit import AuditEntry
from tests.robustness.bot_process import environment_of


async def audited_as(clinic: Clinic, deed: str) -> list[tuple[str, str, str]]:
    """Who did a deed, by the audit: actor, outcome and facts of each entry."""
    database = await Database.open(clinic.settings.database_url.get_secret_value(), lock=False)
    try:
        async with database.reading() as session:
            wanted = select(AuditEntry).where(AuditEntry.deed == deed).order_by(col(AuditEntry.seq))
            found = await session.exec(wanted)
            return [(one.actor, one.outcome, one.facts) for one in found]
    finally:
        await database.close()


@dataclass(frozen=True)
class Done:
    exit_code: int
    stdout: str
    stderr: str


async def careloop(
    clinic: Clinic,
    clock_file: Path,
    *words: str,
    alone: bool = False,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Done:
    """Run `careloop` with these words and `more` settings; the bot does what comes of it.

    `alone`: in a process of its own, as an operator does. That takes seconds to load, so most
    stories run it in a thread of this one.
    """
    environment = {
        **environment_of(clinic.settings),
        "CARELOOP_CLOCK_FILE": str(clock_file),
        **more,
    }
    done = await asyncio.to_thread(_alone if alone else _here, words, environment)
    if clinic.bot is not None:
        clinic.bot.kick()
    await clinic.settled()
    return done


def _alone(words: tuple[str, ...], environment: Mapping[str, str]) -> Done:
    command = [sys.executable, "-m", "bot.cli", *words]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    return Done(done.returncode, done.stdout, done.stderr)


def _here(words: tuple[str, ...], environment: Mapping[str, str]) -> Done:
    done = CliRunner().invoke(app, words, env=environment)
    return Done(done.exit_code, done.stdout, done.stderr)
