"""What was done to a referral, by whom and why: its life, move by move."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from bot.care.referral import Move, ReferralState
from bot.store.append_only import APPEND_ONLY, Guard
from bot.store.columns import SealedText, UtcDateTime, choice
from bot.store.tables.table import Table


class Moved(Table, table=True):
    """One move of one referral. Moves are added, never changed."""

    __tablename__ = "moves"
    __table_args__ = (
        UniqueConstraint("referral_id", "number"),
        CheckConstraint("number >= 1", name="counted_from_one"),
        {"info": {APPEND_ONLY: Guard.ONLY_REPLACED}},
    )

    id: str = Field(primary_key=True)
    referral_id: str = Field(foreign_key="referrals.id")
    number: int
    move: Move = Field(sa_type=choice(Move))
    came_from: ReferralState = Field(sa_type=choice(ReferralState, name="came_from"))
    led_to: ReferralState = Field(sa_type=choice(ReferralState, name="led_to"))
    by_id: str = Field(foreign_key="people.id")
    at: datetime = Field(sa_type=UtcDateTime)
    # The code of a reason that was chosen from a list; which list follows from the move.
    reason: str | None = None
    # What was written, or the JSON of an outcome; sealed under the patient's key.
    words_sealed: bytes | None = Field(default=None, sa_type=SealedText)
    # When an identifier in it was replaced by its kind.
    replaced_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
