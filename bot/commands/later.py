"""Commands that are loaded when somebody asks for them.

Reading a note needs neither Slack nor a database, and loading those takes seconds: so the command
line knows where each command stands, and loads the one that is called. Only the list of all
(`careloop --help`) loads all of them.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import ClassVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from bot.memory import start_is_over


class CommandsLater(TyperGroup):
    """A group whose commands are loaded by their place: `{"db": "bot.commands.db:db_app"}`.

    A place names a `typer.Typer` (a command with commands of its own) or a function.
    """

    places: ClassVar[Mapping[str, str]] = {}

    def list_commands(self, ctx: object) -> list[str]:
        return list(self.places)

    def get_command(self, ctx: object, cmd_name: str) -> TyperCommand | TyperGroup | None:
        place = self.places.get(cmd_name)
        if place is None:
            return None
        module, name = place.split(":")
        found = getattr(import_module(module), name)
        start_is_over()
        if not isinstance(found, typer.Typer):
            alone = typer.Typer(pretty_exceptions_enable=False)
            alone.command(cmd_name)(found)
            found = alone
        command = get_command(found)
        if not isinstance(command, TyperCommand | TyperGroup):
            raise TypeError(f"{place} is no command")
        return command
