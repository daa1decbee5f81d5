"""The trend's picture: what stands in it, not how each dot of it is drawn."""

import io
from itertools import pairwise

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from PIL import Image

from bot.care.codes import Region, Side
from bot.pictures import trend
from bot.pictures.trend import MOST_GIRTHS, draw_trend, trend_png, trend_svg
from bot.shown.case import ShownProgress
from tests.care.treatments import forty, girth, session, three
from tests.pictures.samples import days, shown

# A phone's screen is about 390 points wide, the picture 5.4 inches of 72 points.
_ON_A_PHONE = 390 / (5.4 * 72)
_LEAST_READABLE = 8.0


def panels(figure: Figure) -> dict[str, Axes]:
    return {str(axes.get_label()): axes for axes in figure.axes}


def lines(axes: Axes) -> dict[str, list[float]]:
    """The values of each named line; helpers without a name are left out."""
    return {
        str(line.get_label()): values(line)
        for line in axes.lines
        if not str(line.get_label()).startswith("_")
    }


def values(line: Line2D) -> list[float]:
    found: list[float] = np.asarray(line.get_ydata(), dtype=float).tolist()
    return found


def words(figure: Figure) -> str:
    said = [text.get_text() for text in figure.texts]
    for axes in figure.axes:
        said += [axes.get_title(loc="left"), *(text.get_text() for text in axes.texts)]
        legend = axes.get_legend()
        said += [text.get_text() for text in legend.get_texts()] if legend else []
    return "\n".join(said)


def one_sided() -> ShownProgress:
    return shown(
        [
            session(1, girths=(girth(Region.CALVES, 35, Side.LEFT),)),
            session(
                2,
                girths=(
                    girth(Region.CALVES, 37.5, Side.LEFT),
                    girth(Region.CALVES, 35, Side.RIGHT),
                ),
            ),
            session(3, girths=(girth(Region.CALVES, 38.4, Side.LEFT),)),
        ]
    )


def with_gaps() -> ShownProgress:
    return shown(
        [
            session(1, pain_after=6),
            session(2, sleep=4),
            session(3, no_show=True),
            session(4, pain_after=3, swelling_grade=0),
        ]
    )


SAMPLES = {
    "one session": shown(three()[:1]),
    "three sessions": shown(three(), plan_changes=days(5), concerns=days(4)),
    "forty sessions": shown(forty(), plan_changes=days(35, 90), concerns=days(20, 60, 61)),
    "gaps": with_gaps(),
    "one side": one_sided(),
}


def test_what_was_measured_stands_in_small_multiples_from_pain_to_garment() -> None:
    found = panels(draw_trend(SAMPLES["three sessions"]))
    assert list(found) == ["marks", "pain", "swelling", "girth", "sleep", "garment"]
    pain = lines(found["pain"])
    assert pain["pain before"] == [6, 5, 3]
    assert pain["pain after"] == [4, 3, 1.5]
    assert lines(found["swelling"])["swelling"] == [3, 2, 1]
    assert lines(found["sleep"])["sleep"] == [4, 5, 7]
    assert lines(found["garment"])["garment"] == [20, 22, 23]


def test_girths_show_as_change_since_their_first_with_their_centimeters_named() -> None:
    axes = panels(draw_trend(SAMPLES["one side"]))["girth"]
    assert lines(axes)["Left calf 35 \u2192 38.4 cm"] == [0, 2.5, 3.4]
    assert lines(axes)["Right calf 35 cm, once"] == [0]


def test_what_no_session_states_has_no_panel_and_no_gap_is_filled_in() -> None:
    found = panels(draw_trend(SAMPLES["gaps"]))
    assert list(found) == ["marks", "pain", "swelling", "sleep"]
    assert lines(found["pain"]) == {"pain after": [6, 3]}


def test_marks_run_through_every_panel_and_are_named() -> None:
    figure = draw_trend(SAMPLES["forty sessions"])
    for name, axes in panels(figure).items():
        if name != "marks":
            kinds = [str(line.get_gid()) for line in axes.lines if line.get_gid()]
            assert kinds.count("mark-concern") == 3
            assert kinds.count("mark-plan_change") == 2
            assert kinds.count("mark-missed") == 2
    assert all(name in words(figure) for name in ("Plan change", "Concern", "Missed visit"))


def test_every_panel_shows_the_same_days() -> None:
    figure = draw_trend(SAMPLES["forty sessions"])
    assert len({axes.get_xlim() for axes in figure.axes}) == 1


def test_what_is_not_confirmed_wears_a_ring_that_is_explained() -> None:
    figure = draw_trend(SAMPLES["three sessions"])
    rings = [line for line in panels(figure)["sleep"].lines if line.get_label() == "not confirmed"]
    assert values(rings[0]) == [7]
    assert "not confirmed yet" in words(figure)
    assert "not confirmed" not in words(draw_trend(SAMPLES["one session"]))


def test_lines_of_one_panel_differ_in_color_in_marker_and_in_dashes() -> None:
    looks = [trend._BEFORE, trend._ONLY]
    for one, other in pairwise(looks):
        assert one.color != other.color
        assert one.dashes != other.dashes
        assert one.hollow != other.hollow
    assert len({look.color for look in trend._GIRTHS}) == MOST_GIRTHS
    assert len({look.marker for look in trend._GIRTHS}) == MOST_GIRTHS
    assert len({look.marker for look in trend._MARKS.values()}) == len(trend._MARKS)
    assert len({look.dashes for look in trend._MARKS.values()}) == len(trend._MARKS)


def test_only_okabe_and_ito_s_colors_carry_meaning() -> None:
    theirs = {
        "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7",
        trend.GREY,
    }  # fmt: skip
    used = {look.color for look in (*trend._GIRTHS, *trend._MARKS.values())}
    assert used <= theirs


def test_more_girths_than_can_be_told_apart_are_counted_in_the_title() -> None:
    sites = [site for site in Region if site is not Region.HEAD][: MOST_GIRTHS + 3]
    many = shown([session(1, girths=tuple(girth(site, 50) for site in sites))])
    figure = draw_trend(many)
    assert "3 more in the report" in words(figure)
    assert len(lines(panels(figure)["girth"])) == MOST_GIRTHS


def test_a_treatment_over_new_year_names_both_years() -> None:
    assert "Oct 5, 2026 to Feb 18, 2027" in words(draw_trend(SAMPLES["forty sessions"]))


@pytest.mark.parametrize("name", SAMPLES)
def test_no_word_is_too_small_for_a_phone_or_leaves_the_sheet(name: str) -> None:
    figure = draw_trend(SAMPLES[name])
    figure.draw_without_rendering()
    width, height = figure.bbox.width, figure.bbox.height
    for text in drawn_texts(figure):
        assert float(text.get_fontsize()) * _ON_A_PHONE >= _LEAST_READABLE
        box = text.get_window_extent()
        assert box.x0 >= 0, text.get_text()
        assert box.x1 <= width, text.get_text()
        assert box.y0 >= 0, text.get_text()
        assert box.y1 <= height, text.get_text()


def drawn_texts(figure: Figure) -> list[Text]:
    """Every text on the sheet; matplotlib also keeps labels of ticks beyond an axis."""
    found = [*figure.texts]
    for axes in figure.axes:
        found += [*axes.texts, axes.title]
        legend = axes.get_legend()
        found += legend.get_texts() if legend else []
        for axis in (axes.xaxis, axes.yaxis) if axes.axison else ():
            low, high = sorted(axis.get_view_interval())
            found += [
                tick.label1 for tick in axis.get_major_ticks() if low <= tick.get_loc() <= high
            ]
    return [text for text in found if text.get_text()]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_picture_is_as_wide_as_a_phone_and_not_empty(name: str) -> None:
    with Image.open(io.BytesIO(trend_png(SAMPLES[name]))) as picture:
        assert picture.width == 1080
        assert 600 <= picture.height <= 2400
        colors = picture.convert("RGB").getcolors(maxcolors=100_000)
        assert colors is not None
        assert len(colors) > 10


def test_the_case_code_is_the_only_identifier_also_in_the_hidden_parts() -> None:
    data = SAMPLES["three sessions"]
    assert "Case K7QF-3M" in words(draw_trend(data))
    with Image.open(io.BytesIO(trend_png(data))) as picture:
        assert set(picture.info) <= {"dpi"}
    assert b"Oct 9" not in trend_svg(data).split(b"<g ")[0]


def test_there_is_nothing_to_draw_of_nothing() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        draw_trend(shown([session(1, tolerance="well")]))
