"""A clinic in which something was done before: its database and its Slack are copies.

Founding a clinic means to migrate, to start the bot, to register everybody and to stop it again;
to refer a patient means seven steps of a form. Most stories begin with the same, which took two
fifths of their time. It is told once for a kind of database and an opening time.
"""

import dataclasses
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

import pytest

from bot.clock import MovableClock, SharedClock
from bot.demo.clinic import Clinic, open_clinic
from bot.demo.people import Case
from bot.store.master_keys import new_master_key
from bot.store.url import DatabaseKind
from tests.databases import PostgresServer, copy_of_template

SLACK = "slack.json"
DATABASE = "careloop.db"
# Time runs on while it is told, and a story must not begin before that has happened.
_BEFORE = timedelta(minutes=10)

# What was done before, and the case or the cases of it.
Beginning: TypeAlias = Callable[[Clinic], Awaitable[Case | Sequence[Case]]]


def begins(beginning: Beginning) -> pytest.MarkDecorator:
    """What was done before a story that takes a `case`. (`pytest.mark` called with a function alone
    would take it for the test.)"""
    return pytest.mark.begins.with_args(beginning)


@dataclass(frozen=True)
class Opened:
    """A clinic in which a story goes on, and the cases that it has."""

    clinic: Clinic
    cases: Sequence[Case]

    @property
    def case(self) -> Case | None:
        return self.cases[0] if self.cases else None


@dataclass(frozen=True)
class _Told:
    """A clinic in which nobody is. `database` is the name of a PostgreSQL database to copy."""

    folder: Path
    keys: str
    database: str
    cases: Sequence[Case]
    seen: frozenset[tuple[str, str]]


class Foundings:
    """The clinics that were founded in this process."""

    def __init__(self, folder: Path, template: Path, server: Callable[[], PostgresServer]) -> None:
        self._folder = folder
        self._template = template
        self._server = server
        self._known: dict[tuple[DatabaseKind, datetime, Beginning | None], _Told] = {}

    @asynccontextmanager
    async def clinic(
        self,
        kind: DatabaseKind,
        clock: MovableClock | SharedClock,
        folder: Path,
        beginning: Beginning | None = None,
        *,
        with_bot: bool = True,
        more_settings: Mapping[str, str] | None = None,
    ) -> AsyncIterator[Opened]:
        """A copy, kept in `folder`, of the clinic in which `beginning` was done shortly before
        the clock's time; without one the clinic has just opened."""
        opening = clock.now().replace(second=0, microsecond=0)
        told = self._known.get((kind, opening, beginning))
        if told is None:
            told = await self._tell(kind, MovableClock(opening - _BEFORE), beginning)
            self._known[kind, opening, beginning] = told
        shutil.copyfile(told.folder / SLACK, folder / SLACK)
        with ExitStack() as until:
            if kind is DatabaseKind.SQLITE:
                shutil.copyfile(told.folder / DATABASE, folder / DATABASE)
                url = f"sqlite:///{folder / DATABASE}"
            else:
                url = until.enter_context(self._server().database(told.database))
            async with open_clinic(
                url,
                clock,
                with_bot=with_bot,
                state_file=folder / SLACK,
                more_settings={**(more_settings or {}), "CARELOOP_KEYS": told.keys},
                founded=True,
            ) as clinic:
                clinic.seen.update(told.seen)
                yield Opened(clinic, [_of(clinic, case) for case in told.cases])

    async def _tell(
        self, kind: DatabaseKind, clock: MovableClock, beginning: Beginning | None
    ) -> _Told:
        folder = self._folder / uuid4().hex
        folder.mkdir()
        keys = new_master_key("1")
        name = ""
        if kind is DatabaseKind.SQLITE:
            url = await copy_of_template(self._template, folder)
        else:
            server = self._server()
            name = server.copy(await server.template())
            url = server.url(name)
        settings = {"CARELOOP_KEYS": keys}
        slack = folder / SLACK
        async with open_clinic(url, clock, state_file=slack, more_settings=settings) as clinic:
            begun = await beginning(clinic) if beginning is not None else ()
            await clinic.settled()
        cases = (begun,) if isinstance(begun, Case) else tuple(begun)
        return _Told(folder, keys, name, cases, frozenset(clinic.seen))


def _of(clinic: Clinic, case: Case) -> Case:
    """The same case, in a copy of its clinic."""
    people = {someone.user_id: someone for someone in clinic.everybody}
    return dataclasses.replace(
        case,
        clinic=clinic,
        surgeon=people[case.surgeon.user_id],
        therapist=people[case.therapist.user_id],
    )
