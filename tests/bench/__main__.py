"""`python -m tests.bench [part …]`: everything that is measured, as ratios within one run.

`answers-short` is `answers` with a fifth of the replies; it runs only where it is named.

Nothing is asserted and the status is 0: figures of a busy machine are no verdict. Ratios of one
run are: what slows one down slows the other down too, as they take turns.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path

from rich.console import Console

from bot.logs import LogFormat, LogLevel, configure_logs
from tests.bench import answers, clockwork, overtaking, processes, referrals, store

Part = Callable[[Path, Console], Coroutine[None, None, None]]

PARTS: dict[str, Part] = {
    "answers": answers.measure,
    "store": store.measure_and_print,
    "clockwork": clockwork.measure,
    "overtaking": overtaking.measure,
    "processes": processes.measure,
    "referrals": referrals.measure,
}

NAMED_ONLY: dict[str, Part] = {"answers-short": answers.measure_short}


def main() -> None:
    """Measure the parts that are named, or all."""
    configure_logs(LogLevel.ERROR, LogFormat.CONSOLE)
    console = Console()
    for name in sys.argv[1:] or PARTS:
        with tempfile.TemporaryDirectory() as folder:
            asyncio.run((PARTS | NAMED_ONLY)[name](Path(folder), console))


if __name__ == "__main__":
    main()
