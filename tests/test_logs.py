"""No log line carries patient data, whoever writes it, wherever it is put."""

import asyncio
import io
import json
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum

import pytest
import structlog

from bot.logs import WITHHELD, LogFormat, LogLevel, configure_logs

CANARY = "Quibblethorpe"
LIBRARIES = [
    "", "aiohttp.server", "aiohttp.access", "aiohttp.client", "aiosqlite", "alembic.runtime",
    "apscheduler.executors.default", "asyncio", "concurrent.futures", "psycopg", "py.warnings",
    "slack_bolt.AsyncApp", "slack_sdk.web.async_client", "sqlalchemy.engine.Engine",
    "sqlalchemy.pool", "bot.services", "somebody.else",
]  # fmt: skip
METHODS = ["debug", "info", "warning", "error", "exception", "critical"]


class Deed(StrEnum):
    REFER = "refer"


_QUIET = ("apscheduler", "slack_bolt", "slack_sdk")


@pytest.fixture
def restored() -> Iterator[None]:
    """The process's logging as it was: configuring it is for the whole process."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, threading.excepthook)
    levels = {name: logging.getLogger(name).level for name in _QUIET}
    unraisable = sys.unraisablehook
    yield
    root.handlers[:], root.level = before[0], before[1]
    sys.excepthook, threading.excepthook, sys.unraisablehook = before[2], before[3], unraisable
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


@pytest.fixture
def out(restored: None) -> io.StringIO:
    del restored
    stream = io.StringIO()
    configure_logs(LogLevel.DEBUG, LogFormat.JSON, stream)
    return stream


def lines(out: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def fail() -> None:
    try:
        raise KeyError(CANARY)
    except KeyError as error:
        raise ValueError(f"no such patient: {CANARY}") from error


def test_our_own_events_carry_ids_kinds_counts_and_durations(out: io.StringIO) -> None:
    log = structlog.get_logger()
    log.info(
        "message sent", outbox_id="o1", channel="C123", deed=Deed.REFER, attempts=2,
        took_ms=3.5, due_at=datetime(2026, 3, 2, 12, tzinfo=UTC), urgent=True,
    )  # fmt: skip
    [line] = lines(out)
    assert line.pop("time")
    assert line == {
        "event": "message sent", "level": "info", "outbox_id": "o1", "channel": "C123",
        "deed": "refer", "attempts": 2, "took_ms": 3.5, "due_at": "2026-03-02T12:00:00+00:00",
        "urgent": True,
    }  # fmt: skip


def test_what_is_not_on_the_list_is_dropped_and_counted(out: io.StringIO) -> None:
    structlog.get_logger().info(
        "reply kept", note=CANARY, patient_name=CANARY, attempts=CANARY, channel=f"{CANARY} Jane",
        user=[CANARY], body={"text": CANARY}, case_id="K7QF-2M",
    )  # fmt: skip
    [line] = lines(out)
    assert line["case_id"] == "K7QF-2M"
    assert line["dropped"] == 6
    assert CANARY not in out.getvalue()


def test_an_event_put_together_from_values_is_withheld(out: io.StringIO) -> None:
    log = structlog.get_logger()
    for method in METHODS:
        getattr(log, method)(f"patient {CANARY}")
        getattr(log, method)("patient %s", CANARY)
        getattr(log, method)(CANARY.lower())
        getattr(log, method)("patient " + CANARY, exc_info=ValueError(CANARY))
    assert lines(out)
    assert CANARY.lower() not in out.getvalue().lower()


def test_an_event_from_a_closed_set_is_taken(out: io.StringIO) -> None:
    structlog.get_logger().info(Deed.REFER)
    assert lines(out)[0]["event"] == "refer"


@pytest.mark.parametrize("level", list(LogLevel))
@pytest.mark.parametrize("form", list(LogFormat))
def test_an_identifier_sent_through_every_logger_never_shows(
    restored: None, level: LogLevel, form: LogFormat
) -> None:
    del restored
    out = io.StringIO()
    configure_logs(level, form, out)
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        for method in METHODS:
            say = getattr(logger, method)
            say(CANARY)
            say(f"Error handling request {CANARY}")
            say("Failed to run listener: %s", CANARY)
            say("%(name)s", {"name": CANARY})
            say("too few %s %s", CANARY)
            say(ValueError(CANARY))
            say("with extra", extra={"patient": CANARY, "note": CANARY})
            say("with a stack", stack_info=True)
            try:
                fail()
            except ValueError:
                say("failed", exc_info=True)
    for method in METHODS:
        log = structlog.get_logger(CANARY).bind(patient=CANARY, channel=CANARY + " ")
        try:
            fail()
        except ValueError as error:
            getattr(log, method)("failed", exc_info=True)
            getattr(log, method)("failed", error=error, stack_info=True)
            getattr(log, method)("failed", error=str(error))
    assert "ValueError" in out.getvalue()
    assert CANARY not in out.getvalue()


def test_an_error_is_logged_as_its_class_its_cause_and_its_place(out: io.StringIO) -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("aiohttp.server").exception("Error handling request %s", CANARY)
    [line] = lines(out)
    assert line["event"] == "Error handling request"
    assert line["error"] == "ValueError"
    assert line["causes"] == ["KeyError"]
    assert isinstance(line["at"], list)
    assert all(str(place).startswith("tests/test_logs.py:") for place in line["at"])


def test_slack_libraries_never_log_below_warning(out: io.StringIO) -> None:
    for name in ("slack_bolt.AsyncApp", "slack_sdk.socket_mode.aiohttp"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.DEBUG)  # as Bolt does with what its user gave it
        logger.debug("Failed to run")
        logger.info("Failed to run")
        logger.warning("Failed to run %s", CANARY)
        logger.setLevel(logging.NOTSET)
    assert [line["level"] for line in lines(out)] == ["warning", "warning"]
    assert {line["event"] for line in lines(out)} == {"Failed to run"}


def test_the_ticks_of_the_scheduler_are_not_logged_one_by_one(out: io.StringIO) -> None:
    logging.getLogger("apscheduler.executors.default").info("Running job %s", CANARY)
    logging.getLogger("apscheduler.scheduler").info("Added job %s", CANARY)
    logging.getLogger("apscheduler.scheduler").warning("Execution of job %s was missed", CANARY)
    assert [line["event"] for line in lines(out)] == ["Execution of job"]


def test_a_warning_of_python_is_withheld(out: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=True)
        warnings.warn(f"about {CANARY}", stacklevel=1)
    [line] = lines(out)
    assert (line["logger"], line["event"]) == ("py.warnings", WITHHELD)


def test_what_nobody_caught_is_logged_without_its_values(out: io.StringIO) -> None:
    error = ValueError(CANARY)
    sys.excepthook(ValueError, error, None)
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert [line["error"] for line in lines(out)] == ["ValueError", "ValueError"]
    assert CANARY not in out.getvalue()


async def test_a_task_that_failed_unseen_is_logged_without_its_values(out: io.StringIO) -> None:
    async def failing() -> None:
        fail()

    task = asyncio.create_task(failing())
    await asyncio.wait([task])
    asyncio.get_running_loop().call_exception_handler(
        {"message": "Task exception was never retrieved", "exception": task.exception(),
         "task": task, "patient": CANARY}
    )  # fmt: skip
    [line] = [line for line in lines(out) if line["event"] != "Using selector"]
    assert line["event"] == "Task exception was never retrieved"
    assert line["error"] == "ValueError"
    assert CANARY not in out.getvalue()


def test_the_level_is_kept(restored: None) -> None:
    del restored
    out = io.StringIO()
    configure_logs(LogLevel.WARNING, LogFormat.JSON, out)
    structlog.get_logger().info("not shown")
    logging.getLogger("aiohttp.server").info("not shown")
    structlog.get_logger().warning("shown")
    assert [line["event"] for line in lines(out)] == ["shown"]


def test_the_console_form_is_for_people(restored: None) -> None:
    del restored
    out = io.StringIO()
    configure_logs(LogLevel.INFO, LogFormat.CONSOLE, out)
    structlog.get_logger().info("message sent", outbox_id="o1")
    assert "message sent" in out.getvalue()
    assert "outbox_id=o1" in out.getvalue()
    assert not out.getvalue().startswith("{")
