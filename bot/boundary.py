"""The one place where an unforeseen error is caught: it becomes a reference, and the bot goes on.

The reference is what a person is told and what the log is searched for. The log gets the error's
class and the place in the code, never its text: texts repeat what patients said.
"""

import secrets
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

_log = structlog.get_logger("careloop.boundary")
_LETTERS = "234679CDFGHJKMPQRTVWXY"

Result = TypeVar("Result")


@dataclass(frozen=True)
class Failed:
    """Something failed that nobody foresaw; `error` decides what to say and is never shown."""

    reference: str
    error: Exception


@dataclass(frozen=True)
class Done(Generic[Result]):
    """It went as it should."""

    result: Result


# Who counts errors in this context and all that is started from it.
_counts: ContextVar[Callable[[str], None] | None] = ContextVar("careloop_counts", default=None)


# Who counts what was refused as no client of Slack's sends it.
_counts_tampered: ContextVar[Callable[[str], None] | None] = ContextVar(
    "careloop_counts_tampered", default=None
)


def count_errors(
    count: Callable[[str], None], tampered: Callable[[str], None] | None = None
) -> None:
    """Have `count` told where each unforeseen error was caught, from here on in this context; and
    `tampered` of each payload that was refused."""
    _counts.set(count)
    _counts_tampered.set(tampered)


def note_tampered(where: str) -> None:
    """Log and count a payload that was refused; `where` names a model of ours, never contents."""
    count = _counts_tampered.get()
    if count is not None:
        count(where)
    _log.warning("tampered", where=where)


def new_reference() -> str:
    """What a person can quote on the telephone, such as `R-7KQ4D`."""
    return "R-" + "".join(secrets.choice(_LETTERS) for _ in range(5))


async def attempt(
    work: Awaitable[Result],
    what: str,
    *expected: type[Exception],
    **ids: str,
) -> Done[Result] | Failed:
    """Do `work`; an error is logged and becomes `Failed`. `expected` ones are raised."""
    try:
        return Done(await work)
    except expected:
        raise
    except Exception as error:  # noqa: BLE001 - the one boundary
        return note(error, what, **ids)


def note(error: Exception, what: str, **ids: str) -> Failed:
    """Log an error that was caught elsewhere, by Bolt for instance, under a new reference."""
    reference = new_reference()
    count = _counts.get()
    if count is not None:
        count(what)
    _log.error("failed", where=what, reference=reference, exc_info=error, **ids)
    return Failed(reference, error)
