"""The app as it is described to Slack: its scopes, events, commands and shortcuts.

One file, `manifest.json`, for the clinic's Slack and for the local one, so that what is tested is
what is installed.
"""

import json
from importlib import resources
from typing import TypeAlias

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


def manifest(url: str | None = None) -> dict[str, Json]:
    """The manifest for Socket Mode; with `url` (https://your.host) for HTTP mode."""
    text = resources.files("bot").joinpath("manifest.json").read_text("utf-8")
    described: dict[str, Json] = json.loads(text)
    if url is not None:
        _use_http(described, f"{url.rstrip('/')}/slack/events")
    return described


def _use_http(described: dict[str, Json], address: str) -> None:
    features, settings = described["features"], described["settings"]
    if not isinstance(features, dict) or not isinstance(settings, dict):
        raise TypeError("manifest.json has another shape")
    commands = features["slash_commands"]
    for command in commands if isinstance(commands, list) else []:
        if isinstance(command, dict):
            command["url"] = address
    for part in ("event_subscriptions", "interactivity"):
        section = settings[part]
        if isinstance(section, dict):
            section["request_url"] = address
    settings["socket_mode_enabled"] = False
