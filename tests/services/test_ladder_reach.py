"""Whom a rung reaches is found in as many looks, however many coordinators there are."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from bot.care.escalation import Hearing
from bot.care.ladder import Rung, Tell
from bot.care.people import Role, Standing
from bot.clock import MovableClock
from bot.services.absences import Planned
from bot.services.deeds import Deeds
from bot.services.ladder_reach import Reach
from bot.services.people import Account
from bot.store.audit import AuditLog
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.queries import people
from bot.store.queries.referrals import referral
from bot.store.vault import Vault
from tests.databases import copy_of_template
from tests.services.test_who_may_do_what import TEAM, Practice, user_id

MONDAY = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)


@pytest.fixture
async def practice(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[Practice]:
    database = await Database.open(await copy_of_template(sqlite_template, tmp_path))
    clock = MovableClock(MONDAY, ticking=False)
    vault = await Vault.start(database, MasterKeys.parse(new_master_key("1")), clock=clock)
    audit = AuditLog(vault.audit_key())
    deeds = Deeds(database, vault, audit, clock, vault.mailbox_key, lambda: None)
    found = Practice(database, deeds)
    await found.open()
    yield found
    await database.close()


async def _reach(practice: Practice, tell: Tell) -> tuple[dict[str, Hearing], int]:
    """Who is reached, by Slack user, whether they hear, and how many statements that took."""
    asked: list[str] = []

    def note(*told: object) -> None:
        asked.append(str(told[2]))

    async with practice.database.reading() as session:
        case = await referral(session, practice.referral_id)
        assert case is not None
        engine = session.get_bind()
        assert isinstance(engine, Engine)
        event.listen(engine, "before_cursor_execute", note)
        reach = Reach(session, case, case.therapist_id, "", MONDAY, frozenset())
        targets = await reach.targets(Rung(tell=tell, after_minutes=0))
        event.remove(engine, "before_cursor_execute", note)
        users = await people.slack_user_ids(session, TEAM)
        return {users[one.to]: one.hearing for one in targets}, len(asked)


async def test_twenty_coordinators_are_looked_up_as_one_is(practice: Practice) -> None:
    few, looks = await _reach(practice, Tell.COORDINATORS)
    for number in range(20):
        account = Account(TEAM, f"UMANY{number}", Standing.MEMBER, "America/New_York")
        await practice.people.register(account, Role.COORDINATOR)
    many, looks_for_many = await _reach(practice, Tell.COORDINATORS)
    assert len(many) == len(few) + 20
    assert looks_for_many == looks


async def test_of_many_who_are_asked_about_at_once_each_has_their_own_hours(
    practice: Practice,
) -> None:
    account = Account(TEAM, "UFAR", Standing.MEMBER, "Asia/Tokyo")
    await practice.people.register(account, Role.COORDINATOR)
    at_work, _ = await _reach(practice, Tell.COORDINATOR)
    assert at_work == {user_id("coordinator"): Hearing.HEARS}, "in Tokyo it is night"
    away = Planned(MONDAY.date(), MONDAY.date() + timedelta(days=1), user_id("other_surgeon"))
    await practice.absences.enter(practice.actor("surgeon"), away, uuid4().hex)
    everybody, _ = await _reach(practice, Tell.EVERYBODY)
    assert everybody[user_id("surgeon")] is Hearing.AWAY
    assert everybody[user_id("other_surgeon")] is Hearing.HEARS
    assert everybody["UFAR"] is Hearing.HEARS
