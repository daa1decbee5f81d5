"""What was said in a referral's thread, word for word and with every revision."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.append_only import APPEND_ONLY, Guard
from bot.store.columns import SealedText, UtcDateTime, choice


class EntryKind(StrEnum):
    """What a reply is to the record."""

    UPDATE = "update"
    MESSAGE = "message"
    CONCERN = "concern"


class Entry(SQLModel, table=True):
    """One reply in a thread. Slack's channel and timestamp name it, so it is kept once."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("channel_id", "ts"),
        UniqueConstraint("referral_id", "number"),
        CheckConstraint("(kind = 'update') = (number IS NOT NULL)", name="numbered_updates"),
        Index("ix_entries_referral", "referral_id", "ts"),
    )

    id: str = Field(primary_key=True)
    referral_id: str = Field(foreign_key="referrals.id")
    channel_id: str
    ts: str
    author_id: str = Field(foreign_key="people.id")
    kind: EntryKind = Field(sa_type=choice(EntryKind))
    # Session updates are counted from 1 in each referral; other replies have no number.
    number: int | None = None
    revision: int = 1
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)


class Revision(SQLModel, table=True):
    """The words of an entry at one time. Revisions are added, never changed."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("entry_id", "revision"),
        CheckConstraint("revision >= 1", name="counted_from_one"),
        {"info": {APPEND_ONLY: Guard.NO_CHANGE}},
    )

    id: str = Field(primary_key=True)
    entry_id: str = Field(foreign_key="entries.id")
    revision: int
    # Slack's `edited.ts`, or the message's own `ts` for the first revision.
    said_ts: str
    words_sealed: bytes = Field(sa_type=SealedText)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
