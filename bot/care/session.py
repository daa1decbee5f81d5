"""A session as the record has it: what was read from a note or filled into a form.

The fields are the contract's (`is_update` aside: whatever is here is one), with what only the form
asks for. A field that nobody stated is None or empty, never a default.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field

from bot.care.codes import (
    FieldName,
    MedicationChange,
    RedFlagCode,
    Region,
    Side,
    Technique,
    Tolerance,
    Urgency,
)
from bot.care.reader import Reading, RedFlag

Score = Annotated[float, Field(ge=0, le=10)]
Span = tuple[int, int]
Spans = Mapping[str, tuple[Span, ...] | Mapping[str, tuple[Span, ...]]]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Girth(_Part):
    """A circumference in centimetres."""

    site: Region
    cm: float
    side: Side | None = None


class Hit(_Part):
    """A rule that spoke: which, of which version, how urgent, on what words."""

    rule: str
    urgency: Urgency
    hold: bool
    version: str
    words: str
    elsewhere: bool = False
    """Whether a concern of its own was opened for it, as it came later and was worse."""

    @classmethod
    def of(cls, flag: RedFlag) -> "Hit":
        return cls(
            rule=flag.code.value,
            urgency=flag.urgency,
            hold=flag.hold,
            version=flag.rule_version,
            words=flag.words,
        )


class SessionFields(_Part):
    """What a session update says. Units are the contract's: minutes, 0-10, cm, mL a day, °C."""

    session_number: int | None = None
    session_date: date | None = None
    duration_min: int | None = None
    techniques: tuple[Technique, ...] = ()
    regions: tuple[Region, ...] = ()
    pain_before: Score | None = None
    pain_after: Score | None = None
    swelling_grade: int | None = None
    girths: tuple[Girth, ...] = ()
    bruising: int | None = None
    fibrosis: int | None = None
    garment_hours: float | None = None
    drain_ml: float | None = None
    temperature_c: float | None = None
    sleep: Score | None = None
    anxiety: Score | None = None
    satisfaction: Score | None = None
    pgic: int | None = None
    tolerance: Tolerance | None = None
    medication_change: MedicationChange | None = None
    red_flags: tuple[RedFlagCode, ...] = ()
    red_flags_denied: bool = False
    concern: str | None = None
    patient_quote: str | None = None
    plan_change_request: str | None = None
    next_visit: date | None = None
    no_show: bool = False
    # Only forms ask for these; photos also come with a reply.
    rating: Score | None = None
    """How the patient rates the session; `satisfaction` is with the treatment so far."""
    goals_reached: tuple[str, ...] = ()
    """The goals of the request that are reached by now, as they are written there."""
    home_care: str | None = None
    photos: tuple[str, ...] = ()
    """Slack's file ids: the pictures themselves stay in Slack."""

    @classmethod
    def of(cls, reading: Reading) -> "SessionFields":
        """What the reader made of a note."""
        return cls.model_validate(
            {key: value for key, value in reading.fields().items() if key != FieldName.IS_UPDATE}
        )

    def named(self) -> dict[str, object]:
        """The fields that are stated, by their key."""
        return self.model_dump(exclude_defaults=True)

    def differing(self, other: "SessionFields") -> tuple[str, ...]:
        """The keys in which the two differ."""
        mine, theirs = self.model_dump(), other.model_dump()
        return tuple(key for key in mine if mine[key] != theirs[key])


# What only forms ask for, and what the patient says of themselves.
_BESIDE_THE_WORDS: Final = frozenset(
    {
        "rating",
        "goals_reached",
        "home_care",
        "photos",
        "satisfaction",
        "sleep",
        "anxiety",
        "pgic",
        "medication_change",
        "patient_quote",
    }
)


class Origin(StrEnum):
    """How a reading came about. Only what the reader made alone is unconfirmed."""

    READ = "read"
    CONFIRMED = "confirmed"
    EDITED = "edited"
    LOGGED = "logged"

    @property
    def is_confirmed(self) -> bool:
        return self is not Origin.READ


class StoredReading(_Part):
    """One reading, as it is sealed: the fields, the words that they came from, what was edited.

    Spans are places (start, end; code points) in the update's words; fields that a person changed
    have none.
    """

    fields: SessionFields
    spans: dict[str, tuple[Span, ...] | dict[str, tuple[Span, ...]]] = {}
    hits: tuple[Hit, ...] = ()
    possible_sign: str | None = None
    """The words of a therapist who broke off or sent for help, where no sign was understood."""
    unread: str | None = None
    """The reference of a reader that failed: nothing was read, and a person has to look."""
    edited: tuple[str, ...] = ()

    @classmethod
    def of(cls, reading: Reading) -> "StoredReading":
        return cls.model_validate(
            {
                "fields": SessionFields.of(reading),
                "spans": reading.spans,
                "hits": tuple(Hit.of(flag) for flag in reading.red_flags),
                "possible_sign": reading.possible_sign.words if reading.possible_sign else None,
                "unread": reading.unread,
            }
        )

    def with_photos(self, photos: tuple[str, ...]) -> "StoredReading":
        """With photos that were sent beside the words, after those that are there."""
        if not photos:
            return self
        together = tuple(dict.fromkeys((*self.fields.photos, *photos)))
        return self.model_copy(
            update={
                "fields": self.fields.model_copy(update={"photos": together}),
                "edited": tuple(sorted({*self.edited, "photos"})),
            }
        )

    def with_account_of(self, held: "StoredReading") -> "StoredReading":
        """With what a form or photos added to the reading that held, where these words do not speak
        of it: an edit of a message takes back nothing that was never in it."""
        stated = self.fields.named()
        kept = [key for key in held.edited if key in _BESIDE_THE_WORDS and key not in stated]
        added = {key: getattr(held.fields, key) for key in kept}
        return self.model_copy(
            update={
                "fields": self.fields.model_copy(update=added),
                "edited": tuple(sorted({*self.edited, *kept})),
            }
        )


@dataclass(frozen=True)
class Session:
    """One session update of a referral with its newest reading; what trends are drawn from.

    `number` counts the referral's updates from 1, whatever number a note gives itself; `day` is
    the day that the note names, else the day on which it was posted where its author lives.
    """

    entry_id: str
    number: int
    day: date
    fields: SessionFields
    confirmed: bool
    withdrawn: bool
    """Deleted, set aside by its author, or moved to another case: shown as such, never counted."""

    @property
    def no_show(self) -> bool:
        return self.fields.no_show

    @property
    def counts(self) -> bool:
        """Whether a session was given."""
        return not self.withdrawn and not self.no_show
