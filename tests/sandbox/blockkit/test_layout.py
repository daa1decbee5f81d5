"""What Slack fills in by itself, and how elements are found."""

from collections.abc import Callable

import pytest
from pydantic import JsonValue

from bot.sandbox.blockkit import JsonObject, check_message, fill_ids, find_block_id, find_element
from bot.sandbox.blockkit.layout import blocks_of, elements_in
from tests.sandbox.blockkit.measures import context, of_image
from tests.sandbox.blockkit.wire import (
    actions,
    button,
    element,
    input_block,
    modal,
    mrkdwn,
    plain,
    rich_section,
    rich_text,
    section,
)


def counting() -> Callable[[], str]:
    made = iter(range(1000))
    return lambda: f"id{next(made)}"


def test_missing_ids_are_filled_in_and_given_ones_kept() -> None:
    blocks: list[JsonValue] = [
        section(block_id="mine", accessory=button(action_id="go")),
        actions(button(), button(action_id="stop")),
        input_block(),
    ]

    filled = blocks_of(fill_ids(blocks, counting()))

    assert [block["block_id"] for block in filled] == ["mine", "id0", "id2"]
    assert [field["action_id"] for _, field in elements_in(list[JsonValue](filled))] == [
        "go",
        "id1",
        "stop",
        "id3",
    ]


def test_what_is_no_control_gets_no_action_id() -> None:
    blocks: list[JsonValue] = [
        context(mrkdwn(), of_image()),
        rich_text(rich_section({"type": "text", "text": "Hi"})),
        section(accessory=of_image()),
    ]

    assert [field for _, field in elements_in(fill_ids(blocks)) if "action_id" in field] == []


def test_an_empty_id_counts_as_missing() -> None:
    assert blocks_of(fill_ids([section(block_id="")], counting()))[0]["block_id"] == "id0"


def test_a_made_up_id_is_never_one_that_is_taken() -> None:
    ids = iter(["mine", "mine", "other"])

    filled = blocks_of(fill_ids([section(block_id="mine"), section()], lambda: next(ids)))

    assert filled[1]["block_id"] == "other"


def test_texts_say_whether_they_show_emoji() -> None:
    blocks: list[JsonValue] = [
        section(text=mrkdwn(), accessory=button()),
        section(text={**plain(), "emoji": False}),
    ]

    first, second = blocks_of(fill_ids(blocks))

    assert first["text"] == {**mrkdwn(), "verbatim": False}
    assert isinstance(first["accessory"], dict)
    assert first["accessory"]["text"] == {**plain("Press"), "emoji": True}
    assert second["text"] == {**plain(), "emoji": False}


def test_what_was_sent_stays_as_it_was() -> None:
    blocks: list[JsonValue] = [actions(button())]

    fill_ids(blocks)

    assert blocks == [actions(button())]


def test_filled_blocks_are_taken_again_as_they_are() -> None:
    blocks = fill_ids([section(accessory=button()), actions(element("datepicker")), input_block()])

    assert check_message(blocks, "x") == []
    assert fill_ids(blocks) == blocks


ROWS: list[JsonValue] = [
    actions(button("One", action_id="go"), block_id="first"),
    actions(button("Two", action_id="go"), button(action_id="stop"), block_id="second"),
]


@pytest.mark.parametrize("holder", [ROWS, modal(*ROWS), {"blocks": ROWS}])
def test_an_element_is_found_by_its_ids(holder: JsonValue) -> None:
    two: JsonObject = button("Two", action_id="go")

    assert find_element(holder, "second", "go") == two
    assert find_element(holder, None, "go") == button("One", action_id="go")
    assert find_element(holder, "first", "stop") is None
    assert find_block_id(holder, "stop") == "second"
    assert find_block_id(holder, "nope") is None
