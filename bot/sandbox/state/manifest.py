"""Slack's app manifest, the same JSON that a workspace's administrator uploads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.sandbox.state.subscriptions import SCOPES_OF_EVENTS
from bot.sandbox.wire import JsonObject

MOST_COMMANDS = 50
MOST_SHORTCUTS = 10


class ManifestRefused(ValueError):
    """What Slack would not accept in a manifest, every problem at once."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The app manifest has problems: " + "; ".join(problems))
        self.problems = problems


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class DisplayInformation(_Part):
    name: Annotated[str, Field(min_length=1, max_length=35)]
    description: Annotated[str, Field(max_length=140)] = ""
    long_description: Annotated[str, Field(max_length=4000)] = ""
    background_color: str = "#9f69e7"


class BotUser(_Part):
    display_name: Annotated[str, Field(min_length=1, max_length=80)]
    always_online: bool = False


class HomeFeatures(_Part):
    home_tab_enabled: bool = False
    messages_tab_enabled: bool = True
    messages_tab_read_only_enabled: bool = False


class CommandFeature(_Part):
    command: Annotated[str, Field(pattern=r"^/[a-z0-9_\-]{1,31}$")]
    description: Annotated[str, Field(min_length=1, max_length=2000)]
    usage_hint: Annotated[str, Field(max_length=1000)] = ""
    url: str = ""
    should_escape: bool = False


class ShortcutFeature(_Part):
    name: Annotated[str, Field(min_length=1, max_length=24)]
    type: Literal["message", "global"]
    callback_id: Annotated[str, Field(min_length=1, max_length=255)]
    description: Annotated[str, Field(max_length=150)] = ""


class Features(_Part):
    app_home: HomeFeatures = HomeFeatures()
    bot_user: BotUser | None = None
    slash_commands: Annotated[list[CommandFeature], Field(max_length=MOST_COMMANDS)] = []
    shortcuts: Annotated[list[ShortcutFeature], Field(max_length=MOST_SHORTCUTS)] = []
    unfurl_domains: Annotated[list[str], Field(max_length=5)] = []


class Scopes(_Part):
    bot: list[str] = []
    user: list[str] = []


class OauthConfig(_Part):
    redirect_urls: list[str] = []
    scopes: Scopes = Scopes()


class EventSubscriptions(_Part):
    request_url: str = ""
    bot_events: Annotated[list[str], Field(max_length=100)] = []
    user_events: list[str] = []


class Interactivity(_Part):
    is_enabled: bool = False
    request_url: str = ""
    message_menu_options_url: str = ""


class Settings(_Part):
    event_subscriptions: EventSubscriptions = EventSubscriptions()
    interactivity: Interactivity = Interactivity()
    socket_mode_enabled: bool = False
    org_deploy_enabled: bool = False
    token_rotation_enabled: bool = False


class Manifest(_Part):
    display_information: DisplayInformation
    features: Features = Features()
    oauth_config: OauthConfig = OauthConfig()
    settings: Settings = Settings()


def read_manifest(raw: JsonObject) -> Manifest:
    """Check a manifest as Slack does when it is uploaded."""
    try:
        manifest = Manifest.model_validate(raw)
    except ValidationError as failure:
        raise ManifestRefused(
            [f"/{'/'.join(map(str, at['loc']))}: {at['msg']}" for at in failure.errors()]
        ) from failure
    problems = list(_contradictions(manifest))
    if problems:
        raise ManifestRefused(problems)
    return manifest


def _contradictions(manifest: Manifest) -> Iterator[str]:
    scopes = set(manifest.oauth_config.scopes.bot)
    if scopes and manifest.features.bot_user is None:
        yield "/features/bot_user: bot scopes need a bot user"
    for event in manifest.settings.event_subscriptions.bot_events:
        needed = SCOPES_OF_EVENTS.get(event)
        if needed is None:
            yield f"/settings/event_subscriptions/bot_events: unknown event {event}"
        elif needed and not scopes & set(needed):
            yield (
                f"/settings/event_subscriptions/bot_events: {event} needs the scope "
                f"{' or '.join(needed)}"
            )
    if manifest.features.slash_commands and "commands" not in scopes:
        yield "/features/slash_commands: slash commands need the scope commands"
    if manifest.features.shortcuts and "commands" not in scopes:
        yield "/features/shortcuts: shortcuts need the scope commands"
    names = [command.command for command in manifest.features.slash_commands]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"/features/slash_commands: {name} is there twice"
    ids = [shortcut.callback_id for shortcut in manifest.features.shortcuts]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield f"/features/shortcuts: {name} is there twice"
