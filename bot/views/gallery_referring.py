"""Samples of the steps in which a referral is filled in."""

from datetime import UTC, date, datetime
from typing import Final

from slack_sdk.models.views import View

from bot.care.codes import Region, Technique
from bot.care.directory import Reason
from bot.care.indications import Indication
from bot.care.plan import Frequency, Pressure
from bot.care.referral_form import Draft, FormStep, ReferralForm
from bot.care.referral_template import MOST_TEMPLATES
from bot.care.request import ConsentBy, PaidBy, ReferralPriority
from bot.care.rules import Evidence, Screening
from bot.shown.referring import (
    ShownFormStep,
    ShownScreen,
    ShownSuggestion,
    ShownTemplate,
    ShownWaiting,
)
from bot.views.forms.refer import ReferForm
from bot.views.forms.templates import RenameForm, TemplatesView

TODAY: Final = date(2026, 4, 14)
SCREEN: Final = ShownScreen(
    version="2026-11-4",
    source="The clinic's own list",
    hold=(
        Screening(code="acute_infection", asks="Acute infection, cellulitis or fever"),
        Screening(code="acute_bleeding", asks="Acute bleeding"),
    ),
    clearance=(
        Screening(code="asthma", asks="Asthma"),
        Screening(code="anticoagulants", asks="Anticoagulants"),
    ),
    there=(Screening(code="pregnancy", asks="Pregnancy", regions=(Region.ABDOMEN,)),),
)
FORM: Final = ReferralForm(
    name="Maria Example",
    birth_date=date(1984, 4, 23),
    record_number="MRN 0042",
    phone="+1 555 010 0199",
    consent_by=ConsentBy.PATIENT,
    consent_on=date(2026, 4, 13),
    indication=Indication.LIPOSUCTION,
    surgery_date=date(2026, 4, 5),
    areas=(Region.ABDOMEN, Region.FLANKS),
    findings="Soft, some bruising left",
    drains="Left flank, until day 10",
    garment="Stage 1, 23 hours a day",
    complications="None",
    medication="Enoxaparin until day 14",
    precautions="No pressure on the left flank.",
    clearances=("anticoagulants",),
    screened=True,
    clearance="Light drainage only until enoxaparin ends.",
    goals="Raise both arms above the head",
    techniques=(Technique.MLD,),
    pressure=Pressure.LIGHT,
    sessions=6,
    frequency=Frequency.TWO_A_WEEK,
    start_by=date(2026, 4, 20),
    stop_rules="Fever, or one calf swells",
    home_care="Walk 10 minutes three times a day",
    question="Does the fibrosis at the left flank soften?",
    paid_by=PaidBy.PAYER,
    authorisation="A-778812",
    visits=8,
    visits_until=date(2026, 7, 31),
    files=("F0NOTE",),
    priority=ReferralPriority.SOON,
    therapist="U0LEE",
    note="Please explain each step.",
)


def at_step(step: FormStep, form: ReferralForm = FORM) -> ShownFormStep:
    """A step with all that it can show."""
    is_first = step is FormStep.PATIENT
    return ShownFormStep(
        draft_id="" if is_first else "V0DRAFT",
        draft=Draft(form=form, step=step),
        today=TODAY,
        templates=(ShownTemplate("t1", "My liposuction 360"),) if is_first else (),
        waiting=(
            ShownWaiting("V0OLD", datetime(2026, 4, 13, 15, tzinfo=UTC)) if is_first else None
        ),
        screen=SCREEN,
        evidence=Evidence(says="The evidence is thin.", source="Marxen, Aesthetic Surgery Journal"),
        suggestions=(ShownSuggestion("U0LEE", (Reason.AVAILABLE, Reason.PROCEDURE)),),
    )


def referring() -> dict[str, View]:
    """Name of the sample to what is drawn."""
    filled = {f"refer, {step.value}": ReferForm.view(at_step(step)) for step in FormStep}
    empty = {
        f"refer, {step.value}, empty": ReferForm.view(at_step(step, ReferralForm()))
        for step in FormStep
    }
    some = (ShownTemplate("t1", "My liposuction 360"), ShownTemplate("t2", "BBL <early>"))
    return {
        **filled,
        **empty,
        "templates": TemplatesView.view(some),
        "templates, none": TemplatesView.view(()),
        "templates, as many as there can be": TemplatesView.view(
            [ShownTemplate(f"t{number}", "\u00e9" * 60) for number in range(MOST_TEMPLATES)]
        ),
        "rename a template": RenameForm.view(some[0]),
    }
