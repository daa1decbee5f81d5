"""Pictures that were looked at by eye, and that the drawn ones are held against.

`python -m tests.pictures.test_golden` draws them anew. Look at them, on a phone's width too, before
they are committed.
"""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bot.pictures.trend import trend_png
from bot.shown.case import ShownProgress
from tests.care.treatments import forty, three
from tests.pictures.samples import days, shown

GOLDEN = Path(__file__).parent / "golden"
SAMPLES = {
    "three-sessions": shown(three(), plan_changes=days(5), concerns=days(4)),
    "forty-sessions": shown(forty(), plan_changes=days(35, 90), concerns=days(20, 60, 61)),
}
# Of 255, in one color, on a square of 12 by 12 dots: edges that another machine smooths in another
# way stay below, a dot or a word in another place does not.
_WORST_SQUARE = 60.0
_SQUARE = 12


def difference(one: bytes, other: bytes) -> float:
    """How much two pictures differ in the square in which they differ most; of 255."""
    first, second = (np.asarray(Image.open(io.BytesIO(png)).convert("RGB")) for png in (one, other))
    if first.shape != second.shape:
        return 255.0
    height, width = (side - side % _SQUARE for side in first.shape[:2])
    apart = np.abs(first.astype(float) - second.astype(float))[:height, :width]
    squares = apart.reshape(height // _SQUARE, _SQUARE, width // _SQUARE, _SQUARE, 3)
    return float(squares.mean(axis=(1, 3)).max())


def wrong() -> dict[str, ShownProgress]:
    """Pictures of which none may pass for that of the three sessions."""
    known = three()
    other = known[1].fields.model_copy(update={"pain_after": 4})
    scores = [known[0], replace(known[1], fields=other), known[2]]
    return {
        "another score": shown(scores, plan_changes=days(5), concerns=days(4)),
        "no concern marked": shown(known, plan_changes=days(5)),
        "a concern on another day": shown(known, plan_changes=days(5), concerns=days(2)),
    }


@pytest.mark.parametrize("name", SAMPLES)
def test_the_picture_is_the_one_that_was_looked_at(name: str) -> None:
    golden = (GOLDEN / f"{name}.png").read_bytes()
    assert difference(trend_png(SAMPLES[name]), golden) < _WORST_SQUARE


@pytest.mark.parametrize("name", wrong())
def test_a_wrong_picture_does_not_pass_for_it(name: str) -> None:
    golden = (GOLDEN / "three-sessions.png").read_bytes()
    assert difference(trend_png(wrong()[name]), golden) >= _WORST_SQUARE


def draw_anew() -> None:
    for name, data in SAMPLES.items():
        with Image.open(io.BytesIO(trend_png(data))) as picture:
            small = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
            small.save(GOLDEN / f"{name}.png", optimize=True)


if __name__ == "__main__":
    draw_anew()
