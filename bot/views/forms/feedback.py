"""The form for the patient's own account, asked for every few sessions."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

from bot.care.codes import MedicationChange
from bot.care.feedback import FilledFeedback
from bot.care.session import SessionFields
from bot.care.session_form import LONGEST_WORDS, SessionField
from bot.shown.case import ShownFeedback
from bot.views import session_words
from bot.views.carried import AboutAsked
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import plain, section, small_print
from bot.views.modals import loading_view
from bot.views.text import escape


class Impression(StrEnum):
    """Patient global impression of change, 1 to 7."""

    ONE = "1"
    TWO = "2"
    THREE = "3"
    FOUR = "4"
    FIVE = "5"
    SIX = "6"
    SEVEN = "7"


@dataclass(frozen=True)
class SentFeedback:
    """A form that came back: which update it belongs to, and what the patient says."""

    entry_id: str
    filled: FilledFeedback
    question: str = ""


class FeedbackForm:
    """Half a minute, with the patient still there."""

    callback_id: ClassVar[str] = "patient_feedback"
    title: ClassVar[str] = "Patient feedback"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, feedback: ShownFeedback, question: str = "") -> View:
        """`question` is where the question is taken back that the form was opened from."""
        reading = feedback.reading
        blocks: list[Block] = [
            section(
                f"*Case {escape(feedback.case_code)}, session update {reading.number:,}*",
                session_words.line(reading.fields, reading.session or reading.number),
            ),
            small_print("Saving confirms the update, too. Both of you see the answers."),
            *each_time(reading.fields),
            *at_times(reading.fields),
        ]
        about = AboutAsked(entry_id=feedback.entry_id, question=question)
        return inputs.form(cls.callback_id, cls.title, "Save", about, blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> SentFeedback:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        about = AboutAsked.read(sent.private_metadata)
        return SentFeedback(about.entry_id, _filled(sent), about.question)

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something that is no field's fault, at the first field."""
        return {SessionField.QUOTE.value: words.line}


def each_time(start: SessionFields) -> list[Block]:
    """What is worth a question at every session."""
    return [
        inputs.typed(
            SessionField.QUOTE,
            "In their own words",
            longest=LONGEST_WORDS,
            lines=True,
            optional=True,
            initial=start.patient_quote or "",
        ),
        inputs.amount(
            SessionField.RATING, "How they rate this session, 0 to 10", 0, 10, initial=start.rating
        ),
        inputs.perhaps_one(
            SessionField.MEDICATION,
            "Pain medicine since last time",
            [
                _offer(one, _capital(session_words.MEDICINE[one].removeprefix("pain medicine ")))
                for one in MedicationChange
            ],
            initial=start.medication_change.value if start.medication_change else None,
        ),
    ]


def at_times(start: SessionFields) -> list[Block]:
    """What is asked for every few sessions."""
    labels = zip(Impression, session_words.IMPRESSIONS, strict=True)
    return [
        inputs.amount(
            SessionField.SATISFACTION,
            "Satisfied with the treatment so far, 0 to 10",
            0,
            10,
            initial=start.satisfaction,
        ),
        inputs.amount(SessionField.SLEEP, "Sleep, 0 to 10", 0, 10, initial=start.sleep),
        inputs.amount(SessionField.ANXIETY, "Anxiety, 0 to 10", 0, 10, initial=start.anxiety),
        inputs.perhaps_one(
            SessionField.PGIC,
            "Overall, since treatment began",
            [_offer(one, f"{one.value}, {label}") for one, label in labels],
            initial=str(start.pgic) if start.pgic is not None else None,
        ),
    ]


def _filled(sent: Submitted) -> FilledFeedback:
    pgic = sent.perhaps(SessionField.PGIC, Impression)
    return FilledFeedback(
        rating=sent.number(SessionField.RATING),
        patient_quote=sent.text(SessionField.QUOTE),
        satisfaction=sent.number(SessionField.SATISFACTION),
        sleep=sent.number(SessionField.SLEEP),
        anxiety=sent.number(SessionField.ANXIETY),
        pgic=int(pgic.value) if pgic is not None else None,
        medication_change=sent.perhaps(SessionField.MEDICATION, MedicationChange),
    )


def _offer(value: StrEnum, label: str) -> Option:
    return Option(value=value.value, text=plain(label, inputs.LONGEST_OPTION))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
