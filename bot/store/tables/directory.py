"""The directory: what providers say of their work, and their licences. Nothing about patients."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from bot.care.credentials import UsState
from bot.care.licence import Refusal
from bot.store.columns import UtcDateTime, choice
from bot.store.tables.table import Table


class DirectoryEntry(Table, table=True):
    """One person's entry."""

    __tablename__ = "directory_entries"
    __table_args__ = (
        CheckConstraint(
            "(lymphatic_seen_at IS NULL) = (lymphatic_seen_by_id IS NULL)", name="seen_by_someone"
        ),
    )

    person_id: str = Field(primary_key=True, foreign_key="people.id")
    # JSON of care.directory.Profile.
    profile: str
    # When a coordinator saw the certificate for lymphatic drainage that the profile names.
    lymphatic_seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lymphatic_seen_by_id: str | None = Field(default=None, foreign_key="people.id")
    changed_at: datetime = Field(sa_type=UtcDateTime)


class LicenceRow(Table, table=True):
    """A licence as somebody entered it, and what came of looking it up. Renewals are new rows."""

    __tablename__ = "licences"
    __table_args__ = (
        CheckConstraint("verified_at IS NULL OR refused_at IS NULL", name="one_answer"),
        CheckConstraint("(refused_at IS NULL) = (refusal IS NULL)", name="refused_with_a_reason"),
    )

    id: str = Field(primary_key=True)
    person_id: str = Field(foreign_key="people.id", index=True)
    number: str
    state: UsState = Field(sa_type=choice(UsState))
    expires_on: date
    entered_at: datetime = Field(sa_type=UtcDateTime)
    verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refusal: Refusal | None = Field(default=None, sa_type=choice(Refusal))
    # Who looked it up; nobody's when the operator did, from the command line.
    answered_by_id: str | None = Field(default=None, foreign_key="people.id")


class LicenceWarning(Table, table=True):
    """One reader is to know that a licence ends in so many days, or has ended (0): a line of their
    digests until it is settled."""

    __tablename__ = "licence_warnings"
    __table_args__ = (
        UniqueConstraint("licence_id", "person_id", "days"),
        CheckConstraint("days >= 0", name="days_ahead"),
        Index("ix_licence_warnings_person", "person_id", "settled_at"),
    )

    id: str = Field(primary_key=True)
    licence_id: str = Field(foreign_key="licences.id")
    # Who reads of it: its owner, or a coordinator.
    person_id: str = Field(foreign_key="people.id")
    days: int
    raised_at: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DigestWarning(Table, table=True):
    """A warning that stands in a digest."""

    __tablename__ = "digest_warnings"
    __table_args__ = (Index("ix_digest_warnings_warning", "warning_id"),)

    digest_id: str = Field(primary_key=True, foreign_key="digests.id")
    warning_id: str = Field(primary_key=True, foreign_key="licence_warnings.id")
