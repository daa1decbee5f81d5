"""How long the reader takes: `python -m tests.care.bench_reader`.

Machines differ and are shared, so that each figure stands beside that of a plain loop of 200,000
rounds in the same process (about 13 ms on a quiet core of 2024), and is processor time.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

from bot.care.reader import read_note
from bot.care.rules import load_rules
from tests.care.scoring import NOTES, labelled

POSTED = date(2026, 11, 12)
LONGEST_MESSAGE = 40_000
ROUNDS = 7


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _loop() -> None:
    for _ in range(200_000):
        pass


def main() -> None:
    """Print the figures; each is the best of several rounds."""
    loop = min(_seconds(_loop) for _ in range(ROUNDS * 3))
    loading = min(_seconds(load_rules) for _ in range(3))
    rules = load_rules()
    texts = [note["text"] for file in sorted(NOTES.glob("*.jsonl")) for note in labelled(file.stem)]
    each = sorted(
        min(_seconds(lambda text=text: read_note(text, POSTED, rules)) for _ in range(ROUNDS))  # type: ignore[misc]
        for text in texts
    )
    long = "\n".join(texts)[:LONGEST_MESSAGE]
    longest = min(_seconds(lambda: read_note(long, POSTED, rules)) for _ in range(ROUNDS))
    figures = {
        "plain loop": loop,
        "loading the rules": loading,
        f"a note, median of {len(each)}": statistics.median(each),
        "a note, p99": each[int(len(each) * 0.99)],
        "a note, slowest": each[-1],
        "40,000 characters": longest,
    }
    for name, seconds in figures.items():
        sys.stdout.write(f"{name:28} {seconds * 1e3:8.2f} ms  {seconds / loop:6.2f} loops\n")


if __name__ == "__main__":
    main()
