"""Patients, encrypted each under a key of their own, and their referrals."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from bot.care.erasing import ErasureReason
from bot.care.people import Part
from bot.care.plan import Frequency
from bot.care.referral import ReferralState, Step
from bot.store.columns import BlindIndex, SealedText, UtcDateTime, choice, short_text
from bot.store.tables.table import Table

_RECORD = ("ended_as", "answer_minutes", "updates_on_time", "updates_late")


class Patient(Table, table=True):
    """Who is treated. Every identifier is sealed under `key_id`; erasing destroys that key."""

    __tablename__ = "patients"

    id: str = Field(primary_key=True)
    team_id: str
    key_id: str = Field(foreign_key="data_keys.id")
    identifiers_sealed: bytes = Field(sa_type=SealedText)
    # A keyed hash of the normalised name and birth date: finds the same patient, tells nothing.
    identity_index: bytes = Field(index=True, sa_type=BlindIndex)
    created_at: datetime = Field(sa_type=UtcDateTime)
    # While it is set nothing of this patient is erased, whatever the rule says.
    legal_hold_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # When the data key was destroyed: nothing of this patient can be read any more.
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    erased_because: ErasureReason | None = Field(default=None, sa_type=choice(ErasureReason))


class Referral(Table, table=True):
    """One referral: one thread, one state, one next step."""

    __tablename__ = "referrals"
    __table_args__ = (
        UniqueConstraint("team_id", "case_code"),
        UniqueConstraint("room_id", "thread_ts"),
        CheckConstraint("surgeon_id <> therapist_id", name="two_people"),
        CheckConstraint(
            "(next_step IS NULL) = (next_due IS NULL)"
            " AND (next_step IS NULL) = (next_owner IS NULL)",
            name="whole_next_step",
        ),
        CheckConstraint("sessions >= 1", name="some_sessions"),
        Index("ix_referrals_surgeon", "surgeon_id", "state"),
        Index("ix_referrals_therapist", "therapist_id", "state"),
        # What somebody has open, in the order in which it is due.
        Index("ix_referrals_surgeon_due", "surgeon_id", "next_due"),
        Index("ix_referrals_therapist_due", "therapist_id", "next_due"),
        Index("ix_referrals_team_due", "team_id", "next_due"),
        # What came of the referrals of two, read from the index alone.
        Index("ix_referrals_surgeon_record", "surgeon_id", "therapist_id", *_RECORD),
        Index("ix_referrals_therapist_record", "therapist_id", "surgeon_id", *_RECORD),
    )

    id: str = Field(primary_key=True)
    team_id: str
    case_code: str
    patient_id: str = Field(foreign_key="patients.id", index=True)
    surgeon_id: str = Field(foreign_key="people.id")
    therapist_id: str = Field(foreign_key="people.id")
    room_id: str = Field(foreign_key="rooms.id")
    thread_ts: str | None = None
    state: ReferralState = Field(sa_type=choice(ReferralState))
    moved_at: datetime = Field(sa_type=UtcDateTime)
    # Counts the next steps that there have been: a timer or a nudge belongs to one of them.
    step_number: int
    next_step: Step | None = Field(default=None, sa_type=choice(Step))
    next_owner: Part | None = Field(default=None, sa_type=choice(Part))
    next_due: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sessions: int
    frequency: Frequency = Field(sa_type=choice(Frequency))
    # Sessions given: updates that stand, missed visits left out.
    updates: int = 0
    # JSON of care.request.Request, sealed under the patient's key.
    request_sealed: bytes = Field(sa_type=SealedText)
    decline_reason_sealed: bytes | None = Field(default=None, sa_type=SealedText)
    created_at: datetime = Field(sa_type=UtcDateTime)
    # Where treatment stood when it was put on hold: it goes on from there.
    held_from: ReferralState | None = Field(
        default=None, sa_type=choice(ReferralState, name="held_from")
    )
    # Where it stood when the surgeon asked to cancel: taken back, it goes on from there.
    asked_from: ReferralState | None = Field(
        default=None, sa_type=choice(ReferralState, name="asked_from")
    )
    # How the work ended; kept when the referral is closed.
    ended_as: ReferralState | None = Field(
        default=None, sa_type=choice(ReferralState, name="ended_as")
    )
    # The referral that this one goes on from: declined by another therapist, or opened again.
    continues_id: str | None = Field(default=None, foreign_key="referrals.id", index=True)
    # The next visit that was booked.
    visit_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # For the record that two colleagues have together.
    answer_minutes: int | None = None
    updates_on_time: int | None = None
    updates_late: int | None = None
    # The version of the treatment plan that is in force.
    plan_number: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    # The rules whose contraindication screen was asked before it was sent.
    screen_version: str | None = Field(default=None, sa_type=short_text())
    # By when treatment is to start, as the plan in force has it.
    start_by: date | None = None
