"""What a modal and a Home tab may hold."""

import pytest
from pydantic import JsonValue

from bot.sandbox.blockkit import JsonObject, Problem, check_view
from tests.sandbox.blockkit.wire import (
    element,
    home,
    input_block,
    line,
    modal,
    mrkdwn,
    plain,
    section,
)


def without(view: JsonObject, name: str) -> JsonObject:
    return {key: value for key, value in view.items() if key != name}


def messages(view: JsonValue) -> list[str]:
    problems = check_view(view)
    assert {problem.code for problem in problems} <= {"invalid_arguments"}
    return [problem.message for problem in problems]


def divided(count: int) -> list[JsonValue]:
    return [{"type": "divider"} for _ in range(count)]


@pytest.mark.parametrize(
    ("field", "most"), [("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)]
)
@pytest.mark.parametrize("build", [modal, home])
def test_what_a_view_carries_has_a_length(build: object, field: str, most: int) -> None:
    view = modal() if build is modal else home()

    assert messages({**view, field: "x" * most}) == []
    assert messages({**view, field: "x" * (most + 1)}) == [
        line(f"must be less than {most + 1} characters", f"/view/{field}")
    ]


@pytest.mark.parametrize("field", ["title", "submit", "close"])
def test_the_words_around_a_modal_have_24_characters(field: str) -> None:
    assert messages(modal(**{field: plain("x" * 24)})) == []
    assert messages(modal(**{field: plain("x" * 25)})) == [
        line("must be less than 25 characters", f"/view/{field}/text")
    ]
    assert messages(modal(**{field: plain("")})) == [
        line("must be more than 0 characters", f"/view/{field}/text")
    ]
    assert messages(modal(**{field: mrkdwn("x")})) == [
        line("unsupported type: mrkdwn", f"/view/{field}/type")
    ]


@pytest.mark.parametrize("view", [modal(), home()])
def test_a_view_has_one_to_a_hundred_blocks(view: JsonObject) -> None:
    assert messages({**view, "blocks": divided(100)}) == []
    assert messages({**view, "blocks": divided(101)}) == [
        line("no more than 100 items allowed", "/view/blocks")
    ]
    assert messages({**view, "blocks": []}) == [
        line("must provide at least 1 items", "/view/blocks")
    ]
    assert messages({**view, "blocks": "[]"}) == [line("must provide an array", "/view/blocks")]
    assert messages(without(view, "blocks")) == [line("missing required field: blocks", "/view")]


def test_a_modal_needs_a_title() -> None:
    assert messages(without(modal(), "title")) == [line("missing required field: title", "/view")]


def test_a_modal_with_an_input_needs_a_submit() -> None:
    view = without(modal(section(), input_block()), "submit")

    assert messages(view) == [
        line("must define `submit` to use an `input` block in modals", "/view/blocks/1/input")
    ]
    assert messages(modal(section(), input_block())) == []


def test_a_modal_without_an_input_needs_none() -> None:
    assert messages(without(modal(section()), "submit")) == []


def test_a_home_takes_inputs_without_a_submit() -> None:
    assert messages(home(input_block())) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", plain()),
        ("submit", plain()),
        ("close", plain()),
        ("clear_on_close", True),
        ("notify_on_close", True),
    ],
)
def test_a_home_has_nothing_of_a_modal(field: str, value: JsonValue) -> None:
    assert messages(home(**{field: value})) == [
        line(f"invalid additional property: {field}", "/view")
    ]


@pytest.mark.parametrize("field", ["id", "team_id", "state", "hash", "root_view_id", "bot_id"])
def test_a_view_can_t_be_sent_back_as_it_was_received(field: str) -> None:
    assert messages(modal(**{field: "x"})) == [
        line(f"invalid additional property: {field}", "/view")
    ]


@pytest.mark.parametrize("kind", ["workflow_step", "dialog", ""])
def test_a_view_of_another_kind_is_refused(kind: str) -> None:
    assert messages({**modal(), "type": kind}) == [line(f"unsupported type: {kind}", "/view/type")]


@pytest.mark.parametrize("view", [None, [], "{}", 3])
def test_a_view_that_is_no_object_is_refused(view: JsonValue) -> None:
    assert messages(view) == [line("must provide an object", "/view")]


def test_a_view_without_a_kind_is_refused() -> None:
    assert messages(without(modal(), "type")) == [line("missing required field: type", "/view")]


@pytest.mark.parametrize("field", ["clear_on_close", "notify_on_close"])
def test_what_happens_on_close_is_true_or_false(field: str) -> None:
    assert messages(modal(**{field: True})) == []
    assert messages(modal(**{field: "true"})) == [line("must provide a boolean", f"/view/{field}")]


def test_one_element_of_a_view_has_the_focus() -> None:
    focused = input_block(element("plain_text_input", focus_on_load=True))
    calm = input_block(element("plain_text_input", focus_on_load=False))

    assert messages(modal(focused, calm, calm)) == []
    assert messages(modal(focused, calm, focused)) == [
        line(
            "`focus_on_load` can only be true on one element",
            "/view/blocks/2/element/focus_on_load",
        )
    ]


def test_one_element_of_a_modal_asks_for_a_response_address() -> None:
    asking = input_block(element("conversations_select", response_url_enabled=True))

    assert messages(modal(asking)) == []
    assert messages(modal(asking, asking)) == [
        line(
            "`response_url_enabled` can only be true on one element",
            "/view/blocks/1/element/response_url_enabled",
        )
    ]


def test_a_view_of_250_kilobytes_is_too_large() -> None:
    full = home(*[section(text=mrkdwn("x" * 2_430)) for _ in range(100)])
    larger = home(*[section(text=mrkdwn("x" * 2_500)) for _ in range(100)])

    assert check_view(full) == []
    assert check_view(larger) == [
        Problem("view_too_large", line("must be less than 250001 bytes", "/view"))
    ]
