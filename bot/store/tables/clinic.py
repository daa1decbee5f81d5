"""What a clinic sets for itself: its ladders, version by version, and its telephone."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from bot.care.concern import Severity
from bot.store.append_only import APPEND_ONLY, Guard
from bot.store.columns import UtcDateTime, choice
from bot.store.tables.table import Table


class ClinicLadder(Table, table=True):
    """A version of a severity's ladder; the newest holds for concerns that are raised from then."""

    __tablename__ = "clinic_ladders"
    __table_args__ = (
        UniqueConstraint("team_id", "severity", "version"),
        {"info": {APPEND_ONLY: Guard.NO_CHANGE}},
    )

    id: str = Field(primary_key=True)
    team_id: str
    severity: Severity = Field(sa_type=choice(Severity))
    # From 1; the project's default is 0 and is not in the table.
    version: int
    # JSON of care.ladder.Ladder.
    ladder: str
    by_id: str = Field(foreign_key="people.id")
    at: datetime = Field(sa_type=UtcDateTime)


class ClinicDetails(Table, table=True):
    """What the clinic tells of itself."""

    __tablename__ = "clinic_details"

    team_id: str = Field(primary_key=True)
    # Where somebody answers when nobody does in Slack.
    telephone: str
    by_id: str = Field(foreign_key="people.id")
    at: datetime = Field(sa_type=UtcDateTime)


class KnownWorkspace(Table, table=True):
    """The workspace that the bot was last in: it starts with it when Slack does not answer."""

    __tablename__ = "known_workspaces"

    team_id: str = Field(primary_key=True)
    url: str
    seen_at: datetime = Field(sa_type=UtcDateTime)
