"""What keeps patients' data where they belong: closed rooms, legal holds, emergency access."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from bot.care.rooms import RoomTrouble
from bot.store.columns import SealedText, UtcDateTime, choice
from bot.store.tables.table import Table

_OPEN = text("ended_at IS NULL")


class RoomSuspension(Table, table=True):
    """Nothing is said in a pair's channel from `began_at` until `ended_at`, for one trouble.

    A room may have several troubles at once; it is used again when all have ended.
    """

    __tablename__ = "room_suspensions"
    __table_args__ = (
        # One open suspension a room and trouble, whoever finds it first.
        Index(
            "uq_room_suspensions_open",
            "room_id",
            "why",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: str = Field(primary_key=True)
    room_id: str = Field(foreign_key="rooms.id")
    why: RoomTrouble = Field(sa_type=choice(RoomTrouble))
    began_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # Whoever settled it; NULL where it was seen to be settled.
    ended_by_id: str | None = Field(default=None, foreign_key="people.id")


class LegalHold(Table, table=True):
    """Nothing of a patient is erased while one of these stands."""

    __tablename__ = "legal_holds"
    __table_args__ = (
        Index(
            "uq_legal_holds_open",
            "patient_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
        CheckConstraint("(lifted_at IS NULL) = (lifted_sealed IS NULL)", name="lifted_with_reason"),
    )

    id: str = Field(primary_key=True)
    patient_id: str = Field(foreign_key="patients.id")
    set_at: datetime = Field(sa_type=UtcDateTime)
    # Why, in words, under the patient's key.
    reason_sealed: bytes = Field(sa_type=SealedText)
    lifted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lifted_sealed: bytes | None = Field(default=None, sa_type=SealedText)


class EmergencyEnd(StrEnum):
    """How access in an emergency ended."""

    GIVEN_BACK = "given_back"
    LAPSED = "lapsed"
    # Whoever held it was taken out of the group.
    TAKEN_AWAY = "taken_away"


class EmergencyAccess(Table, table=True):
    """Somebody of the emergency group may read one case until `ends_at`, or until it is ended."""

    __tablename__ = "emergency_accesses"
    __table_args__ = (
        CheckConstraint("began_at < ends_at", name="ends_after_it_begins"),
        CheckConstraint("(ended_at IS NULL) = (ended_as IS NULL)", name="ended_for_a_reason"),
        # One at a time of a person and a case; and how the gate finds it.
        Index(
            "uq_emergency_accesses_open",
            "person_id",
            "referral_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: str = Field(primary_key=True)
    referral_id: str = Field(foreign_key="referrals.id", index=True)
    person_id: str = Field(foreign_key="people.id")
    began_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)
    # Why, in words, under the patient's key.
    reason_sealed: bytes = Field(sa_type=SealedText)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_as: EmergencyEnd | None = Field(default=None, sa_type=choice(EmergencyEnd))
