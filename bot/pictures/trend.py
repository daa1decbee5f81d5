"""The trend as a picture: small multiples, one under the other, as wide as a phone.

Colours are Okabe and Ito's (https://jfly.uni-koeln.de/color/), which the colour-blind can tell
apart; lines also differ in marker and dashes, so the picture survives a black-and-white printer.
The figure holds the case code and no other identifier. Built with matplotlib's objects alone:
pyplot keeps figures in a global list.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, MultipleLocator

from bot.care.progress import MarkKind, Measure, Point, Progress, Series
from bot.pictures.places import Panel, Sheet, panels_of
from bot.shown.case import ShownProgress
from bot.views.progress_words import ARROW, MARKS, amount, number, signed
from bot.views.text import counted

# 1,080 pixels: what a phone shows without scaling up; 10 pt is then read as on paper.
WIDTH_INCHES: Final = 5.4
DOTS_PER_INCH: Final = 200

BLACK, BLUE, VERMILLION = "#000000", "#0072B2", "#D55E00"
GREEN, PURPLE, ORANGE, SKY = "#009E73", "#CC79A7", "#E69F00", "#56B4E9"
GREY, PALE, INK = "#767676", "#DDDDDD", "#222222"


@dataclass(frozen=True)
class Look:
    """How a line looks: told apart by colour, by marker and by dashes."""

    color: str
    marker: str
    dashes: str
    hollow: bool = False


_BEFORE: Final = Look(BLACK, "o", "--", hollow=True)
_ONLY: Final = Look(BLUE, "o", "-")
_GIRTHS: Final = (
    Look(BLUE, "o", "-"),
    Look(VERMILLION, "s", "--"),
    Look(GREEN, "^", "-."),
    Look(BLACK, "D", ":"),
    Look(PURPLE, "v", "-"),
    Look(ORANGE, "P", "--"),
    Look(SKY, "X", "-."),
    Look(GREY, "*", ":"),
)
MOST_GIRTHS: Final = len(_GIRTHS)
_MARKS: Final = {
    MarkKind.PLAN_CHANGE: Look(PURPLE, "D", ":"),
    MarkKind.PLAN_REQUEST: Look(PURPLE, "d", "", hollow=True),
    MarkKind.CONCERN: Look(VERMILLION, "^", "--"),
    MarkKind.MISSED: Look(GREY, "X", "-."),
}
_STEPS: Final = {10.0: 5.0, 24.0: 8.0, 4.0: 1.0}
_LEAST_GIRTH_SPAN: Final = 4.0


def trend_png(shown: ShownProgress) -> bytes:
    """The picture for a phone."""
    figure = draw_trend(shown)
    FigureCanvasAgg(figure)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=DOTS_PER_INCH, metadata={"Software": None})
    return out.getvalue()


def trend_svg(shown: ShownProgress) -> bytes:
    """The same picture for print: lines instead of dots."""
    out = io.BytesIO()
    draw_trend(shown).savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def draw_trend(shown: ShownProgress) -> Figure:
    """The figure. Raises ValueError when no session states a number: there is nothing to draw."""
    progress = shown.progress
    if not progress.has_values:
        raise ValueError("nothing to draw")
    kinds = [kind for kind in MARKS if any(mark.kind is kind for mark in progress.marks)]
    panels = panels_of(progress, MOST_GIRTHS)
    has_unconfirmed = any(not p.confirmed for s in progress.series for p in s.points)
    sheet = Sheet(WIDTH_INCHES, panels, len(kinds), has_note=has_unconfirmed)
    figure = Figure(figsize=(WIDTH_INCHES, sheet.height), dpi=DOTS_PER_INCH, facecolor="white")
    _head(figure, sheet, shown)
    span = _span(progress)
    if kinds:
        strip = figure.add_axes(sheet.strip, label="marks")
        _strip(strip, progress, kinds, span)
    for place, panel in enumerate(panels):
        axes = figure.add_axes(sheet.panel(place), label=panel.name)
        _panel(axes, panel, progress, span, is_last=place == len(panels) - 1)
    if has_unconfirmed:
        figure.text(
            sheet.left, sheet.note_at, "Gray ring: read from a note, not confirmed yet",
            fontsize=8.5, color=GREY, va="bottom",
        )  # fmt: skip
    return figure


def _head(figure: Figure, sheet: Sheet, shown: ShownProgress) -> None:
    progress = shown.progress
    first, last = progress.sessions[0].day, progress.sessions[-1].day
    until = f"{_day(last)}, {last.year}"
    since = _day(first) if first.year == last.year else f"{_day(first)}, {first.year}"
    days = until if first == last else f"{since} to {until}"
    figure.text(
        sheet.left, sheet.title_at, f"Case {shown.case_code}",
        fontsize=15, fontweight="bold", color=INK, va="top",
    )  # fmt: skip
    figure.text(
        sheet.left, sheet.subtitle_at,
        f"{counted(len(progress.given), 'session')}, {days}",
        fontsize=10.5, color=GREY, va="top",
    )  # fmt: skip


def _day(day: date) -> str:
    return f"{day:%b} {day.day}"


def _span(progress: Progress) -> tuple[float, float]:
    """The first and the last day to show."""
    days = [session.day for session in progress.sessions] + [mark.day for mark in progress.marks]
    return _at(min(days)), _at(max(days))


def _set_days(axes: Axes, span: tuple[float, float]) -> None:
    """The same days in every panel, with room at both ends so that no marker is cut."""
    first, last = span
    room = max(1.0, (last - first) * 0.04)
    axes.set_xlim(first - room, last + room)


def _at(day: date) -> float:
    return float(day.toordinal())


def _strip(
    axes: Axes, progress: Progress, kinds: Sequence[MarkKind], span: tuple[float, float]
) -> None:
    """What happened, a row each kind, named at its end."""
    for row, kind in enumerate(kinds):
        look = _MARKS[kind]
        days = [_at(mark.day) for mark in progress.marks if mark.kind is kind]
        axes.plot(
            days, [row] * len(days), color=look.color, marker=look.marker,
            linestyle="none", markersize=7, label=MARKS[kind], clip_on=False,
            markerfacecolor="white" if look.hollow else look.color,
        )  # fmt: skip
        axes.annotate(
            MARKS[kind], (1, row), xycoords=("axes fraction", "data"), xytext=(6, 0),
            textcoords="offset points", va="center", fontsize=9.5, color=INK, annotation_clip=False,
        )  # fmt: skip
    axes.set_ylim(len(kinds) - 0.4, -0.6)
    _set_days(axes, span)
    axes.set_axis_off()


def _panel(
    axes: Axes, panel: Panel, progress: Progress, span: tuple[float, float], *, is_last: bool
) -> None:
    axes.set_title(
        panel.title, loc="left", fontsize=11, fontweight="bold", color=INK, pad=panel.title_pad
    )
    for mark in progress.marks:
        look = _MARKS[mark.kind]
        if not look.dashes:  # Only asked for: nothing changed on that day.
            continue
        axes.axvline(
            _at(mark.day), color=look.color, linestyle=look.dashes, linewidth=1.1,
            alpha=0.75, zorder=1, gid=f"mark-{mark.kind.value}",
        )  # fmt: skip
    if panel.is_girth:
        _girths(axes, panel.series)
    else:
        _values(axes, panel)
    _set_days(axes, span)
    _frame(axes, span, is_last=is_last)


def _values(axes: Axes, panel: Panel) -> None:
    top = panel.series[0].key.measure.top or 1.0
    axes.set_ylim(-top * 0.06, top * 1.08)
    axes.yaxis.set_major_locator(MultipleLocator(_STEPS[top]))
    ends: list[tuple[float, str, str]] = []
    for series in panel.series:
        measure = series.key.measure
        look = _BEFORE if measure is Measure.PAIN_BEFORE else _ONLY
        _line(axes, series, [point.value for point in series.points], look)
        last = series.points[-1].value
        name = measure.label.removeprefix("pain ") if measure.is_pain else ""
        ends.append((last, f"{name} {amount(measure, last)}".strip(), look.color))
    _name_ends(axes, ends, least_gap=top * 0.17)


def _girths(axes: Axes, girths: Sequence[Series]) -> None:
    """Girths as change since the first measurement: a thigh and a waist fit on one axis so."""
    handles: list[Line2D] = []
    low, high = 0.0, 0.0
    for series, look in zip(girths, _GIRTHS, strict=False):
        base = series.points[0].value
        changes = [round(point.value - base, 2) for point in series.points]
        low, high = min(low, *changes), max(high, *changes)
        line = _line(axes, series, changes, look)
        line.set_label(_girth_name(series))
        handles.append(line)
    axes.axhline(0, color=GREY, linewidth=0.8, zorder=1)
    spare = max(0.0, _LEAST_GIRTH_SPAN - (high - low)) / 2
    room = (high - low + 2 * spare) * 0.1
    axes.set_ylim(low - spare - room, high + spare + room)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _signed(value)))
    axes.legend(
        handles=handles, loc="lower left", bbox_to_anchor=(-0.02, 0.98), ncols=2, frameon=False,
        fontsize=9.5, borderaxespad=0, handlelength=2.6, columnspacing=1.2, labelspacing=0.3,
    )  # fmt: skip


def _signed(value: float) -> str:
    return "0" if value == 0 else signed(value)


def _girth_name(series: Series) -> str:
    name = series.key.label.capitalize()
    first, last = series.points[0].value, series.points[-1].value
    if len(series.points) == 1:
        return f"{name} {number(last)} cm, once"
    return f"{name} {number(first)} {ARROW} {number(last)} cm"


def _line(axes: Axes, series: Series, values: Sequence[float], look: Look) -> Line2D:
    days = [_at(point.day) for point in series.points]
    (line,) = axes.plot(
        days, values, color=look.color, linestyle=look.dashes, linewidth=1.8,
        marker=look.marker, markersize=_size(series.points),
        markerfacecolor="white" if look.hollow else look.color,
        label=series.key.label, zorder=3,
    )  # fmt: skip
    unsure = [
        (day, value)
        for day, value, point in zip(days, values, series.points, strict=True)
        if not point.confirmed
    ]
    if unsure:
        axes.plot(
            [day for day, _ in unsure], [value for _, value in unsure], linestyle="none",
            marker="o", markersize=_size(series.points) + 6, markerfacecolor="none",
            markeredgecolor=GREY, markeredgewidth=1.1, label="not confirmed", zorder=2,
        )  # fmt: skip
    return line


def _size(points: Sequence[Point]) -> float:
    return 6.5 if len(points) <= 15 else 4.0


def _name_ends(axes: Axes, ends: list[tuple[float, str, str]], least_gap: float) -> None:
    """The last values beside the ends of their lines, moved apart where they would collide."""
    ends.sort()
    heights = [height for height, _, _ in ends]
    for place in range(1, len(heights)):
        heights[place] = max(heights[place], heights[place - 1] + least_gap)
    for (_, words, color), height in zip(ends, heights, strict=True):
        axes.annotate(
            words, (1, height), xycoords=("axes fraction", "data"), xytext=(6, 0),
            textcoords="offset points", va="center", fontsize=10.5, fontweight="bold",
            color=color, annotation_clip=False,
        )  # fmt: skip


def _frame(axes: Axes, span: tuple[float, float], *, is_last: bool) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(PALE)
    axes.grid(axis="y", color=PALE, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(axis="both", length=0, labelsize=10, labelcolor=INK)
    axes.xaxis.set_major_locator(FixedLocator(_ticks(span)))
    axes.xaxis.set_major_formatter(
        FuncFormatter(lambda value, _: _day(date.fromordinal(int(value))) if is_last else "")
    )


def _ticks(span: tuple[float, float]) -> list[float]:
    """Three to five whole days, evenly apart."""
    first, last = int(span[0]), int(span[1])
    step = max(1, -(-(last - first) // 4))
    return [float(day) for day in range(first, last + 1, step)]
