"""The form that a surgeon fills in to refer a patient."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from slack_sdk.models.views import View

from bot.care.codes import Region
from bot.care.indications import Indication
from bot.care.plan import MOST_SESSIONS, Frequency
from bot.care.request import (
    LONGEST_GOAL,
    LONGEST_NAME,
    LONGEST_PHONE,
    LONGEST_RECORD_NUMBER,
    LONGEST_TEXT,
    MOST_GOALS,
    Field,
    ReferralForm,
)
from bot.views.carried import Nothing
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import header, small_print
from bot.views.modals import loading_view


@dataclass(frozen=True)
class FilledReferral:
    """What was filled in; whether it makes sense is asked of `form.problems`."""

    form: ReferralForm
    therapist: str
    """Slack user id."""


class ReferForm:
    """`/refer`: patient, request, sessions, therapist."""

    callback_id: ClassVar[str] = "refer"
    title: ClassVar[str] = "Refer a patient"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, therapist: str | None = None) -> View:
        """`therapist` is a Slack user id that is chosen already."""
        blocks = [
            header("Patient"),
            small_print("Kept encrypted, never posted in a channel. Every look at it is recorded."),
            inputs.typed(Field.NAME, "Name", longest=LONGEST_NAME),
            inputs.day(Field.BIRTH_DATE, "Date of birth"),
            inputs.typed(
                Field.RECORD_NUMBER, "Record number", longest=LONGEST_RECORD_NUMBER, optional=True
            ),
            inputs.typed(Field.PHONE, "Phone", longest=LONGEST_PHONE, optional=True),
            header("Request"),
            inputs.one_of(
                Field.INDICATION,
                "Reason for referral",
                Indication,
                hint="Shown on the case card, without the patient's name.",
            ),
            inputs.day(
                Field.SURGERY_DATE,
                "Date of surgery",
                optional=True,
                hint="Needed if the referral follows surgery.",
            ),
            inputs.some_of(Field.AREAS, "Areas to treat", Region),
            inputs.typed(
                Field.PRECAUTIONS,
                "Precautions",
                longest=LONGEST_TEXT,
                lines=True,
                optional=True,
                hint="What to avoid, allergies, medicines that matter, drains or garments.",
            ),
            inputs.typed(
                Field.GOALS,
                "Goals",
                longest=MOST_GOALS * LONGEST_GOAL,
                lines=True,
                optional=True,
                hint="A line each. The progress report shows which are reached.",
                placeholder="Raise both arms above the head",
            ),
            header("Sessions"),
            inputs.number(Field.SESSIONS, "How many sessions", 1, MOST_SESSIONS),
            inputs.one_of(Field.FREQUENCY, "How often", Frequency),
            header("Therapist"),
            inputs.person(
                Field.THERAPIST,
                "Massage therapist",
                hint="They are asked to accept or decline. `/network` shows who is free.",
                initial=therapist,
            ),
            inputs.typed(
                Field.NOTE,
                "Note to the therapist",
                longest=LONGEST_TEXT,
                lines=True,
                optional=True,
                hint="Read only under Patient details.",
            ),
        ]
        return inputs.form(cls.callback_id, cls.title, "Send referral", Nothing(), blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledReferral:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        Nothing.read(sent.private_metadata)
        form = ReferralForm(
            name=sent.text(Field.NAME),
            birth_date=sent.day(Field.BIRTH_DATE),
            record_number=sent.text(Field.RECORD_NUMBER),
            phone=sent.text(Field.PHONE),
            indication=sent.choice(Field.INDICATION, Indication),
            surgery_date=sent.day(Field.SURGERY_DATE),
            areas=sent.choices(Field.AREAS, Region),
            precautions=sent.text(Field.PRECAUTIONS),
            goals=sent.text(Field.GOALS),
            sessions=sent.whole_number(Field.SESSIONS),
            frequency=sent.choice(Field.FREQUENCY, Frequency),
            note=sent.text(Field.NOTE),
        )
        return FilledReferral(form, sent.user(Field.THERAPIST))

    @classmethod
    def errors(cls, problems: Mapping[Field, str]) -> dict[str, str]:
        """The problems, each at its field, for `response_action: errors`."""
        return {field.value: words for field, words in problems.items()}

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something that is no field's fault, at the last field: what was typed stays there."""
        return {Field.NOTE.value: words.line}

    @classmethod
    def therapist_trouble(cls, words: Words) -> dict[str, str]:
        """The therapist can't be chosen: said at that field."""
        return {Field.THERAPIST.value: words.line}
