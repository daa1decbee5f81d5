"""What came in, what is owed, and what is due: the rows that make the bot survive its own death."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Integer, UniqueConstraint
from sqlmodel import Field

from bot.store.columns import SealedText, UtcDateTime, choice
from bot.store.tables.table import Table

# SQLite counts up by itself only in a column whose type is exactly INTEGER.
_SEQUENCE = BigInteger().with_variant(Integer(), "sqlite")


class InboxState(StrEnum):
    """How far an event has been worked off."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"


class InboxEvent(Table, table=True):
    """An event as Slack sent it, stored before it is acknowledged."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("event_key"),
        Index("ix_inbox_state", "state", "seq"),
    )

    seq: int | None = Field(default=None, primary_key=True, sa_type=_SEQUENCE)
    # Slack's `event_id`, or a name for what gap recovery found.
    event_key: str
    kind: str
    key_id: str = Field(foreign_key="data_keys.id")
    # Taken away once the event is worked off: what it said lives on in the record.
    payload_sealed: bytes | None = Field(default=None, sa_type=SealedText)
    state: InboxState = Field(sa_type=choice(InboxState))
    attempts: int = 0
    not_before: datetime = Field(sa_type=UtcDateTime)
    lease_owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)


class Submission(Table, table=True):
    """A view submission that was carried out, so that its repetition changes nothing."""

    __tablename__ = "submissions"

    # Slack's view id: the same modal can be submitted twice.
    view_id: str = Field(primary_key=True)
    # The id of what came of it, for the answer to the repetition.
    result: str
    at: datetime = Field(sa_type=UtcDateTime)


class OutboxState(StrEnum):
    """The fate of something owed."""

    PENDING = "pending"
    SENDING = "sending"
    AMBIGUOUS = "ambiguous"
    SENT = "sent"
    DROPPED = "dropped"
    PARKED = "parked"


class OutboxOperation(StrEnum):
    """Whether something new is posted, something posted is redrawn, or a channel is opened.

    A whisper is seen by one person and kept nowhere: it can't be looked for, so once the call may
    have gone it is never made again.
    """

    POST = "post"
    REDRAW = "redraw"
    ERRAND = "errand"
    WHISPER = "whisper"
    # A message that was posted is deleted in Slack.
    TAKE_DOWN = "take_down"


class OutboxRow(Table, table=True):
    """Something owed. Written in the deed's transaction, sent after it."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("dedupe_key"),
        Index("ix_outbox_next", "state", "priority", "seq"),
        Index("ix_outbox_due", "state", "not_before"),
        Index("ix_outbox_lane", "lane", "state", "seq"),
        Index("ix_outbox_target", "target_key", "state"),
    )

    seq: int | None = Field(default=None, primary_key=True, sa_type=_SEQUENCE)
    # Goes into the message's metadata: how the sender finds out whether a post went through.
    id: str = Field(unique=True)
    dedupe_key: str
    operation: OutboxOperation = Field(sa_type=choice(OutboxOperation))
    kind: str
    lane: str
    key_id: str = Field(foreign_key="data_keys.id")
    notice_sealed: bytes = Field(sa_type=SealedText)
    # For a redraw: the dedupe key of the post that is drawn anew.
    target_key: str | None = None
    priority: int
    state: OutboxState = Field(sa_type=choice(OutboxState))
    attempts: int = 0
    not_before: datetime = Field(sa_type=UtcDateTime)
    lease_owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    error: str | None = None
    channel_id: str | None = None
    message_ts: str | None = None
    owed_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class TimerKind(StrEnum):
    """What is to happen when a timer is due."""

    STEP_DUE = "step_due"
    LADDER_RUNG = "ladder_rung"
    CONCERN_UNRESOLVED = "concern_unresolved"
    # Subject is a person, step the ordinal of a day on their clock: one digest a day.
    DIGEST = "digest"
    LICENCE_ENDS = "licence_ends"
    CLOSE_VIEW = "close_view"
    LADDER_HEARING = "ladder_hearing"
    DRAFT_ENDS = "draft_ends"
    # Subject is an access in an emergency.
    EMERGENCY_ENDS = "emergency_ends"
    # Nobody has answered a wish to share a case.
    SHARE_ENDS = "share_ends"
    # Subject is a surgeon, step the ordinal of a day in UTC: that day's looks are forgotten.
    LOOKS_END = "looks_end"


class TimerState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    CLEARED = "cleared"


class Timer(Table, table=True):
    """Something that is due at a time, once: unique by subject, kind and step."""

    __tablename__ = "timers"
    __table_args__ = (
        UniqueConstraint("subject", "kind", "step"),
        Index("ix_timers_due", "state", "due_at", "id"),
        Index("ix_timers_due_by_kind", "state", "kind", "due_at"),
    )

    id: str = Field(primary_key=True)
    kind: TimerKind = Field(sa_type=choice(TimerKind))
    subject: str
    step: int
    due_at: datetime = Field(sa_type=UtcDateTime)
    state: TimerState = Field(sa_type=choice(TimerState))
    attempts: int = 0
    lease_owner: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
