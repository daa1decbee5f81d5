"""Events that two processes have had in their hands: what one has done, the other can't undo."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.clock import MovableClock
from bot.services.inbox import Arrived, Inbox
from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.vault import Vault

EVENT = Arrived("Ev1", "message", "{}")


class Shared:
    """A store whose events several processes work off."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self.clock = MovableClock(ticking=False)

    def process(self) -> Inbox:
        return Inbox(self._database, self._vault, self.clock, lambda: None)


@pytest.fixture
async def shared(database_url: str) -> AsyncIterator[Shared]:
    database = await Database.open(database_url)
    vault = await Vault.start(database, MasterKeys.parse(new_master_key("1")))
    yield Shared(database, vault)
    await database.close()


async def test_who_stood_still_does_not_reopen_what_another_one_worked_off(shared: Shared) -> None:
    sleeper, other = shared.process(), shared.process()
    await sleeper.keep(EVENT)
    (held,) = await sleeper.take()
    await other.release_all()  # as when the sleeper's lease has ended
    (taken,) = await other.take()
    await other.settle(taken)
    assert not await sleeper.put_back(held)
    assert await other.is_empty(), "what was worked off waits for ever"


async def test_who_stood_still_does_not_take_it_from_the_one_who_has_it_now(
    shared: Shared,
) -> None:
    sleeper, other = shared.process(), shared.process()
    await sleeper.keep(EVENT)
    (held,) = await sleeper.take()
    await other.release_all()
    (taken,) = await other.take()
    await sleeper.put_back(held)
    shared.clock.advance(timedelta(minutes=1))
    assert await sleeper.take() == [], "two work on it"
    await other.put_back(taken)
    assert not await other.is_empty()
