"""What every command does: run to its end, and say in plain words why it could not."""

import asyncio
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

import typer

from bot.settings import SettingsInvalid
from bot.store.errors import StoreError

Result = TypeVar("Result")


class CannotRun(Exception):
    """A command can't do its work; `str()` of it says why, and what to do."""


def run(work: Coroutine[None, None, Result]) -> Result:
    """Run `work`; what it says is wrong goes to standard error, with exit status 1."""
    with plain_words():
        return asyncio.run(work)


@contextmanager
def plain_words() -> Iterator[None]:
    try:
        yield
    except (SettingsInvalid, StoreError, CannotRun) as error:
        typer.echo(f"careloop: {error}", err=True)
        raise typer.Exit(1) from None
