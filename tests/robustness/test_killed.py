"""The bot is killed in the middle of its work, again and again, and nobody notices."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from bot.demo.clinic import Clinic
from bot.demo.people import Case
from bot.sandbox import Message
from bot.services.session_updates import kept_key, words_cell
from bot.store.database import Database
from bot.store.queries import outbox
from bot.store.queries import referrals as stored
from bot.store.tables.threads import Entry
from bot.store.tables.work import OutboxState
from bot.store.vault import Vault
from tests.robustness.bot_process import BotProcess, bot_process
from tests.robustness.practice import (
    Practice,
    happens,
    open_practice,
    row_id_of,
    slack_has_told_everything,
)

# On one machine: what a killed process held on PostgreSQL is free after its lease.
pytestmark = [pytest.mark.soak, pytest.mark.one_store]

_A_FEW: Final = 400
_MANY: Final = 2_000
_KILLS: Final = 5
_THERAPISTS: Final = 5
_REFERRALS_EACH: Final = 4
# Of a thousand, how many are confirmed in a round when the bot is killed: early, late, in between.
_CONFIRMED_WHEN_KILLED: Final = (2, 85, 20, 130, 45)


@pytest.mark.parametrize("replies", [_A_FEW, _MANY])
async def test_through_five_kills_no_reply_is_lost_and_none_is_answered_twice(
    clinic: Clinic, tmp_path: Path, replies: int
) -> None:
    practice = await open_practice(clinic, _THERAPISTS, _REFERRALS_EACH)
    await clinic.stop_bot()

    async with bot_process(clinic.settings, tmp_path) as bot:
        posted = await _type_through_kills(practice, bot, replies)
        await clinic.app.connected(timeout=60)
        await slack_has_told_everything(clinic)
        await happens(clinic, lambda: practice.confirmations >= replies, patience=1_200)
        assert await bot.stops() == 0, bot.says[-2000:]
    await clinic.start_bot()
    await slack_has_told_everything(clinic)
    await clinic.settled()

    assert posted == replies
    assert practice.confirmations == replies
    confirmed = [row_id_of(one) for case in practice.cases for one in practice.replies_shown(case)]
    assert "" not in confirmed
    assert len(set(confirmed)) == len(confirmed)
    async with _store(clinic) as (session, vault):
        for case in practice.cases:
            await _every_reply_is_kept_and_answered_once(session, vault, practice, case)


async def _type_through_kills(practice: Practice, bot: BotProcess, replies: int) -> int:
    """Everybody types as fast as Slack takes it, while the bot dies and comes back."""
    rounds = _KILLS + 1
    posted = 0
    for number in range(rounds):
        size = replies // rounds + (replies % rounds if number == 0 else 0)
        confirmed_before = practice.confirmations
        typing = asyncio.create_task(_type(practice, posted, size))
        if number < _KILLS:
            wanted = confirmed_before + max(1, replies * _CONFIRMED_WHEN_KILLED[number] // 1_000)
            await _are_confirmed(practice, wanted)
            await bot.is_killed()
            await bot.start()
        await typing
        posted += size
    return posted


async def _are_confirmed(practice: Practice, wanted: int) -> None:
    await happens(practice.clinic, lambda: practice.confirmations >= wanted)


async def _type(practice: Practice, first: int, count: int) -> None:
    for number in range(first, first + count):
        case = practice.cases[number % len(practice.cases)]
        # Numbered as in a real thread: a note without a number of its own, or with one that no
        # treatment reaches, goes on with the note of a moment ago and is answered with it.
        turn = number // len(practice.cases) + 1
        words = f"Session {turn} went well: less swelling, pain 3/10"
        await case.therapist.person.posts(case.channel_id, words, case.ts)
        if number % 20 == 0:
            await asyncio.sleep(0)  # let the local Slack send what it has


async def _every_reply_is_kept_and_answered_once(
    session: AsyncSession, vault: Vault, practice: Practice, case: Case
) -> None:
    team_id = case.clinic.slack.workspace.team.id
    referral = await stored.referral_in_thread(session, team_id, case.channel_id, case.ts)
    assert referral is not None
    entries = {entry.ts: entry for entry in await stored.entries_of(session, referral.id)}
    said = practice.said(case)
    assert set(entries) == {message.ts for message in said}

    patient = await stored.patient(session, referral.patient_id)
    shown = {message.ts: message for message in practice.replies_shown(case)}
    for message in said:
        entry = entries[message.ts]
        assert await _words(session, vault, patient.key_id, entry) == [message.text]
        await _is_answered_once(session, entry, shown)
    assert sorted(entry.number or 0 for entry in entries.values()) == [
        number + 1 for number in range(len(said))
    ]


async def _words(session: AsyncSession, vault: Vault, key_id: str, entry: Entry) -> list[str]:
    return [
        await vault.open(session, key_id, words_cell(one.id), one.words_sealed)
        for one in await stored.revisions_of(session, entry.id)
    ]


async def _is_answered_once(session: AsyncSession, entry: Entry, shown: dict[str, Message]) -> None:
    owed = await outbox.posted(session, kept_key(entry.id))
    assert owed is not None
    assert owed.state is OutboxState.SENT
    assert row_id_of(shown[owed.message_ts or ""]) == owed.id


@asynccontextmanager
async def _store(clinic: Clinic) -> AsyncIterator[tuple[AsyncSession, Vault]]:
    url = clinic.settings.database_url.get_secret_value()
    database = await Database.open(url, lock=False)
    try:
        vault = await Vault.start(database, clinic.settings.master_keys)
        async with database.transaction() as session:
            yield session, vault
    finally:
        await database.close()
