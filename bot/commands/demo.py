"""`careloop demo`: a clinic to try the bot in."""

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from bot.commands.serving import stop_signal, until_told_to_stop
from bot.demo.serve import serve_demo
from bot.demo.story import play
from bot.logs import LogFormat, LogLevel, configure_logs

_STORY_FAILED: Final = 1


def demo(
    story: Annotated[
        bool, typer.Option("--story", help="Play the loop in the terminal, without a browser.")
    ] = False,
    port: Annotated[int, typer.Option(help="Where the page is served.")] = 8422,
    data: Annotated[
        Path | None,
        typer.Option(help="Keep everything in this folder, to go on where you stopped."),
    ] = None,
) -> None:
    """Try it: a clinic, a local Slack in the browser, the bot in it, a clock to move."""
    configure_logs(LogLevel.WARNING, LogFormat.CONSOLE)
    if story:
        with tempfile.TemporaryDirectory() as folder:
            told_as_it_came = asyncio.run(play(Path(folder), Console()))
        raise typer.Exit(0 if told_as_it_came else _STORY_FAILED)
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        until_told_to_stop(_serve(data, port))
        return
    with tempfile.TemporaryDirectory() as folder:
        until_told_to_stop(_serve(Path(folder), port))


async def _serve(folder: Path, port: int) -> None:
    await serve_demo(folder, port, stop_signal(), Console())
