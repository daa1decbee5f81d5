"""The time, handed out by one object, so that the demo and the tests can move it.

Everything that asks what time it is, or waits for a time, asks a `Clock`. All times are
aware and in UTC.
"""

import asyncio
import fcntl
import mmap
import os
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Protocol

Callback = Callable[[], None]

# A laptop that slept or a server whose time was corrected must not leave a sleeper behind:
# the wall clock is looked at again at least this often.
_LONGEST_NAP = timedelta(seconds=30)

# A `SharedClock` that another process moved is noticed this often; promised are 50 ms.
_LOOK_EVERY_SECONDS = 0.02


class Clock(Protocol):
    """What time it is, and waiting until it is later."""

    def now(self) -> datetime:
        """The present moment: aware, in UTC."""
        ...

    async def sleep_until(self, when: datetime) -> None:
        """Return at or after `when` of this clock, promptly also when the clock is moved."""
        ...

    def subscribe(self, callback: Callback) -> Callback:
        """Call `callback` each time the clock was moved by hand; the result ends that."""
        ...


class TurnedBack(ValueError):
    """Somebody tried to turn a clock back; what is done by then cannot be undone."""


class SystemClock:
    """The machine's own clock. Nobody moves it, so subscribers are never called."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep_until(self, when: datetime) -> None:
        require_aware(when)
        while (remaining := when - self.now()) > timedelta():  # noqa: ASYNC110 - time, no event
            await asyncio.sleep(min(remaining, _LONGEST_NAP).total_seconds())

    def subscribe(self, callback: Callback) -> Callback:
        del callback
        return lambda: None


class _Listeners:
    """Who waits for the clock to move: sleepers and subscribers, each called in its own loop."""

    def __init__(self) -> None:
        self._callbacks: dict[object, tuple[asyncio.AbstractEventLoop | None, Callback]] = {}
        self._guard = threading.Lock()

    def add(self, callback: Callback) -> Callback:
        token = object()
        with self._guard:
            self._callbacks[token] = (_running_loop(), callback)

        def leave() -> None:
            with self._guard:
                self._callbacks.pop(token, None)

        return leave

    def tell(self) -> None:
        here = _running_loop()
        with self._guard:
            callbacks = list(self._callbacks.values())
        for loop, callback in callbacks:
            if loop is None or loop is here:
                callback()
                continue
            with suppress(RuntimeError):  # that loop is closed: nobody waits in it any more
                loop.call_soon_threadsafe(callback)


async def _sleep(clock: Clock, when: datetime, longest: timedelta | None) -> None:
    """Sleep on `clock`, which calls its subscribers when moved.

    `longest` is the nap after which the clock is looked at again; None when only a move
    can bring `when` nearer.
    """
    require_aware(when)
    moved = asyncio.Event()
    leave = clock.subscribe(moved.set)
    try:
        while (remaining := when - clock.now()) > timedelta():
            nap = None if longest is None else min(remaining, longest).total_seconds()
            with suppress(TimeoutError):
                async with asyncio.timeout(nap):
                    await moved.wait()
            moved.clear()
    finally:
        leave()


class MovableClock:
    """A clock of one process that can be moved ahead.

    It runs on at real speed from `start` (default: the present), or stands still with
    `ticking=False` so that a test decides every second.
    """

    def __init__(self, start: datetime | None = None, *, ticking: bool = True) -> None:
        self._start = datetime.now(UTC) if start is None else require_aware(start)
        self._ticking = ticking
        self._began = monotonic()
        self._moved_by = timedelta()
        self._listeners = _Listeners()

    def now(self) -> datetime:
        ran = timedelta(seconds=monotonic() - self._began) if self._ticking else timedelta()
        return self._start + ran + self._moved_by

    def advance(self, by: timedelta) -> None:
        """Move the clock ahead by `by`. Raises `TurnedBack` when that is negative."""
        _refuse_back(by)
        self._moved_by += by
        self._listeners.tell()

    def set(self, to: datetime) -> None:
        """Move the clock ahead to `to`. Raises `TurnedBack` when that has passed."""
        self.advance(require_aware(to) - self.now())

    async def sleep_until(self, when: datetime) -> None:
        await _sleep(self, when, _LONGEST_NAP if self._ticking else None)

    def subscribe(self, callback: Callback) -> Callback:
        return self._listeners.add(callback)


class SharedClock:
    """The system clock plus an offset that several processes share through a small file.

    The local Slack, the bot and a test each open the same file; moving one moves all.
    """

    # Layout: 8 bytes that say what this is, then the offset in microseconds.
    _MAGIC = b"careclk1"
    _LAYOUT = struct.Struct("<8sq")

    def __init__(self, path: Path | str) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._prepare(Path(path))
            self._shared = mmap.mmap(self._file, self._LAYOUT.size)
        except BaseException:
            os.close(self._file)
            raise
        self._listeners = _Listeners()
        self._seen = self._offset()
        self._closing = threading.Event()
        self._watcher: threading.Thread | None = None

    def _prepare(self, path: Path) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            if os.fstat(self._file).st_size == 0:
                os.write(self._file, self._LAYOUT.pack(self._MAGIC, 0))
            elif os.pread(self._file, len(self._MAGIC), 0) != self._MAGIC:
                raise ValueError(f"{path.name} is not a clock file")
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    def _offset(self) -> int:
        while True:  # a value torn by a writer of another process differs from the next look
            first = int(self._LAYOUT.unpack(self._shared[:])[1])
            if first == int(self._LAYOUT.unpack(self._shared[:])[1]):
                return first

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(microseconds=self._offset())

    def advance(self, by: timedelta) -> None:
        """Move the clock ahead by `by` for every process. Raises `TurnedBack` when negative."""
        _refuse_back(by)
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            offset = self._offset() + by // timedelta(microseconds=1)
            self._shared[:] = self._LAYOUT.pack(self._MAGIC, offset)
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._notice()

    def set(self, to: datetime) -> None:
        """Move the clock ahead to `to`. Raises `TurnedBack` when that has passed."""
        self.advance(require_aware(to) - self.now())

    async def sleep_until(self, when: datetime) -> None:
        await _sleep(self, when, _LONGEST_NAP)

    def subscribe(self, callback: Callback) -> Callback:
        leave = self._listeners.add(callback)
        if self._watcher is None:
            self._watcher = threading.Thread(target=self._watch, name="shared-clock", daemon=True)
            self._watcher.start()
        return leave

    def close(self) -> None:
        """Let go of the file. The clock must not be used afterwards."""
        self._closing.set()
        if self._watcher is not None:
            self._watcher.join()
        self._shared.close()
        os.close(self._file)

    def _notice(self) -> None:
        offset = self._offset()
        if offset != self._seen:
            self._seen = offset
            self._listeners.tell()

    def _watch(self) -> None:
        while not self._closing.wait(_LOOK_EVERY_SECONDS):
            self._notice()


def require_aware(when: datetime) -> datetime:
    """`when` in UTC. Raises ValueError for a naive time: nobody knows what it means."""
    if when.tzinfo is None:
        raise ValueError("a time needs its time zone")
    return when.astimezone(UTC)


def _refuse_back(by: timedelta) -> None:
    if by < timedelta():
        raise TurnedBack("the clock can only be moved ahead")


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
