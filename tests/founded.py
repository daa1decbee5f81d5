"""A clinic that was founded before: its database and its Slack are copies.

Founding one means to migrate, to start the bot, to register everybody and to stop it again, which
took a sixth of what a story takes. A kind of database and an opening time are founded once.
"""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from bot.clock import MovableClock, SharedClock
from bot.demo.clinic import Clinic, open_clinic
from bot.store.master_keys import new_master_key
from bot.store.url import DatabaseKind
from tests.conftest import PostgresServer, copy_of_template

SLACK = "slack.json"
DATABASE = "careloop.db"


@dataclass(frozen=True)
class Founded:
    """Where a clinic that nobody works in is kept. `database` is a PostgreSQL template's name."""

    folder: Path
    keys: str
    database: str


class Foundings:
    """The clinics that were founded in this process."""

    def __init__(self, folder: Path, template: Path, server: Callable[[], PostgresServer]) -> None:
        self._folder = folder
        self._template = template
        self._server = server
        self._known: dict[tuple[DatabaseKind, datetime], Founded] = {}
        self._databases = ExitStack()

    @asynccontextmanager
    async def clinic(
        self, kind: DatabaseKind, clock: MovableClock | SharedClock, folder: Path
    ) -> AsyncIterator[Clinic]:
        """A copy of the clinic that opened at the clock's minute, at work, kept in `folder`."""
        opening = clock.now().replace(second=0, microsecond=0)
        if (kind, opening) not in self._known:
            self._known[kind, opening] = await self._found(kind, MovableClock(opening))
        founded = self._known[kind, opening]
        shutil.copyfile(founded.folder / SLACK, folder / SLACK)
        with ExitStack() as until:
            if kind is DatabaseKind.SQLITE:
                shutil.copyfile(founded.folder / DATABASE, folder / DATABASE)
                url = f"sqlite:///{folder / DATABASE}"
            else:
                url = until.enter_context(self._server().database(founded.database))
            async with open_clinic(
                url,
                clock,
                state_file=folder / SLACK,
                more_settings={"CARELOOP_KEYS": founded.keys},
                founded=True,
            ) as clinic:
                yield clinic

    async def _found(self, kind: DatabaseKind, clock: MovableClock) -> Founded:
        folder = self._folder / uuid4().hex
        folder.mkdir()
        keys = new_master_key("1")
        name = ""
        if kind is DatabaseKind.SQLITE:
            url = await copy_of_template(self._template, folder)
        else:
            server = self._server()
            url = self._databases.enter_context(server.database(await server.template()))
            name = url.partition("@/")[2].partition("?")[0]
        async with open_clinic(
            url,
            clock,
            with_bot=False,
            state_file=folder / SLACK,
            more_settings={"CARELOOP_KEYS": keys},
        ):
            pass
        return Founded(folder, keys, name)

    def close(self) -> None:
        """Drop what was made on PostgreSQL."""
        self._databases.close()
