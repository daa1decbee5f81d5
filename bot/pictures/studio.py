"""Where pictures and documents are drawn: one process beside the bot's own, asked one at a time.

matplotlib takes a tenth of a second of computing and a hundred megabytes; neither belongs on the
event loop or stays in the bot. The process is started when it is first needed, replaced after
some drawings so that memory can't creep up, killed when a drawing takes too long, and ends by
itself when the bot is gone: its pipe closes then.
"""

import asyncio
import multiprocessing
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Final

from bot.shown import ShownProgress

LONGEST_SECONDS: Final = 12.0
_LONGEST_START_SECONDS: Final = 60.0
_MOST_DRAWINGS: Final = 50
_GOODBYE_SECONDS: Final = 2.0


class Kind(StrEnum):
    """What can be drawn."""

    TREND = "trend"
    REPORT = "report"


class DrawingFailed(Exception):
    """Nothing was drawn. `reason` names the error's class and place, never what it was about."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class _Order:
    kind: Kind
    shown: ShownProgress


@dataclass(frozen=True)
class _Refusal:
    reason: str


class Studio:
    """Draws, off the event loop."""

    def __init__(self, longest_seconds: float = LONGEST_SECONDS) -> None:
        self._longest = longest_seconds
        self._turn = asyncio.Lock()
        self._worker: _Worker | None = None

    async def draw(self, kind: Kind, shown: ShownProgress) -> bytes:
        """The bytes of a PNG (trend) or PDF (report). Raises `DrawingFailed`."""
        async with self._turn:
            return await asyncio.to_thread(self._draw, _Order(kind, shown))

    async def close(self) -> None:
        """End the process, if there is one."""
        async with self._turn:
            if self._worker is not None:
                await asyncio.to_thread(self._worker.end)
                self._worker = None

    def _draw(self, order: _Order) -> bytes:
        if self._worker is None or self._worker.drawings >= _MOST_DRAWINGS:
            if self._worker is not None:
                self._worker.end()
            self._worker = _Worker()
        try:
            answer = self._worker.ask(order, self._longest)
        except (EOFError, OSError, TimeoutError) as error:
            self._worker.end()
            self._worker = None
            raise DrawingFailed(type(error).__name__) from None
        if isinstance(answer, _Refusal):
            raise DrawingFailed(answer.reason)
        return answer


class _Worker:
    """The other process, seen from here."""

    def __init__(self) -> None:
        # Spawned, not forked: the bot has threads and open connections.
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: SpawnProcess = context.Process(
            target=_work, args=(theirs,), name="careloop-studio", daemon=True
        )
        self._process.start()
        theirs.close()
        self.drawings = 0
        self._is_ready = False

    def ask(self, order: _Order, longest: float) -> bytes | _Refusal:
        if not self._is_ready:  # It loads matplotlib first, which a busy machine is slow at.
            if not self._pipe.poll(_LONGEST_START_SECONDS):
                raise TimeoutError
            self._is_ready = bool(self._pipe.recv())
        self.drawings += 1
        self._pipe.send(order)
        if not self._pipe.poll(longest):
            raise TimeoutError
        answer: bytes | _Refusal = self._pipe.recv()
        return answer

    def end(self) -> None:
        """Let it go; kill it if it does not."""
        self._pipe.close()
        self._process.join(_GOODBYE_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()


def _work(pipe: Connection) -> None:
    """The other process: draw what is asked until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the bot, which then closes
    # Loaded here and not above: the bot's own process never draws.
    from bot.pictures.report import report_pdf  # noqa: PLC0415
    from bot.pictures.trend import trend_png  # noqa: PLC0415

    draw = {Kind.TREND: trend_png, Kind.REPORT: report_pdf}
    with suppress(EOFError, BrokenPipeError):  # nobody is there any more
        pipe.send(True)
        while True:
            order: _Order = pipe.recv()
            pipe.send(_drawn(draw[order.kind], order.shown))


def _drawn(draw: Callable[[ShownProgress], bytes], shown: ShownProgress) -> bytes | _Refusal:
    try:
        return draw(shown)
    except Exception as error:  # noqa: BLE001 - this process's boundary: it draws the next one
        return _Refusal(_where(error))


def _where(error: Exception) -> str:
    """The error's class and the place in the code; its text may repeat what patients said."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None:
        return type(error).__name__
    name = place.tb_frame.f_code.co_filename.rpartition("/")[2]
    return f"{type(error).__name__} at {name}:{place.tb_lineno}"
