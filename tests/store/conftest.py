"""Vaults and keys for tests of the store."""

import pytest

from bot.store.database import Database
from bot.store.master_keys import MasterKeys, new_master_key
from bot.store.vault import Vault


@pytest.fixture
def masters() -> MasterKeys:
    return MasterKeys.parse(new_master_key("1"))


@pytest.fixture
async def vault(database: Database, masters: MasterKeys) -> Vault:
    return await Vault.start(database, masters)
