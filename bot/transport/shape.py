"""Whether something has the shape of what Slack sends, as far as Bolt relies on it unasked.

Before a listener is chosen, Bolt looks for who, where and what in the whole payload
(slack_bolt/request/internals.py, payload_utils.py), and fails where a word is a number or an object
is a list. What is in there beyond that is read by strict models, each listener its own.
"""

from typing import Final

# What these names hold, wherever Bolt looks for them. Slack leaves any of them out, or says null.
_OBJECTS: Final = frozenset(
    {
        *("event", "view", "container", "message", "previous_message", "item", "state"),
        *("assistant_thread", "function_data", "authed_users_info", "bot_profile"),
    }
)
_LISTS: Final = frozenset({"actions", "authorizations", "response_urls"})
# A person, a place or an organization: by its id alone, or as an object that has one.
_NAMED: Final = frozenset({"user", "channel", "team", "enterprise"})
_WORDS: Final = frozenset(
    {
        *("type", "subtype", "callback_id", "command", "action_id", "block_id", "id"),
        *("user_id", "channel_id", "team_id", "enterprise_id", "user_team", "thread_ts"),
        *("app_installed_team_id", "context_team_id", "context_enterprise_id", "execution_id"),
        *("function_execution_id", "bot_access_token", "response_url", "channel_type", "bot_id"),
    }
)
# Left out, perhaps, but never null: Bolt looks into them as soon as they are there.
_NEVER_NULL: Final = ("event", "view", "response_urls")
# Below these the names are not Slack's: a form's fields are named by us.
_NOT_SLACKS: Final = frozenset({"state"})


def has_slacks_shape(read: object) -> bool:
    """Whether it is an object in which words, objects and lists are where Bolt looks for them."""
    return (
        isinstance(read, dict)
        and _is_shaped(read)
        # At the top, Slack names whoever acts, where and in what team by objects alone.
        and all(isinstance(read.get(name), dict | None) for name in _NAMED)
        and read.get("actions") != []
        and all(read.get(name, {}) is not None for name in _NEVER_NULL)
        and len(_list(read.get("response_urls"))) < 2
        and _says_what_it_is_about(read)
    )


def _is_shaped(read: dict[str, object]) -> bool:
    return all(_holds_its_kind(name, held) for name, held in read.items() if held is not None)


def _holds_its_kind(name: str, held: object) -> bool:
    if name in _WORDS:
        return isinstance(held, str)
    if name in _NAMED:
        return isinstance(held, str) or (isinstance(held, dict) and _is_shaped(held))
    if name in _LISTS:
        return isinstance(held, list) and all(
            isinstance(one, dict) and _is_shaped(one) for one in held
        )
    if name in _OBJECTS:
        return isinstance(held, dict) and (name in _NOT_SLACKS or _is_shaped(held))
    return True


def _says_what_it_is_about(read: dict[str, object]) -> bool:
    """A click names its button, a form that was sent says what view it is."""
    match read.get("type"):
        case "block_actions":
            pressed = _list(read.get("actions"))
            return bool(pressed) and all("action_id" in one for one in pressed)
        case "view_submission":
            view = read.get("view")
            return isinstance(view, dict) and isinstance(view.get("type"), str)
        case "workflow_step_edit":
            return False  # an app of another kind
    return True


def _list(held: object) -> list[dict[str, object]]:
    return held if isinstance(held, list) else []
