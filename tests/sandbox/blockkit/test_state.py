"""`state.values` before and after use, and the `actions` of block_actions, kind by kind."""

from dataclasses import dataclass

import pytest
from pydantic import JsonValue

from bot.sandbox.blockkit import (
    JsonObject,
    NotOffered,
    action_payload,
    held_state,
    initial_state,
    state_entry,
)
from bot.sandbox.blockkit.elements import ELEMENTS
from tests.sandbox.blockkit.wire import (
    actions,
    button,
    confirm,
    element,
    groups,
    input_block,
    modal,
    option,
    plain,
    rich_section,
    rich_text,
    section,
)

RICH = rich_text(rich_section({"type": "text", "text": "Hi"}))
FILE: JsonObject = {"id": "F1", "name": "plan.pdf"}


@dataclass(frozen=True)
class Kept:
    """Where an element keeps its value: as untouched, as set at first, as a person leaves it."""

    field: str
    untouched: JsonValue
    initial: str | None
    first: JsonValue
    then: JsonValue


TEXT = Kept("value", None, "initial_value", "first", "then")
ONE = Kept("selected_option", None, "initial_option", option("v0"), option("v1"))
MANY = Kept("selected_options", [], "initial_options", [option("v0")], [option("v1")])
FOUND = option("found", {**plain(), "emoji": True})

KEPT = {
    "plain_text_input": TEXT,
    "email_text_input": TEXT,
    "url_text_input": TEXT,
    "number_input": Kept("value", None, "initial_value", "1", "2"),
    "rich_text_input": Kept("rich_text_value", None, "initial_value", RICH, RICH),
    "file_input": Kept("files", [], None, [], [FILE]),
    "checkboxes": MANY,
    "radio_buttons": ONE,
    "static_select": ONE,
    "external_select": Kept("selected_option", None, "initial_option", option(), FOUND),
    "multi_static_select": MANY,
    "multi_external_select": Kept("selected_options", [], "initial_options", [option()], [FOUND]),
    "users_select": Kept("selected_user", None, "initial_user", "U1", "U2"),
    "channels_select": Kept("selected_channel", None, "initial_channel", "C1", "C2"),
    "conversations_select": Kept("selected_conversation", None, "initial_conversation", "C1", "D2"),
    "multi_users_select": Kept("selected_users", [], "initial_users", ["U1"], ["U2", "U3"]),
    "multi_channels_select": Kept("selected_channels", [], "initial_channels", ["C1"], ["C2"]),
    "multi_conversations_select": Kept(
        "selected_conversations", [], "initial_conversations", ["C1"], ["D2"]
    ),
    "datepicker": Kept("selected_date", None, "initial_date", "2025-03-01", "2025-03-02"),
    "timepicker": Kept("selected_time", None, "initial_time", "09:00", "17:30"),
    "datetimepicker": Kept(
        "selected_date_time", None, "initial_date_time", 1_700_000_000, 1_700_000_060
    ),
}
KEEPING_NOTHING = {"button", "workflow_button", "overflow", "icon_button", "feedback_buttons"}


def held(kind: str, **more: JsonValue) -> JsonObject:
    return input_block(element(kind, action_id="a", **more), block_id="b")


@pytest.mark.parametrize("kind", KEPT)
def test_an_untouched_element_holds_nothing(kind: str) -> None:
    kept = KEPT[kind]

    assert initial_state(modal(held(kind))) == {
        "b": {"a": {"type": kind, kept.field: kept.untouched}}
    }


@pytest.mark.parametrize("kind", [kind for kind in KEPT if KEPT[kind].initial])
def test_an_element_starts_with_its_initial_value(kind: str) -> None:
    kept = KEPT[kind]
    assert kept.initial

    assert initial_state(modal(held(kind, **{kept.initial: kept.first}))) == {
        "b": {"a": {"type": kind, kept.field: kept.first}}
    }


@pytest.mark.parametrize("kind", KEPT)
def test_an_element_keeps_what_a_person_leaves_in_it(kind: str) -> None:
    kept = KEPT[kind]

    assert state_entry(element(kind), {kept.field: kept.then}) == {
        "type": kind,
        kept.field: kept.then,
    }


@pytest.mark.parametrize("kind", KEPT)
def test_an_element_that_is_emptied_again_holds_nothing(kind: str) -> None:
    kept = KEPT[kind]
    empty: JsonValue = "" if kept.field == "value" else kept.untouched

    assert state_entry(element(kind), {kept.field: empty}) == {
        "type": kind,
        kept.field: kept.untouched,
    }


@pytest.mark.parametrize("kind", sorted(KEEPING_NOTHING))
def test_what_is_pressed_keeps_nothing(kind: str) -> None:
    view = modal(actions(element(kind, action_id="a"), block_id="b"))

    assert initial_state(view) == {}
    assert state_entry(element(kind), {"value": "x"}) is None


def test_every_kind_is_in_these_tables() -> None:
    assert set(KEPT) | KEEPING_NOTHING == set(ELEMENTS)


def test_elements_outside_of_inputs_are_in_the_state_too() -> None:
    blocks: list[JsonValue] = [
        actions(element("datepicker", action_id="day"), button(action_id="go"), block_id="row"),
        section(accessory=element("users_select", action_id="who"), block_id="side"),
    ]

    assert initial_state(blocks) == {
        "row": {"day": {"type": "datepicker", "selected_date": None}},
        "side": {"who": {"type": "users_select", "selected_user": None}},
    }


def test_a_conversation_select_starts_where_the_person_is() -> None:
    here = modal(held("conversations_select", default_to_current_conversation=True))
    there = modal(
        held(
            "conversations_select",
            default_to_current_conversation=True,
            initial_conversation="C9",
        )
    )

    assert initial_state(here, "C1")["b"]["a"]["selected_conversation"] == "C1"
    assert initial_state(there, "C1")["b"]["a"]["selected_conversation"] == "C9"


def test_a_picked_option_is_kept_as_the_app_wrote_it() -> None:
    menu = element("static_select", option_groups=groups(1, 2))

    forged: JsonObject = option("v1", plain("Forged words"))
    short: JsonObject = {"value": "v1"}
    for told in (forged, short, "v1"):
        entry = state_entry(menu, {"selected_option": told})
        assert entry == {"type": "static_select", "selected_option": option("v1")}


@pytest.mark.parametrize("kind", ["static_select", "radio_buttons"])
def test_nobody_picks_what_is_not_offered(kind: str) -> None:
    with pytest.raises(NotOffered):
        state_entry(element(kind), {"selected_option": option("forged")})


@pytest.mark.parametrize("kind", ["checkboxes", "multi_static_select"])
def test_nobody_picks_several_of_which_one_is_not_offered(kind: str) -> None:
    with pytest.raises(NotOffered):
        state_entry(element(kind), {"selected_options": [option("v0"), option("forged")]})


def test_a_timezone_stays_with_its_time() -> None:
    picker = element("timepicker", timezone="America/New_York")

    assert state_entry(picker, {"selected_time": "10:00"}) == {
        "type": "timepicker",
        "selected_time": "10:00",
        "timezone": "America/New_York",
    }


def test_what_a_search_found_is_kept_as_it_came() -> None:
    menu = element("external_select")
    found: JsonObject = option("found", {**plain("Found"), "emoji": True})

    assert state_entry(menu, {"selected_option": found}) == {
        "type": "external_select",
        "selected_option": found,
    }
    assert state_entry(menu, {"selected_option": {"value": "bare"}}) == {
        "type": "external_select",
        "selected_option": option("bare", {**plain("bare"), "emoji": True}),
    }


@pytest.mark.parametrize("picked", [{}, {"value": 3}, 3, {"value": "v", "text": [[]]}])
def test_nobody_picks_what_no_search_could_find(picked: JsonValue) -> None:
    with pytest.raises(NotOffered):
        state_entry(element("external_select"), {"selected_option": picked})


def test_a_client_holds_what_was_filled_in_over_what_was_there_first() -> None:
    view = modal(
        held("plain_text_input", initial_value="first"),
        input_block(element("static_select", action_id="a"), block_id="menu"),
    )
    typed: JsonObject = {"b": {"a": {"value": "typed"}}}
    picked: JsonObject = {"menu": {"a": {"selected_option": {"value": "v1"}}}}

    assert held_state(view) == initial_state(view)
    assert held_state(view, typed, picked) == {
        "b": {"a": {"type": "plain_text_input", "value": "typed"}},
        "menu": {"a": {"type": "static_select", "selected_option": option("v1")}},
    }


@pytest.mark.parametrize(
    "layer",
    [
        None,
        [],
        {"nowhere": {"a": {"value": "x"}}},
        {"menu": {"nothing": {"value": "x"}}},
        {"menu": {"a": {"value": "of another field"}}},
        {"menu": {"a": {"selected_option": option("forged")}}},
        {"menu": "x"},
    ],
)
def test_a_client_holds_nothing_that_is_not_there(layer: JsonValue) -> None:
    view = modal(input_block(element("static_select", action_id="a"), block_id="menu"))

    assert held_state(view, layer) == initial_state(view)


TS = "1548426417.840180"
ASKING = confirm()

# Slack's documented samples of `actions`, with this test's ids.
PAYLOADS: dict[str, tuple[JsonObject, JsonObject, JsonObject]] = {
    "a button": (
        button("View", value="click_me_123"),
        {},
        {"text": plain("View"), "value": "click_me_123"},
    ),
    "a button that leads somewhere": (
        button("Open", url="https://example.com", style="primary", confirm=ASKING),
        {},
        {
            "text": plain("Open"),
            "url": "https://example.com",
            "style": "primary",
            "confirm": ASKING,
        },
    ),
    "an overflow menu": (
        element("overflow"),
        {"selected_option": {"value": "v1"}},
        {"selected_option": option("v1")},
    ),
    "a select": (
        element("static_select", placeholder=plain("Pick"), initial_option=option("v0")),
        {"selected_option": option("v1")},
        {
            "selected_option": option("v1"),
            "initial_option": option("v0"),
            "placeholder": plain("Pick"),
        },
    ),
    "a multi-select": (
        element("multi_static_select"),
        {"selected_options": [option("v1"), option("v0")]},
        {"selected_options": [option("v1"), option("v0")]},
    ),
    "an external select": (
        element("external_select", min_query_length=2),
        {"selected_option": option("found")},
        {
            "selected_option": option("found", {**plain(), "emoji": True}),
            "min_query_length": 2,
        },
    ),
    "a person": (
        element("users_select", initial_user="U1"),
        {"selected_user": "U2"},
        {"selected_user": "U2", "initial_user": "U1"},
    ),
    "people": (
        element("multi_users_select"),
        {"selected_users": ["U2"]},
        {"selected_users": ["U2"]},
    ),
    "a channel": (
        element("channels_select"),
        {"selected_channel": "C1"},
        {"selected_channel": "C1"},
    ),
    "a conversation": (
        element("conversations_select"),
        {"selected_conversation": "D1"},
        {"selected_conversation": "D1"},
    ),
    "a day": (
        element("datepicker", initial_date="2025-03-01", placeholder=plain("Day")),
        {"selected_date": "2025-03-02"},
        {
            "selected_date": "2025-03-02",
            "initial_date": "2025-03-01",
            "placeholder": plain("Day"),
        },
    ),
    "a time": (
        element("timepicker", initial_time="09:00"),
        {"selected_time": "10:00"},
        {"selected_time": "10:00", "initial_time": "09:00"},
    ),
    "a moment": (
        element("datetimepicker"),
        {"selected_date_time": 1_700_000_000},
        {"selected_date_time": 1_700_000_000},
    ),
    "radio buttons": (
        element("radio_buttons"),
        {"selected_option": option("v0")},
        {"selected_option": option("v0")},
    ),
    "checkboxes all unticked": (
        element("checkboxes", initial_options=[option("v0")]),
        {"selected_options": []},
        {"selected_options": [], "initial_options": [option("v0")]},
    ),
    "words": (
        element("plain_text_input", initial_value="old"),
        {"value": "new"},
        {"value": "new"},
    ),
    "a number": (element("number_input"), {"value": "3"}, {"value": "3"}),
    "rich text": (
        element("rich_text_input"),
        {"rich_text_value": RICH},
        {"rich_text_value": RICH},
    ),
    "an icon": (
        element("icon_button", value="case"),
        {},
        {"icon": "trash", "text": plain("Delete"), "value": "case"},
    ),
    "praise": (
        element("feedback_buttons"),
        {"value": "good"},
        {"text": plain("Good"), "value": "good"},
    ),
}


@pytest.mark.parametrize("case", PAYLOADS)
def test_an_action_says_what_was_done_in_slack_s_own_fields(case: str) -> None:
    used, done, told = PAYLOADS[case]

    assert action_payload("b", {**used, "action_id": "a"}, done, TS) == {
        "type": used["type"],
        "action_id": "a",
        "block_id": "b",
        "action_ts": TS,
        **told,
    }


@pytest.mark.parametrize(
    ("kind", "done"),
    [
        ("overflow", {"selected_option": {"value": "forged"}}),
        ("overflow", {}),
        ("feedback_buttons", {"value": "forged"}),
        ("static_select", {"selected_option": {"value": "forged"}}),
    ],
)
def test_an_action_can_t_be_forged(kind: str, done: JsonObject) -> None:
    with pytest.raises(NotOffered):
        action_payload("b", element(kind, action_id="a"), done, TS)
