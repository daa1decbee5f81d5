"""Every table. Whoever needs the whole schema imports this package; each module adds its own."""

from sqlmodel import SQLModel

from bot.store.append_only import guard_tables
from bot.store.tables import audit, concerns, keys, people, readings, referrals, threads, work

__all__ = [
    "audit",
    "concerns",
    "keys",
    "metadata",
    "people",
    "readings",
    "referrals",
    "threads",
    "work",
]

metadata = SQLModel.metadata
guard_tables(metadata)
