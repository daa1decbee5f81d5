"""Apps: installing them from a manifest, their tokens, their answers' addresses."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from bot.sandbox.errors import SlackRefuses
from bot.sandbox.state.happenings import AppInstalled, AppRemoved
from bot.sandbox.state.manifest import Manifest, read_manifest
from bot.sandbox.state.model import (
    App,
    AppMode,
    PersonKind,
    ResponseUrl,
    Shortcut,
    SlashCommand,
    User,
)
from bot.sandbox.state.workspace import Workspace
from bot.sandbox.wire import JsonObject

RESPONSE_URL_USES = 5
RESPONSE_URL_LIFE = timedelta(minutes=30)


def install(
    workspace: Workspace,
    raw: JsonObject,
    *,
    mode: AppMode | None = None,
    request_url: str | None = None,
    installed: bool = True,
) -> App:
    """Install an app with every scope its manifest asks for; or only make it known, so that
    somebody installs it by consent."""
    manifest = read_manifest(raw)
    settings = manifest.settings
    if mode is None:
        mode = AppMode.SOCKET if settings.socket_mode_enabled else AppMode.HTTP
    app_id = workspace.next_id("A")
    bot = _bot_user(workspace, manifest, app_id)
    events_url = request_url or settings.event_subscriptions.request_url
    interactivity_url = request_url or settings.interactivity.request_url or events_url
    seed = f"{workspace.team.id}-{app_id}"
    app = App(
        id=app_id,
        name=manifest.display_information.name,
        mode=mode,
        bot_user_id=bot.id,
        bot_id=bot.bot_id,
        scopes=list(manifest.oauth_config.scopes.bot),
        bot_events=list(settings.event_subscriptions.bot_events),
        commands=[
            SlashCommand(
                item.command,
                item.description,
                item.usage_hint,
                request_url or item.url or events_url,
                item.should_escape,
            )
            for item in manifest.features.slash_commands
        ],
        shortcuts=[
            Shortcut(item.name, item.type, item.callback_id, item.description)
            for item in manifest.features.shortcuts
        ],
        has_home=manifest.features.app_home.home_tab_enabled,
        messages_tab=manifest.features.app_home.messages_tab_enabled,
        interactive=settings.interactivity.is_enabled,
        bot_token=f"xoxb-local-{app_id}-{_secret(seed, 'bot', 24)}",
        app_token=f"xapp-1-{app_id}-{_secret(seed, 'app', 32)}",
        signing_secret=_secret(seed, "signing", 32),
        client_id=f"1000000000.{int(_secret(seed, 'client', 10), 16)}",
        client_secret=_secret(seed, "client secret", 32),
        verification_token=_secret(seed, "verification", 24),
        request_url=events_url,
        interactivity_url=interactivity_url,
        options_url=request_url
        or settings.interactivity.message_menu_options_url
        or interactivity_url,
        redirect_urls=list(manifest.oauth_config.redirect_urls),
        unfurl_domains=list(manifest.features.unfurl_domains),
        manifest=raw,
        installed=installed,
    )
    taken = {
        item.command: other.name
        for other in workspace.state.apps.values()
        for item in other.commands
    }
    for command in app.commands:
        if command.command in taken:
            raise ValueError(f"{command.command} belongs to {taken[command.command]} already")
    workspace.state.apps[app.id] = app
    workspace.tell(AppInstalled(app.id))
    return app


def _bot_user(workspace: Workspace, manifest: Manifest, app_id: str) -> User:
    feature = manifest.features.bot_user
    shown = feature.display_name if feature else manifest.display_information.name
    name = "".join(char if char.isalnum() else "_" for char in shown.lower())
    taken = {user.name for user in workspace.state.users.values()}
    while name in taken:
        name += "2"
    bot = User(
        id=workspace.next_id("U"),
        team_id=workspace.team.id,
        name=name,
        real_name=shown,
        kind=PersonKind.BOT,
        app_id=app_id,
        bot_id=workspace.next_id("B"),
        color=manifest.display_information.background_color.lstrip("#"),
        updated=workspace.seconds(),
    )
    workspace.state.users[bot.id] = bot
    return bot


def _secret(seed: str, purpose: str, length: int) -> str:
    """Looks like a secret; made from the ids, so that a saved workspace keeps its tokens."""
    return hashlib.sha256(f"{seed}-{purpose}".encode()).hexdigest()[:length]


def uninstall(workspace: Workspace, app: App) -> None:
    """Remove the app: its bot leaves every channel and its tokens are void."""
    app.installed = False
    for channel in workspace.state.channels.values():
        if not channel.is_direct:
            channel.members.pop(app.bot_user_id, None)
    workspace.tell(AppRemoved(app, workspace.next_ts()))


def by_bot_token(workspace: Workspace, token: str) -> App:
    for app in workspace.state.apps.values():
        if app.bot_token == token:
            if not app.installed:
                raise SlackRefuses("account_inactive")
            return app
    raise SlackRefuses("invalid_auth")


def by_app_token(workspace: Workspace, token: str) -> App:
    for app in workspace.state.apps.values():
        if app.app_token == token:
            return app
    raise SlackRefuses("invalid_auth")


def of_command(workspace: Workspace, command: str) -> App | None:
    for app in workspace.state.apps.values():
        if app.installed and any(item.command == command for item in app.commands):
            return app
    return None


def of_shortcut(workspace: Workspace, callback_id: str) -> tuple[App, Shortcut] | None:
    for app in workspace.state.apps.values():
        for shortcut in app.shortcuts:
            if app.installed and shortcut.callback_id == callback_id:
                return app, shortcut
    return None


def give_response_url(
    workspace: Workspace,
    app: App,
    user: str,
    channel: str,
    *,
    message_ts: str = "",
    thread_ts: str = "",
    ephemeral: bool = False,
) -> ResponseUrl:
    """A new address for an app's answers about one deed."""
    for old in [one for one in workspace.state.response_urls.values() if _is_over(workspace, one)]:
        del workspace.state.response_urls[old.key]
    key = f"{app.id}/{workspace.next_id('')}/{_secret(app.id, workspace.next_id(''), 24)}"
    given = ResponseUrl(
        key=key,
        app_id=app.id,
        channel=channel,
        user=user,
        expires=workspace.now() + RESPONSE_URL_LIFE,
        message_ts=message_ts,
        thread_ts=thread_ts,
        ephemeral=ephemeral,
    )
    workspace.state.response_urls[key] = given
    return given


def _is_over(workspace: Workspace, address: ResponseUrl) -> bool:
    """Long expired: an address that expired just now still says so."""
    return address.expires + RESPONSE_URL_LIFE <= workspace.now()


def use_response_url(workspace: Workspace, key: str) -> ResponseUrl:
    """Count one use of such an address."""
    given = workspace.state.response_urls.get(key)
    if given is None:
        raise SlackRefuses("invalid_url")
    if given.expires <= workspace.now():
        raise SlackRefuses("expired_url")
    if given.uses >= RESPONSE_URL_USES:
        raise SlackRefuses("used_url")
    given.uses += 1
    return given
