"""The form in which a therapist moves an update that was written in the wrong thread."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Option
from slack_sdk.models.views import View

from bot.shown.case import ShownMove
from bot.views.carried import AboutAsked
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import plain, section
from bot.views.modals import loading_view
from bot.views.text import escape

_MOST_CASES = 10


class MoveField(StrEnum):
    TARGET = "target"


@dataclass(frozen=True)
class FilledMove:
    entry_id: str
    referral_id: str
    question: str = ""


class MoveForm:
    """Which case it belongs to."""

    callback_id: ClassVar[str] = "move_update"
    title: ClassVar[str] = "Move an update"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, move: ShownMove, question: str = "") -> View:
        """`question` is where the question is taken back that the form was opened from."""
        options = [
            Option(value=referral_id, text=plain(f"Case {code}"))
            for referral_id, code in move.targets[:_MOST_CASES]
        ]
        blocks = [
            section(
                f"*From case {escape(move.case_code)}*",
                "The update goes to the record of the other case; this thread says that it did. "
                "Please delete its words here afterwards.",
            ),
            inputs.radio(MoveField.TARGET, "Which case does it belong to?", options),
        ]
        about = AboutAsked(entry_id=move.entry_id, question=question)
        return inputs.form(cls.callback_id, cls.title, "Move", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledMove:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutAsked.read(sent.private_metadata)
        return FilledMove(about.entry_id, sent.identifier(MoveField.TARGET), about.question)

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {MoveField.TARGET.value: words.line}
