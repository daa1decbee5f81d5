"""What an external select takes as the answer to a search."""

import pytest
from pydantic import JsonValue

from bot.sandbox.blockkit import check_suggestion
from tests.sandbox.blockkit.wire import groups, line, mrkdwn, option, options, plain


@pytest.mark.parametrize(
    "answer",
    [
        {"options": options(100)},
        {"options": []},
        {"option_groups": groups(100, 1)},
        {"option_groups": groups(1, 100)},
        {"option_groups": [{"label": plain(), "options": []}]},
        {"options": [option("x" * 150, plain("x" * 75), description=plain("x" * 75))]},
    ],
)
def test_an_answer_within_the_limits_is_offered(answer: JsonValue) -> None:
    assert check_suggestion(answer) == []


REFUSED: list[tuple[JsonValue, str, str]] = [
    ({"options": options(101)}, "no more than 100 items allowed", "/options"),
    ({"option_groups": groups(101)}, "no more than 100 items allowed", "/option_groups"),
    (
        {"option_groups": groups(1, 101)},
        "no more than 100 items allowed",
        "/option_groups/0/options",
    ),
    (
        {"options": [option(text=plain("x" * 76))]},
        "must be less than 76 characters",
        "/options/0/text/text",
    ),
    (
        {"options": [option(text=mrkdwn())]},
        "unsupported type: mrkdwn",
        "/options/0/text/type",
    ),
    ({"options": [option("x" * 151)]}, "must be less than 151 characters", "/options/0/value"),
    (
        {"options": options(1), "option_groups": []},
        "must provide only one of: options, option_groups",
        "",
    ),
    ({}, "missing required field: options", ""),
    ("options", "must provide an object", ""),
]


@pytest.mark.parametrize(("answer", "words", "pointer"), REFUSED)
def test_an_answer_beyond_a_limit_offers_nothing(
    answer: JsonValue, words: str, pointer: str
) -> None:
    assert line(words, pointer) in [problem.message for problem in check_suggestion(answer)]
