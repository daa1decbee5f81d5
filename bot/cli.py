"""The command line: `careloop run`, `careloop demo` and what an operator needs beside them.

This file is loaded by every command, so it names their places and imports none of them.
"""

from collections.abc import Mapping
from typing import ClassVar

import typer

from bot.commands.later import CommandsLater
from bot.memory import start_begins


class Commands(CommandsLater):
    """All commands, in the order in which `careloop --help` lists them."""

    places: ClassVar[Mapping[str, str]] = {
        "run": "bot.commands.run:run",
        "demo": "bot.commands.demo:demo",
        "sandbox": "bot.commands.sandbox:sandbox",
        "manifest": "bot.commands.manifest:manifest",
        "parse-note": "bot.commands.parse_note:parse_note",
        "backup": "bot.commands.backup:backup_command",
        "restore": "bot.commands.backup:restore_command",
        "doctor": "bot.commands.doctor:doctor_command",
        "db": "bot.commands.db:db_app",
        "keys": "bot.commands.keys:keys_app",
        "audit": "bot.commands.audit:audit_app",
        "people": "bot.commands.people:people_app",
        "patients": "bot.commands.patients:patients_app",
        "retention": "bot.commands.retention:retention_app",
        "plans": "bot.commands.plans:plans_app",
    }


app = typer.Typer(
    name="careloop",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.callback()
def careloop() -> None:
    """Keeps the loop closed between the surgeon who refers and the therapist who treats."""


def main() -> None:
    start_begins()
    app()


if __name__ == "__main__":
    main()
