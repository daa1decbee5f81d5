"""Block Kit as Slack enforces it: what is refused, and what people's use of it looks like.

Pure functions over JSON as it travels; they never raise for whatever JSON they are given, except
where `NotOffered` is named. `docs` of the local Slack say where this is simpler than Slack.
"""

from bot.sandbox.blockkit.findings import JsonObject, Problem, Surface
from bot.sandbox.blockkit.layout import fill_flags, fill_ids, find_block_id, find_element
from bot.sandbox.blockkit.messages import check_message
from bot.sandbox.blockkit.state import (
    NotOffered,
    StateValues,
    action_payload,
    held_state,
    initial_state,
    state_entry,
)
from bot.sandbox.blockkit.submission import check_submission
from bot.sandbox.blockkit.suggestions import check_suggestion
from bot.sandbox.blockkit.views import check_view

__all__ = [
    "JsonObject",
    "NotOffered",
    "Problem",
    "StateValues",
    "Surface",
    "action_payload",
    "check_message",
    "check_submission",
    "check_suggestion",
    "check_view",
    "fill_flags",
    "fill_ids",
    "find_block_id",
    "find_element",
    "held_state",
    "initial_state",
    "state_entry",
]
