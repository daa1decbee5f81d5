"""What Slack takes as the answer to a search in an external select (block_suggestion).

https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element#external_select
"""

from __future__ import annotations

from pydantic import JsonValue

from bot.sandbox.blockkit.composition import MOST_OPTIONS, OPTION, OPTION_TEXT, exactly_one_of
from bot.sandbox.blockkit.findings import Problem, Spot, Surface
from bot.sandbox.blockkit.rules import Many, Shape, plain

_OPTIONS = Many(OPTION, MOST_OPTIONS)
_ANSWER = Shape(
    may={
        "options": _OPTIONS,
        "option_groups": Many(
            Shape({"label": plain(OPTION_TEXT), "options": _OPTIONS}), MOST_OPTIONS
        ),
    },
    also=(exactly_one_of("options", "option_groups"),),
)


def check_suggestion(answer: JsonValue) -> list[Problem]:
    """Every reason why Slack would offer nothing of this answer."""
    findings = _ANSWER.check(answer, Spot("", Surface.MODAL))
    return [finding.as_problem("invalid_options") for finding in findings]
