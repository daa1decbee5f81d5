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

    @property
    def name(self) -> str:
        """How the audit calls somebody who is not, or not yet, known as a person here."""
        return OPERATOR if self.surface is Surface.CLI else f"slack:{self.slack_user_id}"


# Whoever has the settings and the keys, at the command line.
OPERATOR = "operator"


def operator(team_id: str) -> Actor:
    """Whoever runs Careloop, acting by a command in a workspace."""
    return Actor(team_id, OPERATOR, Surface.CLI)
