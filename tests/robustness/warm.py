"""Bots that start in a moment: forked from a process that has loaded all that they need.

`python -m tests.robustness.warm LOG` starts a bot for each line that it reads, and writes its
process id. A bot is a process of its own as after `careloop run`; only the loading was done before.
"""

import asyncio
import os
import signal
import sys
from importlib import import_module
from pathlib import Path
from typing import Final

from bot.settings import Settings
from tests.robustness.bot_process import environment_of

# Two hundred threads are read back after each start, beside whatever else the machine does.
_LONGEST_WAIT: Final = 300


class WarmBots:
    """Starts bots with the same settings, and ends them; several may run at once."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._environment = environment_of(settings)
        self._folder = folder
        self.log = folder / "bots.log"
        self._helper: asyncio.subprocess.Process | None = None
        self.running: list[int] = []

    async def load(self) -> None:
        self._helper = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.robustness.warm", str(self.log)),
            env=self._environment | {"PYTHONPATH": str(Path(__file__).parents[2])},
            cwd=self._folder,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )

    async def start(self) -> None:
        """Start one more, and return without waiting until it listens."""
        helper = self._helper
        if helper is None or helper.stdin is None or helper.stdout is None:
            raise RuntimeError("load first")
        helper.stdin.write(b"\n")
        async with asyncio.timeout(_LONGEST_WAIT):
            self.running.append(int(await helper.stdout.readline()))

    async def kill(self, process: int) -> None:
        """End one as a power cut would."""
        await self._end(process, signal.SIGKILL)

    @property
    def times_read_back(self) -> int:
        """How often a bot has read the threads back after it connected."""
        return self.log.read_text("utf-8").count("read_back") if self.log.exists() else 0

    async def have_read_back(self, times: int) -> None:
        """Wait until they have as often as that in all."""
        async with asyncio.timeout(_LONGEST_WAIT):
            while self.times_read_back < times:  # noqa: ASYNC110 - a file tells
                await asyncio.sleep(0.02)

    async def stop_all(self) -> None:
        """Ask all to leave in order, and wait until they have."""
        for process in tuple(self.running):
            await self._end(process, signal.SIGTERM)
        if self._helper is not None and self._helper.stdin is not None:
            self._helper.stdin.close()
            await self._helper.wait()

    async def leave_nothing(self) -> None:
        """At the end of a test, however it ended."""
        for process in tuple(self.running):
            await self._end(process, signal.SIGKILL)
        await self.stop_all()

    async def _end(self, process: int, by: signal.Signals) -> None:
        self.running.remove(process)
        os.kill(process, by)
        async with asyncio.timeout(_LONGEST_WAIT):
            while _is_there(process):  # noqa: ASYNC110 - nobody tells of another's child
                await asyncio.sleep(0.002)


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _serve(log: str) -> None:
    from bot import cli

    import_module("bot.commands.run")  # which the command line would load in each child

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever dies is gone at once
    while sys.stdin.readline():
        child = os.fork()
        if not child:
            _become_a_bot(log, cli.main)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


def _become_a_bot(log: str, main: object) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for kept, replaced in ((nothing, 0), (written, 1), (written, 2)):
        os.dup2(kept, replaced)
    sys.argv = ["careloop", "run"]
    status = 1
    try:
        if callable(main):
            main()
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 0
    finally:
        os._exit(status)


if __name__ == "__main__":
    _serve(sys.argv[1])
