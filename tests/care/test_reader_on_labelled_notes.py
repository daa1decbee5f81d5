"""The reader agrees with people who labelled notes by the contract."""

import pytest

from bot.care.rules import ClinicalRules, load_rules
from tests.care.scoring import labelled, score


@pytest.fixture(scope="module")
def rules() -> ClinicalRules:
    return load_rules()


@pytest.mark.parametrize(
    "name",
    [
        "learning",
        "held-back",
        *(f"round-{number}" for number in range(1, 38)),
    ],
)
def test_the_reader_agrees_with_the_labelled_notes(name: str, rules: ClinicalRules) -> None:
    result = score(labelled(name), rules)
    print(f"{name}: {result}")  # noqa: T201 - the figures are to be seen
    assert result.precision() >= 0.97, result.mistakes
    assert result.recall() >= 0.95, result.mistakes
    assert result.recall("red_flags") >= 0.98, result.mistakes
    assert result.precision("red_flags") >= 0.90, result.mistakes
    assert result.accuracy >= 0.97, result.mistakes
