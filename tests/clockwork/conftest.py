"""A store at which one or more processes of the bot work, for every story that names `world`."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.clockwork.processes import World, open_world
from tests.databases import copy_of_template


@pytest.fixture
async def world(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[World]:
    await copy_of_template(sqlite_template, tmp_path)
    opened = await open_world(sqlite_template, tmp_path)
    yield opened
    await opened.database.close()
