"""`careloop sandbox`: the local Slack alone."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.sandbox.serve import serve


def sandbox(
    manifest: Annotated[
        list[Path] | None, typer.Argument(help="App manifests (JSON) to install in it.")
    ] = None,
    port: Annotated[int, typer.Option(help="Where it is served.")] = 8422,
    state: Annotated[
        Path | None, typer.Option(help="Load the workspace from this file, and save it there.")
    ] = None,
    request_url: Annotated[
        str | None, typer.Option(help="Send to this address, instead of Socket Mode.")
    ] = None,
    pacing: Annotated[bool, typer.Option(help="Limit rates as Slack does.")] = False,
) -> None:
    """Start the local Slack alone, for any Bolt app."""
    asyncio.run(
        serve(
            typer.echo,
            port=port,
            manifests=manifest or (),
            request_url=request_url,
            state_file=state,
            pacing=pacing,
        )
    )
