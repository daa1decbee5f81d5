"""Signed requests that were let in: one that comes again is a replay."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field

from bot.store.columns import UtcDateTime
from bot.store.tables.table import Table


class SeenRequest(Table, table=True):
    """The SHA-256 of a request's signature; kept as long as its timestamp would be taken."""

    __tablename__ = "seen_requests"

    fingerprint: bytes = Field(primary_key=True, sa_type=LargeBinary)
    forget_at: datetime = Field(sa_type=UtcDateTime, index=True)
