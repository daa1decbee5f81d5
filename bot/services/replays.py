"""Signed requests that were let in, so that one that comes a second time is known."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import col, delete

from bot.store.database import Database
from bot.store.queries.once import insert_once
from bot.store.tables.requests import SeenRequest

# Longer than a timestamp is taken for fresh, before and after the clock's time.
_REMEMBERED: Final = timedelta(minutes=15)


class Replays:
    """Remembers requests by a fingerprint, for all processes that share the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def is_new(self, fingerprint: bytes, now: datetime) -> bool:
        """Whether it is the first of its kind; it is remembered from here on."""
        async with self._database.transaction() as session:
            await session.exec(delete(SeenRequest).where(col(SeenRequest.forget_at) < now))
            values = {"fingerprint": fingerprint, "forget_at": now + _REMEMBERED}
            return await insert_once(session, SeenRequest, values, "fingerprint")

    async def forget(self, fingerprint: bytes) -> None:
        """It was not carried out: Slack may bring the same again."""
        async with self._database.transaction() as session:
            await session.exec(
                delete(SeenRequest).where(col(SeenRequest.fingerprint) == fingerprint)
            )
