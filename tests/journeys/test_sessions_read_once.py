"""A snapshot opens a case's sessions once. Whoever looks later sees what was done since."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from bot.care.session import Session
from bot.demo.clinic import Clinic
from bot.demo.people import Case
from bot.store.database import Database
from bot.store.queries.readings import sessions_of
from bot.store.queries.referrals import entry, referral_by_code
from bot.store.vault import Vault

pytestmark = pytest.mark.one_store


class _Undone(Exception):
    """Leaves a transaction without a trace."""


@asynccontextmanager
async def record_of(clinic: Clinic) -> AsyncIterator[tuple[Database, Vault]]:
    database = await Database.open(clinic.settings.database_url.get_secret_value(), lock=False)
    try:
        yield database, await Vault.start(database, clinic.settings.master_keys)
    finally:
        await database.close()


async def test_sessions_that_were_read_once_are_never_taken_for_those_of_now(
    clinic: Clinic, case: Case
) -> None:
    ts = await clinic.therapist.replies(case, "Session 1, pain 6 -> 3")
    kept = await case.thread_shows("Session update 1")
    kept.reader = clinic.therapist
    await clinic.therapist.is_asked(case)
    async with record_of(clinic) as (database, vault):
        async with database.reading() as session:
            found = await referral_by_code(session, clinic.slack.workspace.state.team.id, case.code)
        assert found is not None
        referral_id = found.id

        async def now() -> Session:
            """Read twice, as a card does."""
            async with database.reading() as session:
                (first,) = await sessions_of(session, vault, referral_id)
                (again,) = await sessions_of(session, vault, referral_id)
                assert again is first
                return first

        assert (await now()).fields.pain_after == 3
        async with database.reading() as held:
            (before,) = await sessions_of(held, vault, referral_id)
            await clinic.therapist.edits(case, ts, "Session 1, pain 6 -> 2")
            await clinic.therapist.is_asked(case)
            assert await sessions_of(held, vault, referral_id) == [before]
            assert (await now()).fields.pain_after == 2

        form = await kept.clicks("Edit")
        await form.submits(pain_after="1", none_observed="yes")
        assert ((await now()).fields.pain_after, (await now()).confirmed) == (1, True)

        with pytest.raises(_Undone):
            async with database.transaction() as session:
                (mine,) = await sessions_of(session, vault, referral_id)
                row = await entry(session, mine.entry_id)
                assert row is not None
                row.set_aside_at = datetime.now(UTC)
                await session.flush()
                (after,) = await sessions_of(session, vault, referral_id)
                assert (mine.withdrawn, after.withdrawn) == (False, True)
                raise _Undone

        await clinic.therapist.deletes(case, ts)
        assert (await now()).withdrawn
