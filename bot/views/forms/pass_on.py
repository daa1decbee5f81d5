"""The form in which a concern is passed on to a surgeon by name."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.views import View

from bot.care.concern import ConcernState
from bot.shown.case import ShownConcern
from bot.views import concern_words
from bot.views.carried import AboutConcern
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import section
from bot.views.modals import loading_view
from bot.views.text import escape


class PassOnField(StrEnum):
    TO = "to"


@dataclass(frozen=True)
class FilledPassOn:
    concern_id: str
    slack_user_id: str


class PassOnForm:
    """Who is asked to take it."""

    callback_id: ClassVar[str] = "hand_on_concern"
    title: ClassVar[str] = "Pass a concern on"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, concern: ShownConcern) -> View:
        goes_on = (
            "Until they accept, others go on being told."
            if concern.state is ConcernState.OPEN
            else "Until they accept, it stays with whoever acknowledged it."
        )
        blocks = [
            section(
                f"*{concern_words.title(concern)} in {escape(concern.case_code)}*",
                *concern_words.handover_lines(concern),
            ),
            inputs.person(
                PassOnField.TO,
                "Which surgeon do you ask?",
                hint=f"{goes_on} They can read this concern, and nothing else of the case.",
            ),
        ]
        about = AboutConcern(concern_id=concern.id)
        return inputs.form(cls.callback_id, cls.title, "Ask them", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledPassOn:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutConcern.read(sent.private_metadata)
        return FilledPassOn(about.concern_id, sent.user(PassOnField.TO))

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the field."""
        return {PassOnField.TO.value: words.line}

    @classmethod
    def no_surgeon(cls) -> dict[str, str]:
        """Whoever was chosen can't take a concern."""
        return {
            PassOnField.TO.value: "This person is not registered as a surgeon here. Please choose "
            "a surgeon."
        }
