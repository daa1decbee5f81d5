"""Payloads that are wrong in kind rather than in size, one fault at a time."""

import pytest

from bot.sandbox.blockkit import Surface
from tests.sandbox.blockkit.faults import FAULTS, FINE, MESSAGE
from tests.sandbox.blockkit.wire import (
    CODES,
    ROOTS,
    actions,
    button,
    line,
    mrkdwn,
    problems_on,
    section,
)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_refused_and_pointed_at(fault: str) -> None:
    block, surface, words, pointer = FAULTS[fault]

    problems = problems_on(surface, section(), block)

    assert line(words, f"{ROOTS[surface]}/1{pointer}") in [p.message for p in problems]
    assert {problem.code for problem in problems} == {CODES[surface]}


@pytest.mark.parametrize("case", FINE)
def test_what_slack_takes_is_taken(case: str) -> None:
    block, surface = FINE[case]

    assert problems_on(surface, actions(button(action_id="go")), block) == []


@pytest.mark.parametrize("surface", Surface)
def test_a_block_id_stands_once_in_a_surface(surface: Surface) -> None:
    problems = problems_on(surface, section(block_id="a"), section(block_id="a"))

    where = f"{ROOTS[surface]}/1/block_id"
    assert [p.message for p in problems] == [line('`block_id` "a" already exists', where)]


@pytest.mark.parametrize("surface", Surface)
def test_an_action_id_stands_once_in_a_block(surface: Surface) -> None:
    problems = problems_on(
        surface, actions(button(action_id="a"), button(action_id="b"), button(action_id="a"))
    )

    where = f"{ROOTS[surface]}/0/elements/2/action_id"
    assert [p.message for p in problems] == [line('`action_id` "a" already exists', where)]


def test_two_faults_are_both_told_in_reading_order() -> None:
    problems = problems_on(MESSAGE, {"type": "nope"}, section(), {"type": "header"})

    assert [problem.message for problem in problems] == [
        line("unsupported type: nope", "/blocks/0/type"),
        line("missing required field: text", "/blocks/2"),
    ]


def test_a_text_object_that_fits_no_schema_is_told_with_the_reason() -> None:
    """As measured: Slack names the union first, then what is wrong inside it."""
    problems = problems_on(MESSAGE, section(text=mrkdwn("x" * 3001)))

    assert [problem.message for problem in problems] == [
        line("failed to match all allowed schemas", "/blocks/0/text"),
        line("must be less than 3001 characters", "/blocks/0/text/text"),
    ]
    assert problems[1].detail == (
        "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    )
