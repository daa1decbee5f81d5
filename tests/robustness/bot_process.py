"""The bot as a process of its own, as it runs at a clinic: started, killed, paused, stopped."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.settings import Settings

_LONGEST_STOP: Final = 60
_OF_THE_MACHINE: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment in which `careloop run` finds these settings, and nothing of ours."""
    found = {name: os.environ[name] for name in _OF_THE_MACHINE if name in os.environ}
    for name, field in Settings.model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, SecretStr):
            value = value.get_secret_value()
        if value not in (None, "") and field.alias:
            found[field.alias] = str(value)
    return found


class BotProcess:
    """`careloop run` with `settings`; what it says goes to a file in `folder`."""

    def __init__(self, settings: Settings, folder: Path, name: str = "bot") -> None:
        self._environment = environment_of(settings)
        self._folder = folder
        self._log = folder / f"{name}.log"
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start it, and return without waiting until it listens."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot.cli", "run"),
                cwd=self._folder,
                env=self._environment,
                stdout=log,
                stderr=log,
            )

    @property
    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("the bot was not started")
        return self._process

    @property
    def processor_seconds(self) -> float:
        """What it has taken of a processor since its start; 0 where /proc does not tell."""
        told = Path(f"/proc/{self._running.pid}/stat")
        if not told.exists():
            return 0.0
        # Behind the name in brackets, which may hold anything: the 12th and 13th are its own.
        fields = told.read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def says(self) -> str:
        """All that it has written so far, over every start."""
        return self._log.read_text("utf-8") if self._log.exists() else ""

    async def is_killed(self) -> None:
        """End it as a power cut would: it gets no chance to do anything."""
        self._running.send_signal(signal.SIGKILL)
        await self.ends()

    def is_paused(self) -> None:
        """It stands still, as on a machine that was put to sleep."""
        self._running.send_signal(signal.SIGSTOP)

    def goes_on(self) -> None:
        self._running.send_signal(signal.SIGCONT)

    def is_told_to_stop(self) -> None:
        self._running.send_signal(signal.SIGTERM)

    async def ends(self) -> int:
        """Wait until it is gone; gives its exit status."""
        async with asyncio.timeout(_LONGEST_STOP):
            status = await self._running.wait()
        self._process = None
        return status

    async def stops(self) -> int:
        """Ask it to stop, and wait until it has; gives its exit status."""
        self.is_told_to_stop()
        return await self.ends()

    async def leave_nothing(self) -> None:
        """At the end of a test, however it ended."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGKILL)
            await self._process.wait()


@asynccontextmanager
async def bot_process(
    settings: Settings, folder: Path, name: str = "bot"
) -> AsyncIterator[BotProcess]:
    """A bot that is started at once and does not outlive the block."""
    process = BotProcess(settings, folder, name)
    await process.start()
    try:
        yield process
    finally:
        await process.leave_nothing()
