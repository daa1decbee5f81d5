"""The form in which somebody takes a concern, and says what happens now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.concern import Decision
from bot.shown.case import ShownToAcknowledge
from bot.views import concern_words
from bot.views.carried import AboutConcern
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import LONGEST_IN_MODAL, section
from bot.views.modals import loading_view
from bot.views.text import escape, mention

LONGEST_NOTE = 2000


class AcknowledgeField(StrEnum):
    DECISION = "decision"
    VISIT = "visit"
    NOTE = "note"


@dataclass(frozen=True)
class FilledAcknowledgement:
    concern_id: str
    decision: Decision
    note: str
    visit_at: datetime | None = None


class AcknowledgeForm:
    """The concern's words, and the decision that is read back."""

    callback_id: ClassVar[str] = "acknowledge_concern"
    title: ClassVar[str] = "Acknowledge a concern"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, shown: ShownToAcknowledge) -> View:
        """Those who may take it but not read it choose from fewer decisions."""
        concern, words = shown.concern, shown.words
        blocks: list[Block] = [
            section(
                concern_words.first_of_all(concern),
                f"*{concern_words.title(concern)} in {escape(concern.case_code)}*",
                concern_words.raised_line(concern),
            )
        ]
        if words is None:
            blocks.append(
                section(
                    "What it says is open only to those who treat the patient. "
                    f"Please speak with {mention(concern.raised_by)} before you decide."
                )
            )
        else:
            blocks += concern_words.rule_blocks(shown.hits)
            blocks += concern_words.sbar_blocks(words, shown.sbar, LONGEST_IN_MODAL, shown.photos)
        if concern.holds:
            blocks.append(
                section(
                    "Treatment is on hold. If the surgeon chooses to continue treatment, "
                    "the hold is cleared."
                )
            )
        blocks += [
            inputs.radio(
                AcknowledgeField.DECISION,
                "What happens now?",
                [inputs.option(one, one.label) for one in shown.decisions],
            ),
            inputs.day_and_time(
                AcknowledgeField.VISIT,
                "When do you see the patient?",
                hint="Only with “See the patient”.",
            ),
            inputs.typed(
                AcknowledgeField.NOTE,
                "Anything to add",
                longest=LONGEST_NOTE,
                lines=True,
                optional=True,
                placeholder="What is to be done until then",
                hint=_hint(shown),
            ),
        ]
        about = AboutConcern(concern_id=concern.id)
        return inputs.form(cls.callback_id, cls.title, "Acknowledge", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledAcknowledgement:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutConcern.read(sent.private_metadata)
        return FilledAcknowledgement(
            about.concern_id,
            sent.choice(AcknowledgeField.DECISION, Decision),
            sent.text(AcknowledgeField.NOTE),
            sent.day_and_time(AcknowledgeField.VISIT),
        )

    @classmethod
    def visit_trouble(cls, words: Words) -> dict[str, str]:
        """The time at which the patient is seen has to be put right."""
        return {AcknowledgeField.VISIT.value: words.what_happened}

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the note, so that what was typed stays."""
        return {AcknowledgeField.NOTE.value: words.line}


def _hint(shown: ShownToAcknowledge) -> str:
    change = " If the plan is to be modified, write how."
    modifies = Decision.MODIFY in shown.decisions
    return f"Shown in the thread. Please leave out the patient's name.{change if modifies else ''}"
