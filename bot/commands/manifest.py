"""`careloop manifest`: what Slack is given to make the app."""

import json
from typing import Annotated

import typer

from bot.manifest import manifest as describe_app


def manifest(
    url: Annotated[
        str | None,
        typer.Option(help="For HTTP mode: where Slack reaches the bot, https://your.host"),
    ] = None,
) -> None:
    """Print the app manifest to give to Slack; for Socket Mode unless told an address."""
    typer.echo(json.dumps(describe_app(url), indent=2))
