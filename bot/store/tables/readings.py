"""What was read from session updates: every reading stays, the newest one holds."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from bot.care.session import Origin
from bot.store.append_only import APPEND_ONLY, Guard
from bot.store.columns import SealedText, UtcDateTime, choice
from bot.store.tables.table import Table


class UpdateReading(Table, table=True):
    """A reading of a session update: by the reader, or as a person confirmed or corrected it."""

    __tablename__ = "readings"
    __table_args__ = (
        UniqueConstraint("entry_id", "step"),
        CheckConstraint("(origin = 'read') = (by_id IS NULL)", name="confirmed_by_someone"),
        {"info": {APPEND_ONLY: Guard.ONLY_REPLACED}},
    )

    id: str = Field(primary_key=True)
    entry_id: str = Field(foreign_key="entries.id")
    # Counts an entry's readings from 1.
    step: int
    # The revision of the entry's words that was read.
    revision: int
    origin: Origin = Field(sa_type=choice(Origin))
    by_id: str | None = Field(default=None, foreign_key="people.id")
    rules_version: str
    # JSON of care.session.StoredReading, sealed under the patient's key.
    reading_sealed: bytes = Field(sa_type=SealedText)
    at: datetime = Field(sa_type=UtcDateTime)
    # When an identifier in what was read was replaced by its kind.
    replaced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
