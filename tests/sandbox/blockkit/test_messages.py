"""What a message as a whole may hold: words, blocks, attachments, metadata."""

import pytest
from pydantic import JsonValue

from bot.sandbox.blockkit import JsonObject, Problem, check_message
from tests.sandbox.blockkit.wire import (
    button,
    cell,
    input_block,
    line,
    mrkdwn,
    section,
    table,
)


def codes(problems: list[Problem]) -> list[str]:
    return [problem.code for problem in problems]


def of_length(count: int) -> list[JsonValue]:
    """Sections whose texts have `count` characters in all."""
    whole, rest = divmod(count, 3000)
    lengths = [3000] * whole + ([rest] if rest else [])
    return [section(text=mrkdwn("x" * length)) for length in lengths]


def metadata_of(size: int) -> JsonObject:
    """Metadata whose payload takes `size` bytes as JSON."""
    return {"event_type": "case", "event_payload": {"id": "x" * (size - len('{"id":""}'))}}


@pytest.mark.parametrize("text", ["Hello", "x" * 40_000])
def test_words_alone_are_a_message(text: str) -> None:
    assert check_message(None, text) == []


def test_words_beyond_forty_thousand_characters_are_too_long() -> None:
    assert check_message(None, "x" * 40_001) == [
        Problem("msg_too_long", line("must be less than 40001 characters", "/text"))
    ]


@pytest.mark.parametrize(
    ("blocks", "text", "attachments"),
    [(None, None, None), (None, "", None), ([], "  \n", []), ([], None, None)],
)
def test_a_message_of_nothing_is_refused(
    blocks: JsonValue, text: JsonValue, attachments: JsonValue
) -> None:
    assert codes(check_message(blocks, text, attachments)) == ["no_text"]


def test_blocks_or_attachments_need_no_words_beside_them() -> None:
    assert check_message([section()], None) == []
    assert check_message(None, None, [{"fallback": "hi"}]) == []


def test_blocks_can_be_cleared_where_there_are_words() -> None:
    assert check_message([], "Done") == []


def test_fifty_blocks_are_taken_and_fifty_one_refused() -> None:
    assert check_message([{"type": "divider"}] * 50, "x") == []

    problems = check_message([{"type": "divider"}] * 51, "x")
    assert problems == [Problem("invalid_blocks", line("no more than 50 items allowed", "/blocks"))]


@pytest.mark.parametrize("blocks", ["[]", {"type": "divider"}, 3, True])
def test_blocks_that_are_no_list_are_of_the_wrong_format(blocks: JsonValue) -> None:
    assert codes(check_message(blocks, "x")) == ["invalid_blocks_format"]


def test_blocks_hold_twelve_thousand_characters_in_all() -> None:
    assert check_message(of_length(12_000), "x") == []
    assert check_message(of_length(12_001), "x") == [
        Problem("msg_blocks_too_long", line("must be less than 12001 characters in all", "/blocks"))
    ]


def test_a_fallback_text_does_not_count_among_the_blocks() -> None:
    assert check_message(of_length(12_000), "x" * 40_000) == []


def test_a_message_has_one_table() -> None:
    one = table([[cell()]])

    assert check_message([one], "x") == []
    assert check_message([one, one], "x") == [
        Problem("invalid_attachments", line("only_one_table_allowed", "/blocks/1"))
    ]


def test_a_table_holds_ten_thousand_characters_in_all() -> None:
    assert check_message([table([[cell("x" * 10_000)]])], "x") == []
    assert check_message([table([[cell("x" * 9_999), cell("xx")]])], "x") == [
        Problem(
            "invalid_blocks",
            line("must be less than 10001 characters in all", "/blocks/0/rows"),
        )
    ]


def test_a_message_may_ask_for_input_without_a_submit() -> None:
    assert check_message([input_block()], "x") == []


def test_a_text_that_is_no_string_is_refused() -> None:
    assert codes(check_message([section()], ["x"])) == ["invalid_arguments"]


def test_a_hundred_attachments_are_taken_and_one_more_refused() -> None:
    assert check_message(None, "x", [{"text": "a"}] * 100) == []
    assert codes(check_message(None, "x", [{"text": "a"}] * 101)) == ["too_many_attachments"]


def test_blocks_in_an_attachment_are_looked_at_too() -> None:
    wrong: JsonObject = {"blocks": [section(), {"type": "actions", "elements": [button("x" * 76)]}]}

    assert check_message(None, "x", [{"color": "#fff", "blocks": [section()]}]) == []
    assert check_message(None, "x", [{}, wrong]) == [
        Problem(
            "invalid_attachments",
            line(
                "must be less than 76 characters",
                "/attachments/1/blocks/1/elements/0/text/text",
            ),
        )
    ]


@pytest.mark.parametrize("attachments", ["x", {"text": "a"}, [3], [{"blocks": "x"}]])
def test_attachments_of_the_wrong_kind_are_refused(attachments: JsonValue) -> None:
    assert codes(check_message(None, "x", attachments)) == ["invalid_attachments"]


def test_metadata_of_eight_kilobytes_is_taken_and_one_byte_more_refused() -> None:
    assert check_message(None, "x", metadata=metadata_of(8192)) == []
    assert check_message(None, "x", metadata=metadata_of(8193)) == [
        Problem(
            "metadata_too_large", line("must be less than 8193 bytes", "/metadata/event_payload")
        )
    ]


@pytest.mark.parametrize(
    ("metadata", "code"),
    [
        ("{}", "invalid_metadata_format"),
        ([], "invalid_metadata_format"),
        ({"event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "", "event_payload": {}}, "invalid_metadata_schema"),
        ({"event_type": "case"}, "invalid_metadata_schema"),
        ({"event_type": "case", "event_payload": "{}"}, "invalid_metadata_schema"),
    ],
)
def test_metadata_of_another_shape_is_refused(metadata: JsonValue, code: str) -> None:
    assert codes(check_message(None, "x", metadata=metadata)) == [code]
