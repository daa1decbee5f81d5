"""Templates: what a surgeon asks for again and again. They hold nothing of one patient."""

from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.care.codes import Region, Technique
from bot.care.identifiers import find
from bot.care.indications import Indication
from bot.care.plan import Frequency, Pressure
from bot.care.referral_form import Field, ReferralForm
from bot.care.request import Identifiers, PaidBy, ReferralPriority
from bot.care.text import clean_line

LONGEST_TEMPLATE_NAME: Final = 60
# As many as one list offers, and far more than anybody keeps apart.
MOST_TEMPLATES: Final = 50


class Template(BaseModel):
    """The answers that are the same for every such patient. `therapist` is a Slack user id.

    Left out on purpose: who it is, dates, findings, drains, complications, medication, the screen
    and its clearance, the authorisation, files.
    """

    model_config = ConfigDict(frozen=True)

    name: str
    indication: Indication | None = None
    areas: tuple[Region, ...] = ()
    garment: str = ""
    precautions: str = ""
    goals: str = ""
    techniques: tuple[Technique, ...] = ()
    pressure: Pressure | None = None
    sessions: int | None = None
    frequency: Frequency | None = None
    stop_rules: str = ""
    home_care: str = ""
    question: str = ""
    paid_by: PaidBy | None = None
    priority: ReferralPriority = ReferralPriority.ROUTINE
    therapist: str = ""
    note: str = ""


def template_of(form: ReferralForm, name: str) -> Template:
    """What of a form can be kept for the next patient."""
    kept = {key: value for key, value in form if key in Template.model_fields and key != "name"}
    return Template.model_validate({**kept, "name": clean_line(name)})


def started_from(form: ReferralForm, template: Template) -> ReferralForm:
    """A form with a template's answers; a therapist who was chosen already stays."""
    said = {key: value for key, value in template if key != "name"}
    said["therapist"] = form.therapist or template.therapist
    return form.model_copy(update=said)


def name_problem(name: str) -> str:
    """What is wrong with a template's name; empty if nothing is."""
    if not clean_line(name):
        return "Write a name for the template."
    if len(clean_line(name)) > LONGEST_TEMPLATE_NAME:
        return f"Write a name of at most {LONGEST_TEMPLATE_NAME} characters."
    return ""


def named_in(template: Template, patient: Identifiers) -> str:
    """The first answer that says who the patient is, by its label; empty if none does."""
    for key, value in template:
        if type(value) is str and key != Field.THERAPIST and find(value, [patient]):
            return key.replace("_", " ")
    return ""


def folded(name: str) -> str:
    """A name as it is compared: case and spaces make no difference."""
    return clean_line(name).casefold().replace(" ", "")
