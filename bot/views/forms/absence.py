"""The form in which somebody says that they will be away, and who covers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import ClassVar

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.care.people import Role
from bot.care.schedule import AwayField
from bot.shown.case import ShownSchedule
from bot.views import working_time_words
from bot.views.carried import Nothing
from bot.views.errors import Words
from bot.views.forms import inputs
from bot.views.forms.submitted import Submitted
from bot.views.message import section
from bot.views.modals import loading_view


class _Who(StrEnum):
    WHO = "who"


@dataclass(frozen=True)
class FilledAbsence:
    """People are Slack user ids; `who` None for oneself."""

    first: date | None
    last: date | None
    covered_by: str | None
    who: str | None


class AbsenceForm:
    """From when to when, and who stands in. A coordinator may enter it for somebody else."""

    callback_id: ClassVar[str] = "absence"
    title: ClassVar[str] = "Away"

    @classmethod
    def loading(cls) -> View:
        return loading_view(cls.title)

    @classmethod
    def view(cls, schedule: ShownSchedule) -> View:
        blocks: list[Block] = []
        for absence in schedule.absences:
            blocks.append(section(working_time_words.absence_line(absence)))
        if schedule.role is Role.COORDINATOR:
            blocks.append(
                inputs.perhaps_person(_Who.WHO, "Who is away?", hint="You, if left empty.")
            )
        blocks += [
            inputs.day(AwayField.FIRST, "First day away"),
            inputs.day(AwayField.LAST, "Last day away"),
            inputs.perhaps_person(
                AwayField.COVER,
                "Who covers?",
                hint="They are told, and what is due comes to them. "
                "Without anybody it waits until the return.",
            ),
        ]
        return inputs.form(cls.callback_id, cls.title, "Save", Nothing(), blocks)

    @classmethod
    def read(cls, view: Mapping[str, object]) -> FilledAbsence:
        """What was filled in. Raises `Tampered`."""
        sent = Submitted.read(view, cls.callback_id)
        Nothing.read(sent.private_metadata)
        return FilledAbsence(
            sent.day(AwayField.FIRST),
            sent.day(AwayField.LAST),
            sent.perhaps_user(AwayField.COVER),
            sent.perhaps_user(_Who.WHO) if sent.has(_Who.WHO) else None,
        )

    @classmethod
    def trouble(cls, words: Words) -> dict[str, str]:
        """Something went wrong; said at the first day, so that what was chosen stays."""
        return {AwayField.FIRST.value: words.line}
