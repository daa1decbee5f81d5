"""The form in which a coordinator says what the state's register says of a licence."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.licence import Refusal
from bot.shown.directory import ShownLicence
from bot.views.carried import AboutLicence
from bot.views.directory_words import licence_line
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import section
from bot.views.modals import loading_view
from bot.views.text import mention


class LicenceField(StrEnum):
    ANSWER = "licence_answer"
    CERTIFICATE = "certificate"


class Register(StrEnum):
    """What the register says: that all is as entered, or what is not."""

    VERIFIED = "verified"
    NOT_FOUND = Refusal.NOT_FOUND.value
    OTHER_NAME = Refusal.OTHER_NAME.value
    OTHER_DATE = Refusal.OTHER_DATE.value
    NOT_ACTIVE = Refusal.NOT_ACTIVE.value
    WRONG_KIND = Refusal.WRONG_KIND.value

    @property
    def label(self) -> str:
        if self is Register.VERIFIED:
            return "The register says the same: verified"
        return Refusal(self.value).label

    @property
    def refusal(self) -> Refusal | None:
        return None if self is Register.VERIFIED else Refusal(self.value)


class Certificate(StrEnum):
    SEEN = "seen"


@dataclass(frozen=True)
class FilledLicence:
    licence_id: str
    answer: Register
    saw_certificate: bool


class AnswerLicenceForm:
    """Whether a licence is as it was entered."""

    callback_id: ClassVar[str] = "answer_licence"
    title: ClassVar[str] = "Verify a licence"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, licence: ShownLicence) -> View:
        blocks: list[Block] = [
            section(f"*{mention(licence.person)}*", licence_line(licence)),
            inputs.radio(
                LicenceField.ANSWER,
                "What does the state's register say?",
                [inputs.option(one, one.label) for one in Register],
            ),
            inputs.tick(
                LicenceField.CERTIFICATE,
                "Lymphatic drainage",
                inputs.option(Certificate.SEEN, "I have seen the certificate"),
            ),
        ]
        about = AboutLicence(licence_id=licence.id)
        return inputs.form(cls.callback_id, cls.title, "Send", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledLicence:
        """What was chosen. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutLicence.read(sent.private_metadata)
        return FilledLicence(
            about.licence_id,
            sent.choice(LicenceField.ANSWER, Register),
            bool(sent.choices(LicenceField.CERTIFICATE, Certificate)),
        )

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        return {LicenceField.ANSWER.value: words.line}
