"""The form in which somebody asks to change the plan, from a digest."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.views import View

from bot.views.carried import AboutCheckIn
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.modals import loading_view

LONGEST_WISH = 1000


class WishField(StrEnum):
    WORDS = "words"


@dataclass(frozen=True)
class FilledWish:
    checkin_id: str
    words: str


class WishForm:
    """What should change."""

    callback_id: ClassVar[str] = "wish_for_plan"
    title: ClassVar[str] = "Change the plan"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, checkin_id: str) -> View:
        words = inputs.typed(
            WishField.WORDS,
            "What should change, and why?",
            longest=LONGEST_WISH,
            lines=True,
            hint="It is posted in the case's thread, and your colleague is asked about it.",
        )
        about = AboutCheckIn(checkin_id=checkin_id)
        return inputs.form(cls.callback_id, cls.title, "Send", about, [words])

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledWish:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutCheckIn.read(sent.private_metadata)
        return FilledWish(about.checkin_id, sent.text(WishField.WORDS))

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the words, so that they stay."""
        return {WishField.WORDS.value: words.line}
