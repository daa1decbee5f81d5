"""Who else is let into a case, and who was found in a pair's channel without being let in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from bot.store.columns import UtcDateTime, choice
from bot.store.tables.table import Table

_NOT_ENDED = text("ended_at IS NULL")
_NOT_SETTLED = text("settled_at IS NULL")


class InvitationEnd(StrEnum):
    """Why a colleague who was invited into a case may see it no more."""

    TAKEN_BACK = "taken_back"
    CASE_ENDED = "case_ended"


class Invitation(Table, table=True):
    """One of the pair let a colleague read one case; it holds until it is ended."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended_for_a_reason"),
        Index(
            "uq_invitations_open",
            "referral_id",
            "person_id",
            unique=True,
            sqlite_where=_NOT_ENDED,
            postgresql_where=_NOT_ENDED,
        ),
        Index("ix_invitations_person", "person_id", "ended_at"),
    )

    id: str = Field(primary_key=True)
    referral_id: str = Field(foreign_key="referrals.id")
    person_id: str = Field(foreign_key="people.id")
    invited_by_id: str = Field(foreign_key="people.id")
    invited_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_as: InvitationEnd | None = Field(default=None, sa_type=choice(InvitationEnd))
    # Whoever took it back; nobody when the case ended.
    ended_by_id: str | None = Field(default=None, foreign_key="people.id")


class StrangerEnd(StrEnum):
    """How it was settled that somebody is in a pair's channel."""

    LET_IN = "let_in"
    LEFT = "left"


class Stranger(Table, table=True):
    """Somebody was found in a pair's channel who is not part of the referrals in it."""

    __tablename__ = "strangers"
    __table_args__ = (
        CheckConstraint("(settled_at IS NULL) = (settled_as IS NULL)", name="settled_somehow"),
        Index(
            "uq_strangers_open",
            "room_id",
            "slack_user_id",
            unique=True,
            sqlite_where=_NOT_SETTLED,
            postgresql_where=_NOT_SETTLED,
        ),
    )

    id: str = Field(primary_key=True)
    room_id: str = Field(foreign_key="rooms.id")
    # Of whoever it is: most strangers are not registered.
    slack_user_id: str
    noticed_at: datetime = Field(sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_as: StrangerEnd | None = Field(default=None, sa_type=choice(StrangerEnd))
    # Whoever settled it; nobody when the stranger left by themselves.
    settled_by_id: str | None = Field(default=None, foreign_key="people.id")
