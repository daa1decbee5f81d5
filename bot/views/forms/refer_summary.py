"""The last step of the referral form: all that will be sent, part by part."""

from slack_sdk.models.blocks import Block

from bot.care.referral_form import Field, FormStep
from bot.care.referral_template import LONGEST_TEMPLATE_NAME
from bot.care.request import Visits
from bot.shown.referring import ShownFormStep
from bot.views.carried import AboutStep, Action
from bot.views.forms import inputs
from bot.views.message import button, facts, section, small_print
from bot.views.request_words import (
    Facts,
    findings_facts,
    plan_facts,
    priority_line,
    visits_line,
)
from bot.views.text import counted, escape, mention, on_day


def summary_blocks(shown: ShownFormStep) -> list[Block]:
    """What goes out, and where each part can be changed."""
    blocks: list[Block] = []
    for step, said in (
        (FormStep.PATIENT, _patient(shown)),
        (FormStep.SURGERY, _surgery(shown)),
        (FormStep.SCREEN, _screen(shown)),
        (FormStep.PLAN, _plan(shown)),
        (FormStep.VISITS, _visits(shown)),
    ):
        blocks.append(_title(step))
        if any(value for _, value in said):
            blocks.append(facts(*said))
    form = shown.draft.form
    blocks.append(_title(FormStep.THERAPIST))
    if form.therapist:
        blocks.append(section(mention(form.therapist)))
    if form.note:
        blocks.append(facts(("Note", form.note)))
    if shown.evidence is not None:
        says, source = escape(shown.evidence.says), escape(shown.evidence.source)
        blocks.append(small_print(f"What is known: {says} ({source})"))
    return [
        *blocks,
        inputs.typed(
            Field.SAVE_AS,
            "Keep as a template called",
            longest=LONGEST_TEMPLATE_NAME,
            optional=True,
            hint="Keeps the reason, areas, plan and therapist; nothing of the patient.",
        ),
    ]


def _title(step: FormStep) -> Block:
    change = button(
        Action.FORM_STEP, "Change", AboutStep(step=step.value), says=f"Change: {step.label}"
    )
    return section(f"*{step.label}*", accessory=change)


def _patient(shown: ShownFormStep) -> Facts:
    form = shown.draft.form
    consent = ""
    if form.consent_by is not None and form.consent_on is not None:
        consent = f"{form.consent_by.label}, {on_day(form.consent_on)}"
    return [
        ("Name", form.name),
        ("Born", on_day(form.birth_date) if form.birth_date else ""),
        ("Record number", form.record_number),
        ("Phone", form.phone),
        ("Consent", consent),
    ]


def _surgery(shown: ShownFormStep) -> Facts:
    form = shown.draft.form
    return [
        ("Reason", form.indication.label if form.indication else ""),
        ("Surgery", on_day(form.surgery_date) if form.surgery_date else ""),
        ("Areas", ", ".join(area.label for area in form.areas)),
        *findings_facts(form),
        ("Precautions", form.precautions),
    ]


def _screen(shown: ShownFormStep) -> Facts:
    form, asked = shown.draft.form, shown.screen
    if asked is None:
        return []
    chosen = set(form.clearances)
    found = [one.asks for one in (*asked.clearance, *asked.there) if one.code in chosen]
    return [
        ("Found", "; ".join(found) or "nothing"),
        ("Clearance", form.clearance),
    ]


def _plan(shown: ShownFormStep) -> Facts:
    return [("Goals", shown.draft.form.goals), *plan_facts(shown.draft.form)]


def _visits(shown: ShownFormStep) -> Facts:
    form = shown.draft.form
    paid = (
        visits_line(
            Visits(
                paid_by=form.paid_by,
                number=form.authorisation,
                count=form.visits,
                until=form.visits_until,
            )
        )
        if form.paid_by
        else ""
    )
    return [
        ("Visits", paid),
        ("Files", counted(len(form.files), "file") if form.files else ""),
        ("Start", priority_line(form.priority)),
    ]
