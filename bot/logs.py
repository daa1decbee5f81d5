"""Logs without patient data: an allow-list of fields, and no free text from anywhere.

What our own code logs is an event written out in the code, plus fields of known names whose
values look like ids, kinds, counts or durations. Anything else is dropped. What libraries log
through `logging` is reduced to the logger, the level, the class of the error and, where the
beginning of the text is on a list of known ones, that beginning. Errors appear as class names
and places in the code, never with their values.

    log = structlog.get_logger()
    log.info("message sent", outbox_id=row.id, channel=row.channel, attempts=2)
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from enum import Enum, StrEnum
from types import CodeType, FrameType, TracebackType
from typing import Final, TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger


class LogLevel(StrEnum):
    """From which level on something is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogFormat(StrEnum):
    """How a log line is written."""

    JSON = "json"
    CONSOLE = "console"


WITHHELD: Final = "withheld"

_WORD: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.:/-]{0,62}[A-Za-z0-9])?")
# Fields that carry an id or a member of a closed set.
_WORDS: Final = frozenset(
    (
        *("action_id", "actor", "block_id", "callback_id", "case", "case_code", "channel"),
        *("check", "command", "concern", "constraint", "deed", "error", "event_id", "event_type"),
        *("from_state", "kind", "key_id", "level", "logger", "method", "mode", "outcome"),
        *("owner", "priority", "reason", "reference", "rung", "scope", "slack_error", "state"),
        *("status", "step", "subject", "subject_kind", "surface", "table", "team", "thread_ts"),
        *("timer", "to_state", "transport", "ts", "user", "version", "where"),
    )
)
_NUMBERS: Final = frozenset(
    (
        *("attempt", "attempts", "backlog", "batch", "bytes", "count", "due", "entries", "line"),
        *("number", "pending", "pid", "port", "remaining", "retry_after", "retry_attempt"),
        *("revision", "rows", "seq", "size", "wait"),
    )
)
# Whatever ends so is an id, a number or a time, by name.
_WORD_ENDINGS: Final = ("_id", "_ts", "_kind", "_state")
_NUMBER_ENDINGS: Final = ("_seconds", "_ms", "_count", "_bytes")
_TIME_ENDINGS: Final = ("_at", "_until")

# slack_bolt logs whole requests at INFO and below, slack_sdk whole messages at DEBUG; apscheduler
# tells of every tick that it rings, several lines a second when there is much to do.
_QUIET: Final = ("apscheduler", "slack_bolt", "slack_sdk")

# How known texts of libraries begin; what follows them is left out. By logger.
_KNOWN_TEXTS: Final[Mapping[str, tuple[str, ...]]] = {
    "aiohttp": ("Error handling request", "Unclosed client session", "Unclosed connection"),
    "alembic": ("Context impl", "Will assume", "Running upgrade", "Running downgrade"),
    "apscheduler": (
        "Scheduler started",
        "Scheduler has been shut down",
        "Added job",
        "Removed job",
        "Run time of job",
        "Execution of job",
        "Job ",
    ),
    "asyncio": (
        "Task exception was never retrieved",
        "Future exception was never retrieved",
        "Exception in callback",
        "Task was destroyed but it is pending",
        "Executing",
        "Unclosed",
        "Using selector",
        "socket.send() raised exception",
    ),
    "slack_bolt": (
        "Unhandled request",
        "Failed to run",
        "Invalid request signature detected",
        "Starting to receive messages",
    ),
    "slack_sdk": (
        "Failed to connect",
        "Failed to retrieve WSS URL",
        "Failed to receive or enqueue a message",
        "Failed to check the current session",
        "Failed to send a",
        "Failed to run",
        "Failed to process a message",
        "Received an error",
    ),
    "sqlalchemy": ("Exception during reset", "Exception terminating connection"),
}


def configure_logs(level: LogLevel, form: LogFormat, stream: TextIO | None = None) -> None:
    """Send every log of the process, ours and the libraries', through the allow-list.

    Also what Python itself would print about errors nobody caught. `stream` is standard
    error unless given.
    """
    out = stream or sys.stderr
    renderer = _renderer(form, out)
    threshold = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[structlog.stdlib.add_log_level, _stamp, _only_allowed, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    root.addHandler(AllowListHandler(renderer, out))
    root.setLevel(threshold)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(threshold, logging.WARNING))
    logging.captureWarnings(capture=True)
    _catch_the_uncaught()


class AllowListHandler(logging.Handler):
    """Takes what libraries log and lets through only what cannot be patient data."""

    def __init__(self, renderer: Processor, out: TextIO) -> None:
        super().__init__()
        self._renderer = renderer
        self._out = out

    def emit(self, record: logging.LogRecord) -> None:
        if _belongs(record.name, _QUIET) and record.levelno < logging.WARNING:
            return  # also when somebody lowered that logger's own level
        entry: EventDict = {
            "event": _known_text(record),
            "level": record.levelname.lower(),
            "logger": record.name if _WORD.fullmatch(record.name) else WITHHELD,
            "where": f"{record.module}:{record.lineno}",
        }
        error = record.exc_info[1] if record.exc_info else None
        if error is not None:
            entry.update(describe_error(error))
        line = self._renderer(None, record.levelname.lower(), _stamp(None, "", entry))
        self._out.write(f"{line!s}\n")
        self._out.flush()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        """Say that a line was lost; the inherited method would print its arguments."""
        del record
        self._out.write('{"event": "a log line could not be written", "level": "error"}\n')


def describe_error(error: BaseException) -> dict[str, str | list[str]]:
    """An error as its class, the classes that caused it, and where in the code it happened."""
    classes, places = [], []
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        classes.append(type(current).__name__)
        if len(classes) == 1:
            places = _places(current.__traceback__)
        hidden = current.__suppress_context__
        current = current.__cause__ or (None if hidden else current.__context__)
    if isinstance(error, BaseExceptionGroup):
        classes += [type(inner).__name__ for inner in error.exceptions]
    described: dict[str, str | list[str]] = {"error": classes[0], "at": places}
    return described | ({"causes": classes[1:]} if len(classes) > 1 else {})


def _places(origin: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(origin)
    return [f"{_module_path(frame.filename)}:{frame.lineno}" for frame in frames[-12:]]


def _module_path(filename: str) -> str:
    """The file without the folders of this machine."""
    for mark in ("/site-packages/", "/bot/", "/tests/", "/lib/"):
        before, found, rest = filename.rpartition(mark)
        if found and before is not None:
            return rest if mark == "/site-packages/" else mark.strip("/") + "/" + rest
    return filename.rpartition("/")[2]


def _stamp(_logger: WrappedLogger, _method: str, entry: EventDict) -> EventDict:
    entry["time"] = datetime.now(UTC).isoformat(timespec="milliseconds")
    return entry


def _only_allowed(_logger: WrappedLogger, _method: str, entry: EventDict) -> EventDict:
    event = entry.pop("event", "")
    kept: MutableMapping[str, object] = {
        "event": event if _is_written_out(event) else WITHHELD,
        "level": entry.pop("level"),
        "time": entry.pop("time"),
    }
    error = _error_of(entry.pop("exc_info", None))
    given = entry.get("error")
    if isinstance(given, BaseException):
        error = given
        del entry["error"]
    if error is not None:
        kept.update(describe_error(error))
    dropped = 0
    for name, value in entry.items():
        if value is None or isinstance(value, bool) or _is_allowed(name, value):
            kept[name] = value.value if isinstance(value, Enum) else _plain(value)
        else:
            dropped += 1
    if dropped:
        kept["dropped"] = dropped
    return kept


def _is_allowed(name: str, value: object) -> bool:
    if name in _NUMBERS or name.endswith(_NUMBER_ENDINGS):
        return isinstance(value, int | float)
    if isinstance(value, datetime):
        return name.endswith(_TIME_ENDINGS)
    if name in _WORDS or name.endswith(_WORD_ENDINGS):
        word = value.value if isinstance(value, Enum) else value
        return isinstance(word, int) or (isinstance(word, str) and bool(_WORD.fullmatch(word)))
    return False


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _error_of(given: object) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        return given[1] if isinstance(given[1], BaseException) else None
    return sys.exc_info()[1] if given else None


def _is_written_out(event: object) -> bool:
    """Whether `event` stands in the code of whoever logs it, and was not put together.

    A text made from values (an f-string, say) is no constant of the calling code.
    """
    if isinstance(event, StrEnum):
        return True
    frame: FrameType | None = sys._getframe()
    while frame is not None and _is_logging_code(frame.f_code):
        frame = frame.f_back
    return isinstance(event, str) and frame is not None and event in frame.f_code.co_consts


def _is_logging_code(code: CodeType) -> bool:
    return code.co_filename == __file__ or "/structlog/" in code.co_filename


def _known_text(record: logging.LogRecord) -> str:
    for name, texts in _KNOWN_TEXTS.items():
        if _belongs(record.name, (name,)):
            for text in texts:
                if str(record.msg).startswith(text):
                    return text.strip()
    return WITHHELD


def _belongs(logger: str, families: tuple[str, ...]) -> bool:
    return any(logger == family or logger.startswith(f"{family}.") for family in families)


def _renderer(form: LogFormat, out: TextIO) -> Processor:
    if form is LogFormat.JSON:
        return structlog.processors.JSONRenderer()
    return structlog.dev.ConsoleRenderer(colors=out.isatty(), timestamp_key="time")


def _catch_the_uncaught() -> None:
    """Errors that end a thread or the process would be printed with their values."""
    log = logging.getLogger("careloop.uncaught")

    def uncaught(
        kind: type[BaseException], error: BaseException, origin: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        log.critical(WITHHELD, exc_info=(kind, error, origin))

    def uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    def unraisable(args: "sys.UnraisableHookArgs") -> None:
        if args.exc_value is not None:
            uncaught(args.exc_type, args.exc_value, args.exc_traceback)

    sys.excepthook = uncaught
    threading.excepthook = uncaught_in_thread
    sys.unraisablehook = unraisable
