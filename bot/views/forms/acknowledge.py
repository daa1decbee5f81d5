"""The form in which somebody takes a concern, and says what happens now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.concern import Decision
from bot.care.session import Hit
from bot.shown import ShownConcern
from bot.views import concern_words
from bot.views.carried import AboutConcern
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import LONGEST_IN_MODAL, quoted, section
from bot.views.modals import loading_view
from bot.views.text import escape, mention

LONGEST_NOTE = 2000


class AcknowledgeField(StrEnum):
    DECISION = "decision"
    NOTE = "note"


@dataclass(frozen=True)
class FilledAcknowledgement:
    concern_id: str
    decision: Decision
    note: str


class AcknowledgeForm:
    """The concern's words, and the decision that is read back."""

    callback_id: ClassVar[str] = "acknowledge_concern"
    title: ClassVar[str] = "Acknowledge a concern"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, concern: ShownConcern, words: str | None, hits: Sequence[Hit] = ()) -> View:
        """`words` are the concern's, or None for those who may take it but not read it; `hits` are
        the rules that raised it."""
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
            blocks += concern_words.rule_blocks(hits)
            blocks += quoted(words, LONGEST_IN_MODAL)
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
                [
                    inputs.option(one, one.label)
                    for one in Decision
                    if words is not None or not one.needs_reading
                ],
            ),
            inputs.typed(
                AcknowledgeField.NOTE,
                "When, and anything to add",
                longest=LONGEST_NOTE,
                lines=True,
                optional=True,
                placeholder="For example: today at 5 PM",
                hint="Shown in the thread. Please leave out the patient's name.",
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
        )

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the note, so that what was typed stays."""
        return {AcknowledgeField.NOTE.value: words.line}
