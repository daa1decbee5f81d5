"""Which case a concern is about, where somebody raises one from outside of any thread."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.shown.case import ShownCase
from bot.views.carried import Carried
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import section, small_print
from bot.views.modals import loading_view, notice_view

# https://docs.slack.dev/reference/block-kit/block-elements/select-menu-element
_MOST_OPTIONS = 100


class CaseField(StrEnum):
    CASE = "case"


class AboutNoCase(Carried):
    """No case is chosen yet."""


@dataclass(frozen=True)
class _Offered:
    value: str
    label: str


class ConcernCaseForm:
    """One's own open cases, and those of colleagues whom one covers."""

    callback_id: ClassVar[str] = "concern_case"
    title: ClassVar[str] = "Raise a concern"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, cases: Sequence[ShownCase]) -> View:
        """`cases` by due time; at least one."""
        offered = [
            _Offered(one.referral_id, f"{one.case_code}, {one.indication.label}")
            for one in cases[:_MOST_OPTIONS]
        ]
        blocks: list[Block] = [
            section("If the patient is in danger, call emergency services first."),
            inputs.one_of(CaseField.CASE, "Which case is it about?", offered),
        ]
        if len(cases) > _MOST_OPTIONS:
            blocks.append(
                small_print("The first 100 are listed. Raise others from the card in their thread.")
            )
        return inputs.form(cls.callback_id, cls.title, "Next", AboutNoCase(), blocks)

    @classmethod
    def no_case(cls) -> View:
        return notice_view(
            "No open case",
            "You have no open case, so there is nobody to tell by this. "
            "If a patient is in danger, call emergency services.",
        )

    @classmethod
    def read(cls, view: Mapping[str, object]) -> str:
        """The referral that was chosen. Raises `Tampered`."""
        return Submitted.read(view, cls.callback_id).identifier(CaseField.CASE)

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {CaseField.CASE.value: words.line}
