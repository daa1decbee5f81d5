"""The database is locked, full or gone: everybody is told so, and nothing is half done."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.clock import MovableClock
from bot.demo.clinic import Clinic, open_clinic
from bot.demo.people import PATIENT, Case, Form, Someone
from bot.demo.seen import see
from bot.sandbox import Outcome
from bot.store.database import Database
from bot.store.tables.referrals import Patient, Referral
from bot.store.tables.work import Timer, TimerKind
from bot.store.url import DatabaseKind
from tests.databases import PostgresServer
from tests.robustness.practice import happens, treatment_under_way
from tests.robustness.trouble import (
    held_as_soon_as_it_is_free,
    held_by_another_process,
    out_of_reach,
    watched_disk,
)

pytestmark = pytest.mark.soak

_SLACK_WAITS = 3.0


@pytest.fixture
def clock() -> MovableClock:
    """Monday, 23 November 2026, 9:30 in New York."""
    return MovableClock(datetime(2026, 11, 23, 14, 30, tzinfo=UTC))


@pytest.fixture
async def clinic(database_url: str, clock: MovableClock) -> AsyncIterator[Clinic]:
    async with open_clinic(database_url, clock) as opened:
        yield opened


async def test_a_button_pressed_while_the_store_is_locked_is_answered_and_works_afterwards(
    clinic: Clinic, database_url: str
) -> None:
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)

    with held_by_another_process(database_url):
        told = await _presses_accept(clinic.therapist, case)
    assert "Nothing was saved" in told
    assert "Reference R-" in told
    await clinic.settled()
    assert not case.card.says("accepted")

    await clinic.therapist.presses(case, "Accept")
    await case.thread_shows("accepted")
    assert len(_bot_words(case)) == 1


async def test_a_form_sent_while_the_store_is_locked_stays_open_and_is_taken_afterwards(
    clinic: Clinic, database_url: str
) -> None:
    form = await clinic.surgeon.opens_refer_form()

    with held_by_another_process(database_url):
        began = time.monotonic()
        refused = await _sends(form, clinic.therapist)
        assert time.monotonic() - began < _SLACK_WAITS
    assert refused.acknowledged
    assert "Nothing was saved" in " ".join(refused.errors.values())
    assert "Reference R-" in " ".join(refused.errors.values())
    await clinic.settled()
    assert await _referrals(clinic) == 0

    taken = await _sends(clinic.surgeon.form(), clinic.therapist)
    assert taken.ok
    await clinic.settled()
    assert await _referrals(clinic) == 1


async def test_a_reply_that_can_not_be_stored_is_not_acknowledged_and_comes_again(
    clinic: Clinic, database_url: str
) -> None:
    case = await treatment_under_way(clinic)
    clinic.slack.record.clear()

    with held_by_another_process(database_url):
        await clinic.therapist.person.posts(case.channel_id, "Session 1 went well", case.ts)
        await _attempts(clinic, 2)
    assert not any(one.ok for one in clinic.slack.record.acknowledgements_of("message"))

    clinic.clock.advance(timedelta(minutes=1))
    await clinic.settled()
    await case.thread_shows("session update 1")
    assert len(_bot_words(case)) == 2
    assert case.card.says("1 of 10")


async def test_a_reply_that_was_stored_is_answered_once_the_store_is_free(
    clinic: Clinic, database_url: str
) -> None:
    case = await treatment_under_way(clinic)
    await clinic.therapist.person.posts(case.channel_id, "Session 1 went well", case.ts)
    await clinic.slack.quiet()
    async with held_as_soon_as_it_is_free(database_url):
        await asyncio.sleep(0)  # whatever it was at meets the lock now
    await clinic.settled()

    await case.thread_shows("session update 1")
    assert len(_bot_words(case)) == 2


async def test_when_the_disk_is_full_the_surgeon_is_told_and_nothing_is_half_done(
    database_kind: DatabaseKind, database_url: str, clock: MovableClock
) -> None:
    if database_kind is not DatabaseKind.SQLITE:
        pytest.skip("a PostgreSQL server's disk can't be filled from here")
    with watched_disk(database_url) as disk:
        async with open_clinic(database_url, clock) as clinic:
            await disk.is_full()
            told, sent = await _refers_until_it_is_refused(clinic)
            assert "no space left" in told
            assert "Reference R-" in told
            assert await _referrals(clinic) == sent

            await disk.has_room()
            await clinic.settled()
            taken = await _sends(clinic.surgeon.form(), clinic.therapist, name="Now There Is Room")
            assert taken.ok
            await clinic.settled()
            assert await _referrals(clinic) == sent + 1


async def test_while_the_store_is_out_of_reach_everybody_is_told_and_then_it_goes_on(
    database_kind: DatabaseKind, database_url: str, clinic: Clinic, postgres: PostgresServer
) -> None:
    if database_kind is not DatabaseKind.POSTGRESQL:
        pytest.skip("a SQLite file that is open stays in reach")
    case = await clinic.surgeon.refers(clinic.therapist)
    await clinic.therapist.gets_message(case.code)

    async with out_of_reach(database_url, postgres.url("postgres")):
        told = await _presses_accept(clinic.therapist, case)
        assert "Nothing was saved" in told
        assert "Reference R-" in told
    await clinic.therapist.presses(case, "Accept")
    await case.thread_shows("accepted")
    assert len(_bot_words(case)) == 1


async def _presses_accept(someone: Someone, case: Case) -> str:
    """What they are told when they press the button; it comes while they still look."""
    button = case.card.button("Accept")
    began = time.monotonic()
    pressed = await someone.person.clicks(
        case.channel_id, case.ts, button.action_id, block_id=button.block_id
    )
    assert pressed.acknowledged
    await happens(case.clinic, lambda: bool(someone.person.ephemerals(case.channel_id)))
    assert time.monotonic() - began < _SLACK_WAITS
    [answer] = someone.person.ephemerals(case.channel_id)
    return see(case.clinic.slack, answer).words


async def _sends(form: Form, to: Someone, **fields: str) -> Outcome:
    return await form.sends(**{**PATIENT, **fields}, therapist=to.user_id)


async def _refers_until_it_is_refused(clinic: Clinic) -> tuple[str, int]:
    """Small things still find room in the pages that there are; some referral does not."""
    for number in range(100):
        form = await clinic.surgeon.opens_refer_form()
        outcome = await _sends(form, clinic.therapist, name=f"Patient {number}")
        if outcome.errors:
            return " ".join(outcome.errors.values()), number
        await clinic.surgeon.form().closes()
    raise AssertionError("the disk was never full")


async def _attempts(clinic: Clinic, count: int) -> None:
    """Slack brings it at once a second time when the first was not acknowledged."""
    async with asyncio.timeout(30):
        while len(clinic.slack.record.acknowledgements_of("message")) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def _referrals(clinic: Clinic) -> int:
    """How many there are, each with its patient and the timer of its step, or this fails."""
    database = await Database.open(clinic.settings.database_url.get_secret_value(), lock=False)
    try:
        async with database.reading() as session:
            steps_due = select(Timer.id).where(Timer.kind == TimerKind.STEP_DUE)
            counts = {
                "Referral": len((await session.exec(select(Referral.id))).all()),
                "Patient": len((await session.exec(select(Patient.id))).all()),
                "Timer": len((await session.exec(steps_due)).all()),
            }
    finally:
        await database.close()
    assert len(set(counts.values())) == 1, counts
    return counts["Referral"]


def _bot_words(case: Case) -> list[str]:
    channel = case.clinic.slack.workspace.state.channels[case.channel_id]
    return [
        channel.messages[ts].text
        for ts in channel.threads.get(case.ts, [])
        if channel.messages[ts].bot_id
    ]
