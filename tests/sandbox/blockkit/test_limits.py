"""For every limit: the last that Slack takes, and the first that it refuses."""

import pytest

from bot.sandbox.blockkit import JsonObject, Surface
from tests.sandbox.blockkit.limits_of_blocks import BLOCKS
from tests.sandbox.blockkit.limits_of_elements import BUTTONS, CHOICES, INPUTS
from tests.sandbox.blockkit.measures import Limit
from tests.sandbox.blockkit.wire import CODES, ROOTS, line, problems_on

LIMITS = [*BLOCKS, *BUTTONS, *CHOICES, *INPUTS]
DIVIDER: JsonObject = {"type": "divider"}
PLACES = [
    pytest.param(limit, surface, id=f"{limit.name} [{surface}]")
    for limit in LIMITS
    for surface in sorted(limit.surfaces)
]


@pytest.mark.parametrize(("limit", "surface"), PLACES)
def test_what_is_just_inside_a_limit_is_taken(limit: Limit, surface: Surface) -> None:
    assert problems_on(surface, DIVIDER, limit.build(limit.inside)) == []


@pytest.mark.parametrize(("limit", "surface"), PLACES)
def test_what_is_just_outside_a_limit_is_refused_where_it_is(
    limit: Limit, surface: Surface
) -> None:
    problems = problems_on(surface, DIVIDER, limit.build(limit.inside + limit.step))

    where = f"{ROOTS[surface]}/1{limit.pointer}"
    assert line(limit.says, where) in [problem.message for problem in problems]
    assert problems[0].code == CODES[surface]


def test_no_limit_stands_twice_in_the_table() -> None:
    names = [limit.name for limit in LIMITS]

    assert sorted(names) == sorted(set(names))
