"""Installing an app by consent: codes that serve once within ten minutes."""

from __future__ import annotations

import secrets
from datetime import timedelta

from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state.happenings import AppInstalled
from bot.sandbox.state.model import App, OauthCode
from bot.sandbox.state.workspace import Workspace

CODE_LIFE = timedelta(minutes=10)


def app_of_client(workspace: Workspace, client_id: str) -> App:
    for app in workspace.state.apps.values():
        if app.client_id == client_id:
            return app
    raise SlackRefuses("invalid_client_id")


def check_request(app: App, scopes: list[str], redirect_uri: str) -> str:
    """The address to go back to. Slack takes any that begins as one of the registered ones."""
    asked = [scope for scope in scopes if scope]
    if not set(asked) <= set(app.scopes):
        raise SlackRefuses("invalid_scope")
    if not redirect_uri:
        if len(app.redirect_urls) != 1:
            raise SlackRefuses("bad_redirect_uri")
        return app.redirect_urls[0]
    if not any(redirect_uri.startswith(known) for known in app.redirect_urls):
        raise SlackRefuses("bad_redirect_uri")
    return redirect_uri


def consent(workspace: Workspace, app: App, user: str, redirect_uri: str) -> OauthCode:
    code = OauthCode(
        code=f"{workspace.seconds()}.{secrets.token_hex(16)}",
        app_id=app.id,
        user=user,
        redirect_uri=redirect_uri,
        expires=workspace.now() + CODE_LIFE,
    )
    workspace.state.oauth_codes[code.code] = code
    return code


def exchange(
    workspace: Workspace, client_id: str, client_secret: str, code: str, redirect_uri: str
) -> tuple[App, str]:
    """The app that is installed by this code, and who allowed it."""
    app = app_of_client(workspace, client_id)
    if not secrets.compare_digest(app.client_secret.encode(), client_secret.encode()):
        raise SlackRefuses("bad_client_secret")
    given = workspace.state.oauth_codes.get(code)
    if given is None or given.app_id != app.id or given.expires <= workspace.now():
        raise SlackRefuses("invalid_code")
    if given.used:
        raise SlackRefuses("code_already_used")
    if redirect_uri and redirect_uri != given.redirect_uri:
        raise SlackRefuses("bad_redirect_uri")
    given.used = True
    if not app.installed:
        app.installed = True
        workspace.tell(AppInstalled(app.id))
    return app, given.user
