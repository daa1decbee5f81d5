"""What there is before a referral is sent: drafts, templates, looks for the same patient."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import Field

from bot.care.sharing import ShareState
from bot.store.columns import BlindIndex, SealedText, UtcDateTime, choice
from bot.store.tables.table import Table


class ReferralDraft(Table, table=True):
    """A referral that is being filled in. Sealed under a key of its own, which is destroyed when
    the referral is sent, the draft is put away, or nobody has come back to it."""

    __tablename__ = "referral_drafts"
    __table_args__ = (Index("ix_referral_drafts_surgeon", "surgeon_id", "changed_at"),)

    id: str = Field(primary_key=True)
    surgeon_id: str = Field(foreign_key="people.id")
    key_id: str = Field(foreign_key="data_keys.id")
    # JSON of care.referral_form.Draft.
    draft_sealed: bytes = Field(sa_type=SealedText)
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)
    # The finished case that is opened again by it.
    continues_id: str | None = Field(default=None, foreign_key="referrals.id")


class ReferralTemplate(Table, table=True):
    """What a surgeon asks for again and again, under a name of their own; names no patient."""

    __tablename__ = "referral_templates"
    __table_args__ = (UniqueConstraint("surgeon_id", "name_index"),)

    id: str = Field(primary_key=True)
    surgeon_id: str = Field(foreign_key="people.id")
    key_id: str = Field(foreign_key="data_keys.id")
    # A keyed hash of the name without case and spaces.
    name_index: bytes = Field(sa_type=BlindIndex)
    # JSON of care.referral_template.Template, its name among it.
    template_sealed: bytes = Field(sa_type=SealedText)
    created_at: datetime = Field(sa_type=UtcDateTime)
    changed_at: datetime = Field(sa_type=UtcDateTime)


class PatientLook(Table, table=True):
    """That a surgeon looked whether a patient is in care with others: counted, so that nobody
    finds out by trying who is treated here. Forgotten after a day."""

    __tablename__ = "patient_looks"

    surgeon_id: str = Field(primary_key=True, foreign_key="people.id")
    identity_index: bytes = Field(primary_key=True, sa_type=BlindIndex)
    looked_at: datetime = Field(sa_type=UtcDateTime)


class ShareRequest(Table, table=True):
    """A surgeon asks a pair to share a case of the same patient; one of the two answers."""

    __tablename__ = "share_requests"
    __table_args__ = (
        UniqueConstraint("referral_id", "asked_by_id"),
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered_once"),
        CheckConstraint(
            "(answered_at IS NULL) = (answered_by_id IS NULL)", name="answered_by_someone"
        ),
    )

    id: str = Field(primary_key=True)
    referral_id: str = Field(foreign_key="referrals.id")
    asked_by_id: str = Field(foreign_key="people.id", index=True)
    state: ShareState = Field(sa_type=choice(ShareState))
    asked_at: datetime = Field(sa_type=UtcDateTime)
    answered_by_id: str | None = Field(default=None, foreign_key="people.id")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # What is shown beside who treats and how far it is, as whoever agreed chose.
    shows_plan: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    shows_progress: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
