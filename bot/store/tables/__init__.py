"""Every table. Whoever needs the whole schema imports this package; each module adds its own."""

from sqlmodel import SQLModel

from bot.store.append_only import guard_tables
from bot.store.tables import audit, keys

__all__ = ["audit", "keys", "metadata"]

metadata = SQLModel.metadata
guard_tables(metadata)
