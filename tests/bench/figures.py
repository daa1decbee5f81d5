"""What was measured, and how it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from rich.table import Table


@dataclass
class Waits:
    """Seconds from Slack's sending to the acknowledgement, one a deed."""

    ours: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    storing: list[float] = field(default_factory=list)


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


def waits_table(waits: dict[str, Waits]) -> Table:
    table = Table(title="From Slack's sending to the acknowledgement, in milliseconds")
    for name in ("", "against", "n", "p50", "ours", "ratio", "p99", "ours", "ratio"):
        table.add_column(name, justify="left" if not name else "right", no_wrap=True)
    for name, measured in waits.items():
        for against, other in (("bare", measured.bare), ("bare, stores", measured.storing)):
            if not other:
                continue
            cells = [name, against, str(len(measured.ours))]
            for share in (0.5, 0.99):
                theirs, ours = quantile(other, share), quantile(measured.ours, share)
                cells += [f"{theirs * 1000:.1f}", f"{ours * 1000:.1f}", f"{ours / theirs:.2f}"]
            table.add_row(*cells)
    return table
