"""views.*: modals and Home tabs."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator

from bot.sandbox import render
from bot.sandbox.api.method import Arguments, Call, Method, Tier, decoded
from bot.sandbox.checks import refuse_bad_view
from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state import views
from bot.sandbox.state.model import View
from bot.sandbox.wire import JsonObject, compact, text_at

LARGEST_VIEW_BYTES = 250_000

ViewBody = Annotated[JsonObject, BeforeValidator(decoded)]


class Open(Arguments):
    view: ViewBody
    trigger_id: str = ""
    interactivity_pointer: str = ""


class Update(Arguments):
    view: ViewBody
    view_id: str = ""
    external_id: str = ""
    hash: str = ""


class Publish(Arguments):
    view: ViewBody
    user_id: str
    hash: str = ""


def check(body: JsonObject, *, kind: str = "") -> None:
    """Refuse what Slack would not show."""
    if len(compact(body).encode()) > LARGEST_VIEW_BYTES:
        raise SlackRefuses("view_too_large")
    if kind and text_at(body, "type") != kind:
        raise SlackRefuses(
            "invalid_arguments", [f"[ERROR] must be of type {kind} [json-pointer:/view/type]"]
        )
    refuse_bad_view(body)


def _trigger(args: Open) -> str:
    trigger = args.trigger_id or args.interactivity_pointer
    if not trigger:
        raise SlackRefuses("invalid_arguments", ["[ERROR] missing required field: trigger_id"])
    return trigger


def _answer(call: Call, view: View) -> JsonObject:
    return {"view": render.view(call.workspace, view)}


def open_view(call: Call, args: Open) -> JsonObject:
    check(args.view, kind="modal")
    user = call.triggers.exchange(_trigger(args), call.app.id)
    return _answer(call, views.open_modal(call.workspace, call.app, user, args.view))


def push_view(call: Call, args: Open) -> JsonObject:
    check(args.view, kind="modal")
    user = call.triggers.exchange(_trigger(args), call.app.id)
    return _answer(call, views.push(call.workspace, call.app, user, args.view))


def update_view(call: Call, args: Update) -> JsonObject:
    if not args.view_id and not args.external_id:
        raise SlackRefuses(
            "invalid_arguments", ["[ERROR] missing required field: view_id or external_id"]
        )
    check(args.view)
    view = views.update(
        call.workspace,
        call.app,
        args.view,
        view_id=args.view_id,
        external_id=args.external_id,
        known_hash=args.hash,
    )
    return _answer(call, view)


def publish_view(call: Call, args: Publish) -> JsonObject:
    if not call.app.has_home:
        raise SlackRefuses("not_enabled")
    call.workspace.user(args.user_id)
    check(args.view, kind="home")
    view = views.publish(call.workspace, call.app, args.user_id, args.view, known_hash=args.hash)
    return _answer(call, view)


METHODS = (
    Method("views.open", Open, open_view, (), Tier.FOUR),
    Method("views.push", Open, push_view, (), Tier.FOUR),
    Method("views.update", Update, update_view, (), Tier.FOUR),
    Method("views.publish", Publish, publish_view, (), Tier.FOUR),
)
