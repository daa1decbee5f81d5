"""The form in which somebody raises a concern."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.views import View

from bot.care.concern import Severity
from bot.views.carried import AboutReferral
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import section
from bot.views.modals import loading_view
from bot.views.text import escape

LONGEST_WORDS = 2000


class ConcernField(StrEnum):
    SEVERITY = "severity"
    WORDS = "words"


@dataclass(frozen=True)
class FilledConcern:
    referral_id: str
    severity: Severity
    words: str


class ConcernForm:
    """How urgent, and what it is."""

    callback_id: ClassVar[str] = "raise_concern"
    title: ClassVar[str] = "Raise a concern"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, referral_id: str, case_code: str, *, words: str = "") -> View:
        """`words` is what it starts with: the reply that it is about, if it is about one."""
        blocks = [
            section(
                f"*Case {escape(case_code)}*",
                "If the patient is in danger, call emergency services first.",
            ),
            inputs.radio(
                ConcernField.SEVERITY,
                "How urgent is it?",
                [inputs.option(one, one.label, one.meaning) for one in Severity],
            ),
            inputs.typed(
                ConcernField.WORDS,
                "What do you see?",
                longest=LONGEST_WORDS,
                lines=True,
                initial=words,
                hint="What changed, since when, and what you think is needed. Kept encrypted, "
                "not posted. Only those who treat the patient can read it.",
            ),
        ]
        about = AboutReferral(referral_id=referral_id)
        return inputs.form(cls.callback_id, cls.title, "Raise concern", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledConcern:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutReferral.read(sent.private_metadata)
        return FilledConcern(
            about.referral_id,
            sent.choice(ConcernField.SEVERITY, Severity),
            sent.text(ConcernField.WORDS),
        )

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the words, so that what was typed stays."""
        return {ConcernField.WORDS.value: words.line}
