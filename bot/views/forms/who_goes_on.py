"""A coordinator says who goes on with the case of somebody who left, or closes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.views import View

from bot.care.people import Part
from bot.views.carried import AboutReferral
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import section
from bot.views.modals import loading_view
from bot.views.text import escape


class GoesOnField(StrEnum):
    HOW = "how"
    GOES_ON = "goes_on"


class How(StrEnum):
    """What becomes of the case."""

    NAME = "name"
    CLOSE = "close"


@dataclass(frozen=True)
class FilledGoesOn:
    referral_id: str
    how: How
    slack_user_id: str | None


class GoesOnForm:
    """Somebody else, or nobody."""

    callback_id: ClassVar[str] = "who_goes_on"
    title: ClassVar[str] = "Who goes on?"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, referral_id: str, case_code: str, left: Part) -> View:
        who = "surgeon" if left is Part.SURGEON else "massage therapist"
        blocks = [
            section(
                f"*Case {escape(case_code)}*",
                f"The account of its {who} can't be used any more. Whoever you name gets a new "
                "case with the same contents, which points to this one; this one ends.",
            ),
            inputs.radio(
                GoesOnField.HOW,
                "What becomes of it?",
                [
                    inputs.option(How.NAME, f"Another {who} goes on"),
                    inputs.option(How.CLOSE, "It is closed", "Nobody goes on with it."),
                ],
            ),
            inputs.perhaps_person(GoesOnField.GOES_ON, f"The other {who}"),
        ]
        about = AboutReferral(referral_id=referral_id)
        return inputs.form(cls.callback_id, cls.title, "Save", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledGoesOn:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutReferral.read(sent.private_metadata)
        return FilledGoesOn(
            about.referral_id,
            sent.choice(GoesOnField.HOW, How),
            sent.perhaps_user(GoesOnField.GOES_ON),
        )

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {GoesOnField.GOES_ON.value: words.line}
