"""The form in which a concern that was raised by mistake is withdrawn, with a reason."""

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

LONGEST_WITHDRAWAL = 1000


class WithdrawField(StrEnum):
    REASON = "reason"


@dataclass(frozen=True)
class FilledWithdrawal:
    concern_id: str
    reason: str


class WithdrawForm:
    """Why it is no concern."""

    callback_id: ClassVar[str] = "withdraw_concern"
    title: ClassVar[str] = "Withdraw a concern"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, shown: ShownConcernWords) -> View:
        concern = shown.concern
        blocks: list[Block] = [
            section(
                f"*{concern_words.title(concern)} in {escape(concern.case_code)}*",
                "Everybody who was told of it is told that you withdraw it. "
                "A hold stays until the surgeon clears it.",
            ),
            *concern_words.rule_blocks(shown.hits),
            *quoted(shown.words, LONGEST_IN_MODAL),
            inputs.typed(
                WithdrawField.REASON,
                "Why was it a mistake?",
                longest=LONGEST_WITHDRAWAL,
                lines=True,
                hint="Kept in the record. Those who treat the patient can read it.",
            ),
        ]
        about = AboutConcern(concern_id=concern.id)
        return inputs.form(cls.callback_id, cls.title, "Withdraw", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledWithdrawal:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutConcern.read(sent.private_metadata)
        return FilledWithdrawal(about.concern_id, sent.text(WithdrawField.REASON))

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the field, so that what was typed stays."""
        return {WithdrawField.REASON.value: words.line}
