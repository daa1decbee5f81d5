"""The command line: `careloop run`, `careloop demo` and what an operator needs beside them."""

import asyncio
import errno
import json
import signal
import sys
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Final

import aiohttp
import typer
from rich.console import Console
from slack_sdk.errors import SlackApiError

from bot.app import Careloop
from bot.commands import audit_app, db_app, keys_app
from bot.commands.backup import backup_command, restore_command
from bot.commands.doctor import doctor_command
from bot.commands.patients import patients_app
from bot.commands.people import people_app
from bot.commands.plans import plans_app
from bot.commands.retention import retention_app
from bot.logs import LogFormat, LogLevel, configure_logs
from bot.manifest import manifest as describe_app
from bot.memory import start_begins, start_is_over
from bot.settings import SettingsInvalid, load_and_check
from bot.store.errors import StoreError

app = typer.Typer(
    name="careloop",
    help="Keeps the loop closed between the surgeon who refers and the therapist who treats.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
for part in (db_app, keys_app, audit_app, people_app, patients_app, retention_app, plans_app):
    app.add_typer(part)
app.command("backup")(backup_command)
app.command("restore")(restore_command)
app.command("doctor")(doctor_command)

CANNOT_START: Final = 2
_STORY_FAILED: Final = 1


@app.command()
def run() -> None:
    """Run the bot, with the settings of the environment and `.env`."""
    _until_told_to_stop(_run())


async def _run() -> None:
    start_begins()
    settings = await load_and_check()
    configure_logs(settings.log_level, settings.log_format)
    async with Careloop.running(settings):
        start_is_over()
        # Until here a signal simply ends the process: nothing is claimed yet.
        await _stop_signal().wait()


@app.command()
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
    from bot.demo.story import play  # noqa: PLC0415 - what `run` has no use for

    configure_logs(LogLevel.WARNING, LogFormat.CONSOLE)
    if story:
        with tempfile.TemporaryDirectory() as folder:
            told_as_it_came = asyncio.run(play(Path(folder), Console()))
        raise typer.Exit(0 if told_as_it_came else _STORY_FAILED)
    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
        _until_told_to_stop(_demo(data, port))
        return
    with tempfile.TemporaryDirectory() as folder:
        _until_told_to_stop(_demo(Path(folder), port))


@app.command()
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
    from bot.sandbox.serve import serve  # noqa: PLC0415 - what `run` has no use for

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


@app.command()
def manifest(
    url: Annotated[
        str | None,
        typer.Option(help="For HTTP mode: where Slack reaches the bot, https://your.host"),
    ] = None,
) -> None:
    """Print the app manifest to give to Slack; for Socket Mode unless told an address."""
    typer.echo(json.dumps(describe_app(url), indent=2))


@app.command("parse-note")
def parse_note() -> None:
    """Read session notes: JSON lines in (`id`, `posted_on`, `text`), JSON lines out."""
    from bot.care.reader.lines import read_lines  # noqa: PLC0415

    raise typer.Exit(read_lines(sys.stdin, sys.stdout))


async def _demo(folder: Path, port: int) -> None:
    from bot.demo.serve import serve_demo  # noqa: PLC0415 - what `run` has no use for

    await serve_demo(folder, port, _stop_signal(), Console())


def _stop_signal() -> asyncio.Event:
    """Set when the process is asked to stop: it then finishes what it has claimed."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def _until_told_to_stop(work: Coroutine[None, None, None]) -> None:
    try:
        asyncio.run(work)
    except (SettingsInvalid, StoreError) as error:
        _refuse(str(error))
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        _refuse("the port is in use; choose another one (--port, or CARELOOP_PORT)")
    except SlackApiError as error:
        _refuse(f"Slack refuses the token: {error.response.get('error')}")
    except (aiohttp.ClientError, TimeoutError):
        _refuse("Slack can't be reached; check the network and SLACK_API_URL")


def _refuse(words: str) -> None:
    typer.echo(f"Careloop cannot start: {words}", err=True)
    raise typer.Exit(CANNOT_START)


def main() -> None:
    app()


if __name__ == "__main__":
    main()
