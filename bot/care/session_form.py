"""The session form as it was filled in, and what has to be put right before it can be kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.care.codes import MedicationChange, RedFlagCode, Region, Technique, Tolerance
from bot.care.reader import read_note
from bot.care.rules import ClinicalRules
from bot.care.session import Girth, Session, SessionFields
from bot.care.text import clean

LONGEST_WORDS = 1000
LONGEST_GIRTHS = 200
_BACK = timedelta(days=60)
_AHEAD = timedelta(days=365)


class SessionField(StrEnum):
    """The fields of the form, so that a problem can be shown where it is."""

    SESSION_DATE = "session_date"
    NO_SHOW = "no_show"
    DURATION = "duration_min"
    TECHNIQUES = "techniques"
    REGIONS = "regions"
    PAIN_BEFORE = "pain_before"
    PAIN_AFTER = "pain_after"
    RED_FLAGS = "red_flags"
    NONE_OBSERVED = "none_observed"
    SWELLING = "swelling_grade"
    GIRTHS = "girths"
    BRUISING = "bruising"
    FIBROSIS = "fibrosis"
    GARMENT = "garment_hours"
    DRAIN = "drain_ml"
    TEMPERATURE = "temperature_c"
    TOLERANCE = "tolerance"
    MEDICATION = "medication_change"
    QUOTE = "patient_quote"
    RATING = "rating"
    SATISFACTION = "satisfaction"
    SLEEP = "sleep"
    ANXIETY = "anxiety"
    PGIC = "pgic"
    GOALS = "goals_reached"
    HOME_CARE = "home_care"
    PLAN_CHANGE = "plan_change_request"
    CONCERN = "concern"
    NEXT_VISIT = "next_visit"
    PHOTOS = "photos"


@dataclass(frozen=True)
class FilledSession:
    """What was filled in, before anything is known of its sense."""

    session_date: date | None = None
    no_show: bool = False
    duration_min: Decimal | None = None
    techniques: tuple[Technique, ...] = ()
    regions: tuple[Region, ...] = ()
    pain_before: Decimal | None = None
    pain_after: Decimal | None = None
    red_flags: tuple[RedFlagCode, ...] = ()
    none_observed: bool = False
    swelling_grade: int | None = None
    girths: str = ""
    bruising: int | None = None
    fibrosis: int | None = None
    garment_hours: Decimal | None = None
    drain_ml: Decimal | None = None
    temperature: Decimal | None = None
    tolerance: Tolerance | None = None
    medication_change: MedicationChange | None = None
    patient_quote: str = ""
    rating: Decimal | None = None
    satisfaction: Decimal | None = None
    sleep: Decimal | None = None
    anxiety: Decimal | None = None
    pgic: int | None = None
    goals_reached: tuple[str, ...] = ()
    home_care: str = ""
    plan_change_request: str = ""
    concern: str = ""
    next_visit: date | None = None
    photos: tuple[str, ...] = ()

    def problems(self, today: date, girths: tuple[Girth, ...]) -> dict[SessionField, str]:
        """What must be put right, field by field; empty when it is sound. `girths` were read."""
        found: dict[SessionField, str] = {}
        if not self.red_flags and not self.none_observed and not self.no_show:
            found[SessionField.NONE_OBSERVED] = (
                "Choose the red flags above, or tick that none were observed."
            )
        elif self.red_flags and self.none_observed:
            found[SessionField.NONE_OBSERVED] = (
                "Red flags are chosen above. Please untick this, or take them out."
            )
        if self.session_date is not None and not today - _BACK <= self.session_date <= today:
            found[SessionField.SESSION_DATE] = "Choose a day from the last 60 days, up to today."
        if self.next_visit is not None and not today <= self.next_visit <= today + _AHEAD:
            found[SessionField.NEXT_VISIT] = "Choose a day from today, at most a year ahead."
        if self.girths.strip() and not girths:
            found[SessionField.GIRTHS] = (
                "Please write site and centimeters, for example: abdomen 92, left thigh 54."
            )
        if self.temperature is not None and self.temperature_c is None:
            found[SessionField.TEMPERATURE] = "Please check: 30 to 45 °C, or 86 to 113 °F."
        if self.no_show and self.duration_min:
            found[SessionField.NO_SHOW] = "A visit that was missed has no minutes. Please check."
        return found

    @property
    def temperature_c(self) -> float | None:
        """In °C; 86 or more is Fahrenheit. None when it is neither."""
        if self.temperature is None:
            return None
        celsius = float(self.temperature)
        if celsius >= 86:
            celsius = (celsius - 32) * 5 / 9
        return round(celsius, 1) if 30 <= celsius <= 45 else None

    def fields(self, girths: tuple[Girth, ...]) -> SessionFields:
        """What is kept. Only for a form without problems. `girths` were read."""
        if self.no_show:
            return SessionFields(
                no_show=True,
                session_date=self.session_date,
                red_flags=self.red_flags,
                red_flags_denied=False,
                temperature_c=self.temperature_c,
                concern=_text(self.concern),
                patient_quote=_text(self.patient_quote),
                plan_change_request=_text(self.plan_change_request),
                next_visit=self.next_visit,
            )
        return SessionFields(
            session_date=self.session_date,
            duration_min=int(self.duration_min) if self.duration_min is not None else None,
            techniques=self.techniques,
            regions=self.regions,
            pain_before=_number(self.pain_before),
            pain_after=_number(self.pain_after),
            swelling_grade=self.swelling_grade,
            girths=girths,
            bruising=self.bruising,
            fibrosis=self.fibrosis,
            garment_hours=_number(self.garment_hours),
            drain_ml=_number(self.drain_ml),
            temperature_c=self.temperature_c,
            sleep=_number(self.sleep),
            anxiety=_number(self.anxiety),
            satisfaction=_number(self.satisfaction),
            pgic=self.pgic,
            tolerance=self.tolerance,
            medication_change=self.medication_change,
            red_flags=self.red_flags,
            red_flags_denied=self.none_observed,
            concern=_text(self.concern),
            patient_quote=_text(self.patient_quote),
            plan_change_request=_text(self.plan_change_request),
            next_visit=self.next_visit,
            rating=_number(self.rating),
            goals_reached=self.goals_reached,
            home_care=_text(self.home_care),
            photos=self.photos,
        )

    def keeping(self, before: SessionFields) -> "FilledSession":
        """The same with the photos that were added earlier: a form can't show them again."""
        return replace(self, photos=tuple(dict.fromkeys((*before.photos, *self.photos))))

    def words(self) -> str:
        """What was written in words, for the record and for the signs in it."""
        written = {
            "Patient": self.patient_quote,
            "Home care": self.home_care,
            "Change of plan": self.plan_change_request,
            "Concern": self.concern,
        }
        lines = [f"{name}: {clean(text)}" for name, text in written.items() if text.strip()]
        return "\n".join(["Logged with the form.", *lines])

    def girths_read(self, today: date, rules: ClinicalRules) -> tuple[Girth, ...]:
        """ "abdomen 92, left thigh 54": what is written without a unit is in centimeters.

        Empty if one of them can't be understood.
        """
        found: list[Girth] = []
        for part in self.girths.replace(";", ",").replace("\n", ",").split(","):
            written = part.strip()
            if not written:
                continue
            if written[-1].isdigit():
                written += " cm"
            read = SessionFields.of(read_note(written, today, rules)).girths
            if len(read) != 1:
                return ()
            found += read
        return tuple(found)


def carried_over(given: Sequence[Session]) -> SessionFields:
    """What a new form starts with: of what stays from one session to the next the newest that was
    stated, whichever session did; never a measurement."""
    newest = [session.fields for session in reversed(given)]
    return SessionFields(
        regions=next((one.regions for one in newest if one.regions), ()),
        techniques=next((one.techniques for one in newest if one.techniques), ()),
        garment_hours=next(
            (one.garment_hours for one in newest if one.garment_hours is not None), None
        ),
        goals_reached=next((one.goals_reached for one in newest if one.goals_reached), ()),
    )


def _number(value: Decimal | None) -> float | None:
    return float(value) if value is not None else None


def _text(words: str) -> str | None:
    return clean(words) or None
