"""What an app's answer puts into effect: to a command, a form, an address, a search."""

from __future__ import annotations

from bot.sandbox.api import views as views_api
from bot.sandbox.blockkit import check_suggestion
from bot.sandbox.checks import refuse_bad_message
from bot.sandbox.delivery.parcel import Answer
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.people.outcome import Outcome
from bot.sandbox.state import messages, views
from bot.sandbox.state.blocks import finish_blocks
from bot.sandbox.state.model import App, Channel, ResponseUrl, View
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject, objects_at, text_at

TROUBLE = "We had some trouble connecting. Try again?"


def to_command(workspace: Workspace, app: App, address: ResponseUrl, answer: Answer) -> Outcome:
    """A command may be answered on the spot: to the person alone unless it says otherwise."""
    body = answer.body or {}
    if not any(body.get(part) for part in ("text", "blocks", "attachments")):
        return Outcome(True, payload=answer.body)
    try:
        say(workspace, app, address, body)
    except SlackRefuses as refusal:
        return Outcome(True, f"{app.name} sent an answer that can't be shown.", refusal.code)
    return Outcome(True, text_at(body, "text"), payload=body)


def say(workspace: Workspace, app: App, address: ResponseUrl, body: JsonObject) -> None:
    """Post what an app answers to a command or to an address of ours."""
    channel = workspace.state.channels.get(address.channel)
    if channel is None:
        raise SlackRefuses("channel_not_found")
    if body.get("delete_original") is True:
        _delete_original(workspace, channel, address)
        return
    refuse_bad_message(body.get("blocks"), body.get("text"), body.get("attachments"))
    draft = messages.Draft(
        user=app.bot_user_id,
        text=text_at(body, "text"),
        blocks=finish_blocks(body.get("blocks")),
        attachments=objects_at(body, "attachments"),
        bot_id=app.bot_id,
        app_id=app.id,
        thread_ts=text_at(body, "thread_ts"),
    )
    if body.get("replace_original") is True and address.message_ts:
        _replace_original(workspace, channel, address, draft)
    elif text_at(body, "response_type") == "in_channel":
        messages.post(workspace, channel, draft)
    else:
        messages.show_ephemeral(workspace, channel, draft, address.user)


def _delete_original(workspace: Workspace, channel: Channel, address: ResponseUrl) -> None:
    if address.ephemeral:
        messages.drop_ephemeral(workspace, channel, address.message_ts)
    else:
        message = messages.find(channel, address.message_ts)
        messages.delete(workspace, channel, message)


def _replace_original(
    workspace: Workspace, channel: Channel, address: ResponseUrl, draft: messages.Draft
) -> None:
    if address.ephemeral:
        messages.drop_ephemeral(workspace, channel, address.message_ts)
        draft.thread_ts = draft.thread_ts or address.thread_ts
        shown = messages.show_ephemeral(workspace, channel, draft, address.user)
        address.message_ts = shown.ts
        return
    message = messages.find(channel, address.message_ts)
    change = messages.Edit(text=draft.text, blocks=draft.blocks, attachments=draft.attachments)
    messages.edit(workspace, channel, message, draft.user, change)


def to_submission(workspace: Workspace, app: App, view: View, answer: Answer) -> Outcome:
    """Put the `response_action` of a form's answer into effect."""
    body = answer.body or {}
    action = text_at(body, "response_action")
    if not views.is_open(workspace, view):
        return Outcome(True, payload=answer.body)
    if not body:
        views.close_top(workspace, view)
        return Outcome(True, payload=answer.body)
    if action == "clear":
        views.close_all(workspace, view.user)
        return Outcome(True, payload=body)
    if action == "errors":
        return _errors(view, body)
    if action in {"update", "push"}:
        return _next_view(workspace, app, view, body)
    return Outcome(False, TROUBLE, "invalid_response", payload=body)


def _errors(view: View, body: JsonObject) -> Outcome:
    """Errors go to input blocks; anything else is an answer that Slack can't use."""
    given = body.get("errors")
    inputs = {
        text_at(block, "block_id")
        for block in objects_at(view.body, "blocks")
        if block.get("type") == "input"
    }
    errors = given if isinstance(given, dict) else {}
    told = {key: text for key, text in errors.items() if isinstance(text, str) and text}
    if not errors or told != errors or not set(errors) <= inputs:
        return Outcome(False, TROUBLE, "invalid_response", payload=body)
    return Outcome(True, errors=told, payload=body)


def _next_view(workspace: Workspace, app: App, view: View, body: JsonObject) -> Outcome:
    shown = body.get("view")
    if not isinstance(shown, dict):
        return Outcome(False, TROUBLE, "invalid_response", payload=body)
    try:
        views_api.check(shown, kind="modal")
        if text_at(body, "response_action") == "push":
            views.push(workspace, app, view.user, shown)
        else:
            views.update(workspace, app, shown, view_id=view.id)
    except SlackRefuses as refusal:
        return Outcome(False, TROUBLE, refusal.code, payload=body)
    return Outcome(True, payload=body)


def to_suggestion(answer: Answer) -> JsonObject:
    """`options` or `option_groups`; what Slack can't use is refused as a whole."""
    body = answer.body or {}
    problems = check_suggestion(body)
    if problems:
        raise SlackRefuses("invalid_options", [problem.message for problem in problems])
    return body
