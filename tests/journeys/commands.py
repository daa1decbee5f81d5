"""What an operator runs beside the bot, on the same database and by the same clock."""

import asyncio
import subprocess
import sys
from pathlib import Path

from bot.demo.clinic import Clinic
from tests.robustness.bot_process import environment_of


async def careloop(
    clinic: Clinic, clock_file: Path, *words: str, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run `careloop` with these words, in a process of its own; the bot does what comes of it."""
    environment = environment_of(clinic.settings) | {"CARELOOP_CLOCK_FILE": str(clock_file)}

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bot.cli", *words],
            env=environment | more,
            check=False,
            capture_output=True,
            text=True,
        )

    done = await asyncio.to_thread(run)
    if clinic.bot is not None:
        clinic.bot.kick()
    await clinic.settled()
    return done
