"""Every table. Whoever needs the whole schema imports this package; each module adds its own."""

from sqlmodel import SQLModel

from bot.store.append_only import guard_tables
from bot.store.tables import (
    audit,
    checkins,
    circle,
    clinic,
    concerns,
    directory,
    keys,
    moves,
    people,
    plans,
    privacy,
    readings,
    referrals,
    referring,
    requests,
    threads,
    work,
    working_time,
)

__all__ = [
    "audit",
    "checkins",
    "circle",
    "clinic",
    "concerns",
    "directory",
    "keys",
    "metadata",
    "moves",
    "people",
    "plans",
    "privacy",
    "readings",
    "referrals",
    "referring",
    "requests",
    "threads",
    "work",
    "working_time",
]

metadata = SQLModel.metadata
guard_tables(metadata)
