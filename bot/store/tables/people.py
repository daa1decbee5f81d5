"""Providers: who works with patients here, and the channels of pairs."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from bot.care.people import Role, Standing
from bot.store.columns import UtcDateTime, choice
from bot.store.tables.table import Table


class Person(Table, table=True):
    """A provider. Names are Slack's to show; here is only who they are to Careloop."""

    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("team_id", "slack_user_id"),)

    id: str = Field(primary_key=True)
    team_id: str
    slack_user_id: str
    role: Role = Field(sa_type=choice(Role))
    standing: Standing = Field(sa_type=choice(Standing))
    time_zone: str
    covered_by_id: str | None = Field(default=None, foreign_key="people.id", index=True)
    direct_channel_id: str | None = None
    registered_at: datetime = Field(sa_type=UtcDateTime)
    # Since when they belong to the group that may read any case in an emergency.
    emergency_since: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RoomState(StrEnum):
    """Whether the pair's channel is there."""

    WANTED = "wanted"
    OPEN = "open"


class Room(Table, table=True):
    """The private channel of a surgeon and a therapist; each referral of theirs is a thread."""

    __tablename__ = "rooms"
    __table_args__ = (
        UniqueConstraint("surgeon_id", "therapist_id"),
        UniqueConstraint("team_id", "channel_id"),
        UniqueConstraint("team_id", "channel_name"),
    )

    id: str = Field(primary_key=True)
    team_id: str
    surgeon_id: str = Field(foreign_key="people.id")
    therapist_id: str = Field(foreign_key="people.id", index=True)
    channel_name: str
    channel_id: str | None = None
    state: RoomState = Field(sa_type=choice(RoomState))
    created_at: datetime = Field(sa_type=UtcDateTime)
