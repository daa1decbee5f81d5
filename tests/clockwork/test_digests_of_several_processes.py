"""Processes on one PostgreSQL whose deeds meet a digest, or a due step, at the same moment."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlmodel import col, select, update

from bot.care.checkins import CheckInKind, CheckInState
from bot.care.permissions import Deed
from bot.care.referral import ReferralState
from bot.clock import MovableClock
from bot.services.asking import ask, settle
from bot.services.deeds import Deeds, OpenDeed
from bot.services.referrals import enter
from bot.services.timers import Timers
from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.queries import people
from bot.store.queries.referrals import referral_to_change
from bot.store.tables.checkins import CheckIn, Digest, DigestLine
from bot.store.tables.work import Timer, TimerKind
from bot.store.vault import Vault
from tests.databases import PostgresServer
from tests.services.test_random_lives import NobodyRests
from tests.services.test_who_may_do_what import TEAM, Practice, Situation, user_id

MONDAY = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)  # 9:00 in New York, when digests are sent
FIRST, SECOND = CheckInKind.PLAN, CheckInKind.JOINT


class Clinic:
    """A practice on PostgreSQL whose surgeon is asked about one case, by several processes."""

    def __init__(self, url: str, practice: Practice, clock: MovableClock) -> None:
        self.practice = practice
        self.clock = clock
        self._url = url

    def process(self) -> Timers:
        """Another process that carries out timers, in this store."""
        return self.practice.timers(self.clock, NobodyRests())

    async def asks(self, deed: OpenDeed, kind: CheckInKind) -> None:
        case = await referral_to_change(deed.session, self.practice.referral_id)
        assert case is not None
        surgeon = await people.person(deed.session, case.surgeon_id)
        await ask(deed, case, surgeon, kind, deed.now)

    async def answers_everything(self) -> None:
        """Nothing waits for an answer any more: the case is in nobody's next digest."""
        async with self.practice.deeds.begin(None, Deed.NUDGE) as deed:
            for row in (await deed.session.exec(select(CheckIn))).all():
                await settle(deed, row, CheckInState.MOOT)

    async def step_is_due(self, deed: OpenDeed, due: datetime) -> None:
        """The surgeon owes the next step from `due` on."""
        case = await referral_to_change(deed.session, self.practice.referral_id)
        assert case is not None
        case.held_from = ReferralState.IN_PROGRESS
        await enter(deed, case, ReferralState.ON_HOLD, due=due)

    async def has_failed(self, timer: Timer) -> None:
        """It was tried three times in vain."""
        async with self.practice.database.transaction() as session:
            await session.exec(update(Timer).where(col(Timer.id) == timer.id).values(attempts=3))

    async def works_off(self, *processes: Timers) -> None:
        """All that is due is carried out; what waits for a while comes within ten minutes."""
        for _ in range(10):
            for process in processes:
                while claimed := await process.claim():
                    for timer in claimed:
                        await process.carry_out(timer)
            self.clock.advance(timedelta(minutes=1))

    async def told(self) -> dict[CheckInKind, int]:
        """How often the surgeon was asked, by what they are asked."""
        async with self.practice.database.reading() as session:
            surgeon = await people.person_in_slack(session, TEAM, user_id("surgeon"))
            assert surgeon is not None
            rows = (await session.exec(select(CheckIn))).all()
            return {one.kind: one.told for one in rows if one.person_id == surgeon.id}

    async def digests(self) -> list[int]:
        """How many lines each digest of the surgeon has."""
        async with self.practice.database.reading() as session:
            surgeon = await people.person_in_slack(session, TEAM, user_id("surgeon"))
            assert surgeon is not None
            found = await session.exec(select(Digest).where(Digest.person_id == surgeon.id))
            ids = [one.id for one in found.all()]
            lines = (await session.exec(select(DigestLine))).all()
            return [sum(one.digest_id == each for one in lines) for each in ids]

    async def somebody_waits_for_a_lock(self) -> None:
        waiting = "SELECT 1 FROM pg_locks WHERE NOT granted"
        async with await psycopg.AsyncConnection.connect(self._url, autocommit=True) as server:
            async with asyncio.timeout(20):
                while await (await server.execute(waiting)).fetchone() is None:  # noqa: ASYNC110 - the server tells nobody
                    await asyncio.sleep(0.02)


@pytest.fixture
async def clinic(postgres: PostgresServer) -> AsyncIterator[Clinic]:
    clock = MovableClock(MONDAY, ticking=False)
    with postgres.database(await postgres.template()) as url:
        database = await Database.open(url)
        vault = await Vault.start(database, MasterKeys.parse(new_master_key("1")), clock=clock)
        audit = AuditLog(vault.audit_key())
        deeds = Deeds(database, vault, audit, clock, vault.mailbox_key, lambda: None)
        practice = Practice(database, deeds)
        await practice.open()
        await practice.put(Situation(ReferralState.IN_PROGRESS))
        yield Clinic(url, practice, clock)
        await database.close()


async def _works_off_now(process: Timers) -> None:
    for timer in await process.claim():
        await process.carry_out(timer)


async def _digest_of(process: Timers) -> Timer:
    return next(one for one in await process.claim() if one.kind is TimerKind.DIGEST)


async def test_what_is_asked_while_a_digest_goes_out_is_asked_that_morning(clinic: Clinic) -> None:
    one, other = clinic.process(), clinic.process()
    deeds = clinic.practice.deeds
    async with deeds.begin(None, Deed.NUDGE) as deed:
        await clinic.asks(deed, FIRST)
    await (
        clinic.answers_everything()
    )  # its digest is due all the same, and will have nothing to say
    clinic.clock.set(TUESDAY)
    digest = await _digest_of(one)
    async with deeds.begin(None, Deed.NUDGE) as deed:
        await clinic.asks(deed, SECOND)
        await asyncio.create_task(one.carry_out(digest))
    await clinic.works_off(one, other)
    assert (await clinic.told())[SECOND] == 1


async def test_what_is_asked_while_a_digest_is_claimed_is_asked_that_morning(
    clinic: Clinic,
) -> None:
    one, other = clinic.process(), clinic.process()
    deeds = clinic.practice.deeds
    async with deeds.begin(None, Deed.NUDGE) as deed:
        await clinic.asks(deed, FIRST)
    await clinic.answers_everything()
    clinic.clock.set(TUESDAY)
    async with deeds.begin(None, Deed.NUDGE) as deed:
        await clinic.asks(deed, SECOND)
        await asyncio.create_task(_works_off_now(one))
    await clinic.works_off(one, other)
    assert (await clinic.told())[SECOND] == 1


async def test_a_digest_waits_for_a_step_that_fell_due_before_it(clinic: Clinic) -> None:
    one, other = clinic.process(), clinic.process()
    deeds = clinic.practice.deeds
    async with deeds.begin(None, Deed.NUDGE) as deed:
        await clinic.asks(deed, FIRST)
        await clinic.step_is_due(deed, TUESDAY - timedelta(hours=1))
    clinic.clock.set(TUESDAY)
    claimed = await one.claim()
    step = next(each for each in claimed if each.kind is TimerKind.STEP_DUE)
    for digest in (each for each in claimed if each.kind is TimerKind.DIGEST):
        await one.carry_out(digest)
    await one.carry_out(step)
    await clinic.works_off(one, other)
    assert await clinic.digests() == [2]


async def test_a_digest_does_not_wait_for_ever_for_a_step_that_nobody_asks_about(
    clinic: Clinic,
) -> None:
    one = clinic.process()
    deeds = clinic.practice.deeds
    async with deeds.begin(None, Deed.NUDGE) as deed:
        await clinic.asks(deed, FIRST)
        await clinic.step_is_due(deed, TUESDAY - timedelta(hours=1))
    clinic.clock.set(TUESDAY)
    step = next(each for each in await one.claim() if each.kind is TimerKind.STEP_DUE)
    await clinic.has_failed(step)
    await one.release_all()
    for _ in range(3):
        for timer in await one.claim():
            if timer.kind is not TimerKind.STEP_DUE:
                await one.carry_out(timer)
        clinic.clock.advance(timedelta(seconds=15))
    assert await clinic.digests() == [1]


async def test_a_step_that_is_taken_while_it_falls_due_breaks_nothing_off(clinic: Clinic) -> None:
    one = clinic.process()
    deeds = clinic.practice.deeds
    async with deeds.begin(None, Deed.NUDGE) as deed:
        await clinic.step_is_due(deed, TUESDAY)
    clinic.clock.set(TUESDAY)
    claimed = await one.claim()
    step = next(each for each in claimed if each.kind is TimerKind.STEP_DUE)
    async with deeds.begin(None, Deed.NUDGE) as deed:
        case = await referral_to_change(deed.session, clinic.practice.referral_id)
        assert case is not None
        falls_due = asyncio.create_task(one.carry_out(step))
        await clinic.somebody_waits_for_a_lock()
        await enter(deed, case, ReferralState.COMPLETED)
    await falls_due
