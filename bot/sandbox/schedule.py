"""Posts scheduled messages when the workspace's clock reaches them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from bot.sandbox.api import chat
from bot.sandbox.api.method import Call
from bot.sandbox.clock import sleep_until
from bot.sandbox.state.model import App
from bot.sandbox.state.workspace import Workspace

CallFor = Callable[[App], Call]


class Schedule:
    """Wakes at the next due time, and when something is scheduled."""

    def __init__(self, workspace: Workspace, call_for: CallFor) -> None:
        self._workspace = workspace
        self._call_for = call_for
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run())

    def changed(self) -> None:
        """Something was scheduled or the state is another one: look again."""
        self._changed.set()

    async def _run(self) -> None:
        while True:
            self._changed.clear()
            self._post_due()
            await self._wait()

    def _post_due(self) -> None:
        state, now = self._workspace.state, self._workspace.seconds()
        due = [item for item in state.scheduled.values() if item.post_at <= now]
        for item in sorted(due, key=lambda item: item.post_at):
            app = state.apps.get(item.app_id)
            if app is not None and app.installed:
                chat.post_scheduled(self._call_for(app), item)
            else:
                del state.scheduled[item.id]

    async def _wait(self) -> None:
        changed = asyncio.ensure_future(self._changed.wait())
        times = [item.post_at for item in self._workspace.state.scheduled.values()]
        waits: list[asyncio.Future[object]] = [changed]  # type: ignore[list-item]
        if times:
            due = datetime.fromtimestamp(min(times), UTC)
            nap = asyncio.ensure_future(sleep_until(self._workspace.clock, due))
            waits.append(nap)  # type: ignore[arg-type]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
