"""The form in which a therapist declines a referral."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.views import View

from bot.care.course import DeclineReason
from bot.shown.case import ShownCase
from bot.views.carried import AboutReferral
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import section
from bot.views.modals import loading_view
from bot.views.text import escape, mention

LONGEST_REASON = 1000


class DeclineField(StrEnum):
    WHY = "why"
    REASON = "reason"


@dataclass(frozen=True)
class FilledDecline:
    referral_id: str
    reason: DeclineReason | None
    words: str


class DeclineForm:
    """Why the therapist can't take the case."""

    callback_id: ClassVar[str] = "decline_referral"
    title: ClassVar[str] = "Decline a referral"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, case: ShownCase) -> View:
        blocks = [
            section(
                f"*Case {escape(case.case_code)}*",
                f"{mention(case.surgeon)} is told at once and can refer elsewhere.",
            ),
            inputs.perhaps_one(DeclineField.WHY, "Reason", inputs.options(DeclineReason)),
            inputs.typed(
                DeclineField.REASON,
                "In words",
                longest=LONGEST_REASON,
                lines=True,
                optional=True,
                hint="Shown in the thread. Please leave out the patient's name.",
                placeholder="For example: no free appointment in the next two weeks",
            ),
        ]
        about = AboutReferral(referral_id=case.referral_id)
        return inputs.form(cls.callback_id, cls.title, "Decline", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledDecline:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutReferral.read(sent.private_metadata)
        return FilledDecline(
            about.referral_id,
            sent.perhaps(DeclineField.WHY, DeclineReason),
            sent.text(DeclineField.REASON),
        )

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the field, so that what was typed stays."""
        return {DeclineField.REASON.value: words.line}
