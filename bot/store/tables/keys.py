"""Where the keys are: which master keys there are, and the data keys wrapped by them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, LargeBinary, text
from sqlmodel import Field

from bot.store.columns import UtcDateTime, choice, short_text
from bot.store.tables.table import Table


class KeyOwner(StrEnum):
    """Whose data a key protects; `owner_id` says which one."""

    PATIENT = "patient"
    MAILBOX = "mailbox"  # the inbox, the outbox and the timers of one tenant
    AUDIT = "audit"  # the chain of the audit log
    INDEX = "index"  # the blind indexes, for search by exact identifier


class MasterKeyRecord(Table, table=True):
    """That a master key has been used here, and what tells the right one from a wrong one."""

    __tablename__ = "master_keys"

    id: str = Field(primary_key=True, sa_type=short_text(20))
    check_value: bytes = Field(sa_type=LargeBinary)
    added_at: datetime = Field(sa_type=UtcDateTime)


class DataKeyRecord(Table, table=True):
    """A data key, wrapped by a master key. Erasure destroys the wrapped key and keeps the row."""

    __tablename__ = "data_keys"
    __table_args__ = (
        CheckConstraint(
            "(wrapped IS NULL AND destroyed_at IS NOT NULL)"
            " OR (wrapped IS NOT NULL AND destroyed_at IS NULL)",
            name="destroyed",
        ),
        # One living key an owner; the destroyed ones before it stay on record.
        Index(
            "ix_data_keys_living",
            "tenant",
            "owner_kind",
            "owner_id",
            unique=True,
            sqlite_where=text("destroyed_at IS NULL"),
            postgresql_where=text("destroyed_at IS NULL"),
        ),
    )

    id: str = Field(primary_key=True, sa_type=short_text(16))
    tenant: str = Field(sa_type=short_text())
    owner_kind: KeyOwner = Field(sa_type=choice(KeyOwner))
    owner_id: str = Field(sa_type=short_text())
    master_key_id: str = Field(
        sa_type=short_text(20), foreign_key="master_keys.id", ondelete="RESTRICT", index=True
    )
    wrapped: bytes | None = Field(default=None, sa_type=LargeBinary)
    created_at: datetime = Field(sa_type=UtcDateTime)
    rewrapped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    destroyed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
