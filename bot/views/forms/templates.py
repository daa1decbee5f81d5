"""A surgeon's own templates: all of them, and the form in which one gets another name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.referral_form import Field
from bot.care.referral_template import LONGEST_TEMPLATE_NAME, MOST_TEMPLATES
from bot.shown.referring import ShownTemplate
from bot.views.carried import AboutTemplate, Action
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import actions, are_you_sure, button, section
from bot.views.modals import loading_view, reading_view
from bot.views.text import escape

_ERASED = "What it keeps is erased. Referrals that were sent with it stay as they are."


class TemplatesView:
    """Each with its name, and what can be done with it. Two blocks each, of the 100 of a modal."""

    title: ClassVar[str] = "Your templates"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, templates: Sequence[ShownTemplate]) -> View:
        if not templates:
            words = "You have none. A referral's summary asks whether to keep it as one."
            return reading_view(cls.title, [section(words)])
        blocks: list[Block] = []
        for one in templates[:MOST_TEMPLATES]:
            about = AboutTemplate(template_id=one.id)
            blocks.append(section(f"*{escape(one.name)}*"))
            blocks += actions(
                [
                    button(Action.RENAME_TEMPLATE, "Rename", about, says=f"Rename {one.name}"),
                    button(
                        Action.DELETE_TEMPLATE,
                        "Delete",
                        about,
                        says=f"Delete {one.name}",
                        confirm=are_you_sure("Delete this template?", _ERASED, "Delete", "Keep"),
                    ),
                ]
            )
        return reading_view(cls.title, blocks)


@dataclass(frozen=True)
class FilledName:
    template_id: str
    name: str


class RenameForm:
    """Another name for a template."""

    callback_id: ClassVar[str] = "rename_template"
    title: ClassVar[str] = "Rename a template"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, template: ShownTemplate) -> View:
        name = inputs.typed(
            Field.SAVE_AS,
            "Name",
            longest=LONGEST_TEMPLATE_NAME,
            initial=template.name,
            hint="Please leave out the patient's name.",
        )
        about = AboutTemplate(template_id=template.id)
        return inputs.form(cls.callback_id, cls.title, "Rename", about, [name])

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledName:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutTemplate.read(sent.private_metadata)
        return FilledName(about.template_id, sent.text(Field.SAVE_AS))

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {Field.SAVE_AS.value: words.line}
