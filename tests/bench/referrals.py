"""What a clinic of 100,000 referrals waits for: the directory, the Home tab, opening a case.

Measured is the time from the question to the blocks, and the bot's own share of it (its processor
time, which a busy machine does not stretch), beside one `SELECT 1` of the same database. The plans
of the queries say which index each goes by.
"""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import perf_counter, process_time
from typing import Final
from uuid import UUID

from rich.console import Console
from rich.table import Table
from sqlalchemy import event, insert, text
from sqlalchemy.engine import Connection, Engine
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.app import default_rules
from bot.care.codes import Region
from bot.care.credentials import UsState
from bot.care.directory import Profile, Wish
from bot.care.indications import Indication
from bot.care.people import Part, Role, Standing
from bot.care.plan import Frequency
from bot.care.referral import ReferralState, Step
from bot.care.request import Identifiers, Request
from bot.clock import MovableClock
from bot.services.actor import Actor, Surface
from bot.services.deeds import Deeds
from bot.services.directory import Directory
from bot.services.progress import Progresses
from bot.services.reading import Reading
from bot.services.referrals import identifiers_cell, request_cell
from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.tables.directory import DirectoryEntry, LicenceRow
from bot.store.tables.keys import KeyOwner
from bot.store.tables.people import Person, Room, RoomState
from bot.store.tables.referrals import Patient, Referral
from bot.store.url import DatabaseKind
from bot.store.vault import Vault
from bot.views.case_card import draw_case_card
from bot.views.home import draw_home
from tests.bench.databases import addresses
from tests.bench.figures import quantile

REFERRALS: Final = 100_000
PATIENTS: Final = 500
SURGEONS: Final = 120
THERAPISTS: Final = 380
COLLEAGUES_EACH: Final = 10
OPEN_SHARE: Final = 0.04
ROUNDS: Final = 100
TEAM: Final = "T0BENCH"
NOW: Final = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
_BATCH: Final = 2_000

_ENDS = (ReferralState.CLOSED, ReferralState.CLOSED, ReferralState.CLOSED, ReferralState.CANCELLED)


@dataclass(frozen=True)
class Made:
    """What the generator made, to be asked for."""

    surgeons: list[str]
    therapists: list[str]
    referrals: list[str]


class Generator:
    """Makes a clinic's network and its referrals; the same each time."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._chance = random.Random(20261123)  # noqa: S311 - the same practice each time

    async def make(self) -> Made:
        surgeons = [self._person(Role.SURGEON, at) for at in range(SURGEONS)]
        therapists = [self._person(Role.THERAPIST, at) for at in range(THERAPISTS)]
        everybody = [*surgeons, *therapists, self._person(Role.COORDINATOR, 0)]
        await self._write(Person, everybody)
        await self._write(DirectoryEntry, [_entry(one) for one in everybody])
        await self._write(LicenceRow, [_licence(one) for one in [*surgeons, *therapists]])
        rooms = [
            _room(surgeon, self._id(), therapist)
            for surgeon in surgeons
            for therapist in self._chance.sample(therapists, COLLEAGUES_EACH)
        ]
        await self._write(Room, rooms)
        keys, patients = await self._patients()
        made: list[str] = []
        for start in range(0, REFERRALS, _BATCH):
            async with self._database.reading() as session:
                await self._vault.prepare(session, keys.values())
                batch = [
                    await self._referral(
                        session, number, self._chance.choice(rooms), patients, keys
                    )
                    for number in range(start, start + _BATCH)
                ]
            await self._write(Referral, batch)
            made += [one.id for one in batch]
        async with self._database.transaction() as session:
            await (await session.connection()).execute(text("ANALYZE"))
        return Made(
            [one.slack_user_id for one in surgeons],
            [one.slack_user_id for one in therapists],
            made,
        )

    def _id(self) -> str:
        return UUID(int=self._chance.getrandbits(128)).hex

    def _person(self, role: Role, at: int) -> Person:
        return Person(
            id=self._id(),
            team_id=TEAM,
            slack_user_id=f"U{role.value.upper()}{at}",
            role=role,
            standing=Standing.MEMBER,
            time_zone="America/New_York",
            registered_at=NOW,
        )

    async def _patients(self) -> tuple[dict[str, str], list[str]]:
        keys: dict[str, str] = {}
        rows: list[SQLModel] = []
        async with self._database.transaction() as session:
            for number in range(PATIENTS):
                patient_id = self._id()
                keys[patient_id] = await self._vault.new_key(session, KeyOwner.PATIENT, patient_id)
                who = Identifiers(name=f"Jordan Ellis {number}", birth_date=date(1984, 5, 17))
                sealed = await self._vault.seal(
                    session,
                    keys[patient_id],
                    identifiers_cell(patient_id),
                    who.model_dump_json(),
                )
                rows.append(
                    Patient(
                        id=patient_id,
                        team_id=TEAM,
                        key_id=keys[patient_id],
                        identifiers_sealed=sealed,
                        identity_index=self._vault.blind_index("patient", patient_id),
                        created_at=NOW,
                    )
                )
        await self._write(Patient, rows)
        return keys, list(keys)

    async def _referral(
        self,
        session: AsyncSession,
        number: int,
        room: Room,
        patients: list[str],
        keys: dict[str, str],
    ) -> Referral:
        chance = self._chance
        referral_id, patient_id = self._id(), chance.choice(patients)
        is_open = chance.random() < OPEN_SHARE
        state = ReferralState.IN_PROGRESS if is_open else chance.choice(_ENDS)
        request = Request(
            indication=chance.choice(list(Indication)),
            surgery_date=date(2026, 11, 10),
            areas=(Region.ABDOMEN,),
            sessions=10,
            frequency=Frequency.WEEKLY,
        )
        sealed = await self._vault.seal(
            session, keys[patient_id], request_cell(referral_id), request.model_dump_json()
        )
        ended = None
        if not is_open:
            ended = ReferralState.COMPLETED if chance.random() < 0.7 else ReferralState.CANCELLED
        return Referral(
            id=referral_id,
            team_id=TEAM,
            case_code=f"C{number:06}",
            patient_id=patient_id,
            surgeon_id=room.surgeon_id,
            therapist_id=room.therapist_id,
            room_id=room.id,
            thread_ts=f"{1700000000 + number}.000100",
            state=state,
            moved_at=NOW,
            step_number=3,
            next_step=Step.NEXT_UPDATE if is_open else None,
            next_owner=Part.THERAPIST if is_open else None,
            next_due=NOW + timedelta(hours=chance.randint(-200, 200)) if is_open else None,
            sessions=10,
            frequency=Frequency.WEEKLY,
            updates=chance.randint(0, 10),
            request_sealed=sealed,
            created_at=NOW,
            ended_as=ended,
            answer_minutes=chance.randint(5, 3000),
            updates_on_time=chance.randint(0, 8),
            updates_late=chance.randint(0, 3),
        )

    async def _write(self, table: type[SQLModel], rows: Sequence[SQLModel]) -> None:
        for start in range(0, len(rows), _BATCH):
            values = [row.model_dump() for row in rows[start : start + _BATCH]]
            async with self._database.transaction() as session:
                await (await session.connection()).execute(insert(table), values)


def _entry(person: Person) -> DirectoryEntry:
    profile = Profile(procedures=(Indication.LIPOSUCTION,), places=("Manhattan",), capacity=100)
    return DirectoryEntry(person_id=person.id, profile=profile.model_dump_json(), changed_at=NOW)


def _licence(person: Person) -> LicenceRow:
    return LicenceRow(
        id=f"l{person.id}",
        person_id=person.id,
        number="1",
        state=UsState.NY,
        expires_on=date(2031, 1, 1),
        entered_at=NOW,
        verified_at=NOW,
    )


def _room(surgeon: Person, room_id: str, therapist: Person) -> Room:
    return Room(
        id=room_id,
        team_id=TEAM,
        surgeon_id=surgeon.id,
        therapist_id=therapist.id,
        channel_name=room_id,
        channel_id=f"G{room_id}",
        state=RoomState.OPEN,
        created_at=NOW,
    )


class Measured:
    """The store of one kind with everything in it, and what is asked of it."""

    def __init__(self, database: Database, vault: Vault, made: Made) -> None:
        self._database = database
        self._chance = random.Random(1)  # noqa: S311 - the same practice each time
        self._made = made
        clock = MovableClock(NOW)
        deeds = Deeds(
            database, vault, AuditLog(vault.audit_key()), clock, vault.mailbox_key, lambda: None
        )
        self._directory = Directory(deeds)
        self._reading = Reading(
            deeds, "https://clinic.slack.com", Progresses(deeds, default_rules())
        )

    def _actor(self, among: list[str]) -> Actor:
        return Actor(TEAM, self._chance.choice(among), Surface.HOME)

    async def one_query(self) -> None:
        async with self._database.reading() as session:
            await (await session.connection()).execute(text("SELECT 1"))

    async def search(self) -> None:
        await self._directory.find(self._actor(self._made.surgeons), Wish(role=Role.THERAPIST))

    async def search_as_coordinator(self) -> None:
        await self._directory.find(Actor(TEAM, "UCOORDINATOR0", Surface.HOME), Wish())

    async def home(self) -> None:
        shown = await self._reading.home(self._actor(self._made.surgeons))
        if shown is None or not shown.cases:
            raise AssertionError("the generator makes open cases for everybody")
        draw_home(shown)

    async def home_of_a_therapist(self) -> None:
        shown = await self._reading.home(self._actor(self._made.therapists))
        if shown is not None:
            draw_home(shown)

    async def home_of_a_coordinator(self) -> None:
        shown = await self._reading.home(Actor(TEAM, "UCOORDINATOR0", Surface.HOME))
        if shown is not None:
            draw_home(shown)

    async def case(self) -> None:
        shown = await self._reading.case(self._chance.choice(self._made.referrals))
        if shown is not None:
            draw_case_card(shown)

    @property
    def parts(self) -> dict[str, Callable[[], Awaitable[None]]]:
        return {
            "one SELECT 1": self.one_query,
            "directory search, surgeon": self.search,
            "directory search, coordinator": self.search_as_coordinator,
            "Home tab, surgeon": self.home,
            "Home tab, therapist": self.home_of_a_therapist,
            "Home tab, coordinator": self.home_of_a_coordinator,
            "opening a case": self.case,
        }


async def measure(folder: Path, console: Console) -> None:
    """Print the waits and the plans of the queries, on SQLite and PostgreSQL."""
    async with addresses(folder) as urls:
        for kind, url in urls.items():
            database = await Database.open(url)
            try:
                keys = MasterKeys.parse(new_master_key("1"))
                vault = await Vault.start(database, keys)
                began = perf_counter()
                made = await Generator(database, vault).make()
                console.print(f"{kind}: {REFERRALS:,} referrals in {perf_counter() - began:.0f} s")
                await _measure_one(kind, database, Measured(database, vault, made), console)
            finally:
                await database.close()


async def _measure_one(
    kind: DatabaseKind, database: Database, measured: Measured, console: Console
) -> None:
    table = Table(title=f"What one waits for on {kind}, in milliseconds")
    for name in ("", "n", "p50", "p99", "own p50", "own p99", "queries"):
        table.add_column(name, justify="left" if not name else "right", no_wrap=True)
    plans: dict[str, list[str]] = {}
    for name, work in measured.parts.items():
        await work()
        asked = await _queries_of(work)
        waits: list[float] = []
        own: list[float] = []
        for _ in range(ROUNDS):
            began, began_work = perf_counter(), process_time()
            await work()
            waits.append((perf_counter() - began) * 1000)
            own.append((process_time() - began_work) * 1000)
        table.add_row(
            name,
            str(ROUNDS),
            f"{quantile(waits, 0.5):.1f}",
            f"{quantile(waits, 0.99):.1f}",
            f"{quantile(own, 0.5):.1f}",
            f"{quantile(own, 0.99):.1f}",
            str(len(asked)),
        )
        plans[name] = [plan for one in asked for plan in await _plan(kind, database, one)]
    console.print(table)
    for name, lines in plans.items():
        console.print(f"[bold]{kind}, {name}[/bold]")
        for line in dict.fromkeys(lines):
            console.print(f"  {line}", markup=False, highlight=False)


Query = tuple[str, tuple[object, ...] | dict[str, object]]


async def _queries_of(work: Callable[[], Awaitable[None]]) -> list[Query]:
    """The queries of referrals that `work` asks, with what they were asked with."""
    found: list[Query] = []

    def note(
        _connection: Connection,
        _cursor: object,
        statement: str,
        parameters: tuple[object, ...] | dict[str, object],
        *_: object,
    ) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            found.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await work()
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    return found


async def _plan(kind: DatabaseKind, database: Database, query: Query) -> list[str]:
    statement, parameters = query
    if "referrals" not in statement and "concerns" not in statement:
        return []
    explain = "EXPLAIN QUERY PLAN " if kind is DatabaseKind.SQLITE else "EXPLAIN (COSTS OFF) "
    async with database.reading() as session:
        connection = await session.connection()
        rows = await connection.exec_driver_sql(explain + statement, parameters)
        return [str(row[-1]) for row in rows]
