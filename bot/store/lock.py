"""One bot process a SQLite file, held by a lock that the kernel frees when the process ends."""

import fcntl
import os
from pathlib import Path
from types import TracebackType

from bot.store.errors import AnotherBotIsRunning, DatabaseUnreachable


class ProcessLock:
    """Holds `<database file>.lock`. Freed by `release`, and by the kernel after a SIGKILL.

    Raises `AnotherBotIsRunning` when somebody holds it. The file stays: deleting it would let
    two processes hold two different files of the same name.
    """

    def __init__(self, database_file: Path) -> None:
        path = database_file.with_name(database_file.name + ".lock")
        try:
            self._file: int | None = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise DatabaseUnreachable(
                f"the lock file {path.name} cannot be opened: {os.strerror(error.errno or 0)}"
            ) from None
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(self._file, 20, 0).decode("ascii", "replace").strip()
            os.close(self._file)
            raise AnotherBotIsRunning(
                f"another careloop process{f' (number {holder})' if holder else ''} uses "
                f"{database_file.name}. Stop it first, or give this one its own DATABASE_URL"
            ) from None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, str(os.getpid()).encode(), 0)

    def release(self) -> None:
        """Let the next process in. Harmless when done twice."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def __enter__(self) -> "ProcessLock":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.release()
