"""Modals, three to a stack, and Home tabs."""

from __future__ import annotations

import hashlib

from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state.blocks import finish_view
from bot.sandbox.state.happenings import HomePublished, ModalOpened, ModalsClosed, ModalUpdated
from bot.sandbox.state.model import App, View
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject, object_at, objects_at, text_at

DEEPEST_STACK = 3


def open_modal(workspace: Workspace, app: App, user: str, body: JsonObject) -> View:
    """Open a modal. It takes the place of whatever modals this person had open."""
    _check_external_id(workspace, app, body)
    close_all(workspace, user)
    return _put_on_top(workspace, app, user, body)


def push(workspace: Workspace, app: App, user: str, body: JsonObject) -> View:
    """Put a modal on top of the app's open ones."""
    stack = workspace.state.modals.get(user, [])
    if not stack or stack[-1].app_id != app.id:
        return open_modal(workspace, app, user, body)
    if len(stack) >= DEEPEST_STACK:
        raise SlackRefuses("push_limit_reached")
    _check_external_id(workspace, app, body)
    return _put_on_top(workspace, app, user, body)


def _put_on_top(workspace: Workspace, app: App, user: str, body: JsonObject) -> View:
    stack = workspace.state.modals.setdefault(user, [])
    view_id = workspace.next_id("V")
    view = _new(
        workspace,
        app,
        user,
        body,
        view_id=view_id,
        root=stack[0].id if stack else view_id,
        previous=stack[-1].id if stack else "",
    )
    stack.append(view)
    workspace.tell(ModalOpened(view))
    return view


def _new(
    workspace: Workspace,
    app: App,
    user: str,
    body: JsonObject,
    *,
    view_id: str,
    root: str,
    previous: str = "",
) -> View:
    return View(
        id=view_id,
        app_id=app.id,
        user=user,
        body=finish_view(body),
        hash=_new_hash(workspace),
        root_view_id=root,
        previous_view_id=previous,
        external_id=text_at(body, "external_id"),
    )


def _new_hash(workspace: Workspace) -> str:
    ts = workspace.next_ts()
    return f"{ts.split('.')[0]}.{hashlib.sha256(ts.encode()).hexdigest()[:8]}"


def _check_external_id(workspace: Workspace, app: App, body: JsonObject, *, but: str = "") -> None:
    wanted = text_at(body, "external_id")
    if wanted and any(
        view.external_id == wanted and view.app_id == app.id and view.id != but
        for view in every_view(workspace)
    ):
        raise SlackRefuses("duplicate_external_id")


def every_view(workspace: Workspace) -> list[View]:
    modals = [view for stack in workspace.state.modals.values() for view in stack]
    return [*modals, *workspace.state.homes.values()]


def find(workspace: Workspace, view_id: str) -> View:
    """An open modal or a published Home tab."""
    for view in every_view(workspace):
        if view.id == view_id:
            return view
    raise SlackRefuses("not_found")


def update(
    workspace: Workspace,
    app: App,
    body: JsonObject,
    *,
    view_id: str = "",
    external_id: str = "",
    known_hash: str = "",
) -> View:
    """Replace what a view shows; what was typed into fields that stay is kept."""
    for view in every_view(workspace):
        if view.app_id == app.id and (
            view.id == view_id or (external_id and view.external_id == external_id)
        ):
            break
    else:
        raise SlackRefuses("not_found")
    if known_hash and known_hash != view.hash:
        raise SlackRefuses("hash_conflict")
    if text_at(body, "type") != text_at(view.body, "type"):
        raise SlackRefuses("invalid_arguments", ["[ERROR] the type of a view can't be changed"])
    _check_external_id(workspace, app, body, but=view.id)
    _replace(workspace, view, body)
    if text_at(view.body, "type") == "home":
        workspace.tell(HomePublished(view))
    else:
        workspace.tell(ModalUpdated(view))
    return view


def _replace(workspace: Workspace, view: View, body: JsonObject) -> None:
    view.body = finish_view(body)
    view.external_id = text_at(body, "external_id")
    view.hash = _new_hash(workspace)
    kept = {
        text_at(block, "block_id"): text_at(object_at(block, "element"), "action_id")
        for block in objects_at(view.body, "blocks")
    }
    view.values = {
        block_id: values
        for block_id, values in view.values.items()
        if isinstance(values, dict)
        and kept.get(block_id, next(iter(values), None)) in values
        and block_id in kept
    }


def publish(
    workspace: Workspace, app: App, user: str, body: JsonObject, *, known_hash: str = ""
) -> View:
    """Show this Home tab to this person from now on."""
    key = f"{app.id}:{user}"
    view = workspace.state.homes.get(key)
    _check_external_id(workspace, app, body, but=view.id if view else "")
    if view is None:
        if known_hash:
            raise SlackRefuses("hash_conflict")
        view_id = workspace.next_id("V")
        view = _new(workspace, app, user, body, view_id=view_id, root=view_id)
        workspace.state.homes[key] = view
    else:
        if known_hash and known_hash != view.hash:
            raise SlackRefuses("hash_conflict")
        _replace(workspace, view, body)
    workspace.tell(HomePublished(view))
    return view


def is_open(workspace: Workspace, view: View) -> bool:
    return view in workspace.state.modals.get(view.user, [])


def close_top(workspace: Workspace, view: View) -> None:
    """Close this modal and what lies on it; the one below shows again."""
    stack = workspace.state.modals.get(view.user, [])
    if view not in stack:
        return
    index = stack.index(view)
    closed = tuple(stack[index:])
    del stack[index:]
    workspace.tell(ModalsClosed(view.user, closed))


def close_all(workspace: Workspace, user: str) -> tuple[View, ...]:
    """Close every modal this person has open."""
    closed = tuple(workspace.state.modals.pop(user, []))
    if closed:
        workspace.tell(ModalsClosed(user, closed))
    return closed
