"""Where the parts of the trend stand on their sheet. Inches in, fractions of the sheet out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bot.care.progress import Measure, Progress, Series

_LEFT: Final = 0.42
_RIGHT: Final = 1.12
_HEAD: Final = 0.78
_STRIP_ROW: Final = 0.23
_PLOT: Final = 1.02
_GIRTH_PLOT: Final = 1.35
_TITLE: Final = 0.38
_LEGEND_ROW: Final = 0.2
_FOOT: Final = 0.36
_NOTE: Final = 0.24
_LEGEND_COLUMNS: Final = 2
_POINTS_PER_INCH: Final = 72

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Panel:
    """One of the small multiples."""

    name: str
    title: str
    series: tuple[Series, ...]

    @property
    def is_girth(self) -> bool:
        return self.series[0].key.measure is Measure.GIRTH

    @property
    def legend_rows(self) -> int:
        return -(-len(self.series) // _LEGEND_COLUMNS) if self.is_girth else 0

    @property
    def title_pad(self) -> float:
        """Points between the plot and its title: room for a legend."""
        return 6 + self.legend_rows * _LEGEND_ROW * _POINTS_PER_INCH

    @property
    def plot(self) -> float:
        return _GIRTH_PLOT if self.is_girth else _PLOT

    @property
    def height(self) -> float:
        return _TITLE + self.legend_rows * _LEGEND_ROW + self.plot


def panels_of(progress: Progress, most_girths: int) -> tuple[Panel, ...]:
    """What there is to see, from the top; nothing for what no session states.

    Of more girths than `most_girths` those measured most often are shown, and the title says so.
    """
    girths = progress.of(Measure.GIRTH)
    often = sorted(girths, key=lambda series: -len(series.points))[:most_girths]
    shown = tuple(series for series in girths if series in often)
    left_out = len(girths) - len(shown)
    more = f", {left_out} more in the report" if left_out else ""
    wanted = (
        ("pain", "Pain, 0 to 10", progress.of(Measure.PAIN_BEFORE, Measure.PAIN_AFTER)),
        ("swelling", "Swelling, grade 0 to 4", progress.of(Measure.SWELLING)),
        ("girth", f"Girth, change since first, cm{more}", shown),
        ("sleep", "Sleep, 0 to 10", progress.of(Measure.SLEEP)),
        ("garment", "Garment, hours a day", progress.of(Measure.GARMENT)),
    )
    return tuple(Panel(name, title, series) for name, title, series in wanted if series)


class Sheet:
    """The sheet: as high as its parts need."""

    def __init__(
        self, width: float, panels: Sequence[Panel], mark_rows: int, *, has_note: bool
    ) -> None:
        self._width = width
        self._panels = panels
        self._marks = mark_rows * _STRIP_ROW
        self._foot = _FOOT + (_NOTE if has_note else 0)
        self.height = _HEAD + self._marks + sum(panel.height for panel in panels) + self._foot

    @property
    def left(self) -> float:
        return 0.14 / self._width

    @property
    def title_at(self) -> float:
        return 1 - 0.14 / self.height

    @property
    def subtitle_at(self) -> float:
        return 1 - 0.45 / self.height

    @property
    def note_at(self) -> float:
        return 0.08 / self.height

    @property
    def strip(self) -> Box:
        return self._box(_HEAD, self._marks)

    def panel(self, place: int) -> Box:
        """Where the plot of a panel stands, below its title and legend."""
        above = sum(panel.height for panel in self._panels[:place])
        own = self._panels[place]
        return self._box(_HEAD + self._marks + above + own.height - own.plot, own.plot)

    def _box(self, from_top: float, height: float) -> Box:
        return (
            _LEFT / self._width,
            1 - (from_top + height) / self.height,
            1 - (_LEFT + _RIGHT) / self._width,
            height / self.height,
        )
