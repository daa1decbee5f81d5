"""The drawing process: it draws what its pipe asks for.

It is started as a module of its own, so that it loads what drawing needs and nothing of the bot
(multiprocessing's spawn would run the bot's own main module again, which takes twice as long).
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection

from bot.shown.case import ShownProgress


class Kind(StrEnum):
    """What can be drawn."""

    TREND = "trend"
    REPORT = "report"


@dataclass(frozen=True)
class Order:
    """One drawing that is asked for."""

    kind: Kind
    shown: ShownProgress


@dataclass(frozen=True)
class Refusal:
    """Why nothing was drawn: the error's class and place, never what it was about."""

    reason: str


def work(pipe: Connection) -> None:
    """Say that it is ready, then draw what is asked until the pipe closes."""
    # Loaded here and not above: the bot's own process never draws.
    from bot.pictures.report import report_pdf  # noqa: PLC0415
    from bot.pictures.trend import trend_png  # noqa: PLC0415

    draw = {Kind.TREND: trend_png, Kind.REPORT: report_pdf}
    with suppress(EOFError, BrokenPipeError, ConnectionResetError):  # nobody is there any more
        pipe.send(True)
        while True:
            order: Order = pipe.recv()
            pipe.send(_drawn(draw[order.kind], order.shown))


def _drawn(draw: Callable[[ShownProgress], bytes], shown: ShownProgress) -> bytes | Refusal:
    try:
        return draw(shown)
    except Exception as error:  # noqa: BLE001 - this process's boundary: it draws the next one
        return Refusal(_where(error))


def _where(error: Exception) -> str:
    """The error's class and the place in the code; its text may repeat what patients said."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    if place is None:
        return type(error).__name__
    name = place.tb_frame.f_code.co_filename.rpartition("/")[2]
    return f"{type(error).__name__} at {name}:{place.tb_lineno}"
