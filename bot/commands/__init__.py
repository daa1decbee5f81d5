"""The parts of the command line, one typer application each; bot.cli puts them together."""

from bot.commands.audit import audit_app
from bot.commands.db import db_app
from bot.commands.keys import keys_app

__all__ = ["audit_app", "db_app", "keys_app"]
