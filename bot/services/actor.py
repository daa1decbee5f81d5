"""Who acts, and from where."""

from dataclasses import dataclass
from enum import StrEnum


class Surface(StrEnum):
    """Where in Slack something was done; the audit keeps it."""

    COMMAND = "command"
    FORM = "form"
    BUTTON = "button"
    THREAD = "thread"
    SHORTCUT = "shortcut"
    HOME = "home"
    CLI = "cli"
    CLOCKWORK = "clockwork"


@dataclass(frozen=True)
class Actor:
    """Somebody in Slack who asks for a deed. Who they are to Careloop is looked up, never sent."""

    team_id: str
    slack_user_id: str
    surface: Surface
