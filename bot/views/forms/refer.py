"""The form that a surgeon fills in to refer a patient, in steps that fit a phone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.referral_form import PARTS, Field, FormStep, Part
from bot.shown.referring import ShownFormStep
from bot.views.carried import AboutDraft, AboutStep, Action
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.refer_found import found_blocks
from bot.views.forms.refer_read import READ
from bot.views.forms.refer_steps import DRAWN
from bot.views.forms.refer_summary import summary_blocks
from bot.views.forms.submitted import Submitted
from bot.views.message import actions, are_you_sure, button, header, small_print
from bot.views.modals import loading_view
from bot.views.text import escape


@dataclass(frozen=True)
class FilledStep:
    """A step that was filled in; whether it makes sense is asked of the form's problems."""

    draft_id: str
    step: FormStep
    answers: Part | None
    template_id: str = ""
    save_as: str = ""
    person: str = ""
    """The therapist who was chosen before there was a draft, by Slack user id."""


class ReferForm:
    """`/refer`: patient, reason, contraindications, plan, visits, therapist, summary."""

    callback_id: ClassVar[str] = "refer"
    title: ClassVar[str] = "Refer a patient"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, shown: ShownFormStep) -> View:
        step = shown.draft.step
        is_last = step is FormStep.SUMMARY
        blocks: list[Block] = [
            header(step.label),
            small_print(f"Step {step.number} of {len(FormStep)}", escape(shown.word)),
            *found_blocks(shown),
            *(summary_blocks(shown) if is_last else DRAWN[step](shown)),
            *_ways(shown),
        ]
        about = AboutDraft(
            draft_id=shown.draft_id,
            step=step.value,
            person="" if shown.draft_id else shown.draft.form.therapist,
        )
        submit = "Send referral" if is_last else "Next"
        return inputs.form(cls.callback_id, cls.title, submit, about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledStep:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutDraft.read(sent.private_metadata)
        step = FormStep(about.step)
        answers = READ[step](sent) if step in READ else None
        return FilledStep(
            about.draft_id,
            step,
            answers,
            template_id=(
                sent.perhaps_identifier(Field.TEMPLATE) or "" if sent.has(Field.TEMPLATE) else ""
            ),
            person=about.person,
            save_as=sent.text(Field.SAVE_AS) if step is FormStep.SUMMARY else "",
        )

    @classmethod
    def errors(cls, step: FormStep, problems: Mapping[Field, str]) -> dict[str, str]:
        """The problems, each at its field, for `response_action: errors`.

        What is wrong in another step is said at this one's last field.
        """
        here: dict[str, str] = {
            field.value: words
            for field, words in problems.items()
            if step in PARTS and field.value in PARTS[step].model_fields
        }
        if len(here) < len(problems):
            elsewhere = next(words for field, words in problems.items() if field.value not in here)
            here.setdefault(_LAST[step].value, elsewhere)
        return here

    @classmethod
    def trouble(cls, step: FormStep, words: Words) -> dict[str, str]:
        """Something that is no field's fault, at the last field: what was typed stays there."""
        return {_LAST[step].value: words.line}

    @classmethod
    def therapist_trouble(cls, step: FormStep, words: Words) -> dict[str, str]:
        """The therapist can't be chosen: said at that field."""
        field = Field.THERAPIST if step is FormStep.THERAPIST else _LAST[step]
        return {field.value: words.line}


_LAST = {
    FormStep.PATIENT: Field.CONSENT_ON,
    FormStep.SURGERY: Field.PRECAUTIONS,
    FormStep.SCREEN: Field.CLEARANCE,
    FormStep.PLAN: Field.QUESTION,
    FormStep.VISITS: Field.PRIORITY,
    FormStep.THERAPIST: Field.NOTE,
    FormStep.SUMMARY: Field.SAVE_AS,
}


def _ways(shown: ShownFormStep) -> list[Block]:
    """Back, and away with it."""
    step, found = shown.draft.step, []
    if step is not FormStep.PATIENT:
        back = AboutStep(step=step.before.value)
        found.append(button(Action.FORM_STEP, "Back", back, says="Back to the step before"))
    if shown.draft_id:
        sure = are_you_sure(
            "Put this draft away?", "What you have written is erased.", "Put away", "Keep"
        )
        about = AboutDraft(draft_id=shown.draft_id, step=step.value)
        found.append(button(Action.DISCARD_DRAFT, "Put away", about, confirm=sure))
    return actions(found)
