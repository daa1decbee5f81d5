"""What was said in a referral's thread, word for word and with every revision."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from bot.store.append_only import APPEND_ONLY, Guard
from bot.store.columns import SealedText, UtcDateTime, choice
from bot.store.tables.table import Table


class EntryKind(StrEnum):
    """What a reply is to the record."""

    UPDATE = "update"
    MESSAGE = "message"
    CONCERN = "concern"


class Visit(StrEnum):
    """Whether a session update tells of a session that was given."""

    GIVEN = "given"
    MISSED = "missed"


class Entry(Table, table=True):
    """One reply in a thread, or a session logged with the form.

    Slack's channel and timestamp name a reply, so it is kept once. A form has no timestamp, and
    neither has the second note of one message or an update that was moved from another thread.
    """

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
    ts: str | None = None
    author_id: str = Field(foreign_key="people.id")
    kind: EntryKind = Field(sa_type=choice(EntryKind))
    # Session updates are counted from 1 in each referral; other replies have no number.
    number: int | None = None
    revision: int = 1
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    visit: Visit | None = Field(default=None, sa_type=choice(Visit))
    # The update that this belongs to: a continuation of its words, or another note of its message.
    joins_id: str | None = Field(default=None, foreign_key="entries.id", index=True)
    # Where this was moved to, when it had been written in the wrong thread.
    moved_to_id: str | None = Field(default=None, foreign_key="entries.id")
    # When its author said that it is no session update.
    set_aside_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # The version of the treatment plan that a session update followed.
    plan_number: int | None = None


class Revision(Table, table=True):
    """The words of an entry at one time. Revisions are added, never changed; only an identifier
    that somebody typed may be replaced in one."""

    __tablename__ = "revisions"
    __table_args__ = (
        UniqueConstraint("entry_id", "revision"),
        CheckConstraint("revision >= 1", name="counted_from_one"),
        {"info": {APPEND_ONLY: Guard.ONLY_REPLACED}},
    )

    id: str = Field(primary_key=True)
    entry_id: str = Field(foreign_key="entries.id")
    revision: int
    # Slack's `edited.ts`, or the message's own `ts` for the first revision; of a form its view.
    said_ts: str
    words_sealed: bytes = Field(sa_type=SealedText)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    # When an identifier in it was replaced by its kind: what it covered is gone.
    replaced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
