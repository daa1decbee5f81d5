"""Saves the state as things happen: a workspace that is killed goes on almost where it was."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Final

from bot.sandbox.state import saving
from bot.sandbox.state.happenings import Happening
from bot.sandbox.state.workspace import Workspace

# What happens within it is saved together; what a crash loses is no older.
_TOGETHER_SECONDS: Final = 0.2
# A large workspace takes longer to write: at most a tenth of the time goes into it.
_SHARE: Final = 10


class Keeping:
    """Writes a workspace to a file soon after whatever happens in it."""

    def __init__(self, workspace: Workspace, path: Path) -> None:
        self._workspace = workspace
        self._path = path
        self._happened = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._forget = workspace.listen(self._note)

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())

    def _note(self, _: Happening) -> None:
        self._happened.set()

    async def _run(self) -> None:
        pause = _TOGETHER_SECONDS
        while True:
            await self._happened.wait()
            await asyncio.sleep(pause)
            self._happened.clear()
            begun = time.monotonic()
            saving.save(self._workspace.state, self._path)
            pause = max(_TOGETHER_SECONDS, _SHARE * (time.monotonic() - begun))

    async def stop(self) -> None:
        """Save what is there and write no more."""
        self._forget()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        saving.save(self._workspace.state, self._path)
