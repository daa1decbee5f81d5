"""The form in which the surgeon clears a hold, or keeps it until a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.views import View

from bot.shown.case import ShownHold
from bot.views.carried import AboutReferral
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import section
from bot.views.modals import loading_view
from bot.views.progress_words import question_line
from bot.views.text import escape

_A_WEEK = timedelta(days=7)


class HoldField(StrEnum):
    ANSWER = "answer"
    REVIEW = "review"


class HoldChoice(StrEnum):
    """What becomes of the hold."""

    CLEAR = "clear"
    KEEP = "keep"


@dataclass(frozen=True)
class FilledHold:
    referral_id: str
    answer: HoldChoice
    review_on: date | None


class HoldForm:
    """Whether treatment goes on."""

    callback_id: ClassVar[str] = "answer_hold"
    title: ClassVar[str] = "Treatment on hold"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, hold: ShownHold) -> View:
        blocks = [
            section(
                f"*Case {escape(hold.case_code)} is on hold.*",
                "No massage is given until you clear it.",
                *(f"\u2022 {escape(question_line(one))}" for one in hold.open_concerns),
            ),
            inputs.radio(
                HoldField.ANSWER,
                "What happens now?",
                [
                    inputs.option(HoldChoice.CLEAR, "Clear the hold", "Treatment goes on"),
                    inputs.option(HoldChoice.KEEP, "Keep it on hold", "Until you look again"),
                ],
            ),
            inputs.day(
                HoldField.REVIEW,
                "If it stays on hold: look again on",
                optional=True,
                initial=hold.today + _A_WEEK,
            ),
        ]
        about = AboutReferral(referral_id=hold.referral_id)
        return inputs.form(cls.callback_id, cls.title, "Send", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledHold:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutReferral.read(sent.private_metadata)
        return FilledHold(
            about.referral_id,
            sent.choice(HoldField.ANSWER, HoldChoice),
            sent.day(HoldField.REVIEW),
        )

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the day, so that what was chosen stays."""
        return {HoldField.REVIEW.value: words.line}
