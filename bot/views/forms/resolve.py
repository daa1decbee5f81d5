"""The form in which an acknowledged concern is closed."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.shown.case import ShownConcernWords
from bot.views import concern_words
from bot.views.carried import AboutConcern
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import LONGEST_IN_MODAL, quoted, section
from bot.views.modals import loading_view
from bot.views.text import escape

LONGEST_RESOLUTION = 2000


class ResolveField(StrEnum):
    RESOLUTION = "resolution"


@dataclass(frozen=True)
class FilledResolution:
    concern_id: str
    resolution: str


class ResolveForm:
    """What was done about the concern."""

    callback_id: ClassVar[str] = "resolve_concern"
    title: ClassVar[str] = "Resolve a concern"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, shown: ShownConcernWords) -> View:
        concern = shown.concern
        blocks: list[Block] = [
            section(
                f"*{concern_words.title(concern)} in {escape(concern.case_code)}*",
                concern_words.raised_line(concern),
            ),
            *quoted(shown.words, LONGEST_IN_MODAL),
            section(concern_words.acknowledged_line(concern)),
            *quoted(concern.decision_note),
            inputs.typed(
                ResolveField.RESOLUTION,
                "What was done?",
                longest=LONGEST_RESOLUTION,
                lines=True,
                hint="Kept encrypted, not posted. Only those who treat the patient can read it.",
            ),
        ]
        about = AboutConcern(concern_id=concern.id)
        return inputs.form(cls.callback_id, cls.title, "Resolve", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledResolution:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutConcern.read(sent.private_metadata)
        return FilledResolution(about.concern_id, sent.text(ResolveField.RESOLUTION))

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the field, so that what was typed stays."""
        return {ResolveField.RESOLUTION.value: words.line}
