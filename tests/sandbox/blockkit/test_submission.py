"""What Slack's client tells a person before a modal is sent."""

import pytest
from pydantic import JsonValue

from bot.sandbox.blockkit import JsonObject, check_submission, initial_state
from bot.sandbox.blockkit.submission import REQUIRED
from tests.sandbox.blockkit.wire import (
    element,
    input_block,
    modal,
    option,
    rich_section,
    rich_text,
    section,
)

FIELDS = {
    "plain_text_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "number_input": "value",
    "rich_text_input": "rich_text_value",
    "file_input": "files",
    "checkboxes": "selected_options",
    "radio_buttons": "selected_option",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}


def told(field: JsonObject, value: JsonValue, *, optional: bool = False) -> str | None:
    """What the client says when `value` is left in this element."""
    kind = str(field["type"])
    view = modal(input_block({**field, "action_id": "a"}, block_id="b", optional=optional))
    state: JsonObject = {"b": {"a": {"type": kind, FIELDS[kind]: value}}}
    return check_submission(view, state).get("b")


@pytest.mark.parametrize("kind", FIELDS)
def test_a_required_input_has_to_be_filled_in(kind: str) -> None:
    view = modal(input_block(element(kind, action_id="a"), block_id="b"))

    assert check_submission(view, initial_state(view)) == {"b": REQUIRED}
    assert check_submission(view, {}) == {"b": REQUIRED}


@pytest.mark.parametrize("kind", FIELDS)
def test_an_optional_input_may_stay_empty(kind: str) -> None:
    view = modal(input_block(element(kind, action_id="a"), block_id="b", optional=True))

    assert check_submission(view, initial_state(view)) == {}
    assert check_submission(view, {}) == {}


WORDS = rich_text(rich_section({"type": "text", "text": "Hi"}))
MENTION = rich_text(rich_section({"type": "user", "user_id": "U1"}))
SILENCE = rich_text(rich_section())

VALUES: list[tuple[str, JsonObject, JsonValue, str | None]] = [
    ("plain_text_input", {"min_length": 3}, "abc", None),
    ("plain_text_input", {"min_length": 3}, "ab", "Please use at least 3 characters."),
    ("plain_text_input", {"max_length": 3}, "abc", None),
    ("plain_text_input", {"max_length": 3}, "abcd", "Please use at most 3 characters."),
    ("plain_text_input", {"max_length": 1}, "ab", "Please use at most 1 character."),
    ("plain_text_input", {}, "x" * 3000, None),
    ("plain_text_input", {}, "x" * 3001, "Please use at most 3000 characters."),
    ("plain_text_input", {}, 3, "Please enter text."),
    ("number_input", {}, "3", None),
    ("number_input", {}, "-3", None),
    ("number_input", {}, "3.0", None),
    ("number_input", {}, "3.5", "Please enter a whole number."),
    ("number_input", {"is_decimal_allowed": True}, "3.5", None),
    ("number_input", {}, "three", "Please enter a number."),
    ("number_input", {}, "NaN", "Please enter a number."),
    ("number_input", {}, "1e3", "Please enter a number."),
    ("number_input", {"min_value": "0"}, "0", None),
    ("number_input", {"min_value": "0"}, "-1", "Please enter a number of at least 0."),
    ("number_input", {"max_value": "10"}, "10", None),
    ("number_input", {"max_value": "10"}, "11", "Please enter a number of at most 10."),
    ("email_text_input", {}, "ana@clinic.org", None),
    ("email_text_input", {}, "ana.rivera+care@mail.clinic.org", None),
    ("email_text_input", {}, "ana@clinic", "Please enter a valid email address."),
    ("email_text_input", {}, "ana clinic.org", "Please enter a valid email address."),
    ("email_text_input", {}, "a@b@clinic.org", "Please enter a valid email address."),
    ("url_text_input", {}, "https://clinic.org/a?b=c", None),
    ("url_text_input", {}, "clinic.org", "Please enter a valid URL."),
    ("url_text_input", {}, "ftp://clinic.org", "Please enter a valid URL."),
    ("url_text_input", {}, "https://", "Please enter a valid URL."),
    ("url_text_input", {}, "http://[", "Please enter a valid URL."),
    ("url_text_input", {}, "https://cli nic.org", "Please enter a valid URL."),
    ("rich_text_input", {}, WORDS, None),
    ("rich_text_input", {}, MENTION, None),
    ("rich_text_input", {}, SILENCE, REQUIRED),
    ("static_select", {}, option("v1"), None),
    ("static_select", {}, option("forged"), "Please choose one of the options."),
    ("radio_buttons", {}, option("forged"), "Please choose one of the options."),
    ("external_select", {}, option("anything"), None),
    ("checkboxes", {}, [option("v0"), option("v1")], None),
    ("checkboxes", {}, [option("forged")], "Please choose among the options."),
    ("multi_static_select", {"max_selected_items": 2}, [option("v0"), option("v1")], None),
    (
        "multi_static_select",
        {"max_selected_items": 1},
        [option("v0"), option("v1")],
        "Please choose at most 1.",
    ),
    ("multi_users_select", {"max_selected_items": 2}, ["U1", "U2"], None),
    (
        "multi_users_select",
        {"max_selected_items": 2},
        ["U1", "U2", "U3"],
        "Please choose at most 2.",
    ),
    ("users_select", {}, "U1", None),
    ("datepicker", {}, "2028-02-29", None),
    ("datepicker", {}, "2027-02-29", "Please choose a date."),
    ("timepicker", {}, "23:59", None),
    ("timepicker", {}, "24:00", "Please choose a time."),
    ("datetimepicker", {}, 1_700_000_000, None),
    ("datetimepicker", {}, -1, "Please choose a date and time."),
    ("datetimepicker", {}, True, "Please choose a date and time."),
    ("file_input", {}, [{"id": f"F{n}", "name": "a.pdf"} for n in range(10)], None),
    (
        "file_input",
        {},
        [{"id": f"F{n}", "name": "a.pdf"} for n in range(11)],
        "Please add at most 10 files.",
    ),
    ("file_input", {"max_files": 1}, [{"id": "F1"}, {"id": "F2"}], "Please add 1 file."),
    ("file_input", {"filetypes": ["pdf"]}, [{"id": "F1", "name": "PLAN.PDF"}], None),
    ("file_input", {"filetypes": ["pdf"]}, [{"id": "F1", "filetype": "pdf"}], None),
    (
        "file_input",
        {"filetypes": ["pdf", "png"]},
        [{"id": "F1", "name": "plan.exe"}],
        "Please add files of these kinds: pdf, png.",
    ),
]


@pytest.mark.parametrize(("kind", "more", "value", "complaint"), VALUES)
def test_a_value_is_looked_at_before_it_is_sent(
    kind: str, more: JsonObject, value: JsonValue, complaint: str | None
) -> None:
    assert told(element(kind, **more), value) == complaint


@pytest.mark.parametrize(("kind", "more", "value", "complaint"), VALUES)
def test_an_optional_input_that_is_filled_in_is_looked_at_just_the_same(
    kind: str, more: JsonObject, value: JsonValue, complaint: str | None
) -> None:
    expected = None if complaint == REQUIRED else complaint

    assert told(element(kind, **more), value, optional=True) == expected


def test_only_the_inputs_that_are_wrong_are_named() -> None:
    view = modal(
        input_block(element("plain_text_input", action_id="a"), block_id="fine"),
        input_block(element("number_input", action_id="a"), block_id="wrong"),
        section(accessory=element("datepicker", action_id="a"), block_id="not an input"),
    )
    state: JsonObject = {
        "fine": {"a": {"type": "plain_text_input", "value": "Hi"}},
        "wrong": {"a": {"type": "number_input", "value": "many"}},
        "not an input": {"a": {"type": "datepicker", "selected_date": "whenever"}},
    }

    assert check_submission(view, state) == {"wrong": "Please enter a number."}
