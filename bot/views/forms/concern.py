"""The form in which somebody raises a concern: one line is enough, SBAR is there for more."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.concern import NOTHING_BESIDE, Category, Sbar, Severity
from bot.views.carried import AboutReferral
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import section, small_print
from bot.views.modals import loading_view
from bot.views.text import escape

LONGEST_WORDS = 2000
MOST_PHOTOS = 5
# What each urgency covers, in the words of the red-flag table's most telling rules.
_EXAMPLES: dict[Severity, tuple[str, ...]] = {
    Severity.EMERGENT: (
        "short of breath",
        "chest pain",
        "fainting",
        "new confusion",
        "bleeding that does not stop",
        "sudden weakness on one side",
        "thoughts of self-harm",
    ),
    Severity.URGENT: (
        "one calf swollen, warm or painful",
        "38.0 °C (100.4 °F) or more",
        "pus or spreading redness",
        "an incision that opens",
        "a lump or bruise that grows",
        "dusky or blistering skin",
    ),
    Severity.SOON: (
        "a fluid pocket",
        "new local warmth or redness",
        "new numbness",
        "one side more swollen",
        "a garment sore",
        "a drain problem",
    ),
}


class ConcernField(StrEnum):
    SEVERITY = "severity"
    WORDS = "words"
    CATEGORY = "category"
    BACKGROUND = "background"
    ASSESSMENT = "assessment"
    RECOMMENDATION = "recommendation"
    PHOTOS = "photos"


@dataclass(frozen=True)
class FilledConcern:
    referral_id: str
    severity: Severity
    words: str
    category: Category | None = None
    sbar: Sbar = NOTHING_BESIDE


class ConcernForm:
    """How urgent, what it is, and, where there is time, the rest of SBAR."""

    callback_id: ClassVar[str] = "raise_concern"
    title: ClassVar[str] = "Raise a concern"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, referral_id: str, case_code: str, *, words: str = "") -> View:
        """`words` is what it starts with: the reply that it is about, if it is about one."""
        about = AboutReferral(referral_id=referral_id)
        blocks: list[Block] = [
            section(
                f"*Case {escape(case_code)}*",
                "If the patient is in danger, call emergency services first.",
            ),
            inputs.typed(
                ConcernField.WORDS,
                "What do you see?",
                longest=LONGEST_WORDS,
                lines=True,
                initial=words,
                placeholder="One line is enough",
                hint="Kept encrypted, not posted. Only those who treat the patient can read it.",
            ),
            inputs.radio(
                ConcernField.SEVERITY,
                "How urgent is it?",
                [inputs.option(one, one.label, one.meaning) for one in Severity],
            ),
            small_print(
                *[f"*{one.label}:* {', '.join(_EXAMPLES[one])}." for one in Severity],
                "If in doubt, choose the more urgent.",
            ),
            *_more(),
        ]
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
            sent.perhaps(ConcernField.CATEGORY, Category),
            Sbar(
                background=sent.text(ConcernField.BACKGROUND),
                assessment=sent.text(ConcernField.ASSESSMENT),
                recommendation=sent.text(ConcernField.RECOMMENDATION),
                photos=sent.files(ConcernField.PHOTOS),
            ),
        )

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the words, so that what was typed stays."""
        return {ConcernField.WORDS.value: words.line}


def _more() -> list[Block]:
    """What makes the answer quicker, where there is time to write it."""
    return [
        inputs.perhaps_one(
            ConcernField.CATEGORY,
            "What is it about?",
            [inputs.option(one, one.label) for one in Category],
        ),
        inputs.typed(
            ConcernField.BACKGROUND,
            "Background",
            longest=LONGEST_WORDS,
            lines=True,
            optional=True,
            placeholder="Since when, what changed, what was done so far",
        ),
        inputs.typed(
            ConcernField.ASSESSMENT,
            "Assessment",
            longest=LONGEST_WORDS,
            lines=True,
            optional=True,
            placeholder="What you think it is",
        ),
        inputs.typed(
            ConcernField.RECOMMENDATION,
            "Recommendation",
            longest=LONGEST_WORDS,
            lines=True,
            optional=True,
            placeholder="What you think is needed, and by when",
        ),
        inputs.pictures(
            ConcernField.PHOTOS,
            "Photos",
            MOST_PHOTOS,
            hint="No face, and nothing with the patient's name on it.",
        ),
    ]
