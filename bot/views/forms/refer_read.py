"""The answers of each step of the referral form, as they come back from Slack."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.care.codes import Region, Technique
from bot.care.indications import Indication
from bot.care.plan import Frequency, Pressure
from bot.care.referral_form import (
    Field,
    FormStep,
    Part,
    PatientPart,
    PlanPart,
    ScreenPart,
    SurgeryPart,
    TherapistPart,
    VisitsPart,
)
from bot.care.request import ConsentBy, PaidBy, ReferralPriority
from bot.views.forms.submitted import Submitted


def _patient(sent: Submitted) -> Part:
    consent_by = sent.perhaps(Field.CONSENT_BY, ConsentBy)
    consent_on = sent.day(Field.CONSENT_ON)
    if not sent.has(Field.NAME):
        # A case that is opened again: the patient is known.
        return PatientPart(consent_by=consent_by, consent_on=consent_on)
    return PatientPart(
        name=sent.text(Field.NAME),
        birth_date=sent.day(Field.BIRTH_DATE),
        record_number=sent.text(Field.RECORD_NUMBER),
        phone=sent.text(Field.PHONE),
        consent_by=consent_by,
        consent_on=consent_on,
    )


def _surgery(sent: Submitted) -> Part:
    return SurgeryPart(
        indication=sent.perhaps(Field.INDICATION, Indication),
        surgery_date=sent.day(Field.SURGERY_DATE),
        areas=sent.choices(Field.AREAS, Region),
        findings=sent.text(Field.FINDINGS),
        drains=sent.text(Field.DRAINS),
        garment=sent.text(Field.GARMENT),
        complications=sent.text(Field.COMPLICATIONS),
        medication=sent.text(Field.MEDICATION),
        precautions=sent.text(Field.PRECAUTIONS),
    )


def _screen(sent: Submitted) -> Part:
    there = sent.several(Field.CLEARANCES_THERE) if sent.has(Field.CLEARANCES_THERE) else ()
    return ScreenPart(
        holds=sent.several(Field.HOLDS),
        clearances=(*sent.several(Field.CLEARANCES), *there),
        screened=bool(sent.several(Field.SCREENED)),
        clearance=sent.text(Field.CLEARANCE),
    )


def _plan(sent: Submitted) -> Part:
    return PlanPart(
        goals=sent.text(Field.GOALS),
        techniques=sent.choices(Field.TECHNIQUES, Technique),
        pressure=sent.perhaps(Field.PRESSURE, Pressure),
        sessions=sent.whole_number(Field.SESSIONS),
        frequency=sent.perhaps(Field.FREQUENCY, Frequency),
        start_by=sent.day(Field.START_BY),
        stop_rules=sent.text(Field.STOP_RULES),
        home_care=sent.text(Field.HOME_CARE),
        question=sent.text(Field.QUESTION),
    )


def _visits(sent: Submitted) -> Part:
    return VisitsPart(
        paid_by=sent.perhaps(Field.PAID_BY, PaidBy),
        authorisation=sent.text(Field.AUTHORISATION),
        visits=sent.whole_number(Field.VISITS),
        visits_until=sent.day(Field.VISITS_UNTIL),
        files=sent.files(Field.FILES),
        priority=sent.choice(Field.PRIORITY, ReferralPriority),
    )


def _therapist(sent: Submitted) -> Part:
    chosen = sent.perhaps_user(Field.THERAPIST)
    return TherapistPart(therapist=chosen or "", note=sent.text(Field.NOTE))


READ: Final[Mapping[FormStep, Callable[[Submitted], Part]]] = {
    FormStep.PATIENT: _patient,
    FormStep.SURGERY: _surgery,
    FormStep.SCREEN: _screen,
    FormStep.PLAN: _plan,
    FormStep.VISITS: _visits,
    FormStep.THERAPIST: _therapist,
}
