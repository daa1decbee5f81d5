"""What a surgeon fills in when referring, step by step, and what is wrong with it, by field."""

from collections.abc import Container, Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.care.codes import Region, Technique
from bot.care.indications import Indication
from bot.care.plan import LONGEST_PLAN_TEXT, MOST_SESSIONS, Frequency, Pressure, start_problem
from bot.care.request import (
    Consent,
    ConsentBy,
    Identifiers,
    PaidBy,
    ReferralPriority,
    Request,
    Visits,
    goals_problem,
)
from bot.care.text import clean, clean_line

LONGEST_NAME = 120
LONGEST_RECORD_NUMBER = 40
LONGEST_PHONE = 40
LONGEST_TEXT = 2000
LONGEST_SHORT_TEXT = 500
LONGEST_LINE = 150
LONGEST_AUTHORISATION = 60
MOST_VISITS = 200
OLDEST_PATIENT_YEARS = 120
# A patient is referred before the operation at the earliest when its date is set, and long after it
# at the latest for a scar; beyond these a date is a slip of the finger.
SURGERY_AHEAD = timedelta(days=30)
SURGERY_BACK = timedelta(days=5 * 365)
AUTHORISED_AHEAD = timedelta(days=3 * 365)


class Field(StrEnum):
    """The fields of the referral form, so that a problem can be shown where it is."""

    TEMPLATE = "template"
    NAME = "name"
    BIRTH_DATE = "birth_date"
    RECORD_NUMBER = "record_number"
    PHONE = "phone"
    CONSENT_BY = "consent_by"
    CONSENT_ON = "consent_on"
    INDICATION = "indication"
    SURGERY_DATE = "surgery_date"
    AREAS = "areas"
    FINDINGS = "findings"
    DRAINS = "drains"
    GARMENT = "garment"
    COMPLICATIONS = "complications"
    MEDICATION = "medication"
    PRECAUTIONS = "precautions"
    HOLDS = "holds"
    CLEARANCES = "clearances"
    CLEARANCES_THERE = "clearances_there"
    SCREENED = "screened"
    CLEARANCE = "clearance"
    GOALS = "goals"
    TECHNIQUES = "techniques"
    PRESSURE = "pressure"
    SESSIONS = "sessions"
    FREQUENCY = "frequency"
    START_BY = "start_by"
    STOP_RULES = "stop_rules"
    HOME_CARE = "home_care"
    QUESTION = "question"
    PAID_BY = "paid_by"
    AUTHORISATION = "authorisation"
    VISITS = "visits"
    VISITS_UNTIL = "visits_until"
    FILES = "files"
    PRIORITY = "priority"
    THERAPIST = "therapist"
    NOTE = "note"
    SAVE_AS = "save_as"


class FormStep(StrEnum):
    """The steps of the form, in order."""

    PATIENT = "patient"
    SURGERY = "surgery"
    SCREEN = "screen"
    PLAN = "plan"
    VISITS = "visits"
    THERAPIST = "therapist"
    SUMMARY = "summary"

    @property
    def label(self) -> str:
        return _STEPS[self]

    @property
    def number(self) -> int:
        """From 1."""
        return list(FormStep).index(self) + 1

    @property
    def next(self) -> "FormStep":
        """The step after it; the last has none after it."""
        return list(FormStep)[min(self.number, len(FormStep) - 1)]

    @property
    def before(self) -> "FormStep":
        return list(FormStep)[max(self.number - 2, 0)]


_STEPS = {
    FormStep.PATIENT: "Patient and consent",
    FormStep.SURGERY: "Reason and findings",
    FormStep.SCREEN: "Contraindications",
    FormStep.PLAN: "Treatment plan",
    FormStep.VISITS: "Visits and files",
    FormStep.THERAPIST: "Therapist",
    FormStep.SUMMARY: "Summary",
}


class Part(BaseModel):
    """The answers of one step."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PatientPart(Part):
    """Who it is, and their consent."""

    name: str = ""
    birth_date: date | None = None
    record_number: str = ""
    phone: str = ""
    consent_by: ConsentBy | None = None
    consent_on: date | None = None


class SurgeryPart(Part):
    """Why, and what the surgeon found."""

    indication: Indication | None = None
    surgery_date: date | None = None
    areas: tuple[Region, ...] = ()
    findings: str = ""
    drains: str = ""
    garment: str = ""
    complications: str = ""
    medication: str = ""
    precautions: str = ""


class ScreenPart(Part):
    """The contraindication screen: codes of the clinical rules."""

    holds: tuple[str, ...] = ()
    clearances: tuple[str, ...] = ()
    screened: bool = False
    clearance: str = ""


class PlanPart(Part):
    """What is asked of the therapist."""

    goals: str = ""
    techniques: tuple[Technique, ...] = ()
    pressure: Pressure | None = None
    sessions: int | None = None
    frequency: Frequency | None = None
    start_by: date | None = None
    stop_rules: str = ""
    home_care: str = ""
    question: str = ""


class VisitsPart(Part):
    """Who pays, what goes along, how soon."""

    paid_by: PaidBy | None = None
    authorisation: str = ""
    visits: int | None = None
    visits_until: date | None = None
    files: tuple[str, ...] = ()
    priority: ReferralPriority = ReferralPriority.ROUTINE


class TherapistPart(Part):
    """Who is asked. `therapist` is a Slack user id."""

    therapist: str = ""
    note: str = ""


PARTS: Final[Mapping[FormStep, type[Part]]] = {
    FormStep.PATIENT: PatientPart,
    FormStep.SURGERY: SurgeryPart,
    FormStep.SCREEN: ScreenPart,
    FormStep.PLAN: PlanPart,
    FormStep.VISITS: VisitsPart,
    FormStep.THERAPIST: TherapistPart,
}

_LONGEST: Final = {
    Field.NAME: LONGEST_NAME,
    Field.RECORD_NUMBER: LONGEST_RECORD_NUMBER,
    Field.PHONE: LONGEST_PHONE,
    Field.FINDINGS: LONGEST_TEXT,
    Field.DRAINS: LONGEST_LINE,
    Field.GARMENT: LONGEST_LINE,
    Field.COMPLICATIONS: LONGEST_SHORT_TEXT,
    Field.MEDICATION: LONGEST_SHORT_TEXT,
    Field.PRECAUTIONS: LONGEST_TEXT,
    Field.CLEARANCE: LONGEST_TEXT,
    Field.STOP_RULES: LONGEST_PLAN_TEXT,
    Field.HOME_CARE: LONGEST_PLAN_TEXT,
    Field.QUESTION: LONGEST_SHORT_TEXT,
    Field.AUTHORISATION: LONGEST_AUTHORISATION,
    Field.NOTE: LONGEST_TEXT,
}
_LINES: Final = {
    Field.NAME,
    Field.RECORD_NUMBER,
    Field.PHONE,
    Field.DRAINS,
    Field.GARMENT,
    Field.AUTHORISATION,
}


class ReferralForm(TherapistPart, VisitsPart, PlanPart, ScreenPart, SurgeryPart, PatientPart):
    """The form as far as it is filled in, before anything is known of its sense."""

    def filled(self, answers: Part) -> "ReferralForm":
        """The same with the answers of a step.

        Other areas ask for the screen anew; files stay until others are chosen.
        """
        said = dict(answers)
        if isinstance(answers, SurgeryPart) and set(answers.areas) != set(self.areas):
            said["screened"] = False
        if isinstance(answers, VisitsPart) and not answers.files:
            said["files"] = self.files
        return self.model_copy(update=said).tidied()

    def tidied(self) -> "ReferralForm":
        """The same without invisible characters and stray white space."""
        said = {name: value for name, value in self if type(value) is str}
        return self.model_copy(
            update={
                name: clean_line(value) if name in _LINES else clean(value)
                for name, value in said.items()
            }
        )

    def problems(self, today: date, steps: Iterable[FormStep] = PARTS) -> dict[Field, str]:
        """What must be put right before it can be sent; empty when it is sound.

        With `steps`, only what is asked in these. The contraindication screen is asked of the
        clinical rules (`bot.care.screen`), the therapist of the directory.
        """
        found = self._too_long()
        for check in (self._of_patient, self._of_surgery, self._of_plan, self._of_visits):
            found.update(check(today))
        asked = {name for step in steps for name in PARTS[step].model_fields}
        return {field: words for field, words in found.items() if field.value in asked}

    def _too_long(self) -> dict[Field, str]:
        found = {}
        for field, longest in _LONGEST.items():
            length = len(getattr(self, field.value))
            if length > longest:
                found[field] = (
                    f"This has {length:,} characters; at most {longest:,} can be kept. "
                    "Please shorten it."
                )
        return found

    def _of_patient(self, today: date) -> dict[Field, str]:
        found: dict[Field, str] = {}
        if not self.name:
            found[Field.NAME] = "Write the patient's name."
        if self.birth_date is None:
            found[Field.BIRTH_DATE] = "Choose the date of birth."
        elif self.birth_date > today:
            found[Field.BIRTH_DATE] = "This date is in the future. Please check the year."
        elif today.year - self.birth_date.year > OLDEST_PATIENT_YEARS:
            found[Field.BIRTH_DATE] = (
                f"This is more than {OLDEST_PATIENT_YEARS} years ago. Please check the year."
            )
        if self.consent_by is None:
            found[Field.CONSENT_BY] = "Choose who has agreed to the referral."
        if self.consent_on is None:
            found[Field.CONSENT_ON] = "Choose the day of the consent."
        elif self.consent_on > today:
            found[Field.CONSENT_ON] = "This date is in the future. Please check it."
        elif self.consent_on < today - SURGERY_BACK:
            found[Field.CONSENT_ON] = "This is more than 5 years ago. Please check the year."
        return found

    def _of_surgery(self, today: date) -> dict[Field, str]:
        found: dict[Field, str] = {}
        if self.indication is None:
            found[Field.INDICATION] = "Choose the reason."
        if not self.areas:
            found[Field.AREAS] = "Choose at least one area."
        if self.surgery_date is None:
            if self.indication is not None and self.indication.is_surgical:
                found[Field.SURGERY_DATE] = "Choose the date of the surgery."
        elif self.surgery_date > today + SURGERY_AHEAD:
            found[Field.SURGERY_DATE] = (
                f"This is more than {SURGERY_AHEAD.days} days ahead. Please check the year."
            )
        elif self.surgery_date < today - SURGERY_BACK:
            found[Field.SURGERY_DATE] = "This is more than 5 years ago. Please check the year."
        elif self.birth_date is not None and self.surgery_date < self.birth_date:
            found[Field.SURGERY_DATE] = "This is before the date of birth. Please check both."
        return found

    def _of_plan(self, today: date) -> dict[Field, str]:
        found: dict[Field, str] = {}
        if wrong := goals_problem(self.goals):
            found[Field.GOALS] = wrong
        if self.sessions is None or not 1 <= self.sessions <= MOST_SESSIONS:
            found[Field.SESSIONS] = f"Write a whole number from 1 to {MOST_SESSIONS}."
        if self.frequency is None:
            found[Field.FREQUENCY] = "Choose how often."
        if wrong := start_problem(self.start_by, today):
            found[Field.START_BY] = wrong
        return found

    def _of_visits(self, today: date) -> dict[Field, str]:
        found: dict[Field, str] = {}
        if self.paid_by is None:
            found[Field.PAID_BY] = "Choose who pays."
        elif self.paid_by is PaidBy.SELF:
            if self.authorisation or self.visits is not None or self.visits_until is not None:
                found[Field.PAID_BY] = (
                    "The patient pays, yet an authorisation is written below. Please check both."
                )
            return found
        if self.paid_by is PaidBy.PAYER:
            if not self.authorisation:
                found[Field.AUTHORISATION] = "Write the number of the authorisation."
            if self.visits is None or not 1 <= self.visits <= MOST_VISITS:
                found[Field.VISITS] = f"Write a whole number from 1 to {MOST_VISITS}."
            if self.visits_until is None:
                found[Field.VISITS_UNTIL] = "Choose the last day that is authorised."
            elif self.visits_until < today:
                found[Field.VISITS_UNTIL] = "This day has passed: the authorisation has ended."
            elif self.visits_until > today + AUTHORISED_AHEAD:
                found[Field.VISITS_UNTIL] = "This is more than 3 years ahead. Please check it."
        return found

    def identifiers(self) -> Identifiers:
        """Who the patient is. Only for a form without problems."""
        if self.birth_date is None:
            raise ValueError("a form with problems has no identifiers")
        return Identifiers(
            name=self.name,
            birth_date=self.birth_date,
            record_number=self.record_number,
            phone=self.phone,
        )

    def request(self) -> Request:
        """What is asked for, but for the screen. Only for a form without problems."""
        if (
            self.sessions is None
            or self.indication is None
            or self.frequency is None
            or self.paid_by is None
            or self.consent_by is None
            or self.consent_on is None
        ):
            raise ValueError("a form with problems has no request")
        same = {name: value for name, value in self if name in Request.model_fields}
        return Request.model_validate(
            {
                **same,
                "visits": Visits(
                    paid_by=self.paid_by,
                    number=self.authorisation,
                    count=self.visits,
                    until=self.visits_until,
                ),
                "consent": Consent(by=self.consent_by, on=self.consent_on),
            }
        )


def form_of(identifiers: Identifiers, request: Request) -> ReferralForm:
    """A form with what was asked for before; the screen is to be answered anew."""
    visits, consent = request.visits, request.consent
    same = {
        name: value
        for name, value in (*identifiers, *request)
        if name in ReferralForm.model_fields and name != Field.VISITS
    }
    return ReferralForm.model_validate(
        {
            **same,
            "paid_by": visits.paid_by if visits else None,
            "authorisation": visits.number if visits else "",
            "visits": visits.count if visits else None,
            "visits_until": visits.until if visits else None,
            "consent_by": consent.by if consent else None,
            "consent_on": consent.on if consent else None,
        }
    )


class Draft(BaseModel):
    """A form under way.

    `is_short`: what a template or an earlier case has filled in is not gone through step by step.
    `was_whole`: the summary was reached once. Both show the rest there, where it can be changed.
    """

    model_config = ConfigDict(frozen=True)

    form: ReferralForm = ReferralForm()
    step: FormStep = FormStep.PATIENT
    is_short: bool = False
    was_whole: bool = False
    template_id: str = ""
    """The template that it was started from."""

    def at(self, step: FormStep) -> "Draft":
        whole = self.was_whole or step is FormStep.SUMMARY
        return self.model_copy(update={"step": step, "was_whole": whole})


def step_after(draft: Draft, still_open: Container[FormStep]) -> FormStep:
    """Where Next leads: to the next step, or past those that are filled in already."""
    if draft.was_whole:
        return next((step for step in PARTS if step in still_open), FormStep.SUMMARY)
    step = draft.step.next
    while draft.is_short and step in _KEPT and step not in still_open:
        step = step.next
    return step


# What belongs to one patient on one day is always asked: who it is, the surgery, the screen.
_KEPT: Final = {FormStep.PLAN, FormStep.VISITS, FormStep.THERAPIST}
