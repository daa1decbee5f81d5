"""Where pictures and documents are drawn: one process beside the bot's own, asked one at a time.

matplotlib takes a tenth of a second of computing and a hundred megabytes; neither belongs on the
event loop or stays in the bot. The process is started shortly after the bot or when it is first
needed, replaced after some drawings so that memory can't creep up, killed when a drawing takes too
long, and ends by itself when the bot is gone: its pipe closes then.
"""

import asyncio
import sys
from asyncio.subprocess import Process
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Final, Self

from bot.pictures.worker import Kind, Order, Refusal
from bot.shown.case import ShownProgress

LONGEST_SECONDS: Final = 12.0
_LONGEST_START_SECONDS: Final = 60.0
_MOST_DRAWINGS: Final = 50
_GOODBYE_SECONDS: Final = 2.0


class DrawingFailed(Exception):
    """Nothing was drawn. `reason` names the error's class and place, never what it was about."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Studio:
    """Draws, off the event loop."""

    def __init__(
        self,
        longest_seconds: float = LONGEST_SECONDS,
        goodbye_seconds: float = _GOODBYE_SECONDS,
    ) -> None:
        """`longest_seconds` for a drawing; `goodbye_seconds` for the process to leave by itself."""
        self._longest = longest_seconds
        self._goodbye = goodbye_seconds
        self._turn = asyncio.Lock()
        self._worker: _Worker | None = None
        self._is_closed = False

    async def draw(self, kind: Kind, shown: ShownProgress) -> bytes:
        """The bytes of a PNG (trend) or PDF (report). Raises `DrawingFailed`."""
        async with self._turn:
            if self._worker is not None and self._worker.drawings >= _MOST_DRAWINGS:
                await self._end()
            answer = await self._ask(Order(kind, shown))
        if isinstance(answer, Refusal):
            raise DrawingFailed(answer.reason)
        return answer

    async def warm(self) -> None:
        """Start the process before anybody waits for a drawing. Does nothing if it runs."""
        async with self._turn:
            if self._worker is None and not self._is_closed:
                with suppress(DrawingFailed):  # whoever asks for a drawing tries again
                    await self._ask(None)

    async def close(self) -> None:
        """End the process, if there is one, for good: who waited to start one does not."""
        self._is_closed = True
        async with self._turn:
            await self._end()

    @property
    def process_id(self) -> int | None:
        """Of the drawing process, while there is one."""
        return None if self._worker is None else self._worker.process_id

    async def _ask(self, order: Order | None) -> bytes | Refusal:
        """What the process answers to an order; to none, that it is ready."""
        if self._is_closed:
            raise DrawingFailed("closed")
        if self._worker is None:
            self._worker = await _Worker.start()
        try:
            return await asyncio.to_thread(self._worker.ask, order, self._longest)
        except (EOFError, OSError, TimeoutError) as error:
            await self._end()
            raise DrawingFailed(type(error).__name__) from None

    async def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.end(self._goodbye)


class _Worker:
    """The other process, seen from here."""

    def __init__(self, pipe: Connection, process: Process) -> None:
        self._pipe = pipe
        self._process = process
        self.drawings = 0
        self._is_ready = False

    @classmethod
    async def start(cls) -> Self:
        """A process started anew, not forked: the bot has threads and open connections.

        It is a module of its own, so that it loads what drawing needs and nothing of the bot;
        multiprocessing's spawn would run the bot's own main module again, which takes twice as
        long as the drawing's.
        """
        ours, theirs = Pipe()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "bot.pictures", str(theirs.fileno())),
            stdin=asyncio.subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        return cls(ours, process)

    @property
    def process_id(self) -> int:
        return self._process.pid

    def ask(self, order: Order | None, longest: float) -> bytes | Refusal:
        """Its answer; this waits. Raises EOFError, OSError or TimeoutError where none comes."""
        if not self._is_ready:  # It loads matplotlib first, which a busy machine is slow at.
            if not self._pipe.poll(_LONGEST_START_SECONDS):
                raise TimeoutError
            self._is_ready = bool(self._pipe.recv())
        if order is None:
            return b""
        self.drawings += 1
        self._pipe.send(order)
        if not self._pipe.poll(longest):
            raise TimeoutError
        answer: bytes | Refusal = self._pipe.recv()
        return answer

    async def end(self, goodbye_seconds: float) -> None:
        """Let it go; kill it if it does not."""
        self._pipe.close()
        try:
            await asyncio.wait_for(self._process.wait(), goodbye_seconds)
        except TimeoutError:
            with suppress(ProcessLookupError):  # it has left in this very moment
                self._process.kill()
            await self._process.wait()


__all__ = ["LONGEST_SECONDS", "DrawingFailed", "Kind", "Studio"]
