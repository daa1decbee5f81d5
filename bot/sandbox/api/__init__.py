"""The Web API: every method by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.sandbox.api import (
    apps,
    chat,
    conversations,
    files,
    history,
    oauth,
    reactions,
    team,
    users,
    views,
)
from bot.sandbox.api.method import Runnable

_ALL: tuple[tuple[Runnable, ...], ...] = (
    apps.METHODS,
    chat.METHODS,
    conversations.METHODS,
    files.METHODS,
    history.METHODS,
    oauth.METHODS,
    reactions.METHODS,
    team.METHODS,
    users.METHODS,
    views.METHODS,
)
METHODS: Mapping[str, Runnable] = MappingProxyType(
    {method.name: method for group in _ALL for method in group}
)
