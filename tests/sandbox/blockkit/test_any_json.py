"""Whatever is sent, the rules answer, and in a time that grows with its size alone."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import JsonValue

from bot.sandbox.blockkit import (
    JsonObject,
    check_message,
    check_submission,
    check_view,
    find_element,
    initial_state,
)
from bot.sandbox.blockkit.blocks import BLOCKS
from bot.sandbox.blockkit.elements import ELEMENTS
from tests.sandbox.blockkit.wire import (
    actions,
    button,
    element,
    home,
    mrkdwn,
    options,
    section,
)

NAMES = sorted(
    {
        "type", "text", "blocks", "elements", "element", "accessory", "fields", "block_id",
        "action_id", "confirm", "submit", "title", "state", "values",
        *(name for block in BLOCKS.values() for name in (*block.must, *block.may)),
        *(name for item in ELEMENTS.values() for name in (*item.must, *item.may)),
    }
)  # fmt: skip
WORDS = sorted({*BLOCKS, *ELEMENTS, "plain_text", "mrkdwn", "modal", "home", "rich_text_section"})

SCALARS: st.SearchStrategy[JsonValue] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=20),
    st.sampled_from(WORDS),
)


def containers(inner: st.SearchStrategy[JsonValue]) -> st.SearchStrategy[JsonValue]:
    # Half the keys are ones that Block Kit knows, so that the rules are really reached.
    keys = st.one_of(st.sampled_from(NAMES), st.text(max_size=5))
    typed = st.builds(
        lambda kind, fields: {**fields, "type": kind},
        st.sampled_from(WORDS),
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    )
    return st.one_of(st.lists(inner, max_size=5), st.dictionaries(keys, inner, max_size=5), typed)


ANYTHING = st.recursive(SCALARS, containers, max_leaves=30)


@given(blocks=ANYTHING, text=ANYTHING, attachments=ANYTHING, metadata=ANYTHING)
@settings(max_examples=200, deadline=None)
def test_any_json_as_a_message_gets_an_answer(
    blocks: JsonValue, text: JsonValue, attachments: JsonValue, metadata: JsonValue
) -> None:
    for problem in check_message(blocks, text, attachments, metadata):
        assert problem.code
        assert problem.message.startswith("[ERROR] ")


@given(blocks=st.lists(ANYTHING, max_size=4), kind=st.sampled_from(["modal", "home"]))
@settings(max_examples=200, deadline=None)
def test_any_json_as_a_view_gets_an_answer(blocks: list[JsonValue], kind: str) -> None:
    view: JsonValue = {"type": kind, "blocks": blocks}

    check_view(view)
    initial_state(view)
    find_element(view, None, "a")


@given(view=ANYTHING, state=ANYTHING)
@settings(max_examples=200, deadline=None)
def test_any_json_as_a_submission_gets_an_answer(view: JsonValue, state: JsonValue) -> None:
    check_submission(view, state)
    check_view(view)


@given(state=ANYTHING, kind=st.sampled_from(sorted(ELEMENTS)), value=ANYTHING)
@settings(max_examples=200, deadline=None)
def test_any_value_in_any_input_gets_an_answer(
    state: JsonValue, kind: str, value: JsonValue
) -> None:
    field = {**element(kind, action_id="a"), "max_selected_items": state}
    view: JsonValue = {"blocks": [{"type": "input", "block_id": "b", "element": field}]}
    names = ("value", "selected_option", "selected_options", "files", "rich_text_value")
    entry: JsonObject = dict.fromkeys(names, value)

    check_submission(view, {"b": {"a": entry}})


def test_a_bottomless_payload_gets_an_answer() -> None:
    bottomless: JsonValue = []
    for _ in range(100_000):
        bottomless = [bottomless]

    assert check_message(bottomless, "x")
    assert check_message([{"type": "section", "text": bottomless}], "x")
    assert check_message(
        None, "x", metadata={"event_type": "x", "event_payload": {"a": bottomless}}
    )
    assert check_view({"type": "modal", "blocks": [bottomless], "title": bottomless})


LARGE: dict[str, Callable[[int], JsonValue]] = {
    "blocks": lambda n: [section(block_id=f"b{i}") for i in range(n)],
    "wrong blocks": lambda n: [{"type": "nope"}] * n,
    "elements of one block": lambda n: [actions(*[button(action_id=f"a{i}") for i in range(n)])],
    "options": lambda n: [
        section(
            accessory=element("multi_static_select", options=options(n), initial_options=options(n))
        )
    ],
    "a long text": lambda n: [section(text=mrkdwn("x" * n * 100))],
    "unknown fields": lambda n: [{"type": "divider", **{f"f{i}": 1 for i in range(n)}}],
    "the same id": lambda n: [section(block_id="same")] * n,
}


@pytest.mark.parametrize("kind", LARGE)
def test_ten_times_the_payload_takes_about_ten_times_as_long(kind: str) -> None:
    """A quadratic rule would take a hundred times as long; the bound lies between."""

    def seconds(count: int) -> float:
        blocks = LARGE[kind](count)
        assert isinstance(blocks, list)
        best = float("inf")
        for _ in range(3):
            started = time.process_time()
            check_message(blocks, "x")
            check_view(home(*blocks))
            best = min(best, time.process_time() - started)
        return best

    small, large = seconds(400), seconds(4_000)

    assert large < 40 * max(small, 0.001)
