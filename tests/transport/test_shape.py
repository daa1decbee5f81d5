"""What Bolt would fail at is refused before it sees it, and what Slack sends is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue
from slack_bolt.request import payload_utils
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.transport.shape import has_slacks_shape

# Every name that slack_bolt/request/internals.py and payload_utils.py look for.
_LOOKED_FOR = (
    *("type", "event", "view", "actions", "authorizations", "response_urls", "response_url"),
    *("user", "user_id", "user_team", "team", "team_id", "enterprise", "enterprise_id"),
    *("channel", "channel_id", "channel_type", "thread_ts", "message", "previous_message", "item"),
    *("assistant_thread", "function_data", "execution_id", "function_execution_id", "inputs"),
    *("bot_access_token", "is_enterprise_install", "is_ext_shared_channel", "context_team_id"),
    *("app_installed_team_id", "callback_id", "command", "action_id", "block_id", "bot_id"),
    *("context_enterprise_id", "subtype", "id", "workflow_step"),
)
_LEAVES = st.none() | st.booleans() | st.integers() | st.sampled_from(["", "T1", "E1", "message"])
_VALUES = st.recursive(
    _LEAVES,
    lambda inside: (
        st.lists(inside, max_size=2)
        | st.dictionaries(st.sampled_from(_LOOKED_FOR), inside, max_size=4)
    ),
    max_leaves=12,
)
_KINDS = (
    *("event_callback", "block_actions", "view_submission", "view_closed", "shortcut"),
    *("message_action", "interactive_message", "dialog_submission", "workflow_step_edit"),
    *("block_suggestion", "function_executed", "url_verification"),
)
# What Bolt asks of every payload before it calls whoever listens, the error handler too.
_BOLT_LOOKS = (
    *(payload_utils.to_event, payload_utils.to_message, payload_utils.to_command),
    *(payload_utils.to_action, payload_utils.to_options, payload_utils.to_shortcut),
    *(payload_utils.to_view, payload_utils.to_step, payload_utils.is_function),
    *(payload_utils.is_assistant_event, payload_utils.is_workflow_step_save),
    payload_utils.is_other_message_sub_event_in_assistant_thread,
)


@pytest.mark.parametrize("actions", [None, {}, [], [{}], ["accept"], [{"block_id": "card"}]])
def test_a_click_that_names_no_button_is_no_click_of_slack_s(actions: object) -> None:
    assert not has_slacks_shape({"type": "block_actions", "actions": actions})
    named = {"type": "block_actions", "actions": [{"action_id": "accept"}]}
    assert has_slacks_shape(named)


@pytest.mark.parametrize("name", ["event", "view", "response_urls"])
def test_what_bolt_looks_into_at_once_is_never_null(name: str) -> None:
    assert not has_slacks_shape({"type": "event_callback", name: None})


@pytest.mark.parametrize(
    "event",
    [
        {"type": "channel_rename", "channel": {"id": "C1", "name": "two", "created": 1}},
        {"type": "user_change", "user": {"id": "U1", "team_id": "T1", "profile": {"team": "T1"}}},
        {"type": "message", "channel": "C1", "user": "U1", "thread_ts": "1.2", "subtype": None},
        {"type": "reaction_added", "user": "U1", "item": {"type": "message", "channel": "C1"}},
        {"type": "message", "subtype": "message_changed", "message": {"user": "U1", "type": "m"}},
    ],
)
def test_what_slack_sends_passes(event: JsonValue) -> None:
    authorized = [{"enterprise_id": None, "team_id": "T1", "user_id": "U1", "is_bot": True}]
    body = {"type": "event_callback", "team_id": "T1", "authorizations": authorized, "event": event}
    assert has_slacks_shape(body)


def test_the_names_of_a_form_s_fields_are_ours() -> None:
    state = {"values": {"channel": {"channel": {"type": "plain_text_input", "value": "a"}}}}
    view = {"id": "V1", "type": "modal", "callback_id": "room", "state": state}
    assert has_slacks_shape({"type": "view_submission", "user": {"id": "U1"}, "view": view})


@given(st.sampled_from(_KINDS), st.dictionaries(st.sampled_from(_LOOKED_FOR), _VALUES, max_size=8))
def test_bolt_fails_at_nothing_that_passes(kind: str, body: dict[str, JsonValue]) -> None:
    payload = {**body, "type": kind}
    if has_slacks_shape(payload):
        AsyncBoltRequest(body=payload, mode="socket_mode")
        for looks in _BOLT_LOOKS:
            looks(payload)
