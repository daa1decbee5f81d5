"""Which workspace the bot belongs to, remembered, so that it can start while Slack is out."""

from datetime import datetime

from bot.store.database import Database
from bot.store.queries import clinic as stored
from bot.store.tables.clinic import KnownWorkspace


async def remembered(database: Database) -> tuple[str, str] | None:
    """Team id and address of the workspace that the bot was last in; None the first time."""
    async with database.reading() as session:
        known = await stored.last_workspace(session)
        return (known.team_id, known.url) if known else None


async def remember(database: Database, team_id: str, url: str, now: datetime) -> None:
    async with database.transaction() as session:
        await session.merge(KnownWorkspace(team_id=team_id, url=url, seen_at=now))
