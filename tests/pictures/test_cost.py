"""What the report of a long treatment costs in memory; its time is measured by the bench."""

import sys
from pathlib import Path

import pytest

from bot.pictures.studio import Kind, Studio
from tests.care.treatments import forty
from tests.pictures.samples import days, shown

MEGABYTES = 300.0


def largest(process: int) -> float:
    """The most memory that a process has had, in MB (proc(5): VmHWM of status, in kB)."""
    for line in Path(f"/proc/{process}/status").read_text("utf-8").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("no VmHWM")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_a_report_of_forty_sessions_takes_under_300_megabytes() -> None:
    studio = Studio()
    await studio.warm()
    process = studio.process_id
    assert process is not None

    treatment = shown(forty(), plan_changes=days(35, 90), concerns=days(20, 60))
    document = await studio.draw(Kind.REPORT, treatment)

    assert studio.process_id == process
    assert document.startswith(b"%PDF")
    assert largest(process) < MEGABYTES
    await studio.close()
