"""What runs until it is told to stop, and why it may not be able to start."""

import asyncio
import errno
import signal
from collections.abc import Coroutine
from typing import Final

import aiohttp
import typer
from slack_sdk.errors import SlackApiError

from bot.settings import SettingsInvalid
from bot.store.errors import StoreError

CANNOT_START: Final = 2


def stop_signal() -> asyncio.Event:
    """Set when the process is asked to stop: it then finishes what it has claimed."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def until_told_to_stop(work: Coroutine[None, None, None]) -> None:
    """Run `work`; what keeps it from starting is said in words, with the status 2."""
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
