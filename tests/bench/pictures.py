"""What drawing costs, a treatment of 40 sessions: `python -m tests.bench.pictures`.

Seconds and the drawing process's largest memory, first when its process has yet to start and
then warm.
"""

import asyncio
import resource
import statistics
import sys
from time import perf_counter

from bot.pictures.studio import Kind, Studio
from tests.care.treatments import forty
from tests.pictures.samples import days, shown

ROUNDS = 7


async def measure() -> list[str]:
    treatment = shown(forty(), plan_changes=days(35, 90), concerns=days(20, 60))
    lines = []
    for kind in Kind:
        studio = Studio()
        began = perf_counter()
        await studio.draw(kind, treatment)
        cold = perf_counter() - began
        times = []
        for _ in range(ROUNDS):
            began = perf_counter()
            size = len(await studio.draw(kind, treatment))
            times.append(perf_counter() - began)
        await studio.close()
        warm = statistics.median(times)
        lines.append(
            f"{kind.value:<8} first {cold:5.2f} s, then {warm:5.2f} s (median), {size:,} bytes"
        )
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = used.ru_maxrss / 1024
    return [
        *lines,
        f"computing time of all {len(Kind) * (ROUNDS + 1)} drawings: {used.ru_utime:.1f} s",
        f"largest memory of the drawing process: {peak:.0f} MB",
    ]


def main() -> None:
    for line in asyncio.run(measure()):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
