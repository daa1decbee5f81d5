"""Who did what: entries that can only be added to, and the end of their chain."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, LargeBinary
from sqlmodel import Field

from bot.store.append_only import APPEND_ONLY, Guard
from bot.store.columns import UtcDateTime, short_text
from bot.store.tables.table import Table


class AuditEntry(Table, table=True):
    """One deed. Opaque ids only. Neither changed nor deleted: triggers refuse it."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("seq > 0", name="seq_positive"),
        {"info": {APPEND_ONLY: Guard.NO_CHANGE}},
    )

    seq: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor: str = Field(sa_type=short_text(64), index=True)
    deed: str = Field(sa_type=short_text(64))
    subject_kind: str = Field(sa_type=short_text(64))
    subject_id: str = Field(sa_type=short_text(64), index=True)
    outcome: str = Field(sa_type=short_text(64))
    surface: str = Field(sa_type=short_text(64))
    facts: str = Field(sa_type=short_text(4000))
    mac: bytes = Field(sa_type=LargeBinary)


class AuditHead(Table, table=True):
    """The end of the chain, in one row: without it a tail cut off would not be missed."""

    __tablename__ = "audit_head"
    __table_args__ = (
        CheckConstraint("id = 1", name="only_one"),
        {"info": {APPEND_ONLY: Guard.NO_DELETE}},
    )

    id: int = Field(primary_key=True, default=1, sa_column_kwargs={"autoincrement": False})
    seq: int = Field(sa_type=BigInteger)
    mac: bytes = Field(sa_type=LargeBinary)
    seal: bytes = Field(sa_type=LargeBinary)
    key_check: bytes = Field(sa_type=LargeBinary)
